"""The words of the console for check-ins: what each state, need, method and change is called."""

from supervision.checkins.rules import Attempt, Attention, Change, Method, Need, Purpose, State
from supervision.checkins.timing import Weekday
from supervision.corridor.reminded import ReminderState

METHODS = {
    Method.VIDEO: "Video call",
    Method.PHONE: "Telephone call",
    Method.PHONE_IN_SIGHT: "Telephone call within sight",
    Method.IN_PERSON: "In person",
    Method.SELF: "Self-check-in",
}
REMINDERS = {
    ReminderState.PLANNED: "Planned",
    ReminderState.WAITING: "Waiting to be sent",
    ReminderState.SENT: "Sent",
    ReminderState.LOGGED: "Written",
    ReminderState.UNDELIVERED: "Sent, and not delivered",
    ReminderState.EXPIRED: "Not sent in time",
    ReminderState.NOT_REACHED: "Not sent, for no number or address of the person is known",
    ReminderState.POINTLESS: "Not sent, for it would have helped nobody",
}
PURPOSES = {
    Purpose.CHECKIN: "Check-in",
    Purpose.COURT: "Court date",
    Purpose.APPOINTMENT: "Appointment",
}
WEEKDAYS = {
    Weekday.MO: "Mon",
    Weekday.TU: "Tue",
    Weekday.WE: "Wed",
    Weekday.TH: "Thu",
    Weekday.FR: "Fri",
    Weekday.SA: "Sat",
    Weekday.SU: "Sun",
}
NEEDS = {
    Need.ATTENTION: "Needs attention",
    Need.AWAITING: "Awaiting",
    Need.REVIEWED: "Reviewed",
}
# What is told of a check-in that needs an officer, and with which sign.
ATTENTIONS = {
    Attention.CLOSING: ("Nobody has called yet", "critical"),
    Attention.CALL_ASKED: ("Asks to be called", "high"),
    Attention.CONCERNS: ("Concerns", "high"),
    Attention.MISSED: ("Missed, not looked at", "medium"),
    Attention.SUBMITTED: ("Told, to be reviewed", "low"),
}
# The name of a state, its sign, and the class that colours it.
STATES = {
    State.SCHEDULED: ("Due later", "clock", "closed"),
    State.OPEN: ("Open", "active", "open"),
    State.ATTENDED: ("Attended", "cleared", "acknowledged"),
    State.SUBMITTED: ("Told, not reviewed", "bell", "open"),
    State.REVIEWED: ("Reviewed", "check", "acknowledged"),
    State.MISSED: ("Missed", "high", "missed"),
    State.EXCUSED: ("Excused", "check", "closed"),
    State.CANCELLED: ("Cancelled", "low", "closed"),
    State.REPLACED: ("Replaced by a change of the plan", "low", "closed"),
}
CHANGES = {
    Change.OPENED: "Opened",
    Change.ATTEMPTED: "Call reached nobody",
    Change.ATTENDED: "Attended",
    Change.SEEN: "Seen from a distance",
    Change.SUBMITTED: "Told by the person",
    Change.CALL_ASKED: "The person asked to be called",
    Change.REVIEWED: "Looked at",
    Change.NOT_REACHED: "Not reminded: no number or address is known",
    Change.MISSED: "Missed",
    Change.ATTENDED_LATE: "Attended after the miss",
    Change.SUBMITTED_LATE: "Told by the person after the miss",
    Change.EXCUSED: "Excused",
    Change.CANCELLED: "Cancelled",
    Change.REPLACED: "Replaced by a change of the plan",
}
ATTEMPTS = {
    Attempt.NO_ANSWER: "No answer",
    Attempt.BUSY: "Busy",
    Attempt.VOICEMAIL: "Voicemail",
    Attempt.REFUSED: "Refused to talk",
    Attempt.WRONG_PERSON: "Another person answered",
    Attempt.NO_CONNECTION: "No connection",
}
# How long before it opens somebody can be reminded, in seconds.
AHEAD = (
    ("604800", "a week before"),
    ("86400", "a day before"),
    ("3600", "an hour before"),
    ("0", "when it opens"),
)

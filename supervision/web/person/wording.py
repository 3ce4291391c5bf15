"""Every word of the person's page, in the languages it can be read in; simple ones, as spoken."""

from collections.abc import Mapping

from supervision.checkins.questions import Fault
from supervision.checkins.rules import Change, Method, Purpose
from supervision.checkins.service import NoPosition
from supervision.checkins.stages import Stage
from supervision.web.person.words_es import SPANISH

Words = Mapping[str, str]

ENGLISH: Words = {
    "name": "English",
    "title": "Check-in",
    "problem": "Problem",
    f"purpose_{Purpose.CHECKIN}": "Your check-in",
    f"purpose_{Purpose.COURT}": "Your court date",
    f"purpose_{Purpose.APPOINTMENT}": "Your appointment",
    f"stage_{Stage.NOTHING}": "There is nothing to do now.",
    f"stage_{Stage.AHEAD}": "Not yet. It begins:",
    f"stage_{Stage.OPEN}": "It is time. Do it before:",
    f"stage_{Stage.GRACE}": "You are late. It still counts if you do it before:",
    f"stage_{Stage.DONE}": "This is done. You need not do anything more here.",
    f"stage_{Stage.MISSED}": "This was missed. The time was over:",
    f"stage_{Stage.CANCELLED}": "You need not do this. Nothing more is asked of you here.",
    "from": "From",
    "until": "Until",
    "place": "Where",
    "how": "What to do",
    f"how_{Method.VIDEO}": "It is a video call. Use the button to join it.",
    f"how_{Method.PHONE}": "You will be called. Keep your phone on, and answer it.",
    f"how_{Method.PHONE_IN_SIGHT}": (
        "Stand where your officer can see you. You will be called: keep your phone on, and answer"
        " it."
    ),
    f"how_{Method.IN_PERSON}": "Come in person, on time.",
    f"how_{Method.SELF}": "Answer the questions, share your position, and send.",
    "join": "Join the video call",
    "join_ahead": "The button to join will be on this page when it begins.",
    "join_opens": "It opens another page. Allow it to use your camera and microphone.",
    "form_ahead": "The questions will be on this page when it begins.",
    "late_form": "You can still send it now. It will be marked as late, and it stays missed.",
    "missed_help": "Call your officer.",
    "made_up": "You made up for it. It stays missed, and your officer knows that you did.",
    "yes": "Yes",
    "no": "No",
    "position": "Your position",
    "position_use": (
        "Your position is read once, and goes to your officer with your answers. This page does not"
        " follow you."
    ),
    "share": "Share my position",
    "looking": "Looking for your position. This can take half a minute.",
    "found": "Your position is known, to within (metres):",
    f"told_{NoPosition.DENIED}": (
        "Your phone does not let this page use your position. Allow it in the browser's settings"
        " and try again, or send without it. Your officer will see that it is missing."
    ),
    f"told_{NoPosition.UNAVAILABLE}": (
        "Your phone cannot tell where it is. Try again, or send without it. Your officer will see"
        " that it is missing."
    ),
    f"told_{NoPosition.TIMEOUT}": (
        "Your phone needs too long to find where it is. Go near a window or outside and try again,"
        " or send without it. Your officer will see that it is missing."
    ),
    f"told_{NoPosition.NO_SCRIPT}": (
        "This browser cannot share your position here. You can send without it. Your officer will"
        " see that it is missing."
    ),
    "wants_call": "Please call me back",
    "send": "Send",
    "send_once": "You can send this once.",
    "sending": "Sending. Wait until this page changes.",
    "wrong": "Not sent yet. Look at this again:",
    f"fault_{Fault.UNANSWERED}": "Answer this question.",
    f"fault_{Fault.TOO_LONG}": "Use at most 1,000 characters.",
    f"fault_{Fault.NOT_OFFERED}": "Choose yes or no.",
    "position_wrong": "Your position could not be read. Share it again.",
    "received": "Received",
    "received_at": "We received what you sent:",
    "with_position": "With your position, to within (metres):",
    f"without_{NoPosition.DENIED}": "Without your position: your phone did not allow it.",
    f"without_{NoPosition.UNAVAILABLE}": "Without your position: your phone could not tell it.",
    f"without_{NoPosition.TIMEOUT}": "Without your position: it took too long to find.",
    f"without_{NoPosition.NO_SCRIPT}": "Without your position: the browser could not share it.",
    "your_answers": "Your answers",
    "call_heading": "Do you need to talk?",
    "ask_call": "Ask to be called back",
    "call_asked": "You asked to be called back:",
    "so_far": "What has happened",
    f"change_{Change.ATTEMPTED}": "We called you and did not reach you.",
    f"change_{Change.ATTENDED}": "You were heard or seen.",
    f"change_{Change.ATTENDED_LATE}": "You were heard or seen, late.",
    f"change_{Change.SUBMITTED}": "You sent your answers.",
    f"change_{Change.SUBMITTED_LATE}": "You sent your answers, late.",
    f"change_{Change.CALL_ASKED}": "You asked to be called back.",
    f"change_{Change.MISSED}": "The time was over. It was marked as missed.",
    "cannot": "If you cannot do this, call your officer.",
    "no_link": "This link opens nothing now.",
    "no_link_help": "Use the link in your newest message. If you need help, call your officer.",
    "unreachable": "This page cannot be reached now.",
    "unreachable_help": "Try again in a minute. If it is urgent, call your officer.",
    "not_understood": "That could not be understood.",
    "not_understood_help": (
        "Open the link in your message again. If you need help, call your officer."
    ),
}

WORDS: Mapping[str, Words] = {"en": ENGLISH, "es": SPANISH}

"""Refuses a plan that makes no duty: one that nobody could keep, or that asks for nothing."""

from datetime import date, time, timedelta

from supervision.checkins import rules
from supervision.checkins.asking import NewPlan
from supervision.checkins.drawing import most_that_fit
from supervision.checkins.openings import ordinary_minutes
from supervision.checkins.questions import read_questions
from supervision.checkins.timing import WEEK_MIN, Quiet, Regular, Unannounced, minute_of
from supervision.core.errors import Invalid
from supervision.core.recurrence import LAST_YEAR, read_recurrence

MOST_PER_WEEK = 14
LONGEST_GAP = timedelta(days=6)
EARLIEST_REMINDER = timedelta(days=28)
MOST_REMINDERS = 5
FIRST_YEAR = 1970
NOTHING = timedelta(0)
MINUTE = timedelta(minutes=1)


def require_sense(plan: NewPlan) -> None:
    """Stop here unless somebody can keep what is asked.

    Raises:
        Invalid: With what is wrong.
    """
    rules.require_sense(plan.window, plan.grace)
    _require_days(plan.starts_on, plan.ends_on)
    if plan.quiet is not None and plan.quiet.since == plan.quiet.until:
        raise Invalid("Quiet hours must end at another time than they begin.")
    if isinstance(plan.timing, Regular):
        _require_regular(plan, plan.timing)
    else:
        _require_unannounced(plan.timing, plan.quiet)
    _require_reminders(plan)
    read_questions(plan.questions)


def _require_days(starts_on: date, ends_on: date | None) -> None:
    for day in (starts_on, ends_on or starts_on):
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            message = f"A plan's dates must lie between {FIRST_YEAR} and {LAST_YEAR}."
            raise Invalid(message)
    if ends_on is not None and ends_on < starts_on:
        raise Invalid("The plan must not end before it starts.")


def _require_regular(plan: NewPlan, regular: Regular) -> None:
    read_recurrence(regular.rrule, plan.starts_on)
    _require_whole_minutes(regular.at)
    if plan.quiet is not None and plan.quiet.covers(minute_of(regular.at)):
        raise Invalid("The time lies within the quiet hours.")


def _require_unannounced(timing: Unannounced, quiet: Quiet | None) -> None:
    if not 1 <= timing.per_week <= MOST_PER_WEEK:
        message = f"Ask for 1 to {MOST_PER_WEEK} unannounced check-ins a week."
        raise Invalid(message)
    if not MINUTE <= timing.least_gap <= LONGEST_GAP or timing.least_gap % MINUTE:
        raise Invalid("The least gap must be from a minute to 6 days, in whole minutes.")
    for hours in timing.allowed:
        _require_whole_minutes(hours.since, hours.until)
        if hours.since == hours.until != time.min:
            raise Invalid("Allowed hours must end at another time than they begin.")
    _require_room(timing, ordinary_minutes(timing.allowed, quiet))


def _require_room(timing: Unannounced, minutes: list[int]) -> None:
    """Also in a week that follows upon the latest possible minute of the one before."""
    if not minutes:
        raise Invalid("No hour is allowed, or all of them are quiet.")
    earliest = minutes[-1] + timing.gap_min - WEEK_MIN
    fitting = most_that_fit([one for one in minutes if one >= earliest], timing.gap_min)
    if fitting < timing.per_week:
        message = (
            f"Only {fitting} a week are sure to fit into the allowed hours with that gap"
            " between them."
        )
        raise Invalid(message)


def _require_reminders(plan: NewPlan) -> None:
    if len(set(plan.reminders)) < len(plan.reminders) or len(plan.reminders) > MOST_REMINDERS:
        message = f"At most {MOST_REMINDERS} reminders, none of them twice."
        raise Invalid(message)
    if not all(NOTHING <= ahead <= EARLIEST_REMINDER for ahead in plan.reminders):
        raise Invalid("A reminder comes at most 28 days before the check-in opens.")
    if isinstance(plan.timing, Unannounced) and any(plan.reminders):
        raise Invalid("A reminder before an unannounced check-in opens would announce it.")


def _require_whole_minutes(*moments: time) -> None:
    if any(one != one.replace(second=0, microsecond=0, tzinfo=None) for one in moments):
        raise Invalid("Times of day must be in whole minutes.")

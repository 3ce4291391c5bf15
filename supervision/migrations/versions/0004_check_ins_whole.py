"""Check-ins, the rest: unannounced times, pauses, reminders, the person's own side, calendars."""

from supervision.migrations.parts import apply

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PARTS = ("people", "plans", "checkins", "messages", "calendars", "tenancy")
FENCED = (
    "public_holiday",
    "checkin_pause",
    "checkin_submission",
    "checkin_sighting",
    "checkin_reminder",
    "calendar_feed",
)


def upgrade() -> None:
    apply(revision, PARTS, FENCED)

"""Check-ins, the rest: unannounced times, pauses, reminders, the person's own side, calendars."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PARTS = ("people", "plans", "checkins", "messages", "calendars", "tenancy")


def upgrade() -> None:
    folder = Path(__file__).with_name("0004")
    for part in PARTS:
        op.execute((folder / f"{part}.sql").read_text().replace(":", r"\:"))

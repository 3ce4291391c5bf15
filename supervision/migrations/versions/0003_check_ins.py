"""Check-ins: plans, their versions, what each date asks, and what became of it."""

from supervision.migrations.parts import apply

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PARTS = ("checkins", "tenancy")
FENCED = ("checkin_plan", "checkin_plan_version", "checkin", "checkin_event")


def upgrade() -> None:
    apply(revision, PARTS, FENCED)

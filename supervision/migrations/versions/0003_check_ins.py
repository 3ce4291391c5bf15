"""Check-ins: plans, their versions, what each date asks, and what became of it."""

from supervision.migrations.parts import apply

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PARTS = ("checkins", "tenancy")


def upgrade() -> None:
    apply(revision, PARTS)

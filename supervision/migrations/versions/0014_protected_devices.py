"""Devices that protected persons carry, with a button."""

from supervision.migrations.parts import apply

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PARTS = ("protected", "tenancy")
FENCED = ("protected_event",)


def upgrade() -> None:
    apply(revision, PARTS, FENCED)

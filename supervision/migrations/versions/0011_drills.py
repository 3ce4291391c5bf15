"""Drills: marked test alerts, which are about nobody and count nowhere."""

from supervision.migrations.parts import apply

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PARTS = ("drills", "metrics")
FENCED = ("alert_drill",)


def upgrade() -> None:
    apply(revision, PARTS, FENCED)

"""Alerts: ways to reach officers and others, every attempt at it, and bundles of messages."""

from supervision.migrations.parts import apply

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PARTS = ("points", "outbox", "tenancy")
FENCED = ("contact_point", "notification_attempt")


def upgrade() -> None:
    apply(revision, PARTS, FENCED)

"""Alerts: quick numbers over many, and what a scrape may count."""

from supervision.migrations.parts import apply

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PARTS = ("numbers", "metrics")


def upgrade() -> None:
    apply(revision, PARTS)

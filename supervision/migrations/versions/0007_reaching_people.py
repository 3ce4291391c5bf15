"""Alerts: ways to reach officers and others, every attempt at it, and bundles of messages."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

PARTS = ("points", "outbox", "tenancy")


def upgrade() -> None:
    folder = Path(__file__).with_name("0007")
    for part in PARTS:
        op.execute((folder / f"{part}.sql").read_text().replace(":", r"\:"))

"""Alerts: quick numbers over many, and what a scrape may count."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

PARTS = ("numbers", "metrics")


def upgrade() -> None:
    folder = Path(__file__).with_name("0008")
    for part in PARTS:
        op.execute((folder / f"{part}.sql").read_text().replace(":", r"\:"))

"""Alerts: handling apart from the condition, the response's steps, and the contact log."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PARTS = ("handling", "response", "tenancy")


def upgrade() -> None:
    folder = Path(__file__).with_name("0005")
    for part in PARTS:
        op.execute((folder / f"{part}.sql").read_text().replace(":", r"\:"))

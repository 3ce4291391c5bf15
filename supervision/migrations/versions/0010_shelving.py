"""Shelving: sources of alerts that are held back for a while, and what is held."""

from pathlib import Path

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PARTS = ("shelves", "tenancy")


def upgrade() -> None:
    folder = Path(__file__).with_name("0010")
    for part in PARTS:
        op.execute((folder / f"{part}.sql").read_text().replace(":", r"\:"))

"""Dispatch packets: what a patrol must know, the links by which it reads it, each opening."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PARTS = ("people", "dispatch", "tenancy")


def upgrade() -> None:
    folder = Path(__file__).with_name("0009")
    for part in PARTS:
        op.execute((folder / f"{part}.sql").read_text().replace(":", r"\:"))

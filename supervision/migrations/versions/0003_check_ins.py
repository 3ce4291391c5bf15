"""Check-ins: plans, their versions, what each date asks, and what became of it."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PARTS = ("checkins", "tenancy")


def upgrade() -> None:
    folder = Path(__file__).with_name("0003")
    for part in PARTS:
        op.execute((folder / f"{part}.sql").read_text().replace(":", r"\:"))

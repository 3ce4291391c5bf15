"""The first schema: register, pings, zones, stays, alerts, audit; tenants kept apart."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PARTS = ("register", "pings", "zones", "alerts", "tenancy")


def upgrade() -> None:
    folder = Path(__file__).with_name("0001")
    for part in PARTS:
        op.execute((folder / f"{part}.sql").read_text().replace(":", r"\:"))

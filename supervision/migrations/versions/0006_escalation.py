"""Alerts: ladders, rotas, backups, and where each alert is on its ladder."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PARTS = ("ladders", "climbing", "tenancy")


def upgrade() -> None:
    folder = Path(__file__).with_name("0006")
    for part in PARTS:
        op.execute((folder / f"{part}.sql").read_text().replace(":", r"\:"))

"""Alerts: ladders, rotas, backups, and where each alert is on its ladder."""

from supervision.migrations.parts import apply

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

PARTS = ("ladders", "climbing", "tenancy")
FENCED = ("escalation_ladder", "rota", "rota_override", "alert_climb")


def upgrade() -> None:
    apply(revision, PARTS, FENCED)

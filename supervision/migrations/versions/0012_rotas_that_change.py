"""Rotas: changed by a new version, and ended; overrides ended; attempts found by their time."""

from supervision.migrations.parts import apply

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PARTS = ("rotas", "attempts", "tenancy")
FENCED = ("rota_version",)


def upgrade() -> None:
    apply(revision, PARTS, FENCED)

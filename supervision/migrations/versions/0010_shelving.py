"""Shelving: sources of alerts that are held back for a while, and what is held."""

from supervision.migrations.parts import apply

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

PARTS = ("shelves", "tenancy")
FENCED = ("alert_shelf",)


def upgrade() -> None:
    apply(revision, PARTS, FENCED)

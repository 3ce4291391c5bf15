"""Photographs of supervised people, for the patrol that must know him."""

from supervision.migrations.parts import apply

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

PARTS = ("photographs", "tenancy")
FENCED = ("supervisee_photo",)


def upgrade() -> None:
    apply(revision, PARTS, FENCED)

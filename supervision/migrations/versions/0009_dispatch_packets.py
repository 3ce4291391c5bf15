"""Dispatch packets: what a patrol must know, the links by which it reads it, each opening."""

from supervision.migrations.parts import apply

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PARTS = ("people", "dispatch", "tenancy")
FENCED = ("dispatch_link", "dispatch_opening")


def upgrade() -> None:
    apply(revision, PARTS, FENCED)

"""Delivery receipts: what gateways say became of messages that they had taken."""

from supervision.migrations.parts import apply

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PARTS = ("receipts", "tenancy")
FENCED = ("delivery_receipt",)


def upgrade() -> None:
    apply(revision, PARTS, FENCED)

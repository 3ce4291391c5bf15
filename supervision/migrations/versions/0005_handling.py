"""Alerts: handling apart from the condition, the response's steps, and the contact log."""

from supervision.migrations.parts import apply

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PARTS = ("handling", "response")
FENCED = ("response_protocol", "alert_step", "alert_contact")


def upgrade() -> None:
    apply(revision, PARTS, FENCED)

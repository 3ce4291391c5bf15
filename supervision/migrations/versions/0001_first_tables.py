"""The first schema: register, pings, zones, stays, alerts, audit; tenants kept apart."""

from supervision.migrations.parts import apply

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PARTS = ("register", "pings", "zones", "alerts", "tenancy")


def upgrade() -> None:
    apply(revision, PARTS)

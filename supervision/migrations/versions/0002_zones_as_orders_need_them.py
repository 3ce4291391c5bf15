"""Clauses and waivers, inclusion zones, warning rings, schedules, exceptions, sets, silences."""

from supervision.migrations.parts import apply

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PARTS = ("clauses", "zones", "commands", "alerts", "tenancy")
# Row-level security holds for the schema's owner too; what is stored already must be completed.
COMPLETED = ("supervisee", "court_order", "exclusion_zone", "zone_version", "zone_stay")


def upgrade() -> None:
    apply(revision, PARTS)

"""Officers' own apps, told by the broker."""

from supervision.migrations.parts import apply

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PARTS = ("means",)


def upgrade() -> None:
    apply(revision, PARTS)

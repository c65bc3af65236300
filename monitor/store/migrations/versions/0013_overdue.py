"""An index by which overdue deliveries and the alerts of a storm are found, however many there are."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("deliveries_open", "deliveries", ["state", "covered_by", "created_at"])

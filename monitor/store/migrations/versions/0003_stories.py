"""Stories count how often they were written, so that who knows them reads only what is newer."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stories", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.drop_index("stories_told", "stories")
    op.create_index("stories_told", "stories", ["told_at", "story", "version"])

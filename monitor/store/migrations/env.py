"""Runs migrations on the connection that `monitor.store.migrate` hands over, inside its transaction."""

from alembic import context

from monitor.store.empty_database import VERSION_TABLE
from monitor.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()

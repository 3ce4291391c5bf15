"""Runs the migrations as the schema's owner, one transaction each."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

# Two installations starting at once must not migrate the same schema side by side.
MIGRATION_LOCK = 7_364_517

engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
with engine.connect() as connection:
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
    connection.commit()
    context.configure(connection=connection, transaction_per_migration=True)
    context.run_migrations()
    connection.commit()

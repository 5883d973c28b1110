"""How Alembic reaches the database: over the connection, and in the transaction, of whoever migrates it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
context.run_migrations()

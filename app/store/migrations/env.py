"""Alembic's door: runs the steps on the connection that `migrate` gives it."""

from alembic import context

from app.store.columns import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
)
context.run_migrations()

"""Alembic's revisions of headquarters' tables, the oldest first. A revision that was released is never changed."""

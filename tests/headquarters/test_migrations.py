"""The revisions make what the modules read and write, on both databases, and are told apart by number."""

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from edge.headquarters.address import Address
from edge.headquarters.store import Store, migrate
from edge.headquarters.store.columns import metadata


def test_the_revisions_make_the_tables_of_the_modules(store: Store) -> None:
    """No table, column, type, default or index is in the one and not in the other."""
    context = MigrationContext.configure(store.connection, opts={"compare_type": True})
    assert compare_metadata(context, metadata) == []


def test_the_newest_revision_is_the_one_that_is_asked_for() -> None:
    """What is compared at each opening, so that Alembic need not be loaded for it."""
    config = Config()
    config.set_main_option("script_location", "edge.headquarters.store:migrations")
    script = ScriptDirectory.from_config(config)
    assert tuple(reversed([one.revision for one in script.walk_revisions()])) == migrate.REVISIONS
    assert script.get_current_head() == migrate.NEWEST


def test_a_second_opening_migrates_nothing(database: Address) -> None:
    """And what is held stays."""
    with Store(database) as store:
        store.record_finding("malformed", "car-1", "a", 1, "x", b"y", 1.0)
    with Store(database, make=False) as store:
        assert len(store.findings()) == 1

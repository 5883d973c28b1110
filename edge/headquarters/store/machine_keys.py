"""Keys of machines: dispatch, sensors, scripts. Of a key only the hash is held. Must not decide what a scope opens."""

from dataclasses import asdict, dataclass
from typing import Final

from sqlalchemy import UniqueConstraint, select

from edge.headquarters.store.columns import instant, table, text
from edge.headquarters.store.database import Database

machine_keys: Final = table(
    "machine_keys",
    *(text("name", key=True), text("key"), text("scopes")),
    *(instant("made"), instant("expires"), instant("revoked", nullable=True)),
    UniqueConstraint("key"),
)


@dataclass(frozen=True, slots=True)
class MachineKey:
    """``key``: SHA-256 of the key as it was handed out; ``scopes``: permissions, with spaces between."""

    name: str
    key: str
    scopes: str
    made: float
    expires: float
    revoked: float | None = None


class MachineKeys(Database):
    """The keys of machines."""

    def put_machine_key(self, key: MachineKey) -> bool:
        """Store a new key; False where there is one of that name."""
        new = self.insert(machine_keys).values(**asdict(key)).on_conflict_do_nothing()
        return self.row(new.returning(machine_keys.c.name)) is not None

    def machine_key(self, key: str) -> MachineKey | None:
        """The key of a hash."""
        row = self.row(select(machine_keys).where(machine_keys.c.key == key))
        return None if row is None else MachineKey(*row)

    def machine_keys(self) -> list[MachineKey]:
        """Every key, revoked ones too."""
        return [MachineKey(*row) for row in self.rows(select(machine_keys).order_by(machine_keys.c.name))]

    def revoke_machine_key(self, name: str, now: float) -> bool:
        """A key opens nothing any more; False where there is no such key in force."""
        own = (machine_keys.c.name == name, machine_keys.c.revoked.is_(None))
        return self.execute(machine_keys.update().where(*own).values(revoked=now)) > 0

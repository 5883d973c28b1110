"""Whether a unit may have a release: for its platform, not expired, not older than one it has seen, not known as bad.

**Order.** Of two releases the one issued later is the newer; an older one is refused. So is a lower version, unless the
release says that it is the order to go back. Pure: must not read a file or a clock.
"""

import platform
import sys
from datetime import UTC, datetime

from edge.errors import UserError
from provisioning.software.offering import MOST_BAD
from provisioning.software.statement import order_of
from provisioning.software.verified import Manifest
from provisioning.update.memory import Memory


def here() -> str:
    """The unit's platform, as releases name it."""
    return f"cp{sys.version_info.major}{sys.version_info.minor}-{platform.machine()}"


def check(manifest: Manifest, memory: Memory, target: str, utc: float) -> None:
    """Raises UserError where a release must not be installed. ``utc``: the clock; it may be behind, as without GPS."""
    said, name = manifest.predicate, manifest.name
    if target not in said.targets:
        msg = (
            f"Roundsman {said.version} is not for this computer ({target}); it is for {', '.join(sorted(said.targets))}"
        )
        raise UserError(msg)
    if name in memory.bad:
        msg = f"Roundsman {name} was tried here and did not work; wait for the next version"
        raise UserError(msg)
    if max(utc, memory.issued) >= said.expires.timestamp():
        msg = f"Roundsman {said.version} expired on {said.expires.astimezone(UTC):%Y-%m-%d}; get a newer release"
        raise UserError(msg)
    if name != memory.newest and said.issued.timestamp() <= memory.issued:
        seen = datetime.fromtimestamp(memory.issued, UTC)
        msg = f"Roundsman {name} is older than a release of {seen:%Y-%m-%d %H:%M:%S} UTC, which this unit has seen"
        raise UserError(msg)
    if manifest.statement.order < order_of(memory.highest) and not said.downgrade:
        msg = f"Roundsman {said.version} is lower than {memory.highest}; going back needs a release signed as the order"
        raise UserError(msg)


def seen(manifest: Manifest, memory: Memory) -> Memory:
    """What is remembered once a release was admitted."""
    said = manifest.predicate
    higher = said.downgrade or manifest.statement.order > order_of(memory.highest)
    return memory.model_copy(
        update={
            "newest": manifest.name,
            "issued": said.issued.timestamp(),
            "highest": said.version if higher else memory.highest,
        }
    )


def failed(name: str, memory: Memory) -> Memory:
    """What is remembered once a release did not work."""
    others = tuple(one for one in memory.bad if one != name)
    return memory.model_copy(update={"bad": (*others, name)[-MOST_BAD:]})

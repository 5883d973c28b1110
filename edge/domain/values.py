"""A changed copy of a frozen value. Must not be used for values that check themselves when they are made."""

from typing import Any, TypeVar

ValueT = TypeVar("ValueT")

_new = object.__new__
_set = object.__setattr__


def evolve(value: ValueT, **changes: Any) -> ValueT:
    """`dataclasses.replace` for a frozen value with slots, about twice as fast: it is on the way of every fix."""
    kind = type(value)
    copy = _new(kind)
    for name in kind.__slots__:  # type: ignore[attr-defined]  # a dataclass with slots has them
        _set(copy, name, changes[name] if name in changes else getattr(value, name))
    return copy

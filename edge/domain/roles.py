"""Who uses a car's screen: nobody signed in, or somebody in a role of the signed roster. Sets of them, as data.

Must not know a roster: the role comes with the sign-in.
"""

from typing import Final, Literal, TypeAlias, get_args

from edge.domain.events.kind import Role

Who: TypeAlias = Literal["nobody", "officer", "supervisor", "analyst"]

EVERYBODY: Final[frozenset[Who]] = frozenset(get_args(Who))
SIGNED_IN: Final[frozenset[Who]] = EVERYBODY - {"nobody"}
MAY_CHANGE: Final[tuple[Role, ...]] = ("supervisor", "analyst")
"""Who may add or suppress a directed patrol in the own car. Of two roles in one car the first here is said."""


def highest(*roles: Role | None) -> Role:
    """The role of a car's officers: the higher one of two."""
    return next((role for role in MAY_CHANGE if role in roles), "officer")


def who(officer: str | None, *roles: Role | None) -> Who:
    """Who uses a screen: the officers' highest role, or nobody."""
    return "nobody" if officer is None else highest(*roles)

"""Who uses a car's screen: nobody signed in, or somebody in a role of the signed roster. Sets of them, as data.

Must not know a roster: the role comes with the sign-in.
"""

from typing import Final, Literal, TypeAlias, get_args

from edge.domain.events.kind import Role

Who: TypeAlias = Literal["nobody", "officer", "supervisor", "analyst"]

EVERYBODY: Final[frozenset[Who]] = frozenset(get_args(Who))
SIGNED_IN: Final[frozenset[Who]] = EVERYBODY - {"nobody"}
MAY_CHANGE: Final[tuple[Role, ...]] = ("supervisor", "analyst")
"""Who may add or suppress a directed patrol in the own car."""

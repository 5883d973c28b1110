"""A vehicle's latest status as headquarters holds it."""

from edge.contract.messages import Status
from edge.contract.wire import FIRST


class HeldStatus(Status):
    """A status as it is stored here: with the version of the wire that its vehicle announced."""

    wire: int = FIRST

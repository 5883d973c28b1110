"""How strictly a document is read: what people write, and what machines send. There is no third way.

Who writes must learn of a mistake, so an unknown key is refused by its name. Who sends may be newer than who reads:
what only the newer one knows is passed over, or kept as text (`edge.domain.events.Unknown`).
"""

from typing import Final

from pydantic import ConfigDict

WRITTEN: Final = ConfigDict(extra="forbid", frozen=True)
"""The model_config of what people write: TOML, plan files, the files of a risk directory."""

SENT: Final = ConfigDict(extra="ignore", frozen=True)
"""The model_config of what machines send or store: messages, records, documents that a program wrote."""

"""What a unit and headquarters say to each other about releases and bundles, over HTTPS with the unit's certificate.

A unit reports which release and which bundle it has and hears which it may have; files are asked for by ranges of
bytes. Must not know either of them.
"""

from typing import Annotated, Final

from pydantic import BaseModel, Field

from edge.contract.messages import Hash
from edge.contract.plain_file import MOST
from edge.text.strictness import SENT
from provisioning.software.statement import ReleaseName

SOFTWARE: Final = "/v1/software"
"""POST a report here; GET the files of a release below it, by its name."""

BUNDLE: Final = "/v1/bundle"
"""POST a report here; GET the files of a bundle below it, by its name."""

MOST_BAD: Final = 50
MOST_FILES: Final = 200
"""Of a bundle, which has thirty."""


class Report(BaseModel):
    """``runs``: the release that works on a unit; ``bad``: those that did not."""

    model_config = SENT
    runs: ReleaseName
    bad: tuple[ReleaseName, ...] = Field((), max_length=MOST_BAD)


class Offer(BaseModel):
    """``release``: which one the unit is to have; None: it stays as it is."""

    model_config = SENT
    release: ReleaseName | None = None


class BundleReport(BaseModel):
    """A bundle's name is the SHA-256 of its manifest. ``uses``: the one in force in a daemon that answers.

    ``waits``: a newer one that the daemon has verified and stored, and uses from its next start. ``bad``: those that it
    refused. ``order``: by which the newest of these is told from a newer one (`edge.contract.signed_kinds.BUNDLE`).
    """

    model_config = SENT
    uses: Hash | None
    waits: Hash | None = None
    bad: tuple[Hash, ...] = Field((), max_length=MOST_BAD)
    order: tuple[int, int]


class BundleOffer(BaseModel):
    """``bundle``: the one that the unit is to have; None: it stays as it is.

    ``sizes``: bytes of each of its files, the manifest and the signatures too.
    """

    model_config = SENT
    bundle: Hash | None = None
    sizes: dict[Annotated[str, Field(max_length=100)], Annotated[int, Field(ge=0, le=MOST)]] = Field(
        {}, max_length=MOST_FILES
    )

"""Asks headquarters about releases and bundles, with the unit's certificate, over HTTPS that trusts the fleet's root.

Must not read or write a file of either.
"""

import http.client
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from edge.errors import UserError
from edge.text.plain import plain
from provisioning.exchange import LARGEST
from provisioning.software.offering import BUNDLE, SOFTWARE, BundleOffer, BundleReport, Offer, Report

PATIENCE_S: Final = 30.0
CHUNK: Final = 65_536

AnswerT = TypeVar("AnswerT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class OverHttps:
    """Headquarters at an address. ``context``: with the unit's certificate."""

    url: str
    context: ssl.SSLContext

    def report(self, report: Report) -> Offer:
        """See `provisioning.update.fetch.Headquarters`."""
        return self._answered(SOFTWARE, report, Offer)

    def pieces(self, release: str, name: str, start: int, end: int) -> Iterator[bytes]:
        """See `provisioning.update.fetch.Headquarters`."""
        yield from self._ranged(f"{SOFTWARE}/{release}/{name}", start, end)

    def report_bundle(self, report: BundleReport) -> BundleOffer:
        """See `provisioning.update.fetch_bundle.Publisher`."""
        return self._answered(BUNDLE, report, BundleOffer)

    def bundle_pieces(self, bundle: str, name: str, start: int, end: int) -> Iterator[bytes]:
        """See `provisioning.update.fetch_bundle.Publisher`."""
        yield from self._ranged(f"{BUNDLE}/{bundle}/{name}", start, end)

    def _answered(self, path: str, report: BaseModel, model: type[AnswerT]) -> AnswerT:
        headers = {"Content-Type": "application/json"}
        with self._asked("POST", path, report.model_dump_json().encode(), headers, (200,)) as answer:
            try:
                return model.model_validate_json(answer.read(LARGEST))
            except ValidationError as error:
                msg = f"{self.url}: sends no answer about releases or bundles; correct `service` in update.toml"
                raise UserError(msg) from error

    def _ranged(self, path: str, start: int, end: int) -> Iterator[bytes]:
        with self._asked("GET", path, None, {"Range": f"bytes={start}-{end - 1}"}, (206,)) as answer:
            while data := answer.read1(CHUNK):
                yield data

    @contextmanager
    def _asked(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], good: tuple[int, ...]
    ) -> Iterator[http.client.HTTPResponse]:
        place = urlsplit(self.url)
        connection = http.client.HTTPSConnection(
            place.hostname or "", place.port, timeout=PATIENCE_S, context=self.context
        )
        try:
            connection.request(method, path, body, {**headers, "Connection": "close"})
            answer = connection.getresponse()
            if answer.status not in good:
                said = plain(answer.read(300).decode(errors="replace"), 200)
                msg = f"{self.url}: refused (status {answer.status}: {said})"
                raise UserError(msg)
            yield answer
        except (OSError, http.client.HTTPException) as error:
            said = plain(str(getattr(error, "strerror", None) or error or type(error).__name__), 120)
            msg = f"{self.url}: headquarters does not answer ({said}); it is tried again"
            raise UserError(msg) from error
        finally:
            connection.close()

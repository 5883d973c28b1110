"""Which agency bundle a car uses: the one delivered where it is good and not older, else the last verified one it kept.

Refused, each with one notice: unsigned, changed, a file missing, another key, another agency, older than that in
force, without the car's district. An expired one is used, with a warning. `choose` writes nothing; `keep` copies what
was chosen (`edge.vehicle.store.bundle_store`), so that the stick or folder it came from may go. Must not look into a
model.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from edge.contract.agency import Agency
from edge.contract.bundle import NO_KEYS, Bundle, Named, listed_files, verified_bundle
from edge.contract.manifest import Manifest
from edge.contract.signed_documents import why_older
from edge.contract.signed_kinds import BUNDLE
from edge.service.aside import Aside
from edge.text.coded import CodedError, why_of
from edge.text.words import Notice, os_error
from edge.vehicle.config import VehicleConfig
from edge.vehicle.store.bundle_store import BundleStore, Trust

FOLDER: Final = "bundles"
"""Where, below the data folder, bundles are kept."""

READ_S: Final = 60.0
"""In which a delivered bundle must have been read: a slow stick takes ten for the largest."""

COPIED_S: Final = 180.0
"""In which it must have been copied to the disk, an SD card perhaps."""

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Choice:
    """The bundle that is used, and what is trusted from now on. ``refusals``: why another is not."""

    bundle: Bundle
    trust: Trust
    refusals: tuple[Notice, ...] = ()

    @property
    def agency(self) -> Agency:
        """The bundle's agency."""
        return self.bundle.agency

    @property
    def directory(self) -> Path:
        """Where the bundle's files are."""
        return self.bundle.directory

    @property
    def manifest(self) -> Manifest:
        """What the bundle is, and until when."""
        return self.bundle.manifest

    @property
    def key(self) -> str:
        """The public key that is trusted."""
        return self.bundle.key

    def notices(self, utc: float) -> tuple[Notice, ...]:
        """What to warn of at an instant."""
        warning = self.manifest.warning(utc)
        return self.refusals if warning is None else (*self.refusals, warning)

    def described(self) -> dict[str, Any]:
        """The bundle in force, for a technician to read."""
        named = self.manifest.model_dump(mode="json", exclude={"files"})
        return {**named, "hash": self.agency.hash, "key": self.key}


def choose(config: VehicleConfig, within_s: float = READ_S) -> Choice:
    """Decide which bundle to use. Raises CodedError where the one delivered is refused and none is kept."""
    store = BundleStore(config.data / FOLDER)
    trust = _trusted(store.trust(), config.agency_key)
    kept, damaged = _last_kept(store, trust, config.district)
    try:
        fresh = _delivered(config, trust, kept.manifest.keys if kept is not None else NO_KEYS, within_s)
        if kept is not None and trust.delivered == fresh.manifest.digest() and _is_older(fresh, kept):
            return Choice(kept, _pinned(kept, trust), damaged)  # a newer one came by hand
        if kept is not None:
            _refuse_older(fresh, kept)
    except CodedError as error:
        if kept is None:
            raise
        values = {"why": error.why, "version": kept.manifest.version}
        return Choice(kept, _pinned(kept, trust), (*damaged, Notice("bundle.refused", values, "warning")))
    if kept is not None and kept.manifest == fresh.manifest and _held(kept) >= _held(fresh):
        return Choice(kept, _pinned(kept, trust, delivered=True), damaged)
    return Choice(fresh, _pinned(fresh, trust, delivered=True))


def adopt(directory: Path, config: VehicleConfig, used: Choice) -> Manifest | None:
    """Verify a bundle that came by hand and store it for the next start; None where the same is stored already.

    Raises CodedError where it is refused: as one delivered, or because it is older. ``used``: the one in force.
    """
    store = BundleStore(config.data / FOLDER)
    trust = store.trust() or used.trust
    fresh = _fit(directory, trust, config.district, used.manifest.keys)
    newest, _ = _last_kept(store, trust, config.district)
    held = newest or used.bundle
    if held.manifest == fresh.manifest:
        return None
    _refuse_older(fresh, held)
    try:
        store.keep(fresh, used.directory)
        store.pin(_pinned(fresh, trust))
    except OSError as error:
        raise CodedError("bundle.no_room", folder=str(config.data / FOLDER), error=os_error(error)) from error
    return fresh.manifest


def keep(choice: Choice, data: Path) -> Choice:
    """Copy the bundle to the data folder and pin its key; the choice, with the copy's directory.

    Call it under the data folder's lock. Where the disk takes no copy, the bundle is used where it is, with a notice.
    """
    store = BundleStore(data / FOLDER)
    bundle = choice.bundle
    try:
        directory = _within(COPIED_S, lambda: store.keep(bundle))
        store.pin(choice.trust)
    except (OSError, CodedError) as error:
        why = why_of(error)
        values = {"folder": str(data / FOLDER), "why": why, "directory": str(bundle.directory)}
        return replace(choice, refusals=(*choice.refusals, Notice("bundle.not_copied", values, "warning")))
    agency = replace(bundle.agency, map_path=directory / bundle.agency.map_path.name)
    return replace(choice, bundle=replace(bundle, directory=directory, agency=agency))


def _held(bundle: Bundle) -> set[str]:
    """The files that are there: older software copied none of the optional ones."""
    return {name for name, *_ in listed_files(bundle.directory, bundle.manifest)}


def _delivered(config: VehicleConfig, trust: Trust, daily: Named, within_s: float) -> Bundle:
    """The bundle that the configuration names. Raises CodedError where it is refused, or its medium hangs."""
    try:
        return _within(within_s, lambda: _fit(config.agency, trust, config.district, daily))
    except TimeoutError as error:
        raise CodedError("bundle_file.hangs", path=str(config.agency)) from error


def _within(seconds: float, work: Callable[[], ResultT]) -> ResultT:
    """What a call returns that may hang where a stick is stuck. Raises TimeoutError where it does."""
    done = Aside[ResultT](lambda _late: None, "bundle").call(work, threading.Event(), seconds)
    assert done is not None  # noqa: S101 - nobody asks it to stop
    return done


def _trusted(pinned: Trust | None, key: str) -> Trust:
    """The key of the configuration is trusted, unless the agency has replaced it: then the one that followed it."""
    if pinned is None:
        return Trust(agency=None, key=key)
    return pinned if key in pinned.retired else pinned.model_copy(update={"key": key})


def _pinned(bundle: Bundle, trust: Trust, *, delivered: bool = False) -> Trust:
    """What is trusted from now on; the key that announced a new one is not any more."""
    came = bundle.manifest.digest() if delivered else trust.delivered
    followed = bundle.countersigned is not None and trust.key != bundle.key
    retired = (*trust.retired, trust.key) if followed else trust.retired
    return Trust(agency=bundle.agency.id, key=bundle.key, retired=retired, delivered=came)


def _last_kept(store: BundleStore, trust: Trust, district: str) -> tuple[Bundle | None, tuple[Notice, ...]]:
    """The newest bundle kept that is still good, and what is wrong with newer ones."""
    damaged: list[Notice] = []
    for directory in store.kept():
        try:
            return _fit(directory, trust, district), tuple(damaged)
        except CodedError as error:
            damaged.append(Notice("bundle.damaged", {"why": error.why}, "warning"))
    return None, tuple(damaged)


def _fit(directory: Path, trust: Trust, district: str, daily: Named = NO_KEYS) -> Bundle:
    """A verified bundle that is for this vehicle. ``daily``: keys that are known, to name one that may not sign it."""
    bundle = verified_bundle(directory, trust.key, daily)
    agency = bundle.agency
    if trust.agency not in (None, agency.id):
        values = {"agency": agency.id, "trusted": trust.agency}
        raise CodedError("bundle_file.other_agency", path=str(directory), **values)
    if district not in agency.areas:
        areas = tuple(agency.areas)
        raise CodedError("bundle_file.no_district", agency=agency.name, district=district, areas=areas)
    return bundle


def _is_older(fresh: Bundle, kept: Bundle) -> bool:
    return BUNDLE.order(fresh.manifest) < BUNDLE.order(kept.manifest)


def _refuse_older(fresh: Bundle, kept: Bundle) -> None:
    if older := why_older(BUNDLE, BUNDLE.order(fresh.manifest), BUNDLE.order(kept.manifest)):
        raise CodedError("file.refused", path=str(fresh.directory), why=older)

"""A made-up touch action, as an engineer would commit it: CAR WASH, with a record and a state of its own.

`test_new_tap` applies it to a copy of the software and runs this module's `main` there. Its files are those that
edge/README.md names for a touch action.
"""

import json
import re
import sys
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any, Final

from edge.agency.build import build_agency
from edge.contract.agency import load_agency
from edge.contract.asyncapi import documents
from edge.contract.bundle import read_manifest
from edge.contract.records import decode_event, encode_event
from edge.domain.inputs import SignIn
from edge.vehicle.access.access import Access
from edge.vehicle.access.lock_out import LockOut
from edge.vehicle.display.backlight import Backlight
from edge.vehicle.display.display import Display
from edge.vehicle.display.seen import seen_in
from edge.vehicle.engine import Engine
from edge.vehicle.engine_screen import EngineScreen
from edge.vehicle.in_force import InForce
from edge.vehicle.own_record import OwnRecords
from edge.vehicle.recorder import Recorder, replay
from edge.vehicle.store.ledger import Reader
from edge.vehicle.store.vault import Vault
from edge.vehicle.touchscreen.app import create_app
from edge.vehicle.touchscreen.guard import TOKEN_HEADER
from edge.vehicle.view.published import Published
from edge.vehicle.view.reading import Reading
from tests.agency.square import write_square
from tests.vehicle.test_engine import FakeClock
from tests.vehicle.town_shift import as_said, setting
from tests.words import shown as shown_in_words

RECORD: Final = '''@dataclass(frozen=True, slots=True)
class CarWashed(EventKind):
    """The car was washed, ``since_s`` after the last time."""

    OF_INSTANT = True

    since_s: float | None
    type: Literal["car_washed"] = "car_washed"


'''
TAP: Final = '''"""The car is washed."""

from dataclasses import dataclass
from typing import ClassVar

from edge.domain.events import CarWashed
from edge.domain.state import State
from edge.domain.taps.tap import Tap
from edge.domain.turn import Turn


@dataclass(frozen=True, slots=True)
class Wash(Tap):
    """The car is washed."""

    NAME: ClassVar = "wash"

    @classmethod
    def why_not(cls, state: State, mono: float) -> str | None:
        """Once an hour, by whoever is signed in."""
        if state.officer is None:
            return "signed_out"
        return "washed" if state.washed is not None and mono - state.washed < 3600.0 else None

    def on(self, turn: Turn) -> None:
        """It is recorded."""
        last = turn.state.washed
        turn.record(CarWashed(None if last is None else self.mono - last), self.mono)
        turn.set(washed=self.mono)
'''
COMMIT: Final[dict[str, dict[str, str]]] = {
    "domain/events/duty.py": {
        "__all__ = [": '__all__ = ["CarWashed", ',
        "OfDuty: TypeAlias = ": f"{RECORD}OfDuty: TypeAlias = CarWashed | ",
    },
    "domain/taps/washing.py": {"": TAP},
    "domain/state.py": {
        "    changes: tuple[Change, ...] = ()\n": (
            "    changes: tuple[Change, ...] = ()\n    washed: float | None = None\n"
        ),
    },
    "text/words.json": {
        '"sheet_button": {': '"sheet_button": {"wash": "car wash",',
        '"not_now": {': '"not_now": {"washed": "The car was just washed.",',
    },
    "text/words.es.json": {
        '"sheet_button": {': '"sheet_button": {"wash": "lavado del auto",',
        '"not_now": {': '"not_now": {"washed": "El auto se acaba de lavar.",',
    },
}
"""By file below edge/: what stands there, and what stands there then; nothing stands in a new file."""


def commit(edge: Path) -> None:
    """Apply it to a copy of the package."""
    for name, changes in COMMIT.items():
        path = edge / name
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        for before, after in changes.items():
            assert text.count(before) == 1, f"{name} has no single {before!r}: edge/README.md may need other words, too"
            text = text.replace(before, after)
        path.write_text(text, encoding="utf-8")


def main(folder: Path) -> dict[str, Any]:
    """Drive it from the button to the ledger and back, over a restart: what a test may hold against its wishes."""
    build_agency(write_square(folder), folder / "agency")
    agency = load_agency(folder / "agency")
    clock, seen = FakeClock(), {}

    def shown() -> Any:
        return client.get("/api/state").get_json()["not_now"].get("wash")

    def tap() -> list[Any]:
        answer = client.post("/api/taps/wash", json={}, headers={TOKEN_HEADER: token})
        return [answer.status_code, shown_in_words(answer.get_json().get("error"))]

    for life in ("first", "second"):
        with closing(Vault(folder, "car-1")) as vault:
            state = vault.load(as_said)[0]
            published = Published(agency, state, clock.mono)
            with closing(Recorder(folder / "inputs.jsonl", state)) as recorder:
                engine = Engine(setting(agency), state, vault, clock, published.publish, recorder)
                engine.start("test")
                access = Access(lambda: None, LockOut(vault.access, "boot", clock.mono), lambda: None, any_id=True)
                display = Display(
                    partial(seen_in, agency, state, 0.0, ()),
                    clock.mono,
                    Backlight(None),
                    vault.settings,
                    published.touch,
                )
                manifest = read_manifest(folder / "agency")
                reading = Reading(agency, manifest, "1", InForce(), published, clock.mono)
                records = OwnRecords(agency, lambda: published.state, lambda _seq, _most: [])  # noqa: B023 - of this life
                screen = EngineScreen(published, engine.take, clock.mono, reading, display, access, records)
                app = create_app(screen, trusted_hosts=["localhost"])
                client = app.test_client()
                page = client.get("/").text
                token = re.findall('name="roundsman-token" content="([^"]+)"', page)[0]
                seen[life] = [shown(), tap()]
                engine.take(SignIn(clock.mono(), "4711"))
                seen[life] += [shown(), tap(), shown(), tap()]
                clock.real(4000.0)
                seen[life] += [shown(), tap(), shown()]
    with closing(Reader(folder / "ledger.sqlite3")) as reader:
        bodies = [body for _, body, _ in reader.after(0, 1000)]
    return {
        "button": re.findall('data-tap="wash".*?<span>(.*?)</span>', page, re.DOTALL),
        "seen": seen,
        "bodies": [body.decode() for body in bodies],
        "read": [type(decode_event(body).data).__name__ for body in bodies],
        "replayed": [encode_event(event) for event in replay(folder / "inputs.jsonl", setting(agency))] == bodies,
        "described": "CarWashed" in documents()["events.json"]["$defs"],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]))))

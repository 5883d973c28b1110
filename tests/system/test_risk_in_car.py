"""A real daemon with real models and no link: it forecasts, plans, explains; a shot heard scores it anew."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from edge.contract.context import ContextDoc, GunfireDoc
from edge.contract.messages import Signed, encode, to_sign
from edge.contract.records import decode_event
from edge.contract.signing import load_private_key, sign
from edge.demo.nmea import nmea_sentences
from edge.demo.pty import PtyFeeder
from edge.domain.events import ForecastMade, PlanAdopted, PlanComputed
from edge.headquarters.store import Store
from tests.brokers import Mosquitto, free_port
from tests.risk.tiny import Tiny, tiny_bundle
from tests.system.site import Site, Vehicle, wait_for
from tests.words import shown

pytestmark = pytest.mark.timeout(300)  # in real time

DISTRICT: Final = "2"
MEMORY_MB: Final = 5.0
FIXES_S: Final = 240
SERIAL: Final = "serial"
LAT: Final = 40.009
LON: Final = -98.995
"""In the district."""


@dataclass
class DeadBroker:
    """A port where nobody answers."""

    port: int


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """A town whose models' data ended two days ago."""
    return tiny_bundle(tmp_path, (datetime.now(UTC) - timedelta(days=2)).date())


def feeder(tiny: Tiny, link: Path) -> PtyFeeder:
    """A receiver that stands still in the district, from now on."""
    now = int(time.time())
    seconds = range(now, now + FIXES_S)
    return PtyFeeder(
        [(at, nmea_sentences(at, LAT, LON, 0.0, 0.0, hdop=0.8, satellites=9, quality=1)) for at in seconds], link
    )


@contextmanager
def running(
    tiny: Tiny, folder: Path, unit: str = "car-1", broker: Mosquitto | None = None
) -> Iterator[tuple[Site, Vehicle]]:
    """A vehicle whose receiver works, without a broker: no link; the folder for what is brought by hand is there."""
    with ExitStack() as stops:
        gps = feeder(tiny, folder / f"gps-{unit}")
        gps.start()
        stops.callback(gps.stop)
        site = Site(folder, tiny.directory, tiny.key, broker or DeadBroker(free_port()))  # type: ignore[arg-type]
        stops.callback(site.headquarters.stop)
        vehicle = site.vehicle(unit, DISTRICT, {"source": SERIAL, "device": str(gps.link)})
        (vehicle.data / "incoming").mkdir(parents=True, exist_ok=True)
        vehicle.daemon.start()
        stops.callback(vehicle.daemon.stop)
        yield site, vehicle


def context(tiny: Tiny, number: int, *boxes: int) -> bytes:
    """A signed context with shots heard just now in some boxes."""
    body = unsigned(tiny, number, *boxes).model_dump(mode="json")
    signature = sign(load_private_key(tiny.key), to_sign("context", body))
    return encode(Signed(kind="context", body=body, signature=signature))


def unsigned(tiny: Tiny, number: int, *boxes: int) -> ContextDoc:
    """The same, not signed."""
    today = datetime.now(tiny.agency.calendar.zone)
    heard = tuple(GunfireDoc(box=box, at=datetime.now(UTC).replace(microsecond=0)) for box in boxes)
    return ContextDoc(
        agency=tiny.agency.id, base=tiny.counts.digest(), number=number, date=today.date(), complete=2, gunfire=heard
    )


def drop(vehicle: Vehicle, document: bytes) -> None:
    """Bring a document by hand: it appears whole."""
    folder = vehicle.data / "incoming"
    (folder / "context.part").write_bytes(document)
    (folder / "context.part").rename(folder / "context.json")


def forecast_with(vehicle: Vehicle, number: int) -> bool:
    """Whether the forecast in force was made with a context."""
    forecast = vehicle.state().get("forecast")
    return forecast is not None and forecast["context"] == number


def test_a_shot_heard_scores_anew_without_a_link(tiny: Tiny, tmp_path: Path) -> None:
    """As soon as its file is there; the plan is the car's own and says so; a restart keeps the context."""
    with running(tiny, tmp_path) as (site, vehicle):
        wait_for("a forecast", lambda: forecast_with(vehicle, 0))
        state = vehicle.state()
        assert state["plan"] == "vehicle"
        assert state["link"]["state"] != "connected"
        before = {box["number"]: box for box in state["boxes"]}
        assert all(box["explained"] and box["why"] for box in before.values())
        began = time.monotonic()
        drop(vehicle, context(tiny, 1, *before))
        wait_for("scored anew", lambda: forecast_with(vehicle, 1))
        took = time.monotonic() - began
        after = {box["number"]: box for box in vehicle.state()["boxes"]}
        risen = [after[number]["risk"] / before[number]["risk"] for number in before.keys() & after.keys()]
        print(f"scored anew {took:.1f} s after the file arrived: {min(risen):.2f} to {max(risen):.2f} times")  # noqa: T201
        assert min(risen) > 1.0
        drop(vehicle, context(tiny, 1, *before).replace(b'"number":1', b'"number":2'))
        wait_for("a refusal", lambda: "signature.not_agencys" in str(vehicle.state()["notices"]))
        assert vehicle.daemon.stop() == 0
        assert " 0 different" in site.run("vehicle", "replay", "--config", str(vehicle.toml), str(vehicle.recording))
        vehicle.daemon.start()
        wait_for("a forecast after the restart", lambda: forecast_with(vehicle, 1))


def test_headquarters_context_reaches_the_car(tiny: Tiny, tmp_path: Path, mosquitto: Mosquitto) -> None:
    """Published, then with a shot heard, it is scored; an approved plan ends the car's own; all is on record."""
    with running(tiny, tmp_path, broker=mosquitto) as (site, vehicle):
        site.headquarters.start()
        wait_for("a forecast", lambda: forecast_with(vehicle, 0))
        wait_for("headquarters' database", site.is_set_up)
        state = vehicle.state()
        (tmp_path / "context.json").write_bytes(encode(unsigned(tiny, 1)))
        common = ("--config", str(site.hq_toml), "--role", "analyst", "--reason", "the day's")
        site.run("hq", "publish-context", str(tmp_path / "context.json"), *common)
        wait_for("scored with it", lambda: forecast_with(vehicle, 1))
        site.run("hq", "report-gunfire", "--lat", str(LAT), "--lon", str(LON), *common)
        wait_for("scored with the shot", lambda: forecast_with(vehicle, 2))
        box = state["boxes"][0]["id"]
        (tmp_path / "plan.toml").write_text(
            f'shift = "{state["shift"]}"\ndistrict = "{DISTRICT}"\nversion = 1\n'
            f'[[patrols]]\nbox = "{box}"\ncrime_types = ["robbery"]\n'
        )
        site.publish_plan(tmp_path / "plan.toml")
        wait_for("the approved plan", lambda: vehicle.state()["plan"] == "approved")
        wait_for("why its box", lambda: vehicle.state()["boxes"][0]["explained"])
        why = vehicle.state()["boxes"][0]["why"]
        assert why["values"]["crime_type"] == "robbery"
        assert "the average box" in shown(why)
        wait_for("everything delivered", lambda: vehicle.state()["link"]["queue"] == 0)
    with Store(site.database) as store:
        (ledger,) = store.ledgers("car-1")
        kinds = [decode_event(body).data for _, body, _ in store.records("car-1", ledger.id)]
    shift = state["shift"]  # in the last ten minutes of one, the next is forecast, too
    forecasts = [one for one in kinds if isinstance(one, ForecastMade) and one.forecast_shift == shift]
    drawn = [one for one in kinds if isinstance(one, PlanComputed) and one.plan_shift == shift]
    assert {one.context for one in forecasts} == {0, 1, 2}
    assert len({one.inputs for one in forecasts}) == 3
    assert len(drawn) == 3
    adopted = [(one.source, one.digest) for one in kinds if isinstance(one, PlanAdopted) and one.plan_shift == shift]
    assert adopted[:-1] == [("vehicle", inputs) for inputs in dict.fromkeys(one.inputs for one in drawn)]
    assert adopted[-1][0] == "approved"


def test_scoring_gives_its_memory_back(tiny: Tiny, tmp_path: Path) -> None:
    """The daemon's resident memory is within 5 MB of one without models; it maps no numpy and no onnxruntime."""
    bare_folder = tmp_path / "bare"
    bare_folder.mkdir()
    bare = tiny_bundle(bare_folder, datetime.now(UTC).date(), types=())
    with running(tiny, tmp_path) as (_, vehicle), running(bare, bare_folder, "car-2") as (_, other):
        wait_for("a forecast", lambda: forecast_with(vehicle, 0))
        wait_for("a position", lambda: other.state().get("shift") is not None)
        for number in (1, 2):
            drop(vehicle, context(tiny, number, 3))
            wait_for("scored anew", lambda number=number: forecast_with(vehicle, number))  # type: ignore[misc]
        with_models, without = resident(vehicle), resident(other)
        print(f"resident: {with_models:.1f} MB after three forecasts, {without:.1f} MB without models")  # noqa: T201
        assert with_models - without < MEMORY_MB
        maps = Path(f"/proc/{pid(vehicle)}/maps").read_text()
        assert "numpy" not in maps
        assert "onnxruntime" not in maps


def pid(vehicle: Vehicle) -> int:
    """The daemon's process."""
    process = vehicle.daemon._process
    assert process is not None
    return process.pid


def resident(vehicle: Vehicle) -> float:
    """Resident memory in MB."""
    status = Path(f"/proc/{pid(vehicle)}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))

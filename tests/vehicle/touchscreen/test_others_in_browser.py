"""Other cars' visits on the map."""

from dataclasses import replace
from typing import Any

from flask.testing import FlaskClient
from playwright.sync_api import Browser

from edge.domain.inputs import MergeVisits
from edge.domain.visits import VisitSummary
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import opened
from tests.vehicle.touchscreen.serving import served

MARKS = """
    async ([boxes, scale]) => {
      const { drawOthers } = await import("/static/screen/map_others.js");
      const arcs = [];
      const fake = new Proxy({ arc: (x, y) => arcs.push([Math.round(x), Math.round(y)]) }, {
        get: (own, name) => own[name] ?? (() => {}), set: (own, name, value) => Reflect.set(own, name, value),
      });
      const camera = { metresPerPixel: scale, toScreen: (x, y) => [x / scale, -y / scale] };
      drawOthers(fake, camera, [0, 0], boxes);
      return arcs;
    }
"""


def others(client: FlaskClient) -> dict[str, tuple[int, bool]]:
    """What the snapshot says of each box where there was another car."""
    state = client.get("/api/state").json
    assert state is not None
    return {
        box["id"]: (box["others"], box["others_now"]) for box in state["boxes"] if box["others"] or box["others_now"]
    }


def test_the_snapshot_has_other_cars_visits_alone(client: FlaskClient, scene: Scene) -> None:
    """Counted ones of this shift, and whether one goes on; never one's own, a short one, or another shift's."""
    scene.arrive()
    scene.bench.stay(scene.cell, 100)
    box, bench = scene.plan.patrols[5].box, scene.bench
    shift, utc = bench.snapshot().shift or "", bench.snapshot().utc
    one = VisitSummary("car-3:x:1", "car-3", box, shift, utc - 900.0, utc - 600.0, 300.0, counted=True, early=False)
    going = replace(one, id="car-4:x:1", unit="car-4", ended=None)
    short = replace(one, id="car-5:x:1", unit="car-5", counted=False)
    earlier = replace(one, id="car-6:x:1", unit="car-6", shift="2026-11-22/night")
    before = others(client)
    bench.tell(MergeVisits(bench.mono, (one, short, earlier)))
    assert others(client) == {**before, box: (1, False)}
    bench.tell(MergeVisits(bench.mono, (going,)))
    assert others(client) == {**before, box: (1, True)}
    assert scene.plan.patrols[0].box not in before
    assert before[scene.plan.patrols[1].box] == (3, False)


def test_a_mark_for_each_visit(chromium: Browser, scene: Scene) -> None:
    """In a row, where no plate is; one more where a car is there now; none where the box is too small for them."""
    box: dict[str, Any] = {"id": "0-0", "others": 2, "others_now": True}
    with served(scene.bench) as port, opened(chromium, port) as page:
        assert page.evaluate(MARKS, [[box], 2.5]) == [[36, -44], [50, -44], [64, -44]]
        assert page.evaluate(MARKS, [[{**box, "others": 9, "others_now": False}], 2.5])[0] == [29, -44]
        assert len(page.evaluate(MARKS, [[{**box, "others": 9, "others_now": False}], 2.5])) == 4
        assert page.evaluate(MARKS, [[box], 5])[0] == [11, -10]
        assert page.evaluate(MARKS, [[box], 11]) == []

"""What is heard: each moment of a visit once, lower by night, not at all when muted, nothing of before the page."""

from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.screen_page import opened, press
from tests.vehicle.touchscreen.serving import served
from tests.waiting import wait_for

LISTEN: Final = """
  window.tones = [];
  window.AudioContext = class {
    currentTime = 0;
    destination = { };
    async resume() {}
    async suspend() {}
    createGain() {
      const gain = {
        peak: 0,
        setValueAtTime() {},
        linearRampToValueAtTime(value) { this.peak = Math.max(this.peak, value); },
      };
      return { gain, connect(to) { return to; } };
    }
    createOscillator() {
      return {
        frequency: { value: 0 },
        connect(to) { this.gain = to.gain; return to; },
        start(at) { window.tones.push([this.frequency.value, at, this.gain.peak]); },
        stop() {},
      };
    }
  };
"""
"""Stands for the browser's audio: notes each tone that is begun, with its hertz, second and peak."""

TUNES: Final = """async () => {
  const { TUNES } = await import('/static/screen/sounds.js');
  const key = (tones) => JSON.stringify(tones.map((one) => one.slice(0, 2)));
  const names = Object.fromEntries(Object.entries(TUNES).map(([name, tones]) => [key(tones), name]));
  const heard = [];
  let tune = [];
  for (const [hertz, at] of [...window.tones, [0, 0]]) {
    if (at === 0 && tune.length > 0) { heard.push(names[key(tune)]); tune = []; }
    tune.push([hertz, at]);
  }
  return heard;
}"""
RENDERED: Final = """async ([moment, volume]) => {
  const { score, TUNES } = await import('/static/screen/sounds.js');
  const context = new OfflineAudioContext(1, 48000, 48000);
  score(context, TUNES[moment], volume);
  const samples = (await context.startRendering()).getChannelData(0);
  const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
  return [Math.max(...samples.map(Math.abs)), Math.sqrt(power)];
}"""


def _heard(page: Page) -> list[str]:
    heard: list[str] = page.evaluate(TUNES)
    return heard


def _in_mode(page: Page, mode: str) -> None:
    page.wait_for_selector(f"body[data-mode={mode}]")


def test_each_moment_of_a_visit_is_heard_once(chromium: Browser, scene: Scene) -> None:
    """Arrival, a minute left, done, too long, in this order; not again when GPS is lost in between, nor on reload."""
    scene.patrol()
    bench = scene.bench
    with served(bench) as port, opened(chromium, port, script=LISTEN) as page:
        _in_mode(page, "patrol")
        assert _heard(page) == []
        bench.drive(scene.near(480.0, -330.0), scene.near(20.0, -15.0), 45)
        bench.stay(scene.cell, 10)
        _in_mode(page, "visit")
        wait_for(lambda: _heard(page) == ["arrive"])
        bench.stay(scene.cell, 845)
        wait_for(lambda: _heard(page) == ["arrive", "minute"])
        bench.stay(scene.cell, 2, accuracy=48.0)
        _in_mode(page, "uncertain")
        bench.stay(scene.cell, 60)
        _in_mode(page, "move_on")
        wait_for(lambda: _heard(page) == ["arrive", "minute", "done"])
        bench.stay(scene.cell, 320)
        _in_mode(page, "over_stay")
        wait_for(lambda: _heard(page) == ["arrive", "minute", "done", "over"])
        bench.stay(scene.cell, 5)
        page.wait_for_timeout(500)
        assert _heard(page) == ["arrive", "minute", "done", "over"]
        page.reload()
        _in_mode(page, "over_stay")
        page.wait_for_timeout(500)
        assert _heard(page) == []


def test_nothing_of_before_the_page_is_heard(chromium: Browser, scene: Scene) -> None:
    """Opened in mid-visit it is silent until the next moment; a moment that two are due at is the graver one alone."""
    scene.visit()
    with served(scene.bench) as port, opened(chromium, port, script=LISTEN) as page:
        _in_mode(page, "visit")
        page.wait_for_timeout(500)
        assert _heard(page) == []
        scene.bench.stay(scene.cell, 560)
        _in_mode(page, "move_on")
        wait_for(lambda: _heard(page) == ["done"])


@pytest.mark.parametrize("volume", [0.5, 0.15, 0.0])
def test_the_volume_is_the_vehicles(chromium: Browser, scene: Scene, volume: float) -> None:
    """Lower by night; muted, no tone is begun at all."""
    scene.visit()
    scene.bench.show(volume=volume, muted=volume == 0.0)
    with served(scene.bench) as port, opened(chromium, port, script=LISTEN) as page:
        _in_mode(page, "visit")
        scene.bench.stay(scene.cell, 560)
        _in_mode(page, "move_on")
        if volume:
            page.wait_for_function("() => window.tones.length >= 3")
        page.wait_for_timeout(500)
        peaks: list[Any] = page.evaluate("window.tones.map(([, , peak]) => peak)")
        assert peaks == ([] if volume == 0.0 else [volume] * 3)


def test_mute_and_sound_again(chromium: Browser, scene: Scene) -> None:
    """One button on the sheet: what it says is what is; sound that is on again is heard at once."""
    scene.patrol()
    with served(scene.bench) as port, opened(chromium, port, script=LISTEN) as page:
        press(page, "#more")
        press(page, "#sheet-display")
        expect(page.locator("#display-sound")).to_have_text("SOUND: ON")
        press(page, "#display-sound")
        expect(page.locator("#display-sound")).to_have_text("SOUND: OFF")
        assert _heard(page) == []
        press(page, "#display-sound")
        expect(page.locator("#display-sound")).to_have_text("SOUND: ON")
        wait_for(lambda: _heard(page) == ["arrive"])
        assert scene.bench.chosen == [("muted", True), ("muted", False)]


def test_the_tones_can_be_heard(chromium: Browser, scene: Scene) -> None:
    """As the browser itself renders them: no louder than asked, no click at either end, and no silence."""
    with served(scene.bench) as port, opened(chromium, port) as page:
        for moment in ("arrive", "minute", "done", "over"):
            peak, mean = page.evaluate(RENDERED, [moment, 0.15])
            assert peak <= 0.1501, moment
            assert mean >= 0.02, moment

"""An hour of a page's life in some seconds: snapshots as the stream brings them, on the page's own clock.

What the page still holds after it is what it would hold after an hour, but for what real time alone does.
"""

from dataclasses import dataclass

from playwright.sync_api import Page

SCRIPT = """
  const now = performance.now.bind(performance);
  let ahead = 0;
  performance.now = () => now() + ahead;
  window.sources = [];
  window.EventSource = class extends EventSource {
    constructor(...all) {
      super(...all);
      window.sources.push(this);
    }
  };
  const lastEventId = () => document.querySelector('meta[name="roundsman-release"]').content;
  window.live = async (seconds) => {
    const last = await (await fetch("/api/state")).json();
    for (let second = 0; second < seconds; second += 1) {
      ahead += 1000;
      const { east, north } = last.position;
      const place = { east: east + 800 * Math.sin(second / 200), north: north + 800 * Math.cos(second / 200) };
      const position = { ...last.position, ...place };
      const snapshot = { ...last, driving: "driving", utc: last.utc + second, position };
      window.sources.at(-1).onmessage({ data: JSON.stringify(snapshot), lastEventId: lastEventId() });
      if (second % 10 === 0) await new Promise(requestAnimationFrame);
    }
  };
"""
"""Before the page's own: lets snapshots come as if the stream had brought them, and its clock be ahead."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a page holds after its rubbish is gone: bytes of JavaScript, nodes, listeners."""

    heap: int
    nodes: int
    listeners: int


def held(page: Page) -> Held:
    """What a page holds now."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    values = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    session.detach()
    return Held(int(values["JSHeapUsedSize"]), int(values["Nodes"]), int(values["JSEventListeners"]))


def live(page: Page, minutes: int) -> None:
    """So many minutes of a drive: a snapshot a second, and the page's clock with it."""
    page.evaluate("seconds => window.live(seconds)", 60 * minutes)

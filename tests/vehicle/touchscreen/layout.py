"""The layout of the screen as a browser measures it: what can be tapped, how large, and what lies over what."""

from typing import Any, Final

from playwright.sync_api import Page

CONTROLS: Final = """() => {
  const modal = document.querySelector('dialog:modal');
  return [...document.querySelectorAll('button')].filter(one => one.checkVisibility() && !one.disabled
    && (modal === null || modal.contains(one))).map(one => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return { name: one.id || one.innerText, left, top, right, bottom };
  });
}"""
SMALL: Final = """least => [...(document.querySelector('dialog:modal') ?? document.body).querySelectorAll('*')]
  .filter(one => one.checkVisibility() &&
  !one.closest('.unseen') && [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()) &&
  parseFloat(getComputedStyle(one).fontSize) < least - 0.1)
  .map(one => `${one.id || one.className || one.parentElement.id} ${getComputedStyle(one).fontSize}`)"""
SCROLLS: Final = """() => [...document.querySelectorAll('html, body, body *')].filter(one => one.checkVisibility() &&
  (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1) &&
  ['auto', 'scroll'].includes(getComputedStyle(one).overflowY)).map(one => one.id || one.className)"""
CUT: Final = """() => [...document.querySelectorAll(`.sentence-head, .sentence-tail, .facts, .panel, .tactic,
  .ring-text, .next-types, .next-distance, .next-number, .paused-time, .button`)].filter(one => one.checkVisibility() &&
    (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 8))
  .map(one => `${one.id || one.className} ${one.scrollWidth}x${one.scrollHeight} in`
    + ` ${one.clientWidth}x${one.clientHeight}`)"""


BROKEN: Final = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.closest('button')?.checkVisibility()) continue;
    for (const { index, 0: part } of node.data.matchAll(/[\\p{L}\\d]+/gu)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + part.length);
      const letter = 0.55 * parseFloat(getComputedStyle(node.parentElement).fontSize); // wider than a hyphen
      const lines = [...range.getClientRects()].filter(({ width }) => width > letter).map(({ top }) => Math.round(top));
      if (new Set(lines).size > 1) found.push(node.data);
    }
  }
  return found;
}"""
"""Words on buttons that go on in another line, other than after a hyphen between two syllables."""

HIDDEN: Final = """() => [...document.querySelectorAll('button')].filter(one => one.checkVisibility() && !one.disabled)
  .filter(one => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    const inside = [[left + 3, top + 12], [right - 3, bottom - 12], [(left + right) / 2, (top + bottom) / 2]];
    const modal = document.querySelector('dialog:modal');
    return (modal === null || modal.contains(one))
      && inside.some(([x, y]) => !one.contains(document.elementFromPoint(x, y)));
  }).map(one => `${one.id || one.innerText} is covered or cut off`)"""


def controls(page: Page) -> list[dict[str, Any]]:
    """Every button that can be tapped, with its place, pixels."""
    found: list[dict[str, Any]] = page.evaluate(CONTROLS)
    return found


def overlapping(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two places share a pixel."""
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return bool(across > 0.5 and down > 0.5)


def wrong(page: Page, least_px: float) -> list[str]:
    """What is wrong with the controls: too small, outside, over one another, or not to be touched where they are."""
    (width, height), found = page.evaluate("[innerWidth, innerHeight]"), controls(page)
    small = [
        f"{one['name']} is {one['right'] - one['left']:.0f}×{one['bottom'] - one['top']:.0f}"
        for one in found
        if min(one["right"] - one["left"], one["bottom"] - one["top"]) < least_px - 0.5
    ]
    outside = [
        f"{one['name']} is outside"
        for one in found
        if one["left"] < -0.5 or one["top"] < -0.5 or one["right"] > width + 0.5 or one["bottom"] > height + 0.5
    ]
    over = [
        f"{one['name']} lies over {other['name']}"
        for at, one in enumerate(found)
        for other in found[at + 1 :]
        if overlapping(one, other)
    ]
    return [*small, *outside, *over, *page.evaluate(HIDDEN)]

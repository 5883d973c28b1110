"""A page on paper, as Chromium prints it: how many sheets, and what is cut off."""

import re
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

BUILD: Final = Path(__file__).resolve().parents[1] / "build" / "paper"
FORMATS: Final = ("A4", "Letter")
INCHES: Final = {"A4": (8.27, 11.69), "Letter": (8.5, 11.0)}
MARGIN_IN: Final = 0.394
CUT: Final = """() => [...document.querySelectorAll('main *')].filter((one) => one.checkVisibility()
  && !one.closest('svg') && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)
  && getComputedStyle(one).display !== 'inline').map((one) => one.className || one.tagName)"""


def sheets(page: Page, paper: str, name: str) -> int:
    """Print to ``build/paper/NAME-PAPER.pdf``; how many sheets it takes."""
    BUILD.mkdir(parents=True, exist_ok=True)
    pdf = page.pdf(format=paper, path=BUILD / f"{name}-{paper}.pdf")
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def cut(page: Page, paper: str) -> list[str]:
    """What does not fit its place where a page is laid out as for a paper."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": round((INCHES[paper][0] - 2 * MARGIN_IN) * 96), "height": 900})
    found: list[str] = page.evaluate(CUT)
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*found, *(["the page"] if wide else [])]


def gray(page: Page) -> list[str]:
    """Colors of the printed page that are none of a printer's without colors."""
    page.emulate_media(media="print")
    colors: list[str] = (
        page.evaluate("""() => [...new Set([...document.querySelectorAll('body, body *')].flatMap((one) => {
      const { color, backgroundColor, fill, stroke, borderTopColor } = getComputedStyle(one);
      return [color, backgroundColor, fill, stroke, borderTopColor];
    }))]""")
    )
    channels = [re.findall(r"\d+", one)[:3] for one in colors if one.startswith("rgb")]
    return [
        one
        for one, parts in zip((c for c in colors if c.startswith("rgb")), channels, strict=True)
        if len(set(parts)) > 1
    ]

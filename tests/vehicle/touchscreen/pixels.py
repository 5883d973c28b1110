"""What a screenshot, or the map's canvas, shows: its pixels, and how bright it is."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

from tests.vehicle.touchscreen import colours

COUNT = """
    name => {
      const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
      const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
      const canvas = document.getElementById("map");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let found = 0;
      for (let i = 0; i < data.length; i += 4) found += wanted.every((value, at) => data[i + at] === value);
      return found;
    }
"""
"""How many pixels of the map have the color of a style's name."""


def screenshot(page: Page) -> NDArray[np.float64]:
    """Rows of pixels, each red, green, blue from 0 to 255."""
    return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"), dtype=np.float64)


def luminance(page: Page) -> float:
    """The mean relative luminance of what is seen, 0 to 1."""
    return float(colours.luminance(screenshot(page) / 255.0).mean())

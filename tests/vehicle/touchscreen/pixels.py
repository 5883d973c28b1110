"""What a screenshot shows: its pixels, and how bright it is."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

from tests.vehicle.touchscreen import colours


def screenshot(page: Page) -> NDArray[np.float64]:
    """Rows of pixels, each red, green, blue from 0 to 255."""
    return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"), dtype=np.float64)


def luminance(page: Page) -> float:
    """The mean relative luminance of what is seen, 0 to 1."""
    return float(colours.luminance(screenshot(page) / 255.0).mean())

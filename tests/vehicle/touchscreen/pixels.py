"""What a screenshot shows: how bright a page is."""

import io
from typing import Final

import numpy as np
from PIL import Image
from playwright.sync_api import Page

LINEAR_FROM: Final = 0.04045
SHARES: Final = (0.2126, 0.7152, 0.0722)


def luminance(page: Page) -> float:
    """The mean relative luminance of what is seen, 0 to 1 (WCAG 2.2's, of sRGB)."""
    values = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"), dtype=np.float64) / 255.0
    linear = np.where(values <= LINEAR_FROM, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return float((linear @ SHARES).mean())

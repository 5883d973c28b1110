"""Colors as eyes have them: contrast, difference, and what the color-blind see."""

from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Rgb: TypeAlias = NDArray[np.float64]

MACHADO: Final = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Of linear RGB, severity 1.0 (Machado, Oliveira, Fernandes 2009)."""

TO_XYZ: Final = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
"""IEC 61966-2-1, white D65."""

WHITE: Final = TO_XYZ.sum(axis=1)
SHARES: Final = np.array([0.2126, 0.7152, 0.0722])


def rgb(color: str) -> Rgb:
    """``#rrggbb`` as sRGB values from 0 to 1."""
    return np.array([int(color[at : at + 2], 16) / 255.0 for at in (1, 3, 5)])


def linear(values: Any) -> Rgb:
    """SRGB values made linear (IEC 61966-2-1)."""
    given = np.asarray(values, dtype=np.float64)
    return np.where(given <= 0.04045, given / 12.92, ((given + 0.055) / 1.055) ** 2.4)


def luminance(values: Any) -> Any:
    """Relative luminance, 0 to 1 (WCAG 2.2), of sRGB values from 0 to 1."""
    return linear(values) @ SHARES


def contrast(one: Rgb, other: Rgb) -> float:
    """1 to 21 (WCAG 2.2)."""
    dark, light = sorted((float(luminance(one)), float(luminance(other))))
    return (light + 0.05) / (dark + 0.05)


def lab(linear_rgb: Rgb) -> Rgb:
    """CIE 1976 L*a*b*."""
    x = TO_XYZ @ linear_rgb / WHITE
    f = np.where(x > 216 / 24389, np.cbrt(x), (24389 / 27 * x + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one: Rgb, other: Rgb, vision: str | None = None) -> float:
    """CIE76 ΔE of two colors, as they are or as one of `MACHADO` sees them."""
    seen = [np.clip(np.array(MACHADO[vision]) @ linear(c), 0.0, 1.0) if vision else linear(c) for c in (one, other)]
    return float(np.linalg.norm(lab(seen[0]) - lab(seen[1])))

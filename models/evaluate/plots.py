"""The page's plots as SVG, the same bytes from the same figures. Must not compute a figure."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl

mpl.use("svg")

import matplotlib.pyplot as plt
import numpy as np

STYLE: Final[Any] = {
    "svg.hashsalt": "roundsman",
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
OURS: Final = "#0b5394"
THEIRS: Final = "#c9c9c9"
LINE: Final = "#555555"
FEW: Final = 50
"""Incidents a bin under which a panel's axis is wider."""
Figures = Mapping[str, Any]


def draw_all(document: Figures, folder: Path) -> list[Path]:
    """Write the plots into a folder; returns their paths: skill, calibration."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{document['agency']}-{document['tested_on']['from'][:4]}"
    paths = [folder / f"{stem}-{name}.svg" for name in ("skill", "calibration")]
    with plt.rc_context(STYLE):
        for path, draw in zip(paths, (_skill, _calibration), strict=True):
            figure = draw(document)
            figure.savefig(path, metadata={"Date": None}, bbox_inches="tight")
            plt.close(figure)
    return paths


def label(crime_type: str) -> str:
    """``motor vehicle theft``."""
    return crime_type.replace("_", " ")


def _skill(document: Figures) -> Any:
    """D² of every method by type: rivals as grey ticks, the model as a dot with its interval."""
    types = document["types"]
    figure, axes = plt.subplots(figsize=(7.0, 0.45 * len(types) + 0.9))
    for row, of in enumerate(types.values()):
        rivals = [each["d2"] for name, each in of["baselines"].items() if name not in ("uniform", "near_repeat")]
        axes.plot(rivals, [row] * len(rivals), "|", color=LINE, markersize=11)
        axes.plot(of["baselines"]["near_repeat"]["d2"], row, "x", color=LINE, markersize=6)
        interval = of["d2_interval"]
        axes.plot([interval["low"], interval["high"]], [row, row], color=OURS, linewidth=2)
        axes.plot(of["d2"], row, "o", color=OURS)
    axes.set_yticks(range(len(types)), [label(name) for name in types])
    axes.set_ylim(len(types) - 0.4, -0.6)
    axes.set_xlabel("D² over uniform; dot: model (95%), ticks: other rivals, cross: near repeat")
    axes.axvline(0.0, color=LINE, linewidth=0.8)
    return figure


def _calibration(document: Figures) -> Any:
    """Observed against expected per bin of equal expected counts, a panel a type, logarithmic."""
    types = document["types"]
    columns = min(4, len(types))
    rows = -(-len(types) // columns)
    figure, panels = plt.subplots(rows, columns, figsize=(2.1 * columns, 2.1 * rows), squeeze=False)
    for panel in panels.ravel()[len(types) :]:
        panel.set_axis_off()
    for panel, (name, of) in zip(panels.ravel(), types.items(), strict=False):
        bins = of["calibration"]["bins_equal_expected"]
        observed, expected = np.array(bins["observed"]), np.array(bins["expected"])
        panel.axhline(1.0, color=LINE, linewidth=0.8)
        spread = 1.96 / np.sqrt(expected)
        panel.fill_between(range(1, len(expected) + 1), 1 - spread, 1 + spread, color=THEIRS, alpha=0.5, linewidth=0)
        panel.plot(range(1, len(expected) + 1), observed / expected, ".-", color=OURS, linewidth=1, markersize=4)
        panel.set_title(label(name), fontsize=9)
        panel.set_ylim((0.0, 2.0) if expected.min() < FEW else (0.6, 1.4))
    figure.supxlabel("bin, by rising expected count", fontsize=9)
    figure.supylabel("observed / expected", fontsize=9)
    figure.tight_layout()
    return figure

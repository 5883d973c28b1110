"""The card as a page for people: Markdown, and the calibration plot beside it. Must not say what its JSON does not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from edge.risk.card import Bin, Card, Figure, GroupCard

SIDE: Final = 320.0
EDGE: Final = 40.0

_MEANINGS: Final = {
    "d2": "D²: how much better than the same risk in every box; 0 is no better, below 0 worse, 1 would be certainty",
    "d2_best_simple": "the D² of the best simple forecast",
    "ece_rel": "how far forecasts and incidents are apart in groups of like risk, for each incident; 0 is right",
    "events": "incidents in that time",
    "hit_1pct": "share of the incidents in the 1% of the area with the highest risk, shift by shift",
    "hit_1pct_best_simple": "the same of the best simple forecast",
    "oe": "incidents for each one that was expected; 1 is right, below 1 too many were expected",
    "oe_top1pct": "the same in the 1% of the area with the highest risk",
}
"""What the figures of a card are, in words."""


def markdown(card: Card, plot: str) -> str:
    """The page; ``plot``: the name of the SVG beside it."""
    title = card.crime_type.replace("_", " ")
    parts = [
        f"# Model card: {title}, {card.agency}",
        card.purpose,
        f"Made from data through the day before **{card.created}**; expires on **{card.expires}**."
        f" Model file: SHA-256 `{card.model_sha256}`; seed {card.seed}.",
        "## Method",
        card.method,
        *([f"**No trees**: {card.base_only}"] if card.base_only else []),
        *_data(card),
        "## Feature groups",
        _table(("group", "holds", "trees", "source", "as of", ""), map(_group, card.groups)),
        "\n".join(f"* **{group.name}**: {', '.join(f'`{name}`' for name in group.features)}" for group in card.groups),
        *_figures(card),
        *(["## Calibration", f"![expected and observed by risk]({plot})"] if card.calibration else []),
        *_listed("Not measured", card.not_measured),
        *_listed("Limits", card.limits),
        *_listed("Tried", [f"{one.what} {one.gave}" for one in card.tried]),
        *_listed("Protections", card.protections),
        "## Settings and software",
        _line(card.settings),
        _line(card.software),
    ]
    return "\n\n".join(parts) + "\n"


def _line(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(values.items()))


def _data(card: Card) -> Iterator[str]:
    data = card.data
    yield "## Data"
    yield data.source
    yield (
        f"{data.incidents:,.0f} incidents of this type; rows from {data.window.first} to {data.window.last} were used."
    )
    if data.rejected:
        yield _table(
            ("excluded because", "rows"), ((why, f"{count:,}") for why, count in sorted(data.rejected.items()))
        )
    if data.officer_initiated_left_out is not None:
        yield f"Officer-initiated events excluded: {data.officer_initiated_left_out:,}."
    yield (
        f"Hashes: counts `{data.counts_sha256[:16]}…`, grid `{data.grid_sha256[:16]}…`,"
        f" layers `{data.layers_sha256[:16]}…`."
    )
    yield from _listed("Gaps", data.gaps or ("None found.",))
    yield from _listed("Exclusions", data.exclusions)


def _group(group: GroupCard) -> tuple[str, ...]:
    sources = "; ".join(group.sources)
    return (group.name, str(len(group.features)), str(group.trees), sources, group.as_of, group.evaluated)


def _figures(card: Card) -> Iterator[str]:
    if card.figures.each:
        days = card.figures.days
        yield "## Figures"
        yield card.figures.measured_on + (f" ({days.first} to {days.last})" if days else "")
        yield _table(("figure", "value", "95% interval", "what it is"), map(_figure, card.figures.each))
    if card.ablation:
        yield "## Without one group"
        rows = ((one.group, _number(one.d2), _number(one.lost)) for one in card.ablation)
        yield _table(("left out", "D²", "lost"), rows)
    if card.additivity:
        one = card.additivity
        yield "## Cost of one group a tree"
        yield (
            f"D² {_number(one.d2)} beside {_number(one.d2_twin)} of the same trees without that rule:"
            f" {one.lost:.2%} lost. {one.measured_on}"
        )


def _figure(figure: Figure) -> tuple[str, str, str, str]:
    interval = "" if figure.low is None or figure.high is None else f"{_number(figure.low)} – {_number(figure.high)}"
    return figure.name, _number(figure.value), interval, _MEANINGS.get(figure.name, "")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.4g}"  # noqa: PLR2004 - digits that say something


def _listed(title: str, sentences: Sequence[str]) -> Iterator[str]:
    if sentences:
        yield f"## {title}"
        yield "\n".join(f"* {sentence}" for sentence in sentences)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in (list(heads), ["---"] * len(heads), *cells))


def calibration_svg(bins: Sequence[Bin]) -> str:
    """Observed over expected incidents of each bin, on square-root axes, beside the line of a perfect forecast."""
    most = max((max(one.expected, one.observed) for one in bins), default=0.0) or 1.0
    dots = "".join(
        f'<circle cx="{EDGE + _along(one.expected, most):.1f}" cy="{EDGE + SIDE - _along(one.observed, most):.1f}"'
        f' r="4"><title>expected {one.expected:.1f}, observed {one.observed:.1f}</title></circle>'
        for one in bins
    )
    size, end = SIDE + 2 * EDGE, EDGE + SIDE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size:.0f} {size:.0f}" role="img"'
        ' aria-label="Observed against expected incidents, by bin of rising risk" font-family="sans-serif">'
        f'<rect width="{size:.0f}" height="{size:.0f}" fill="#fff"/>'
        f'<path d="M{EDGE:.0f} {EDGE:.0f}V{end:.0f}H{end:.0f}" fill="none" stroke="#555"/>'
        f'<path d="M{EDGE:.0f} {end:.0f}L{end:.0f} {EDGE:.0f}" stroke="#999" stroke-dasharray="4"/>'
        f'<g fill="#0b5cad">{dots}</g><g font-size="12" fill="#222">'
        f'<text x="{EDGE + SIDE / 2:.0f}" y="{end + 28:.0f}" text-anchor="middle">expected incidents in the bin</text>'
        f'<text transform="translate(18 {EDGE + SIDE / 2:.0f}) rotate(-90)" text-anchor="middle">observed</text>'
        f'<text x="{end:.0f}" y="{end + 14:.0f}" text-anchor="end">{most:,.0f}</text>'
        f'<text x="{EDGE - 4:.0f}" y="{EDGE + 4:.0f}" text-anchor="end">{most:,.0f}</text></g></svg>\n'
    )


def _along(value: float, most: float) -> float:
    return float(SIDE * (value / most) ** 0.5)

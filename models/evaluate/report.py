"""The evaluation's page in Markdown, from the JSON document alone. Must not compute, nor leave a limit out."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from edge.text.whole_file import write_whole
from models.evaluate.goals import goals
from models.evaluate.plots import draw_all, label
from models.evaluate.report_sections import own_area_section, skill_section
from models.evaluate.tables import between, number, percent, percent_between, table, whole

METHODS: Final = {
    "uniform": "uniform",
    "count_28": "count, 28 days",
    "history": "count, all history",
    "box_shift": "box × shift, all history",
    "box_shift_3y": "box × shift, 3 years",
    "history_kde": "history + KDE",
    "near_repeat": "self-exciting near repeat",
    "own_mixture": "own-type mixture (EM)",
}
LEAST_SHOWN: Final = 0.01
"""Of a mixture of many maps: a smaller share is not on the page."""
Figures = Mapping[str, Any]


def write_page(document: Figures, page: Path, plots: Path) -> list[Path]:
    """Write the page and its plots (SVG, in the folder ``plots``); returns their paths, the page first.

    Notes written by hand (``AGENCY-YEAR.notes.md`` beside the plots) become a section, so that writing anew keeps them.
    """
    drawn = draw_all(document, plots)
    page.parent.mkdir(parents=True, exist_ok=True)
    skill, calibration = (Path(os.path.relpath(path, page.parent)).as_posix() for path in drawn)
    sections = (
        _head(document),
        _short(document),
        _goals(document),
        _pooled(document),
        skill_section(document),
        f"## By crime type\n\n![D² of the model and its baselines]({skill})",
        *_types(document),
        f"## Calibration\n\n![Observed over expected in 20 bins of equal expected counts]({calibration})",
        _calibration(document),
        _groups(document),
        own_area_section(document),
        _lags(document),
        _planning(document),
        _tuned(document),
        _notes(plots / f"{document['agency']}-{document['tested_on']['from'][:4]}.notes.md"),
        LIMITS,
    )
    write_whole(page, "\n\n".join(section for section in sections if section) + "\n")
    return [page, *drawn]


def _head(document: Figures) -> str:
    tested, tuned = document["tested_on"], document["tuned_on"]
    definitions = "\n".join(f"* `{name}`: {text}." for name, text in document["definitions"].items())
    return f"""# Evaluation: {document["agency"]}, {tested["from"]} to {tested["to"]}

Written by `roundsman models evaluate`. The JSON document next to the plots has these figures and more.

Each of {tested["days"]} days is forecast at 00:00 for its {len(document["shifts"])} shifts and all
{whole(document["boxes"])} boxes inside the boundary, using only incidents known by then; the model is
refitted every {document["refit_days"]} days. The baselines' kernels and shares, and which box × shift count is *the*
baseline, were chosen on {tuned["from"]} to {tuned["to"]}; the test days were not used to choose anything.

{definitions}"""


def _short(document: Figures) -> str:
    hit = document["pooled"]["hit_1pct"]
    best, each, types = hit["gain_over_best_simple"], hit["gain_over_each_types_best"], document["types"]
    rows = [
        (
            label(name),
            of["chosen"].replace("_", " "),
            number(of["d2"]),
            f"{number(of['d2_best_simple'])} ({METHODS[of['best_simple']]})",
            between(of["d2_over_best_simple"]),
            percent(of["hit_1pct"]),
            f"{percent(of['hit_1pct_best_simple'])} ({METHODS[of['best_simple_by_hits']]})",
        )
        for name, of in types.items()
    ]
    return (
        f"## In short\n\nPooled hits at 1%: **{percent_between(best)}** over the best rival, "
        f"*{METHODS[best['rival']]}*; {percent_between(each)} over each type's own best rival on the test itself.\n\n"
        + table(("", "model", "D²", "best rival's", "over it", "hits at 1%", "best rival's"), rows)
    )


GOALS: Final = (
    "The project's own goals, set in advance for a year of Chicago, when the simple rivals were counts and kernels and "
    "knew no weekdays; since then near repeat and the own-type mixture are among them, and all have the model's level. "
    "A short period or a small city is weak evidence on them: check the intervals and how many weeks they cover."
)


def _goals(document: Figures) -> str:
    rows = [(goal.what, goal.asked, goal.found, "yes" if goal.met else "**no**") for goal in goals(document)]
    return f"## Goals\n\n{GOALS}\n\n" + table(("", "goal", "result", "met"), rows)


def _pooled(document: Figures) -> str:
    hit, rival = document["pooled"]["hit_1pct"], document["rival"]
    rows = [("**model**", percent(hit["model"], 2), "")]
    rows += [
        (METHODS[name], percent(share, 2), percent_between(hit["gain_over"][name]) if name in hit["gain_over"] else "")
        for name, share in hit["baselines"].items()
    ]
    types = ", ".join(label(name) for name in document["pooled"]["types"])
    return (
        f"## Pooled: hits in 1% of the area\n\n{types}: {whole(document['pooled']['events'])} incidents. The "
        "baseline is "
        f"*{METHODS[rival['name']]}*.\n\n"
        + table(("", "hits at 1%", "model's hits over it (95%)"), rows)
        + "\n\n"
        + _macro(document)
    )


def _macro(document: Figures) -> str:
    rows = [
        (which.replace("_", " "), *(number(of[key]) for key in ("d2", "d2_best_simple", "hit_1pct", "ece_rel")))
        for which, of in document["macro"].items()
    ]
    return "Means over types:\n\n" + table(("", "D²", "D² best simple", "hits at 1%", "calibration error"), rows)


def _types(document: Figures) -> Iterator[str]:
    for name, of in document["types"].items():
        yield (
            f"### {label(name).capitalize()}\n\n{whole(of['events'])} incidents, {whole(of['events_per_quarter'])} a "
            f"quarter. D² over the best rival ({METHODS[of['best_simple']]}): "
            f"{between(of['d2_over_best_simple'])}. {_fits(of['chosen_by_fit'])}\n\n{_methods(of)}"
        )


def _fits(names: Sequence[str]) -> str:
    """How often each candidate was chosen."""
    times = ", ".join(f"{name.replace('_', ' ')} {count} of {len(names)}" for name, count in Counter(names).items())
    return f"Chosen by the fits: {times}."


def _methods(of: Figures) -> str:
    keys = ("hit_0.5pct", "hit_1pct", "hit_2pct", "hit_5pct")
    head = ("", "D²", "hits 0.5%", "1%", "2%", "5%", "PAI 1%", "Brier × 1000", "O/E top 1%", "cal. error")

    def row(name: str, each: Figures) -> tuple[str, ...]:
        shares = tuple(percent(each[key]) for key in keys)
        last = (number(each["pai_1pct"], 1), number(1000 * each["brier"], 4))
        return (name, number(each["d2"]), *shares, *last, number(each["oe_top1pct"], 2), number(each["ece_rel"], 3))

    rivals = [row(METHODS[name], each) for name, each in of["baselines"].items()]
    return table(head, [row("**model**", of), *rivals])


def _calibration(document: Figures) -> str:
    head = (
        "",
        "O/E top 1% (95%)",
        "Poisson 95%",
        "cal. error",
        "by chance alone",
        "equal expected",
        "by chance alone",
    )
    rows = []
    for name, of in document["types"].items():
        top = of["oe_top1pct_interval"]
        rows.append(
            (
                label(name),
                between(top, 2, sign=False),
                f"{number(top['poisson_low'], 2)} to {number(top['poisson_high'], 2)}",
                number(of["ece_rel"], 3),
                number(of["ece_rel_of_a_perfect_forecast"]["mean"], 3),
                number(of["ece_rel_equal_expected"], 3),
                number(of["ece_rel_equal_expected_of_a_perfect_forecast"]["mean"], 3),
            )
        )
    deciles = [
        (label(name), *(number(each["oe"], 2) for each in of["calibration"]["deciles"]))
        for name, of in document["types"].items()
    ]
    return (
        "Gray: the range that holds 95% of the bins of an exact forecast. *By chance alone*: the "
        "error that a forecast which is exactly right has from the incidents' own scatter.\n\n"
        + table(head, rows)
        + "\n\nObserved over expected by tenth of the boxes, each shift's highest first:\n\n"
        + table(("", *(str(tenth) for tenth in range(1, 11))), deciles)
    )


def _groups(document: Figures) -> str:
    texts = []
    for key, title in (("by_shift", "shift"), ("by_month", "month"), ("by_district", "district")):
        types = document["types"]
        names = list(next(iter(types.values()))["calibration"][key]["groups"])
        rows = [
            (each, *(number(of["calibration"][key]["groups"][each]["oe"], 2) for of in types.values()))
            for each in names
        ]
        rows.append(
            ("*Σ abs(O − E) / total*", *(number(of["calibration"][key]["error_rel"], 3) for of in types.values()))
        )
        texts.append(f"Observed over expected by {title}:\n\n" + table((title, *(label(name) for name in types)), rows))
    return "\n\n".join(texts)


def _lags(document: Figures) -> str:
    rows = []
    for name, of in document["types"].items():
        for lag, each in of["lags"].items():
            figures = (number(each["model"]["d2"]), number(each["box_shift"]["d2"]))
            against = percent_between(each["hit_1pct_against_lag_0"])
            rows.append((label(name), lag, *figures, against, percent_between(each["hit_1pct_gain_over_box_shift"])))
    if not rows:
        return ""
    for lag, gain in document["pooled"]["hit_1pct"]["gain_over_box_shift_by_lag"].items():
        rows.append(("**pooled**", lag, "", "", "", percent_between(gain)))
    head = ("", "days late", "D²", "D² baseline", "hits at 1% against no lag", "over the baseline, same lag")
    return "## Late data\n\nThe same models, forecasting from data some days old.\n\n" + table(head, rows)


def _planning(document: Figures) -> str:
    planning = document.get("planning")
    return f"## Planner\n\n{planning['text']}" if planning else ""


def _notes(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def _tuned(document: Figures) -> str:
    rows = []
    for name, of in document["types"].items():
        for method in ("history_kde", "near_repeat", "own_mixture"):
            tuned = of["tuned"][method]
            parts = (
                f"{percent(share, 0)} {_part(part)}"
                for part, share in zip(tuned["parts"], tuned["shares"], strict=True)
                if method != "own_mixture" or share >= LEAST_SHOWN
            )
            rows.append((label(name), METHODS[method], "; ".join(parts)))
    tuned = document["tuned_on"]
    return f"## Tuned on {tuned['from']} to {tuned['to']}\n\n" + table(("", "baseline", "mixture"), rows)


def _part(part: Figures) -> str:
    if part["what"] == "uniform":
        return "uniform"
    words = ["box × shift" if part["by_shift"] else "box", f"{part['days']} days" if part["days"] else ""]
    words += [f"σ {part['sigma']:g} boxes" if part["sigma"] else "", f"τ {part['tau']:g} days" if part["tau"] else ""]
    return ", ".join(word for word in words if word)


LIMITS: Final = """## Limits

* Recorded incidents, not crime: what is not reported, or is recorded late, is not counted. Where the export has no time
  of reporting, an incident counts as known on the day after it happened, which flatters every method equally; *Late
  data* shows what older data cost.
* Coordinates are as published (often moved to the block), and times often rounded to the hour.
* Hits say where incidents were, not that presence would have prevented one: forecasts are not evidence of effect.
* PAI depends on the size of boxes, area and horizon: compare it within this page only.
* Intervals come from whole weeks of one period in one city. They do not apply to another city or year.
* Feature groups for which no data were given (the agency's card names them) are not evaluated here."""

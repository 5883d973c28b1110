"""Two sections of the evaluation's page: the skill against the limit, and the agency's own area. Must not compute."""

from collections.abc import Mapping
from typing import Any, Final

from models.evaluate.plots import label
from models.evaluate.tables import between, number, percent, percent_between, table, whole

Figures = Mapping[str, Any]


def skill_section(document: Figures) -> str:
    """How much is left to find, beside the gains; empty where it was not measured."""
    pooled = document["pooled"].get("skill_against_limit")
    if not pooled:
        return ""
    each = {
        label(name): of["skill_against_limit"] for name, of in document["types"].items() if "skill_against_limit" in of
    }
    rows = [
        (
            name,
            percent_between(of["model_gain_over_box_shift"]),
            percent_between(of["limit_gain_over_box_shift"]),
            between(of, 2, sign=False),
        )
        for name, of in {**each, "**pooled**": pooled}.items()
    ]
    head = ("", "model's hits over the baseline", "at most", "skill against the limit")
    return f"## Skill against the limit\n\n{SKILL}\n\n" + table(head, rows)


SKILL: Final = (
    "How much more could be hit in 1% of the area? *At most* is a bound from a model that sees two thirds of the weeks "
    "of the period, past and future: it starts from the model's own forecast of the day and corrects it by what "
    "happened in those weeks, in the box, by shift and by weekday, in the boxes around, in the next 14 and 45 days, "
    "over what the forecast expected in as many days; fitted and judged on other weeks. *Skill against the limit* is "
    "the model's share of the way from the baseline to it: at 1, nothing that such counts can say is left. It is "
    "measured, not strict: of the day's own week it sees no more than the model does, and of a rare type chance may "
    "put it below the model."
)


def own_area_section(document: Figures) -> str:
    """PAI and PEI of the area that the agency patrols."""
    rows, rival = [], document["rival"]["name"]
    for name, of in document["types"].items():
        for horizon, methods in of.get("own_area", {"horizons": {}})["horizons"].items():
            both = (methods["model"], methods[rival])
            figures = (number(one[key], digits) for key, digits in (("pai", 1), ("pei", 3)) for one in both)
            rows.append((label(name), horizon.replace("_", " "), percent(both[0]["hit"]), *figures))
    if not rows:
        return ""
    area = next(iter(document["types"].values()))["own_area"]
    head = ("", "horizon", "hits", "PAI", "PAI baseline", "PEI", "PEI baseline")
    text = OWN_AREA.format(boxes=whole(area["boxes"]), share=percent(area["share"]))
    return f"## The agency's own area\n\n{text}\n\n" + table(head, rows)


OWN_AREA: Final = (
    "The plans of all districts together have {boxes} boxes a shift, {share} of the area. *PAI* (Chainey et al. 2008): "
    "the share of the incidents in as many boxes with the highest forecast, over their share of the area. *PEI* (Hunt "
    "2016): PAI over that of the boxes that were best in hindsight; in a single shift few boxes have two incidents, "
    "so it is close to the hits. A horizon of days is forecast as a whole before the first of them."
)

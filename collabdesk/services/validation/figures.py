"""The worked cases of statistics, each answered by the method the product uses."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable

from collabdesk.domain.statistics.direction import Direction
from collabdesk.domain.statistics.intervals import wilson
from collabdesk.domain.statistics.runs import RunOptions, Runs, critical_values, run_chart
from collabdesk.domain.statistics.sequences import Floats
from collabdesk.domain.statistics.xmr import Group, Xmr, XmrOptions, xmr
from collabdesk.services.validation.cases import Case, Json

Answer = dict[str, Json]


def ptd_xmr(case: Case) -> Answer:
    """Answer a case of the plot-the-dots XmR chart."""
    given = case.options
    dates = [dt.date.fromisoformat(text) for text in case.inputs["dates"]]
    options = XmrOptions(
        direction=Direction(given.get("improvement_direction") or "neutral"),
        target=given.get("target"),
        rebase=tuple(map(dt.date.fromisoformat, given.get("rebase_dates") or ())),
        fix_after=given.get("fix_after_n_points"),
        screen=given.get("screen_outliers") is not False,
        ghosted=frozenset(given.get("ghosted_index0") or ()),
    )
    chart = xmr(dates, case.inputs["values"], options)
    return {
        "kept_index0": sorted(chart.kept) if options.ghosted else None,
        "dates": [day.isoformat() for day in chart.dates],
        "y": _numbers(chart.values),
        "rebase_group": [group.number for group in chart.groups for _ in range(group.size)],
        "short_group_warning": [group.short for group in chart.groups for _ in range(group.size)],
        "mean": _numbers(chart.mean),
        "lpl": _numbers(chart.lower),
        "upl": _numbers(chart.upper),
        "relative_to_mean": _where(chart.side.tolist(), chart.values - chart.mean),
        "outside_limits": _where(chart.outside.tolist(), chart.values - chart.lower),
        "close_to_limits": _where(chart.near.tolist(), chart.values - chart.lower),
        "special_cause_type": chart.causes,
        "special_cause_flag": [mark != 0 for mark in chart.cause.tolist()],
        "point_type": chart.point_types,
        "groups": [_group(chart, group) for group in chart.groups],
        "variation_icon": f"{chart.variation}.svg" if chart.variation else None,
        "assurance_icon": _ICONS.get(chart.assurance),
        "assurance_type": chart.assurance or None,
        "short_group_warning_raised": chart.short_group,
    }


_ICONS = {
    "consistent_pass": "pass.svg",
    "consistent_fail": "fail.svg",
    "inconsistent": "inconsistent.svg",
}


def _group(chart: Xmr, group: Group) -> Answer:
    types = chart.point_types[group.start : group.stop]
    return {
        "rebase_group": group.number,
        "n": group.size,
        "mean": _number(group.limits.mean),
        "lpl": _number(group.limits.lower),
        "upl": _number(group.limits.upper),
        "n_common_cause": types.count("common_cause"),
        "n_improvement": types.count("special_cause_improvement"),
        "n_concern": types.count("special_cause_concern"),
        "last_point_type": types[-1],
    }


def run(case: Case) -> Answer:
    """Answer a case of the run chart; limits and sigma signals are not part of such a chart."""
    given, times = case.options, case.options.get("multiply") or 1
    if (given.get("runs_method") or "anhoej") != "anhoej":
        raise ValueError(given["runs_method"])
    x, values, sizes = case.inputs["x"], case.inputs["y"], case.inputs.get("n")
    order = sorted(range(len(x)), key=x.__getitem__)
    values = [values[place] for place in order]
    if sizes is not None:
        sizes = [sizes[place] for place in order]
        values = [_share(y, n) for y, n in zip(values, sizes, strict=True)]
    options = RunOptions(
        freeze=given.get("freeze"),
        parts_after=tuple(given.get("part_after") or ()),
        excluded=frozenset(place - 1 for place in given.get("exclude_index1") or ()),
        centre=given.get("cl"),
    )
    chart = run_chart(values, options)
    size = chart.values.size
    nothing = [None] * size
    return {
        "x": [x[place] for place in order],
        "y": _numbers(chart.values * times),
        "n": sizes,
        "subgroup_size": None,
        "cl": _numbers(chart.centre * times),
        "lcl": nothing,
        "lcl95": nothing,
        "ucl95": nothing,
        "ucl": nothing,
        "sigma_signal": [False] * size,
        "part": chart.part.tolist(),
        "baseline": chart.baseline.tolist(),
        "include": chart.included.tolist(),
        "runs": [_runs(number, part) for number, part in enumerate(chart.runs, 1)],
    }


def _share(numerator: float | None, denominator: float | None) -> float | None:
    if numerator is None or denominator is None:
        return None
    if not denominator:
        return math.inf if numerator else None
    return numerator / denominator


def _runs(number: int, part: Runs) -> Answer:
    return {
        "part": number,
        "n_obs": part.observations,
        "n_useful": part.useful,
        "longest_run": part.longest,
        "longest_run_max": part.longest_allowed,
        "n_crossings": part.crossings,
        "n_crossings_min": part.crossings_needed,
        "runs_signal": part.signal,
    }


def anhoej_critical_values(case: Case) -> Answer:
    """Answer a row of the table of critical values."""
    longest, crossings = critical_values(case.inputs["n_useful"])
    return {"longest_run_max": longest, "n_crossings_min": crossings}


def proportion_wilson(case: Case) -> Answer:
    """Answer a case of Wilson's score interval."""
    given = case.inputs
    found, times = wilson(given["x"], given["n"], given["confidence"]), given["multiplier"]
    return {
        "value": found.value * times,
        "lower": found.lower * times,
        "upper": found.upper * times,
    }


def _number(value: float) -> float | str | None:
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return None if math.isnan(value) else value


def _numbers(values: Floats) -> list[float | str | None]:
    return [_number(value) for value in values.tolist()]


def _where(marks: Iterable[Json], known: Floats) -> list[Json]:
    return [
        None if math.isnan(value) else mark
        for mark, value in zip(marks, known.tolist(), strict=True)
    ]

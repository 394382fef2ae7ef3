"""Reading the sample a workspace can be filled with, strictly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

from collabdesk.domain.money import parse_money
from collabdesk.errors import Refusal
from collabdesk.exchange.decimal_text import canonical
from collabdesk.exchange.sample_content import (
    Budget,
    Cycle,
    Driver,
    Line,
    Measure,
    Move,
    OfflineEdits,
    Partner,
    Pilot,
    PlannedAmount,
    Point,
    Programme,
    Project,
    ReleaseFile,
    Sample,
    Standard,
    StatedFigure,
    Virement,
)
from collabdesk.exchange.toml_fields import Fields, read_toml

CODE: Final = "bad-sample"
AIM: Final = "AIM"
MONTHS: Final = 12


def read_sample(content: bytes, name: str = "the sample") -> Sample:
    """Read and check a sample file, or refuse it naming the place that is wrong."""
    top = read_toml(content, name, CODE)
    sample = Sample(
        banner=top.text("banner"),
        workspace=top.text("workspace"),
        fiscal_year=top.text("fiscal_year"),
        partners=tuple(_partner(fields) for fields in top.tables("partners")),
        budget=_budget(top.table("budget")),
        virement=_virement(top.table("virement")),
        offline=_offline(top.table("offline")),
        project=_project(top.table("project")),
        standards=tuple(_standard(fields) for fields in top.tables("standards")),
        releases=tuple(_release(fields) for fields in top.tables("releases")),
        programmes=tuple(_programme(fields) for fields in top.tables("programmes")),
    )
    top.done()
    _check(sample, top)
    return sample


def _check(sample: Sample, top: Fields) -> None:
    """Refuse a code that the sample names and does not hold."""
    partners = {partner.code for partner in sample.partners}
    lines = {line.code for line in sample.budget.lines}
    ideas = {driver.key for driver in sample.project.drivers}
    providers = {amount.provider for line in sample.budget.lines for amount in line.plan}
    moved = sample.virement
    for named, known, what in (
        (providers | {moved.from_provider, moved.to_provider}, partners, "partner"),
        ({sample.project.owner, sample.offline.provider}, partners, "partner"),
        ({line.parent for line in sample.budget.lines}, lines | {""}, "service line"),
        ({moved.from_line, moved.to_line, sample.offline.line}, lines, "service line"),
        ({key for d in sample.project.drivers for key in d.serves}, ideas | {AIM}, "driver"),
        ({cycle.idea for cycle in sample.project.cycles}, ideas, "driver"),
    ):
        _known(named, known, what, top)


def _known(named: Iterable[str], known: set[str], what: str, top: Fields) -> None:
    unknown = sorted(set(named) - known)
    if unknown:
        raise top.refusal(f"“{unknown[0]}” is no {what} of this sample.", unknown[0])


def _partner(fields: Fields) -> Partner:
    partner = Partner(
        code=fields.text("code"),
        part=fields.text("part"),
        laptop=fields.text("laptop", ""),
        person=fields.text("person", ""),
    )
    fields.done()
    return partner


def _money(fields: Fields, key: str) -> int:
    text = fields.text(key)
    try:
        return parse_money(text, key)
    except Refusal as refusal:
        raise fields.refusal(refusal.words, key) from refusal


def _month(fields: Fields, key: str = "month") -> int:
    month = fields.whole(key)
    if not 1 <= month <= MONTHS:
        raise fields.refusal(f"“{key}” must be 1 (April) to 12 (March).", key)
    return month


def _number(fields: Fields, key: str) -> str:
    return _canonical(fields, key, fields.text(key))


def _canonical(fields: Fields, key: str, text: str) -> str:
    number = canonical(text)
    if number is None:
        raise fields.refusal(f"“{key}” holds {text!r}, which is not a number.", key)
    return number


def _budget(fields: Fields) -> Budget:
    budget = Budget(
        version=fields.text("version"),
        contingency_pct=_number(fields, "contingency_pct"),
        moves=tuple(_move(entry) for entry in fields.tables("moves")),
        lines=tuple(_line(entry) for entry in fields.tables("lines")),
    )
    fields.done()
    return budget


def _move(fields: Fields) -> Move:
    move = Move(
        reference=fields.text("reference"),
        words=fields.text("words"),
        recurrence=fields.text("recurrence"),
        amount_p=_money(fields, "amount"),
        letter_date=fields.date("letter_date"),
        month=_month(fields),
    )
    fields.done()
    return move


def _line(fields: Fields) -> Line:
    is_leaf = "plan" in set(fields.keys())
    plan = fields.table("plan") if is_leaf else None
    line = Line(
        code=fields.text("code"),
        name=fields.text("name"),
        kind=fields.text("kind", "service"),
        parent=fields.text("parent", ""),
        profile=fields.text("profile") if is_leaf else "",
        plan=() if plan is None else tuple(PlannedAmount(p, _money(plan, p)) for p in plan.keys()),  # noqa: SIM118
    )
    fields.done()
    return line


def _virement(fields: Fields) -> Virement:
    virement = Virement(
        from_line=fields.text("from_line"),
        from_provider=fields.text("from_provider"),
        to_line=fields.text("to_line"),
        to_provider=fields.text("to_provider"),
        amount_p=_money(fields, "amount"),
        month=_month(fields),
        recurrence=fields.text("recurrence"),
        reason=fields.text("reason"),
    )
    fields.done()
    return virement


def _offline(fields: Fields) -> OfflineEdits:
    edits = OfflineEdits(
        line=fields.text("line"),
        provider=fields.text("provider"),
        month=_month(fields),
        one_p=_money(fields, "one"),
        other_p=_money(fields, "other"),
        resolved_reason=fields.text("resolved_reason"),
        title_one=fields.text("title_one"),
        title_other=fields.text("title_other"),
    )
    fields.done()
    return edits


def _project(fields: Fields) -> Project:
    project = Project(
        code=fields.text("code"),
        owner=fields.text("owner"),
        title=fields.text("title"),
        aim=fields.text("aim"),
        what=fields.text("what"),
        by_how_much=fields.text("by_how_much"),
        for_whom=fields.text("for_whom"),
        rationale=fields.text("rationale"),
        setting=fields.text("setting"),
        start=fields.date("start"),
        target_date=fields.date("target_date"),
        drivers=tuple(_driver(entry) for entry in fields.tables("drivers")),
        cycles=tuple(_cycle(entry) for entry in fields.tables("cycles")),
        measure=_measure(fields.table("measure")),
    )
    fields.done()
    return project


def _driver(fields: Fields) -> Driver:
    driver = Driver(
        key=fields.text("key"),
        kind=fields.text("kind"),
        text=fields.text("text"),
        serves=fields.texts("serves"),
        idea_status=fields.text("idea_status", ""),
    )
    fields.done()
    return driver


def _cycle(fields: Fields) -> Cycle:
    cycle = Cycle(
        idea=fields.text("idea"),
        ramp=fields.whole("ramp"),
        number=fields.whole("number"),
        objective=fields.text("objective"),
        prediction=fields.text("prediction"),
        plan=fields.text("plan"),
        start=fields.date("start"),
        end=fields.date("end"),
        observations=fields.text("observations"),
        study=fields.text("study"),
        decision=fields.text("decision"),
        scale=fields.text("scale"),
        status=fields.text("status"),
    )
    fields.done()
    return cycle


def _measure(fields: Fields) -> Measure:
    months = _months_from(fields.date("first_month"))
    values = [_canonical(fields, "values", text) for text in fields.texts("values")]
    measure = Measure(
        name=fields.text("name"),
        kind=fields.text("kind"),
        definition=fields.text("definition"),
        unit=fields.text("unit"),
        value_kind=fields.text("value_kind"),
        direction=fields.text("direction"),
        target=_number(fields, "target"),
        points=tuple(Point(month, value) for month, value in zip(months, values, strict=False)),
    )
    fields.done()
    return measure


def _months_from(first: dt.date) -> Iterable[dt.date]:
    month = first
    while True:
        yield month
        month = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def _standard(fields: Fields) -> Standard:
    standard = Standard(
        metric=fields.text("metric"),
        kind=fields.text("kind"),
        value=_number(fields, "value"),
        source=fields.text("source"),
        source_date=fields.date("source_date"),
        effective_from=fields.date("effective_from"),
    )
    fields.done()
    return standard


def _release(fields: Fields) -> ReleaseFile:
    release = ReleaseFile(file=fields.text("file"), profile=fields.text("profile"))
    fields.done()
    return release


def _programme(fields: Fields) -> Programme:
    programme = Programme(
        reference=fields.text("reference"),
        title=fields.text("title"),
        kind=fields.text("kind"),
        host=fields.text("host"),
        aims=fields.text("aims"),
        source=fields.text("source"),
        pilots=tuple(_pilot(entry) for entry in fields.tables("pilots")),
        figures=tuple(_figure(entry) for entry in fields.tables("figures")),
    )
    fields.done()
    return programme


def _pilot(fields: Fields) -> Pilot:
    pilot = Pilot(
        reference=fields.text("reference"),
        name=fields.text("name"),
        lead=fields.text("lead"),
        partners=fields.text("partners"),
        theme=fields.text("theme"),
        population=fields.text("population"),
        idea=fields.text("idea"),
        aims=fields.text("aims"),
        state=fields.text("state"),
        start=fields.optional_date("start"),
        end=fields.optional_date("end"),
    )
    fields.done()
    return pilot


def _figure(fields: Fields) -> StatedFigure:
    stated = "value" in set(fields.keys())
    figure = StatedFigure(
        pilot=fields.text("pilot", ""),
        name=fields.text("name"),
        value=_number(fields, "value") if stated else None,
        unit=fields.text("unit"),
        qualifier=fields.text("qualifier"),
        basis=fields.text("basis"),
        source=fields.text("source"),
    )
    fields.done()
    return figure

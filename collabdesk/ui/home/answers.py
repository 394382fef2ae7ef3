"""The answers to Home's three questions, as widgets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from collabdesk.domain.decimals import fixed_text
from collabdesk.domain.money import MINUS, format_pence, round_half_away
from collabdesk.ui.home.bar import EnvelopeBar, Part
from collabdesk.ui.inspector.history import WRONG_CLOCK
from collabdesk.ui.parts import Picture, button, column, holder, panel, row, rule, words
from collabdesk.ui.theme import Look

if TYPE_CHECKING:
    from collabdesk.services.budgets.queries import Amount, EnvelopeSummary
    from collabdesk.services.home import Changed, MeasureStand, PilotStage
    from collabdesk.services.improvement.queries import ProjectLine
    from collabdesk.services.needs import Need

_THOUSAND: Final = 100_000
_MILLION: Final = 100_000_000
Open = Callable[[str, object], object]
VERBS: Final = {
    "contested": "Resolve",
    "virement": "Review",
    "lock": "Review",
    "query": "Answer",
    "map": "Map",
    "post": "Look",
    "text": "Restore",
    "note": "Settle",
    "file": "Look",
    "aside": "Look",
    "wait": "Look",
    "sign": "Review",
}
_SIGNS: Final = {
    "contested": ("contested", "mark.contested"),
    "virement": ("done", "mark.accent"),
    "lock": ("done", "mark.accent"),
    "query": ("help", "mark.accent"),
    "map": ("file", "mark.concern"),
    "post": ("done", "mark.accent"),
    "text": ("undo", "mark.pending"),
    "note": ("contested", "mark.pending"),
    "file": ("waiting_in", "mark.pending"),
    "aside": ("refused", "mark.danger"),
    "wait": ("clock", "mark.pending"),
    "sign": ("verified", "mark.accent"),
}


def need_line(look: Look, need: Need, do: Callable[[], object], *, first: bool) -> QWidget:
    """Return one thing to do with its one action; the first is the page's primary."""
    sign = Picture(look, *_SIGNS[need.kind])
    text = holder(
        column(
            words(need.title, "bodyStrong", wrap=True),
            words(need.said, "caption", "secondary", wrap=True),
            gap=0,
        )
    )
    act = button(VERBS[need.kind], do, "primary" if first else "plain", small=True)
    act.setAccessibleName(f"{VERBS[need.kind]}: {need.title}")
    inside = row(sign, text, act, gap=12)
    inside.setStretch(1, 1)
    inside.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
    return holder(column(holder(inside, 0, 10, 0, 10), rule(), gap=0))


def others_lines(others: Sequence[tuple[str, str]]) -> list[QWidget]:
    """Return what waits with other people: nothing to do."""
    if not others:
        return []
    head = row(words("With other people", "heading"), None)
    said = words(f"{len(others)}, nothing for you to do", "caption", "secondary")
    head.addWidget(said)
    lines: list[QWidget] = [holder(head, 0, 16, 0, 4)]
    for name, state in others:
        inside = row(words(name), None, words(state, "caption", "secondary"))
        lines += [holder(inside, 0, 6, 0, 6), rule()]
    return lines


def section(name: str, place: str, go: Open, *things: QWidget) -> QWidget:
    """Return one part of “Where do we stand?” under its name, with the way to its page."""
    link = button(name_of(place), lambda: go(place, None), "link", small=True)
    link.setAccessibleName(f"Open {name_of(place)}")
    head = holder(row(words(name, "captionStrong", "secondary"), None, link))
    return holder(column(head, *things, 8, rule(), 4, gap=4))


def name_of(place: str) -> str:
    """Return what a page is called."""
    return place.capitalize()


def envelope_part(look: Look, summary: EnvelopeSummary) -> list[QWidget]:
    """Return the headline, the bar and what its parts are."""
    now = summary.current
    left = words(f"{range_words(now.unallocated)} left", "title")
    of = words(f"of {million(now.envelope.shown_p)}, {summary.version.name}", ink="secondary")
    parts = (
        Part("Service lines", now.lines.shown_p, "chart.ink"),
        Part("Contingency", now.contingency.shown_p, "mark.forecast"),
        Part("Investment", now.investment.shown_p, "mark.good"),
        Part("Left", max(now.unallocated.shown_p, 0), "mark.good", dashed=True),
    )
    shown = [part for part in parts if part.pence]
    said = ", ".join(f"{part.name.lower()} {million(part.pence)}" for part in shown)
    bar = EnvelopeBar(look, shown, f"Envelope {million(now.envelope.shown_p)}: {said}")
    legend = words(said[:1].upper() + said[1:], "caption", "secondary", wrap=True)
    why = "Posted to the ledger" if summary.posted else "Drafted, not agreed yet"
    state = "A range while a figure is contested" if now.unallocated.contested else why
    head = row(left, of, None)
    return [holder(head), words(state, "caption", "secondary"), bar, legend]


def range_words(amount: Amount) -> str:
    """Write an amount in £k or £m, as a range while people disagree."""
    if amount.contested:
        return f"{million(amount.low_p)} to {million(amount.high_p)}"
    return million(amount.shown_p)


def million(pence: int) -> str:
    """Write money short enough for a headline: pounds, thousands or millions."""
    if abs(pence) < _THOUSAND:
        return format_pence(pence)
    size, unit = (_THOUSAND, "k") if abs(pence) < _MILLION * 10 else (_MILLION, "m")
    shown = Fraction(pence, size)
    digits = f"{round_half_away(shown):,}" if unit == "k" else fixed_text(shown, 2)
    return f"£{digits}{unit}".replace("£-", f"{MINUS}£")


def measure_line(look: Look, stand: MeasureStand) -> QWidget:
    """Return one measure: this trust's figure and what the comparison says."""
    tone = {"met": ("good", "mark.good"), "not_met": ("concern", "mark.concern")}
    held = str(stand.attainment.value) if stand.attainment is not None else ""
    sign = Picture(look, *tone.get(held, ("neutral", "mark.neutral")))
    text = column(
        words(stand.name, wrap=True), words(stand.finding, "caption", "secondary", wrap=True), gap=0
    )
    inside = row(sign, holder(text), words(stand.value, "bodyStrong"), gap=8)
    inside.setStretch(1, 1)
    return holder(inside, 0, 4, 0, 4)


def project_line(look: Look, line: ProjectLine, go: Open) -> QWidget:
    """Return one project with what its leading measure shows."""
    verdict = line.leading.verdict if line.leading is not None and line.leading.signal else ""
    icon = {"good": ("good", "mark.good"), "concern": ("concern", "mark.concern")}
    sign = Picture(look, *icon.get(verdict, ("neutral", "mark.neutral")), "icon.lead")
    title = link_to(line.project.title, lambda: go("improvement", ("project", line.project.row)))
    text = column(title, words(line.finding, "caption", "secondary", wrap=True), gap=0)
    inside = row(sign, holder(text), gap=8)
    inside.setStretch(1, 1)
    return holder(inside, 0, 4, 0, 4)


def pilots_row(stages: Sequence[PilotStage]) -> QWidget:
    """Return pilots by state as boxes side by side."""
    boxes: list[QWidget | int | None] = []
    for stage in stages:
        box = panel("card")
        inside = column(
            words(str(stage.count), "heading"),
            words(stage.name.replace("_", " ").capitalize(), "caption", wrap=True),
            words(f"Waiting for {stage.waits_for}", "caption", "secondary", wrap=True),
            gap=0,
        )
        inside.setContentsMargins(8, 6, 8, 6)
        box.setLayout(inside)
        boxes.append(box)
    return holder(row(*boxes, gap=4))


def link_to(text: str, do: Callable[[], object]) -> QPushButton:
    """Return words that open something."""
    made = button(text, do, "link", small=True)
    made.setProperty("align", "left")
    return made


def changed_lines(lines: Sequence[Changed], go: Open) -> list[QWidget]:
    """Return what changed by trust; each line opens its record."""
    found: list[QWidget] = []
    trust = ""
    for line in lines:
        if line.organisation != trust:
            trust = line.organisation
            you = " (you)" if line.mine else ""
            head = words(f"{trust}{you}", "captionStrong", "secondary", wrap=True)
            found.append(holder(column(head), 0, 8, 0, 2))
        found += [_changed_line(line, go), rule()]
    return found


def _changed_line(line: Changed, go: Open) -> QWidget:
    when = dt.datetime.fromtimestamp(line.wall_ms / 1000, tz=dt.UTC).astimezone()
    today = when.date() == dt.datetime.now().astimezone().date()
    time = words(f"{when:%H:%M}" if today else f"{when:%d/%m}", "caption", "secondary")
    opening = link_to(_cut(line.title), lambda: go(line.page, line.place))
    opening.setToolTip(line.title)
    opening.setAccessibleName(f"{line.title} {line.said}, {line.role}, {line.organisation}")
    said = [f"{line.said}. {line.role}", *([WRONG_CLOCK] if line.doubtful else [])]
    text = column(opening, *(words(one, "caption", "secondary", wrap=True) for one in said), gap=0)
    inside = row(time, holder(text), gap=8)
    inside.setStretch(1, 1)
    inside.setAlignment(time, Qt.AlignmentFlag.AlignTop)
    return holder(inside, 0, 4, 0, 4)


def _cut(text: str, longest: int = 34) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"

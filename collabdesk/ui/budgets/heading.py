"""What the window shows around the page: state in words, and one primary action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from collabdesk.errors import Refusal
from collabdesk.services.budgets.closing.posting import not_correctable
from collabdesk.services.budgets.room import Plan, Room
from collabdesk.ui.budgets.more import MORE_WORDS, POSTED
from collabdesk.ui.budgets.part_view import PartView
from collabdesk.ui.budgets.places import VIEWS, Where
from collabdesk.ui.budgets.wording import counted
from collabdesk.ui.page import Crumb, Heading, PageAction

TITLE = "Service line budgets"
_NOT_AGREED = "There is no agreed budget yet to move money in."


@dataclass(frozen=True)
class Doing:
    """What the buttons do."""

    set_up: Callable[[], object]
    new_version: Callable[[], object]
    add_line: Callable[[], object]
    add_letter: Callable[[], object]
    spread: Callable[[], object]
    agree: Callable[[], object]
    settle: Callable[[], object]
    virement: Callable[[], object]
    post: Callable[[], object]
    uplift: Callable[[], object]
    post_letters: Callable[[], object]
    take_back: Callable[[], object]
    rephase: Callable[[], object]
    correct: Callable[[], object]
    export: Callable[[], object]


def heading_of(
    room: Room, plan: Plan, where: Where, doing: Doing, part: PartView | None = None
) -> Heading:
    """Return the heading of a place; a further view says itself what it offers."""
    asked = where.figure is not None or where.journal is not None
    if part is not None and (where.path or not asked):
        secondary, primary = part.offers()
        title = MORE_WORDS.get(where.shown, TITLE)
        return Heading(title, part.words, (), secondary, primary, _crumbs(plan, where))
    secondary, primary = _actions(room, plan, where, doing)
    return Heading(TITLE, _state(room, plan, where), (), secondary, primary, _crumbs(plan, where))


def _state(room: Room, plan: Plan, where: Where) -> str:
    if where.figure is not None or where.journal is not None:
        return "Backspace goes back."
    if where.view == "virements" and room.waiting:
        return f"{counted(room.waiting, 'virement')} for you to approve."
    if plan.grid.posted:
        return "Agreed and posted."
    return "Draft."


def _actions(
    room: Room, plan: Plan, where: Where, doing: Doing
) -> tuple[tuple[PageAction, ...], PageAction | None]:
    if where.journal is not None:
        why = why_not(room.rights.post_letters) or _budget_side(room, where.journal)
        return (), PageAction("Correct…", doing.correct, why_off=why)
    start = PageAction("New version…", doing.new_version, why_off=why_not(room.rights.start))
    match None if where.figure is not None else where.view:
        case "plan" if plan.grid.posted:
            why = why_not(room.rights.post_letters)
            again = PageAction("Phase again…", doing.rephase, why_off=why)
            return (start, again, _export(doing)), _virement(room, doing)
        case "plan":
            return _drafting(plan, doing, start), _agree(room, plan, doing)
        case "envelope" if plan.grid.posted:
            return _posted_envelope(room, plan, doing)
        case "envelope":
            why = why_not(room.rights.start)
            back = PageAction("Take letter back", doing.take_back, why_off=why)
            first = not any(one.kind == "opening" for one in room.journals)
            kept = plan.summary.opening is not None or plan.summary.letters
            add = PageAction("Add letter…", doing.add_letter, "add", why)
            return ((back,) if first and kept else ()), add
        case "virements":
            return _virements(room, doing)
        case "journals" if room.journals:
            return (_export(doing),), None
        case _:
            return (), None


def _budget_side(room: Room, number: int) -> str:
    """Return why the journal on show is not corrected: a budget moves by letter or virement."""
    shown = next((one for one in room.journals if one.number == number), None)
    return why_not(not_correctable(shown, room.journals)) if shown is not None else ""


def _export(doing: Doing) -> PageAction:
    return PageAction("Export…", doing.export, "save")


def _posted_envelope(
    room: Room, plan: Plan, doing: Doing
) -> tuple[tuple[PageAction, ...], PageAction | None]:
    why = why_not(room.rights.start)
    letter = PageAction("Add letter…", doing.add_letter, "add", why)
    uplift = PageAction("Late uplift…", doing.uplift, why_off=why)
    waiting = len(plan.summary.waiting)
    if not waiting:
        return (uplift,), letter
    said, off = f"Post {counted(waiting, 'allocation')}", why_not(room.rights.post_letters)
    back = PageAction("Take letter back", doing.take_back, why_off=why)
    return (letter, uplift, back), PageAction(said, doing.post_letters, why_off=off)


def _drafting(plan: Plan, doing: Doing, start: PageAction) -> tuple[PageAction, ...]:
    line = PageAction("Add line…", doing.add_line)
    spread = PageAction("Spread total…", doing.spread)
    if plan.contested:
        return start, line, spread, PageAction("Show contested", doing.settle, "contested")
    return start, line, spread


def _agree(room: Room, plan: Plan, doing: Doing) -> PageAction:
    why = why_not(room.rights.agree)
    if plan.contested:
        why = f"{counted(plan.contested, 'contested figure')} to settle first."
    return PageAction("Agree version…", doing.agree, why_off=why)


def _virement(room: Room, doing: Doing) -> PageAction:
    why = "" if room.journals else _NOT_AGREED
    return PageAction("Virement…", doing.virement, why_off=why)


def _virements(room: Room, doing: Doing) -> tuple[tuple[PageAction, ...], PageAction | None]:
    propose = _virement(room, doing)
    if room.rights.post:
        said = f"Post {counted(room.rights.post, 'virement')}"
        return (propose,), PageAction(said, doing.post)
    if room.waiting:
        return (propose,), None
    return ((), propose) if room.virements else ((), None)


def why_not(refusal: Refusal | None) -> str:
    """Return why a button is off, empty where it is on."""
    return "" if refusal is None else f"{refusal.words} {refusal.remedy}".strip()


def _crumbs(plan: Plan, where: Where) -> tuple[Crumb, ...]:
    version = Where("plan", where.version or plan.version.row)
    said = plan.version.fiscal_year if where.shown in POSTED else plan.version.name
    crumbs = [Crumb("Budgets", version), Crumb(said, version)]
    if where.view != "plan":
        said = VIEWS.get(where.view) or MORE_WORDS.get(where.view, where.view)
        crumbs.append(Crumb(said, where.seen_as(where.view)))
    if where.figure is not None:
        crumbs.append(Crumb(where.figure.words, Where(where.view, where.version, where.figure)))
    if where.journal is not None:
        above = replace(where, path=())
        crumbs.append(Crumb(f"Journal #{where.journal}", above))
    for depth, stop in enumerate(where.path, 1):
        crumbs.append(Crumb(stop.words, replace(where, path=where.path[:depth])))
    return tuple(crumbs)

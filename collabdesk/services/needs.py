"""What needs me: everything that waits for one action of the person at this laptop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection

from collabdesk.domain.budgets.closing import lock_words
from collabdesk.domain.changes import Cell
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services import membership
from collabdesk.services.budgets.closing.close_commands import ApproveLock
from collabdesk.services.budgets.closing.month_states import stored_states
from collabdesk.services.budgets.commands import ApproveVirement
from collabdesk.services.budgets.planning.letters import waiting_letters
from collabdesk.services.budgets.queries import State, VirementLine, versions, virement_list
from collabdesk.services.budgets.shares.investment_plan import InvestmentState, investment_plan
from collabdesk.services.budgets.shares.share_commands import ApproveInvestment
from collabdesk.services.commands import Actor
from collabdesk.services.control.decisions import drafted
from collabdesk.services.figures import CellSiblings, Overtaken, contested_cells, overtaken
from collabdesk.services.membership import Member
from collabdesk.services.notes import NoteVersions, note_versions
from collabdesk.services.permission import refusal_of
from collabdesk.services.sharing.standing import Aside, standing
from collabdesk.services.titles import PAGES, cell_words
from collabdesk.services.wording import counted
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.actuals import waiting_rows
from collabdesk.storage.queries.files import missing_chunks
from collabdesk.storage.queries.returns import unanswered

Kind = Literal[
    "contested",
    "virement",
    "lock",
    "post",
    "map",
    "query",
    "text",
    "note",
    "file",
    "aside",
    "wait",
    "sign",
]
_OPEN: Final = {State.PROPOSED, State.PART_APPROVED, State.STALE, State.NEEDS_REAPPROVAL}


@dataclass(frozen=True, slots=True)
class Need:
    """One thing to do: its words, and what its one action is about."""

    kind: Kind
    title: str
    said: str
    page: str
    place: tuple[str, bytes] | None = None
    cell: CellSiblings | None = None
    lost: Overtaken | None = None
    note: NoteVersions | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What needs me, most urgent first, and what waits with other people."""

    mine: tuple[Need, ...]
    others: tuple[tuple[str, str], ...]


def needs(reads: Connection, workspace: Workspace) -> Needs:
    """Return everything that waits, for the person at this laptop."""
    me = _me(workspace)
    people = membership.members(workspace.book) if workspace.founded else {}
    moves = virement_list(reads)
    mine = [
        *_waiting_to_join(workspace),
        *_contested(reads),
        *_to_approve(reads, moves, me, people),
        *_to_invest(reads, me),
        *_to_lock(reads, me),
        *_to_post(reads, me),
        *_to_map(reads, me),
        *_to_answer(reads, me),
        *_to_sign(workspace),
        *_overtaken(reads, me),
        *_notes(reads),
        *_aside(workspace),
        *_files(reads),
    ]
    asked = {need.place for need in mine}
    others = tuple(
        (f"Virement of {format_pence(line.virement.amount_p)}", line.words)
        for line in moves
        if line.state in {*_OPEN, State.READY} and ("virement", line.virement.row) not in asked
    )
    return Needs(tuple(mine), others)


def _me(workspace: Workspace) -> Actor | None:
    try:
        return workspace.me()
    except Refusal:
        return None


def _waiting_to_join(workspace: Workspace) -> Iterator[Need]:
    if not workspace.enrolled:
        yield Need(
            "wait",
            "This laptop waits for approval",
            "Read its eight words to the lead provider. They stand in Sharing.",
            "sharing",
        )


def _contested(reads: Connection) -> Iterator[Need]:
    for cell in contested_cells(reads):
        title, column = cell_words(reads, cell.table, cell.row, cell.column)
        values = sorted({value_words(cell.column, one.value) for one in cell.siblings})
        yield Need(
            "contested",
            f"Contested figure: {title}, {column}",
            f"{' or '.join(values)}. Totals show a range until one is chosen.",
            PAGES[cell.table],
            (cell.table, cell.row),
            cell=cell,
        )


def _to_approve(
    reads: Connection,
    moves: tuple[VirementLine, ...],
    me: Actor | None,
    people: Mapping[bytes, Member],
) -> Iterator[Need]:
    for line in moves:
        if me is None or line.state not in _OPEN:
            continue
        command = ApproveVirement(line.virement.row, seen=line.stamp)
        if refusal_of(reads, command, me) is not None:
            continue
        author = people.get(line.author.device)
        who = f"{author.role}, {author.organisation_name}" if author else "an unknown laptop"
        yield Need(
            "virement",
            f"Approve a virement of {format_pence(line.virement.amount_p)}",
            f"{line.from_name} to {line.to_name}. Asked for by {who}.",
            "budgets",
            ("virement", line.virement.row),
        )


def _to_invest(reads: Connection, me: Actor | None) -> Iterator[Need]:
    """Yield the investments that fit the savings and wait for this person's approval."""
    for year in sorted({version.fiscal_year for version in versions(reads)}) if me else ():
        for line in investment_plan(reads, year).lines:
            command = ApproveInvestment(line.row.row)
            if line.state is not InvestmentState.PROPOSED or me is None:
                continue
            if refusal_of(reads, command, me) is None:
                yield Need(
                    "virement",
                    f"Approve the investment “{line.row.title}”",
                    f"{format_pence(line.wanted.recurrent_p)} a year and "
                    f"{format_pence(line.wanted.non_recurrent_p)} once for {line.name}.",
                    "budgets",
                    ("investment", line.row.row),
                )


def _to_lock(reads: Connection, me: Actor | None) -> Iterator[Need]:
    """Yield the softly closed months to whose lock this person may agree."""
    years = {version.fiscal_year for version in versions(reads)} if me else set()
    for year in sorted(years):
        for kept in stored_states(reads, year):
            month = FiscalYear.parse(year).month(kept.month)
            command = ApproveLock(year, kept.month, lock_words(month))
            if me is not None and refusal_of(reads, command, me) is None:
                yield Need(
                    "lock",
                    f"Agree to lock {month.label}",
                    "It is softly closed. Two people agree before the ledger keeper locks it.",
                    "budgets",
                    ("month_state", kept.row),
                )


def _to_post(reads: Connection, me: Actor | None) -> Iterator[Need]:
    """Yield the recorded allocations that wait for the keeper of the ledger."""
    if me is None or not me.keeps_ledger:
        return
    for year in sorted({version.fiscal_year for version in versions(reads)}):
        waiting = waiting_letters(reads, year)
        if waiting:
            yield Need(
                "post",
                f"{counted(len(waiting), 'allocation')} of {year} to post",
                f"{waiting[0].reference}: {format_pence(waiting[0].amount_p)}.",
                "budgets",
                ("allocation_move", waiting[0].row),
            )


def _to_map(reads: Connection, me: Actor | None) -> Iterator[Need]:
    """Yield one need for the rows of the general ledger that wait at the lead provider."""
    waiting = waiting_rows(reads) if me is not None and me.is_lead else ()
    if waiting:
        total_p = sum(row.amount_p for row in waiting)
        yield Need(
            "map",
            f"{counted(len(waiting), 'row')} of the general ledger to map",
            f"{format_pence(total_p)} in all. They block the close of their month.",
            "budgets",
            ("waiting_row", waiting[0].row),
        )


def _to_answer(reads: Connection, me: Actor | None) -> Iterator[Need]:
    """Yield the queries about this organisation's returns that nobody has answered."""
    for asked in unanswered(reads, me.ods) if me is not None and not me.is_lead else ():
        yield Need(
            "query",
            f"Answer a query about {asked.reference}",
            f"“{_short(asked.question)}”",
            "budgets",
            ("return_query", asked.row),
        )


def _to_sign(workspace: Workspace) -> Iterator[Need]:
    """Yield one need for the decisions about partners and laptops that wait for a signature."""
    waiting = [one for one in drafted(workspace) if one.can_sign]
    if waiting:
        yield Need(
            "sign",
            f"{counted(len(waiting), 'decision')} to sign".capitalize(),
            f"{waiting[0].title}: {waiting[0].changes[0]}",
            "sharing",
        )


def _overtaken(reads: Connection, me: Actor | None) -> Iterator[Need]:
    for lost in overtaken(reads, me.organisation) if me else ():
        title, column = cell_words(reads, lost.table, lost.row, lost.column)
        yield Need(
            "text",
            f"Your {column} was overtaken: {title}",
            f"You wrote “{_short(lost.mine.value)}”; now it says “{_short(lost.now.value)}”.",
            PAGES[lost.table],
            (lost.table, lost.row),
            lost=lost,
        )


def _notes(reads: Connection) -> Iterator[Need]:
    for found in note_versions(reads):
        cell = found.cell
        title, column = cell_words(reads, cell.table, cell.row, cell.column)
        yield Need(
            "note",
            f"{len(cell.siblings)} versions of a note: {title}, {column}",
            "They were written at the same time; none is lost. One text is proposed.",
            PAGES[cell.table],
            (cell.table, cell.row),
            note=found,
        )


def _aside(workspace: Workspace) -> Iterator[Need]:
    found = [item for item in standing(workspace).aside if item.standing != "held"]
    if found:
        first: Aside = found[0]
        yield Need(
            "aside",
            f"{counted(len(found), 'change')} kept aside".capitalize(),
            f"{first.what} from {first.who}: {first.reason}. Nothing was applied.",
            "sharing",
        )


def _files(reads: Connection) -> Iterator[Need]:
    missing = len(missing_chunks(reads))
    if missing:
        yield Need(
            "file",
            "A published file has not arrived",
            f"{counted(missing, 'part')} of it still to come; its figures follow by themselves.",
            "metrics",
        )


def value_words(column: str, value: Cell) -> str:
    """Write a value of a column for people."""
    money = column.endswith("_p") or (column[:1] == "m" and column[1:].isdigit())
    if money and isinstance(value, int):
        return format_pence(value)
    return "nothing" if value is None else str(value).replace("_", " ")


def _short(value: Cell) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004 - fits two lines

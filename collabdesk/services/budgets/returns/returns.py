"""Partner returns: brought in, matched, queried and answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from collabdesk.domain.budgets.providers import check_provider
from collabdesk.domain.budgets.reconciliation import Item, reconcile
from collabdesk.domain.changes import OWN, Cell, Delete, Insert, NewRow
from collabdesk.domain.money import format_pence
from collabdesk.domain.organisations import ods_code
from collabdesk.domain.periods import FiscalYear
from collabdesk.errors import Refusal
from collabdesk.services.budgets.entered import providers_known
from collabdesk.services.budgets.put import Putting
from collabdesk.services.budgets.returns.reconciling import key_of, reconciliation
from collabdesk.services.budgets.returns.returns_commands import (
    AnswerQuery,
    AskPartner,
    ImportReturn,
    MatchReferences,
    Returned,
    SettleQuery,
    SetTolerance,
    Unmatch,
)
from collabdesk.services.budgets.rights import check_lead
from collabdesk.services.commands import Actor, Handlers, Outcome
from collabdesk.services.wording import filled, plain
from collabdesk.storage.queries import returns as stored

MOST_ITEMS: Final = 2_000
"""Rows of a return: as many again may have to be taken away in the same step."""
_RETURN: Final = NewRow("return")


def import_return(command: ImportReturn, reads: Connection, me: Actor) -> Outcome:
    """Keep a return in one step; the same one again changes nothing, a corrected one replaces."""
    year = FiscalYear.parse(command.fiscal_year)
    month = year.month(command.month)
    partner = ods_code(command.partner, "partner")
    _check_own(partner, me)
    check_provider(partner, providers_known(reads), year, "partner")
    _check_items(command)
    before = [
        one
        for one in stored.returns(reads, year.label)
        if (one.month, one.partner, one.scope) == (month.number, partner, me.organisation)
    ]
    if before and is_same(reads, before[-1], command):
        return Outcome((), (), f"{command.name} is here already; nothing changes")
    putting = Putting()
    for old in before:
        putting.take_away("return_item", stored.return_items(reads, old.row))
    putting.take_away("partner_return", before)
    cells: dict[str, Cell] = {
        "fiscal_year": year.label,
        "month": month.number,
        "partner": partner,
        "name": plain(command.name, "file"),
        "sha256": command.sha256,
        "rows": len(command.items),
    }
    putting.changes.append(Insert("partner_return", OWN, cells, _RETURN.key))
    for item in command.items:
        putting.put("return_item", None, _item_cells(item))
    putting.inverse.append(Delete("partner_return", _RETURN))
    total_p = sum(item.amount_p for item in command.items)
    return putting.outcome(f"Return of {partner} for {month.label}: {format_pence(total_p)}")


def is_same(reads: Connection, before: stored.PartnerReturn, command: ImportReturn) -> bool:
    """Tell whether a return is the one that stands: the same file, and the same sheet of it."""
    kept = sorted((one.source_row, one.amount_p) for one in stored.return_items(reads, before.row))
    brought = sorted((one.number, one.amount_p) for one in command.items)
    return before.sha256 == command.sha256 and kept == brought


def _check_own(partner: str, me: Actor) -> None:
    if not me.is_lead and me.ods != partner:
        raise Refusal(
            code="not_yours",
            words=f"This is a return of {partner}; you act for {me.ods}.",
            remedy="Bring your own return; the lead provider may bring any.",
            field="partner",
        )


def _check_items(command: ImportReturn) -> None:
    if not command.items:
        raise Refusal(
            code="no_rows",
            words=f"{command.name} has no row that can be read.",
            remedy="Fill in a reference and an amount for each charge.",
            field="file",
        )
    if len(command.items) > MOST_ITEMS:
        raise Refusal(
            code="too_many_rows",
            words=f"{command.name} has {len(command.items):,} rows; a return holds "
            f"{MOST_ITEMS:,} at most.",
            remedy="Add rows of the same reference together, or return one month at a time.",
            field="file",
        )


def _item_cells(item: Returned) -> dict[str, Cell]:
    return {
        "partner_return": _RETURN,
        "source_row": item.number,
        "reference": plain(item.reference, "reference"),
        "amount_p": item.amount_p,
        "words": plain(item.words, "words"),
    }


# --- matching --------------------------------------------------------------------------------


def match_references(command: MatchReferences, reads: Connection, me: Actor) -> Outcome:
    """Say that two references are the same; several of the return may be one of the ledger."""
    check_lead(me, "matches returns with its ledger")
    at = (command.fiscal_year, command.month, command.partner)
    items = {item.key: item for item in reconciliation(reads, *at).items}
    one, other = key_of(command.ledger_reference), key_of(command.return_reference)
    by_hand = {key_of(match.ledger_reference) for match in stored.matches(reads, *at)}
    _check_there(items.get(one), one, "ledger_reference", in_ledger=True)
    _check_there(items.get(other), other, "return_reference", in_ledger=False)
    if items[one].return_p is not None and one not in by_hand:
        raise _on_both(one, "ledger_reference")
    if items[other].ledger_p is not None:
        raise _on_both(other, "return_reference")
    putting = Putting()
    cells = {**_at(*at), "ledger_reference": one, "return_reference": other}
    putting.put("return_match", None, cells)
    return putting.outcome(f"{one} matched with {other}")


def _check_there(item: Item | None, key: str, field: str, *, in_ledger: bool) -> None:
    if item is not None and (item.ledger_p if in_ledger else item.return_p) is not None:
        return
    side = "ledger" if in_ledger else "return"
    raise Refusal(
        code="not_here",
        words=f"“{key}” is not in the {side} of this month.",
        remedy="Look at the list again; something may have been posted since.",
        field=field,
    )


def _on_both(key: str, field: str) -> Refusal:
    return Refusal(
        code="matched_already",
        words=f"“{key}” stands on both sides already.",
        remedy="Match a reference that misses its other side, or ask about the difference.",
        field=field,
    )


def unmatch(command: Unmatch, reads: Connection, me: Actor) -> Outcome:
    """Take a match made by hand apart."""
    check_lead(me, "matches returns with its ledger")
    found = stored.match(reads, command.match)
    if found is None:
        raise _gone("match", "match")
    putting = Putting()
    putting.take_away("return_match", [found])
    words = f"{found.ledger_reference} no longer matched with {found.return_reference}"
    return putting.outcome(words, ("return_match", found.row))


def set_tolerance(command: SetTolerance, reads: Connection, me: Actor) -> Outcome:
    """Set what difference is let pass."""
    check_lead(me, "decides what difference is let pass")
    reconcile({}, {}, command.tolerance_p)
    at = (command.fiscal_year, command.month, command.partner)
    there = stored.tolerances(reads, *at)
    putting = Putting()
    cells = {**_at(*at), "tolerance_p": command.tolerance_p}
    putting.put("return_tolerance", there[-1] if there else None, cells)
    return putting.outcome(f"Tolerance of {format_pence(command.tolerance_p)}")


def _at(fiscal_year: str, month: int, partner: str) -> Mapping[str, Cell]:
    year = FiscalYear.parse(fiscal_year)
    return {
        "fiscal_year": year.label,
        "month": year.month(month).number,
        "partner": ods_code(partner, "partner"),
    }


# --- asking and answering --------------------------------------------------------------------


def ask_partner(command: AskPartner, reads: Connection, me: Actor) -> Outcome:
    """Put a question to a partner, with both figures as they stand."""
    check_lead(me, "queries returns")
    at = (command.fiscal_year, command.month, command.partner)
    key = key_of(command.reference)
    items = {item.key: item for item in reconciliation(reads, *at).items}
    item = items.get(key)
    if item is None:
        raise _gone("reference", "reference")
    question = filled(
        command.question,
        "question",
        "The query asks nothing.",
        "Say what the partner should look at.",
    )
    cells: dict[str, Cell] = {**_at(*at), "reference": key, "question": question}
    cells |= {"ledger_p": item.ledger_p, "return_p": item.return_p, "settled": False}
    putting = Putting()
    putting.put("return_query", None, cells)
    return putting.outcome(f"Query about {key} to {command.partner}; it goes when you next share")


def answer_query(command: AnswerQuery, reads: Connection, me: Actor) -> Outcome:
    """Answer a query in one's own name."""
    asked = stored.query(reads, command.query)
    if asked is None:
        raise _gone("query", "query")
    _check_own(asked.partner, me)
    words = filled(
        command.answer, "answer", "The answer says nothing.", "Write what you found, in a sentence."
    )
    putting = Putting()
    putting.put("query_answer", None, {"query": asked.row, "answer": words})
    return putting.outcome(f"Answer about {asked.reference}", ("return_query", asked.row))


def settle_query(command: SettleQuery, reads: Connection, me: Actor) -> Outcome:
    """Settle a query with both figures as they stand now, or open it again."""
    check_lead(me, "settles queries")
    asked = stored.query(reads, command.query)
    if asked is None:
        raise _gone("query", "query")
    at = (asked.fiscal_year, asked.month, asked.partner)
    items = {item.key: item for item in reconciliation(reads, *at).items}
    now = items.get(asked.reference)
    cells: dict[str, Cell] = {"settled": command.settled}
    if command.settled and now is not None:
        cells |= {"ledger_p": now.ledger_p, "return_p": now.return_p}
    putting = Putting()
    putting.put("return_query", asked, cells)
    how = "settled" if command.settled else "open again"
    return putting.outcome(f"Query about {asked.reference} {how}", ("return_query", asked.row))


def _gone(what: str, field: str) -> Refusal:
    return Refusal(
        code="not_here",
        words=f"This {what} is not here: it was taken away, or has not arrived yet.",
        remedy="Look at the list again, and share to fetch what others have changed.",
        field=field,
    )


HANDLERS: Final[Handlers] = {
    ImportReturn: import_return,
    MatchReferences: match_references,
    Unmatch: unmatch,
    SetTolerance: set_tolerance,
    AskPartner: ask_partner,
    AnswerQuery: answer_query,
    SettleQuery: settle_query,
}

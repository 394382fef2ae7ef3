"""Which columns of a ledger are which, pointed out by hand where its headings are not known."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import Connection

from collabdesk.exchange.sheets import Table
from collabdesk.services.budgets.actuals.file_reading import Answers, Asked, answered
from collabdesk.storage.queries import actuals as stored

Columns = Mapping[str, str]
"""The heading of each field, empty where the file has none."""

_QUESTIONS: Final = (
    ("cost_centre", "Which column is the cost centre?", True),
    ("subjective", "Which is the subjective?", True),
    ("period", "Which is the period?", False),
    ("amount", "Which is the amount?", False),
    ("debit", "Or which are the debits?", False),
    ("credit", "And which are the credits?", False),
    ("reference", "Which is the reference?", False),
    ("words", "Which is the description?", False),
)
_MONEY: Final = ("amount", "debit", "credit")
_ONE_OR_BOTH: Final = "Choose either the amount, or both the debits and the credits."


def ask_columns(reads: Connection, header: Table, answers: Answers) -> tuple[Asked, ...]:
    """Ask for each column; an earlier file of the source with the same headings answers first."""
    headings = tuple(text for text in header.headings if text)
    usual = _before(reads, headings, answered(answers, "source")) or {
        field: header.heading(field) for field in header.places
    }
    asked = [
        _ask(field, label, headings, answered(answers, f"column_{field}", usual.get(field, "")))
        for field, label, _ in _QUESTIONS
    ]
    return _checked(asked)


def _ask(field: str, label: str, headings: Sequence[str], value: str) -> Asked:
    needed = next(needs for name, _, needs in _QUESTIONS if name == field)
    first = ("", "Choose" if needed else "It has none")
    choices = (first, *((name, name) for name in dict.fromkeys(headings)))
    known = value if value in headings else ""
    return Asked(f"column_{field}", label, "", known, choices, open=needed and not known)


def _checked(asked: Sequence[Asked]) -> tuple[Asked, ...]:
    """Return the questions with those open that cannot stand beside the others."""
    given = columns_of(asked)
    times = Counter(filter(None, given.values()))
    sides = [bool(given[field]) for field in _MONEY]
    clear = sides in ([True, False, False], [False, True, True])
    found = []
    for one in asked:
        if one.value and times[one.value] > 1:
            found.append(replace(one, hint=f"{one.value} is chosen more than once.", open=True))
        elif one.key == "column_amount" and not clear:
            found.append(replace(one, hint=_ONE_OR_BOTH, open=True))
        else:
            found.append(one)
    return tuple(found)


def columns_of(asked: Sequence[Asked]) -> dict[str, str]:
    """Return the heading that was chosen for each field."""
    return {one.key.removeprefix("column_"): one.value for one in asked}


def reading_of(columns: Columns, sheet: str = "", amount: str = "") -> str:
    """Return what was answered about a file as the file keeps it; empty where nothing had to be."""
    said: dict[str, object] = {"columns": dict(columns)} if columns else {}
    if sheet:
        said["sheet"] = sheet
    if amount:
        said["amount"] = amount
    return json.dumps(said, sort_keys=True) if said else ""


def _before(reads: Connection, headings: Sequence[str], source: str) -> Columns:
    """Return the columns of the newest earlier file that fit, of the source if it is named."""
    kept = stored.source_files(reads, "trial_balance", "transactions")
    for one in reversed(kept):
        columns: Columns = json.loads(one.reading or "{}").get("columns") or {}
        fits = columns and set(filter(None, columns.values())) <= set(headings)
        if fits and source in {"", one.source}:
            return columns
    return {}

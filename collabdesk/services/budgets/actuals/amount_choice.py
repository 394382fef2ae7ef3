"""Which amount of a payment counts where a file has several: net of tax, or gross."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from collabdesk.domain.money import format_pence
from collabdesk.exchange.sheets import Table
from collabdesk.exchange.spend import amounts_of
from collabdesk.services.budgets.actuals.file_reading import Answers, Asked, answered

_HINT = "Net leaves the VAT out, gross has it in. It is kept with the file."


def ask_amount(table: Table, answers: Answers, before: Iterable[str] = ()) -> tuple[Asked, ...]:
    """Ask which amount counts, with what each adds up to; nothing where there is only one.

    Put forward is what was chosen `before`, the newest first, else the first that is known.
    """
    sums = amounts_of(table)
    if len(sums) == 1:
        return ()
    usual = next((one for one in before if one in sums), next(iter(sums)))
    value = answered(answers, "amount", usual)
    choices = tuple((name, f"{name}: {format_pence(pence)}") for name, pence in sums.items())
    asked = Asked("amount", "Which amount counts?", _HINT, value, choices, open=value not in sums)
    return (asked,)


def amounts_before(readings: Sequence[str | None]) -> tuple[str, ...]:
    """Return the headings taken for the amount, the newest first; `readings` are oldest first."""
    found = (json.loads(reading or "{}").get("amount", "") for reading in reversed(readings))
    return tuple(filter(None, found))

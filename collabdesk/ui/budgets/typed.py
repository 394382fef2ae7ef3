"""What is typed in a form of contracts as days, money and whole numbers; each refused by itself."""

from __future__ import annotations

import datetime as dt

from collabdesk.domain.money import parse_money_or_sum
from collabdesk.errors import Refusal
from collabdesk.ui.form import Values as Typed
from collabdesk.ui.form import day


def day_needed(typed: Typed, key: str) -> dt.date:
    """Read a day as typed; refused where there is none."""
    found = day(typed, key)
    if found is None:
        raise Refusal(
            code="day_missing",
            words="There is no day here.",
            remedy="Type it as 07/04/2026.",
            field=key,
        )
    return found


def money(typed: Typed, key: str) -> int:
    """Read money, or a sum of it, as typed; nothing typed is nought. Raises Refusal."""
    return parse_money_or_sum(typed[key], key) if typed[key].strip() else 0


def whole(typed: Typed, key: str) -> int:
    """Read a whole number as typed; nothing typed is nought. Raises Refusal."""
    text = typed[key].replace(",", "").strip() or "0"
    if not text.isdecimal():
        raise Refusal(
            code="not_whole",
            words=f"“{typed[key]}” is not a whole number.",
            remedy="Type digits, for example 1,234.",
            field=key,
        )
    return int(text)

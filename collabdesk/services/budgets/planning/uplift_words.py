"""What a late uplift will come to and when, said before it is recorded."""

from __future__ import annotations

from collections.abc import Sequence

from collabdesk.domain.budgets.envelope import LateUplift, late_uplift
from collabdesk.domain.budgets.month_states import MonthState
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import MONTHS_IN_YEAR


def uplift_words(
    baseline_p: int, old_pct: str, new_pct: str, month: int, states: Sequence[MonthState]
) -> str:
    """Say the year's difference, what is caught up and what each further month brings.

    Refused as the uplift itself is; `states` are those of the twelve months, April first.
    """
    still_open = (n for n in range(month, MONTHS_IN_YEAR + 1) if states[n - 1] is MonthState.OPEN)
    actioned = next(still_open, None)
    late = late_uplift(baseline_p, old_pct, new_pct, month, actioned or month)
    falls = f"All {format_pence(late.adjustment_p)} of the year falls on M{month} to M12"
    if actioned is None:
        return f"{falls}, of which no month is open any more."
    return f"{falls}: {_caught_up(late, month, actioned)}{_further(late, actioned)}.{_alone(month)}"


def _alone(month: int) -> str:
    """Say what to enter where only the months from the effective one on are paid for."""
    left = MONTHS_IN_YEAR + 1 - month
    if left == MONTHS_IN_YEAR:
        return ""
    return f" If the letter pays for M{month} to M12 alone, enter {left}/12 of the baseline."


def _caught_up(late: LateUplift, month: int, actioned: int) -> str:
    now = format_pence(late.posted_p[actioned - 1])
    if actioned == month:
        return f"{now} in M{actioned}"
    closed = f"M{month}" if actioned == month + 1 else f"M{month} to M{actioned - 1}"
    return f"{now} in M{actioned}, which catches up {closed}"


def _further(late: LateUplift, actioned: int) -> str:
    ahead = late.posted_p[actioned:]
    if not ahead:
        return ""
    most, least = format_pence(max(ahead, key=abs)), format_pence(min(ahead, key=abs))
    return f", then {most} a month" + ("" if most == least else f" (later {least})")

"""What people can do with the forecast, and with what may still come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ForecastChoice:
    """How one line is forecast; a forecast by hand needs its reason.

    `months_p` are amounts by month for the open months judged by hand; months left out stay
    as they are forecast now.
    """

    service_line: bytes
    provider: str
    method: str
    reason: str = ""
    months_p: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ChooseForecasts:
    """Choose how lines are forecast, typed, pasted or filled: one step to undo."""

    fiscal_year: str
    choices: tuple[ForecastChoice, ...]


@dataclass(frozen=True, slots=True)
class MovementGiven:
    """One reason code, the pence it moved the forecast by, and words if there are any."""

    reason: str
    amount_p: int
    words: str = ""


@dataclass(frozen=True, slots=True)
class ExplainMovement:
    """Say why a line's forecast moved since the last month's; the reasons must add up."""

    fiscal_year: str
    service_line: bytes
    provider: str
    movements: tuple[MovementGiven, ...]


@dataclass(frozen=True, slots=True)
class MovementReason:
    """A line, and the one reason for all of its movement."""

    service_line: bytes
    provider: str
    reason: str


@dataclass(frozen=True, slots=True)
class GiveReasons:
    """Give lines one reason each for the whole of their movement: one step to undo."""

    fiscal_year: str
    reasons: tuple[MovementReason, ...]


@dataclass(frozen=True, slots=True)
class KeepForecast:
    """Keep the forecast of the month closed last, so that the next one is compared with it."""

    fiscal_year: str


@dataclass(frozen=True, slots=True)
class AddRisk:
    """Add what is not in the forecast and may come; `kind` is risk or opportunity."""

    fiscal_year: str
    kind: str
    title: str
    best_p: int
    likely_p: int
    worst_p: int
    probability_pct: str
    action: str = ""
    owner: str = ""
    service_line: bytes | None = None


@dataclass(frozen=True, slots=True)
class ChangeRisk:
    """Change the size, the chance or the words of a risk or opportunity."""

    risk: bytes
    title: str
    best_p: int
    likely_p: int
    worst_p: int
    probability_pct: str
    action: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class CloseRisk:
    """Take a risk or opportunity out of the outlook: it came into the forecast, or went."""

    risk: bytes

"""What people can do with devolved budgets."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CreateBudgetVersion:
    """Start a draft budget for a fiscal year such as ``2026/27``; the lead provider's to do."""

    fiscal_year: str
    name: str
    contingency_pct: str = "0"
    kind: str = "opening"


@dataclass(frozen=True, slots=True)
class AddServiceLine:
    """Add something money is spent on; `kind` is service or hub."""

    code: str
    name: str
    kind: str = "service"
    recurrence: str = "recurrent"
    parent: bytes | None = None


@dataclass(frozen=True, slots=True)
class AddAllocationMove:
    """Record money that comes in: the opening allocation, or a letter.

    In an agreed version it waits for the keeper to post it. `envelope` is the commissioner's;
    the evidence is the letter's file, by name and hash.
    """

    version: bytes
    reference: str
    amount_p: int
    recurrence: str = "recurrent"
    letter_date: dt.date | None = None
    effective_month: int = 1
    envelope: bytes | None = None
    evidence_sha256: bytes | None = None
    evidence_name: str = ""


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A service line at a provider with its annual total, and how that is phased.

    `profile` is equal, working_days, calendar_days or custom; custom takes twelve weights.
    """

    service_line: bytes
    provider: str
    total_p: int
    profile: str = "equal"
    weights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AddPlanLine:
    """Add one line to a draft version."""

    version: bytes
    line: PlannedLine


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """Add many lines to a draft version, all or none."""

    version: bytes
    lines: tuple[PlannedLine, ...]


@dataclass(frozen=True, slots=True)
class AmountEdit:
    """A planned amount as it is to be; `seen_p` is the amount its author was looking at."""

    plan_line: bytes
    month: int
    amount_p: int
    seen_p: int | None = None


@dataclass(frozen=True, slots=True)
class SetPlannedAmounts:
    """Set planned amounts of one version, typed, pasted or filled: one step to undo."""

    edits: tuple[AmountEdit, ...]


@dataclass(frozen=True, slots=True)
class SpreadTotal:
    """Replace the months of a line by a total phased over them."""

    plan_line: bytes
    total_p: int
    profile: str = "equal"
    weights: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AgreeBudgetVersion:
    """Agree a draft version and post it as the opening journal; the ledger keeper's to do."""

    version: bytes


@dataclass(frozen=True, slots=True)
class ProposeVirement:
    """Propose to move agreed money from one line to another.

    `from_pot` releases it from unallocated, contingency or investment; `to_pot` gives it back.
    The line on that side is then not asked for.
    """

    fiscal_year: str
    from_line: bytes
    from_provider: str
    to_line: bytes
    to_provider: str
    amount_p: int
    month: int
    reason: str
    recurrence: str = "recurrent"
    from_pot: str = ""
    to_pot: str = ""


@dataclass(frozen=True, slots=True)
class ChangeVirement:
    """Change a proposal of one's own organisation; it needs its approvals again."""

    virement: bytes
    amount_p: int
    month: int
    reason: str
    recurrence: str = "recurrent"


@dataclass(frozen=True, slots=True)
class WithdrawVirement:
    """Take back a proposal of one's own organisation that is not posted."""

    virement: bytes


@dataclass(frozen=True, slots=True)
class NameDelegate:
    """Let another person act for the one who says so; neither then approves for the other."""

    delegate: bytes
    organisation: bytes
    starts: dt.date | None = None
    ends: dt.date | None = None


@dataclass(frozen=True, slots=True)
class EndDelegations:
    """Let nobody act any more for the one who says so."""


@dataclass(frozen=True, slots=True)
class ApproveVirement:
    """Agree to a proposal; `seen` is its stamp as its approver read it."""

    virement: bytes
    text: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawApproval:
    """Take back one's own approval of a proposal that is not yet posted."""

    virement: bytes
    text: str = ""


@dataclass(frozen=True, slots=True)
class PostReadyVirements:
    """Post every proposal that has its approvals and its money; the ledger keeper's own step."""

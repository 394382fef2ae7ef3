"""A finance office to test in: three real laptops, a version, lines and an opening allocation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from collabdesk.services.budgets import commands as c
from collabdesk.services.budgets.queries import BudgetGrid, EnvelopeSummary, VirementLine
from collabdesk.services.budgets.queries import budget_grid as grid_of
from collabdesk.services.budgets.queries import envelope_summary as summary_of
from collabdesk.services.budgets.queries import virement_list as virements_of
from collabdesk.services.workspace import Done
from tests.support.alliance import Alliance

Answer = TypeVar("Answer")
YEAR = "2026/27"
OPENING_P = 100_000_000


@dataclass
class Office:
    """Commands and questions by the name of a desk."""

    alliance: Alliance
    version: bytes = b""
    lines: dict[str, bytes] = field(default_factory=dict)

    def run(self, command: object, desk: str = "lead") -> Done:
        """Run a command at a desk."""
        return self.alliance.desks[desk].run(command)

    def made(self, command: object, desk: str = "lead") -> bytes:
        """Run a command at a desk; return the one row it made."""
        (row,) = self.run(command, desk).new_rows.values()
        return row

    def made_version(self, command: object, desk: str = "lead") -> bytes:
        """Run a command that makes a version among other rows; return the version."""
        record = self.run(command, desk).record
        assert record is not None
        return record[1]

    def ask(self, query: Callable[..., Answer], *args: object, desk: str = "lead") -> Answer:
        """Ask a desk's database."""
        return self.alliance.desks[desk].workspace.query(query, *args)

    def share(self) -> None:
        """Let everybody exchange."""
        self.alliance.share_all()

    def begin(self, contingency_pct: str = "0") -> None:
        """Start a draft with two service lines and an opening allocation of a million."""
        self.version = self.made(c.CreateBudgetVersion(YEAR, "Opening", contingency_pct))
        for code, name in (("ASL", "Adult low secure"), ("PER", "Perinatal")):
            self.lines[code] = self.made(c.AddServiceLine(code, name))
        self.run(c.AddAllocationMove(self.version, "Opening allocation", OPENING_P))

    def plan(self, code: str, provider: str, total_p: int, profile: str = "equal") -> bytes:
        """Add a plan line."""
        line = c.PlannedLine(self.lines[code], provider, total_p, profile)
        return self.made(c.AddPlanLine(self.version, line))

    def agree(self) -> Done:
        """Agree and post the draft."""
        return self.run(c.AgreeBudgetVersion(self.version))

    def propose(self, amount_p: int, desk: str = "a", **other: Any) -> bytes:  # noqa: ANN401 - any field of the command
        """Propose to move money from adult low secure to perinatal, both at RHA."""
        asked: dict[str, Any] = {
            "fiscal_year": YEAR,
            "from_line": self.lines["ASL"],
            "from_provider": "RHA",
            "to_line": self.lines["PER"],
            "to_provider": "RHA",
            "amount_p": amount_p,
            "month": 3,
            "reason": "Two beds open late",
        }
        return self.made(c.ProposeVirement(**(asked | other)), desk)

    def summary(self, desk: str = "lead") -> EnvelopeSummary:
        """Return the envelope as a desk sees it."""
        return self.ask(summary_of, self.version, desk=desk)

    def grid(self, desk: str = "lead") -> BudgetGrid:
        """Return the grid as a desk sees it."""
        return self.ask(grid_of, self.version, desk=desk)

    def virement(self, row: bytes, desk: str = "lead") -> VirementLine:
        """Return a virement as a desk sees it."""
        found = {line.virement.row: line for line in self.ask(virements_of, desk=desk)}
        return found[row]

"""The sample's devolved budget: envelope, lines, plan, agreement, and a virement."""

from __future__ import annotations

from collections.abc import Mapping

from collabdesk.exchange.sample_content import Line
from collabdesk.services.budgets.commands import (
    AddAllocationMove,
    AddServiceLine,
    AgreeBudgetVersion,
    CreateBudgetVersion,
    LoadPlan,
    PlannedLine,
    ProposeVirement,
)
from collabdesk.services.budgets.planning.revising import REVISED
from collabdesk.services.budgets.planning.year_commands import CopyVersion
from collabdesk.services.sample.partners import sample
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries import budgets as stored

REVISION = "Half-year revision 2026/27"


def made(workspace: Workspace, command: object) -> bytes:
    """Run a command and return the id of the record it made."""
    done = workspace.run(command)
    if done.record is None:
        raise LookupError(done.words)
    return done.record[1]


def service_lines(workspace: Workspace) -> Mapping[str, bytes]:
    """Return the ids of the service lines by code."""
    return {line.code: line.row for line in workspace.query(stored.service_lines)}


def make_service_lines(workspace: Workspace) -> None:
    """Make the service lines, groups before what they hold."""
    known: dict[str, bytes] = {}
    for line in sample().budget.lines:
        known[line.code] = made(
            workspace,
            AddServiceLine(
                code=line.code,
                name=line.name,
                kind=line.kind or "service",
                parent=known.get(line.parent),
            ),
        )


def make_version(workspace: Workspace, name: str) -> bytes:
    """Make a draft version with the envelope's moves and the whole plan."""
    budget = sample().budget
    version = made(
        workspace, CreateBudgetVersion(sample().fiscal_year, name, budget.contingency_pct)
    )
    for move in budget.moves:
        workspace.run(
            AddAllocationMove(
                version=version,
                reference=f"{move.reference} {move.words}",
                amount_p=move.amount_p,
                recurrence=move.recurrence,
                letter_date=move.letter_date,
                effective_month=move.month,
            )
        )
    workspace.run(LoadPlan(version, tuple(_planned(workspace))))
    return version


def revise(workspace: Workspace, agreed: bytes) -> bytes:
    """Copy the agreed version as the draft of a revised budget."""
    return made(workspace, CopyVersion(agreed, sample().fiscal_year, REVISION, REVISED))


def _planned(workspace: Workspace) -> list[PlannedLine]:
    rows = service_lines(workspace)
    return [
        PlannedLine(rows[line.code], amount.provider, amount.amount_p, _profile(line))
        for line in sample().budget.lines
        for amount in line.plan
    ]


def _profile(line: Line) -> str:
    return line.profile or "equal"


def agree(workspace: Workspace, version: bytes) -> str:
    """Agree a version: the keeper posts its opening journal."""
    return workspace.run(AgreeBudgetVersion(version)).words


def propose(workspace: Workspace) -> bytes:
    """Propose the sample's virement; works without a network."""
    wanted = sample().virement
    rows = service_lines(workspace)
    return made(
        workspace,
        ProposeVirement(
            fiscal_year=sample().fiscal_year,
            from_line=rows[wanted.from_line],
            from_provider=wanted.from_provider,
            to_line=rows[wanted.to_line],
            to_provider=wanted.to_provider,
            amount_p=wanted.amount_p,
            month=wanted.month,
            reason=wanted.reason,
            recurrence=wanted.recurrence,
        ),
    )


def draft_version(workspace: Workspace) -> stored.BudgetVersion:
    """Return the version still in draft."""
    return next(v for v in workspace.query(stored.budget_versions) if v.state == "draft")


def disputed_line(workspace: Workspace) -> bytes:
    """Return the draft plan line that two trusts will edit offline."""
    offline = sample().offline
    wanted = service_lines(workspace)[offline.line]
    lines = workspace.query(stored.plan_lines, draft_version(workspace).row)
    return next(
        line.row
        for line in lines
        if line.service_line == wanted and line.provider == offline.provider
    )

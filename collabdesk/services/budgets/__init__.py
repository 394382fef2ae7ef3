"""Devolved budgets: plans, their agreement, and virements between agreed lines."""

from __future__ import annotations

from collabdesk.services.budgets import commands
from collabdesk.services.budgets.actuals import actuals, published_files, taking_up
from collabdesk.services.budgets.closing import close_commands, closing, posting, posting_commands
from collabdesk.services.budgets.contracts import contract_handlers
from collabdesk.services.budgets.forecast import forecasting
from collabdesk.services.budgets.planning import (
    agreement,
    begin,
    copying,
    drafts,
    letters,
    line_notes,
    planning,
    sheet_import,
    year,
    year_commands,
)
from collabdesk.services.budgets.returns import returns
from collabdesk.services.budgets.shares import share_handlers
from collabdesk.services.budgets.virements import delegates, virements
from collabdesk.services.commands import Handlers

HANDLERS: Handlers = {
    begin.SetUpYear: begin.set_up_year,
    begin.AddNewLine: begin.add_new_line,
    commands.CreateBudgetVersion: drafts.create_version,
    commands.AddServiceLine: drafts.add_service_line,
    commands.AddAllocationMove: drafts.add_allocation_move,
    commands.AddPlanLine: planning.add_plan_line,
    commands.LoadPlan: planning.load_plan,
    commands.SetPlannedAmounts: planning.set_planned_amounts,
    commands.SpreadTotal: planning.spread,
    commands.AgreeBudgetVersion: agreement.agree_version,
    commands.ProposeVirement: virements.propose_virement,
    commands.ChangeVirement: virements.change_virement,
    commands.WithdrawVirement: virements.withdraw_virement,
    commands.ApproveVirement: virements.approve_virement,
    commands.NameDelegate: delegates.name_delegate,
    commands.EndDelegations: delegates.end_delegations,
    commands.WithdrawApproval: virements.withdraw_approval,
    commands.PostReadyVirements: virements.post_ready,
    close_commands.CloseMonth: closing.close_month,
    close_commands.ReopenMonth: closing.reopen_month,
    close_commands.ApproveLock: closing.approve_lock,
    close_commands.LockMonth: closing.lock_month,
    close_commands.TickStep: closing.tick_step,
    posting_commands.PostAccrual: posting.post_accrual,
    posting_commands.CorrectJournal: posting.correct_posted,
    posting_commands.RephaseLine: posting.rephase_line,
    posting_commands.PostLetters: letters.post_letters,
    year_commands.SetFiscalYear: year.set_fiscal_year,
    year_commands.AddEnvelope: year.add_envelope,
    year_commands.KeepProvider: year.keep_provider,
    year_commands.AddOpening: year.add_opening,
    year_commands.RecordUplift: year.record_uplift,
    **contract_handlers.HANDLERS,
    **actuals.HANDLERS,
    **published_files.HANDLERS,
    **taking_up.HANDLERS,
    **returns.HANDLERS,
    **forecasting.HANDLERS,
    **line_notes.HANDLERS,
    **share_handlers.HANDLERS,
    posting_commands.WithdrawLetter: letters.withdraw_letter,
    sheet_import.BringBudget: sheet_import.bring_budget,
    year_commands.CopyVersion: copying.copy_version,
}

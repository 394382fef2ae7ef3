"""Devolved budgets: plans, their agreement, and virements between agreed lines."""

from __future__ import annotations

from collabdesk.services.budgets import (
    agreement,
    begin,
    close_commands,
    closing,
    commands,
    contract_handlers,
    delegates,
    drafts,
    planning,
    posting,
    posting_commands,
    virements,
)
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
    commands.ApproveVirement: virements.approve_virement,
    commands.NameDelegate: delegates.name_delegate,
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
    **contract_handlers.HANDLERS,
}

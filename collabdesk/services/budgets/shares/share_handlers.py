"""Every command of the share agreement, its statements, and the investment of savings."""

from __future__ import annotations

from collabdesk.services.budgets.shares import (
    investing,
    share_agreements,
    share_commands,
    share_statements,
)
from collabdesk.services.commands import Handlers

HANDLERS: Handlers = {
    share_commands.AddShareAgreement: share_agreements.add_agreement,
    share_commands.RemoveShareAgreement: share_agreements.remove_agreement,
    share_commands.IssueStatements: share_statements.issue,
    share_commands.AddSaving: investing.add_saving,
    share_commands.ProposeInvestment: investing.propose,
    share_commands.ChangeStart: investing.change_start,
    share_commands.ApproveInvestment: investing.approve,
    share_commands.WithdrawInvestment: investing.withdraw,
    share_commands.PostInvestment: investing.post_investment,
}

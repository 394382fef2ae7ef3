"""Which handler carries out which command about contracts and placements."""

from __future__ import annotations

from typing import Final

from collabdesk.services.budgets.contracts import (
    activity,
    contract_copying,
    contracting,
    paying,
    placing,
)
from collabdesk.services.budgets.contracts import contract_commands as c
from collabdesk.services.commands import Handlers

HANDLERS: Final[Handlers] = {
    c.AddContract: contracting.add_contract,
    c.ChangeContract: contracting.change_contract,
    c.CopyContracts: contract_copying.copy_contracts,
    c.DeleteContract: contract_copying.delete_contract,
    c.SetPrices: contracting.set_prices,
    c.RecordBills: contracting.record_bills,
    c.JudgeQuality: contracting.judge_quality,
    c.RecordActivity: activity.record_activity,
    c.SharePosition: activity.share_position,
    c.RecordInvoice: paying.record_invoice,
    c.RecordPaid: paying.record_paid,
    c.StateBalance: paying.state_balance,
    c.SharePlacements: placing.share_placements,
    c.SetBaseline: placing.set_baseline,
}

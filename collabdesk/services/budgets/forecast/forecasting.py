"""Every command of the forecast and of what may still come."""

from __future__ import annotations

from collabdesk.services.budgets.forecast import (
    forecast_choosing,
    forecast_commands,
    forecast_keeping,
    forecast_movements,
    risk_list,
)
from collabdesk.services.commands import Handlers

HANDLERS: Handlers = {
    forecast_commands.ChooseForecasts: forecast_choosing.choose,
    forecast_commands.ExplainMovement: forecast_movements.explain_movement,
    forecast_commands.GiveReasons: forecast_movements.give_reasons,
    forecast_commands.KeepForecast: forecast_keeping.keep,
    forecast_commands.AddRisk: risk_list.add_risk,
    forecast_commands.ChangeRisk: risk_list.change_risk,
    forecast_commands.CloseRisk: risk_list.close_risk,
}

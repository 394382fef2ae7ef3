"""Improvement: projects, driver diagrams, PDSA cycles, measures and their charts."""

from __future__ import annotations

from typing import Final

from collabdesk.services.commands import Handlers
from collabdesk.services.improvement.commands import (
    AddDriver,
    AddMeasure,
    CloseCycle,
    EditProject,
    LinkDrivers,
    PlanCycle,
    PointTyped,
    RecordDataPoints,
    RecordStudy,
    RegisterProject,
    StartCycle,
)
from collabdesk.services.improvement.cycles import (
    close_project_cycle,
    plan_project_cycle,
    record_study,
    start_cycle,
)
from collabdesk.services.improvement.diagrams import add_driver_node, link_drivers
from collabdesk.services.improvement.points import add_project_measure, record_data_points
from collabdesk.services.improvement.projects import edit_project, register_project

HANDLERS: Final[Handlers] = {
    RegisterProject: register_project,
    EditProject: edit_project,
    AddDriver: add_driver_node,
    LinkDrivers: link_drivers,
    AddMeasure: add_project_measure,
    RecordDataPoints: record_data_points,
    PlanCycle: plan_project_cycle,
    StartCycle: start_cycle,
    RecordStudy: record_study,
    CloseCycle: close_project_cycle,
}

__all__ = [
    "HANDLERS",
    "AddDriver",
    "AddMeasure",
    "CloseCycle",
    "EditProject",
    "LinkDrivers",
    "PlanCycle",
    "PointTyped",
    "RecordDataPoints",
    "RecordStudy",
    "RegisterProject",
    "StartCycle",
]

"""Numbers 200–399: improvement projects, drivers, PDSA cycles, measures."""

from __future__ import annotations

from collabdesk.sync.registry.model import (
    Area,
    Column,
    Kind,
    Merge,
    Room,
    Scope,
    SharedArea,
    Table,
    members,
)

PROJECT_STATUS = members(
    "project_status",
    "registered",
    "approved",
    "active",
    "paused",
    "completed",
    "stopped",
    "archived",
)
DRIVER_KIND = members("driver_kind", "aim", "primary_driver", "secondary_driver", "change_idea")
STRENGTH = members("strength", "strong", "weak")
IDEA_STATUS = members(
    "idea_status", "proposed", "testing", "adopted", "adapted", "abandoned", "implemented"
)
CYCLE_STATUS = members("cycle_status", "planned", "doing", "studying", "closed")
DECISION = members("decision", "adopt", "adapt", "abandon")
SCALE = members("scale", "one_person", "one_day", "ward", "service", "trust")
MEASURE_KIND = members("measure_kind", "outcome", "process", "balancing")
VALUE_KIND = members(
    "value_kind", "count", "proportion", "rate", "continuous", "days_between", "cases_between"
)
DIRECTION = members("direction", "increase", "decrease", "neutral")

EITHER = Scope.ORGANISATION | Scope.SHARED

PROJECT = Table(
    200,
    "project",
    "improvement",
    EITHER,
    (
        Column(1, "code", Kind.TEXT, search=True),
        Column(2, "title", Kind.TEXT, required=True, search=True),
        Column(3, "aim", Kind.TEXT, required=True, search=True),
        Column(4, "population", Kind.TEXT),
        Column(5, "rationale", Kind.TEXT, Merge.NOTE, search=True),
        Column(6, "setting", Kind.TEXT, search=True),
        Column(7, "status", Kind.ENUM, required=True, members=PROJECT_STATUS),
        Column(8, "start", Kind.DATE),
        Column(9, "target_date", Kind.DATE),
        Column(10, "owner", Kind.TEXT),
    ),
)
DRIVER = Table(
    201,
    "driver",
    "improvement",
    EITHER,
    (
        Column(1, "project", Kind.ROW, required=True, refers="project"),
        Column(2, "kind", Kind.ENUM, required=True, members=DRIVER_KIND),
        Column(3, "text", Kind.TEXT, required=True, search=True),
        Column(4, "position", Kind.INT),
        Column(5, "idea_status", Kind.ENUM, members=IDEA_STATUS),
    ),
)
DRIVER_LINK = Table(
    202,
    "driver_link",
    "improvement",
    EITHER,
    (
        Column(1, "from_driver", Kind.ROW, Merge.SET, required=True, refers="driver"),
        Column(2, "to_driver", Kind.ROW, Merge.SET, required=True, refers="driver"),
        Column(3, "strength", Kind.ENUM, Merge.SET, members=STRENGTH),
    ),
)
CYCLE = Table(
    203,
    "pdsa_cycle",
    "improvement",
    EITHER,
    (
        Column(1, "project", Kind.ROW, required=True, refers="project"),
        Column(2, "idea", Kind.ROW, required=True, refers="driver"),
        Column(3, "ramp", Kind.INT, required=True),
        Column(4, "number", Kind.INT, required=True),
        Column(5, "objective", Kind.TEXT, required=True, search=True),
        Column(6, "prediction", Kind.TEXT, Merge.NOTE),
        Column(7, "plan", Kind.TEXT, Merge.NOTE),
        Column(8, "start", Kind.DATE),
        Column(9, "end", Kind.DATE),
        Column(10, "observations", Kind.TEXT, Merge.NOTE),
        Column(11, "study", Kind.TEXT, Merge.NOTE, search=True),
        Column(12, "decision", Kind.ENUM, members=DECISION),
        Column(13, "scale", Kind.ENUM, members=SCALE),
        Column(14, "status", Kind.ENUM, required=True, members=CYCLE_STATUS),
    ),
)
MEASURE = Table(
    204,
    "measure",
    "improvement",
    EITHER,
    (
        Column(1, "project", Kind.ROW, required=True, refers="project"),
        Column(2, "name", Kind.TEXT, required=True, search=True),
        Column(3, "kind", Kind.ENUM, required=True, members=MEASURE_KIND),
        Column(4, "definition", Kind.TEXT, Merge.NOTE),
        Column(5, "unit", Kind.TEXT),
        Column(6, "value_kind", Kind.ENUM, required=True, members=VALUE_KIND),
        Column(7, "direction", Kind.ENUM, required=True, members=DIRECTION),
        Column(8, "target", Kind.DECIMAL, Merge.MONEY),
    ),
)
DATA_POINT = Table(
    205,
    "data_point",
    "improvement",
    EITHER,
    (
        Column(1, "measure", Kind.ROW, required=True, refers="measure"),
        Column(2, "period_start", Kind.DATE, Merge.MONEY, required=True),
        Column(3, "value", Kind.DECIMAL, Merge.MONEY),
        Column(4, "numerator", Kind.INT, Merge.MONEY),
        Column(5, "denominator", Kind.INT, Merge.MONEY),
        Column(6, "note", Kind.TEXT),
    ),
)

ROOM = Room(
    "improvement",
    range(200, 400),
    areas=(Area(3, "improvement"),),
    shared_areas=(SharedArea(2, "joint_projects"),),
    tables=(PROJECT, DRIVER, DRIVER_LINK, CYCLE, MEASURE, DATA_POINT),
)

"""Numbers 400–599: innovation programmes and pilots."""

from __future__ import annotations

from collabdesk.sync.registry.model import Area, Column, Kind, Merge, Room, Scope, Table, members

PROGRAMME_KIND = members(
    "programme_kind",
    "fund",
    "pilot_scheme",
    "support_scheme",
    "improvement_programme",
    "advocacy_position",
)
PILOT_STATE = members(
    "pilot_state",
    "idea",
    "eoi",
    "invited",
    "application",
    "eligible",
    "ineligible",
    "scored",
    "shortlisted",
    "panel",
    "recommended",
    "approved",
    "agreement",
    "live",
    "paused",
    "completed",
    "evaluated",
    "adopt",
    "adapt",
    "stop",
    "closed",
    "declined",
    "withdrawn",
    "terminated",
    "reserve_list",
)
QUALIFIER = members(
    "qualifier",
    "exactly",
    "at_least",
    "over",
    "at_most",
    "under",
    "about",
    "not_stated",
)
BASIS = members("basis", "stated", "inferred", "derived", "indicative", "not_stated")

PROGRAMME = Table(
    400,
    "programme",
    "pilots",
    Scope.ORGANISATION,
    (
        Column(1, "title", Kind.TEXT, required=True, search=True),
        Column(2, "kind", Kind.ENUM, required=True, members=PROGRAMME_KIND),
        Column(3, "host", Kind.TEXT, search=True),
        Column(4, "aims", Kind.TEXT, Merge.NOTE, search=True),
        Column(5, "source", Kind.TEXT),
    ),
)
PILOT = Table(
    401,
    "pilot",
    "pilots",
    Scope.ORGANISATION,
    (
        Column(1, "programme", Kind.ROW, required=True, refers="programme"),
        Column(2, "reference", Kind.TEXT, required=True, search=True),
        Column(3, "name", Kind.TEXT, search=True),
        Column(4, "lead", Kind.TEXT, search=True),
        Column(5, "partners", Kind.TEXT, search=True),
        Column(6, "theme", Kind.TEXT, search=True),
        Column(7, "population", Kind.TEXT),
        Column(8, "idea", Kind.TEXT, Merge.NOTE, search=True),
        Column(9, "aims", Kind.TEXT, Merge.NOTE),
        Column(10, "state", Kind.ENUM, Merge.MONEY, required=True, members=PILOT_STATE),
        Column(11, "start", Kind.DATE, Merge.MONEY),
        Column(12, "end", Kind.DATE, Merge.MONEY),
    ),
)
STATED_FIGURE = Table(
    402,
    "stated_figure",
    "pilots",
    Scope.ORGANISATION,
    (
        Column(1, "programme", Kind.ROW, required=True, refers="programme"),
        Column(2, "pilot", Kind.ROW, refers="pilot"),
        Column(3, "name", Kind.TEXT, required=True, search=True),
        Column(4, "value", Kind.DECIMAL, Merge.MONEY),
        Column(5, "unit", Kind.TEXT, Merge.MONEY),
        Column(6, "qualifier", Kind.ENUM, Merge.MONEY, required=True, members=QUALIFIER),
        Column(7, "basis", Kind.ENUM, Merge.MONEY, required=True, members=BASIS),
        Column(8, "source", Kind.TEXT),
    ),
)

ROOM = Room(
    "pilots",
    range(400, 600),
    areas=(Area(4, "pilots"),),
    tables=(PROGRAMME, PILOT, STATED_FIGURE),
)

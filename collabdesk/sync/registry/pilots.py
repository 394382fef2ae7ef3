"""Numbers 400–599: innovation programmes and pilots."""

from __future__ import annotations

from collabdesk.sync.registry.model import (
    ITSELF,
    Area,
    Circle,
    Column,
    Kind,
    Merge,
    ReadClass,
    Room,
    Scope,
    Side,
    Table,
    members,
)

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

INTEREST_DEGREE = members("interest_degree", "hard", "soft")

_PANEL = Circle(Side.ANYBODY, ("panel_member",))
PROPOSAL_READERS = ReadClass(
    "the applicant, and the panel members without a hard interest in it",
    (Circle(Side.OWNER), _PANEL),
    item=ITSELF,
)
ASSESSMENT_READERS = ReadClass(
    "the panel members without a hard interest in the proposal", (_PANEL,), item="proposal"
)

PROPOSAL = Table(
    403,
    "proposal",
    "pilots",
    Scope.ORGANISATION,
    (
        Column(1, "programme", Kind.ROW, required=True, refers="programme", since=2),
        Column(2, "reference", Kind.TEXT, required=True, search=True, since=2),
        *(
            Column(number, name, kind, merge, read=PROPOSAL_READERS, since=2)
            for number, name, kind, merge in (
                (10, "title", Kind.TEXT, Merge.TEXT),
                (11, "problem", Kind.TEXT, Merge.NOTE),
                (12, "idea", Kind.TEXT, Merge.NOTE),
                (13, "people", Kind.TEXT, Merge.NOTE),
                (14, "measures", Kind.TEXT, Merge.NOTE),
                (15, "safety", Kind.TEXT, Merge.NOTE),
                (16, "amount_p", Kind.PENCE, Merge.MONEY),
                (17, "timing", Kind.TEXT, Merge.NOTE),
                (18, "exit_plan", Kind.TEXT, Merge.NOTE),
            )
        ),
    ),
    since=2,
)
ASSESSMENT = Table(
    404,
    "assessment",
    "pilots",
    Scope.ORGANISATION,
    (
        Column(1, "proposal", Kind.ROW, required=True, refers="proposal", since=2),
        Column(2, "assessor", Kind.PERSON, required=True, since=2),
        Column(3, "criterion", Kind.TEXT, required=True, since=2),
        Column(10, "mark", Kind.INT, Merge.MONEY, read=ASSESSMENT_READERS, since=2),
        Column(11, "note", Kind.TEXT, Merge.NOTE, read=ASSESSMENT_READERS, since=2),
    ),
    since=2,
)
# In an organisation, or in one proposal: declared before a proposal is sealed for the panel.
INTEREST = Table(
    405,
    "interest",
    "pilots",
    Scope.ORGANISATION,
    (
        Column(1, "person", Kind.PERSON, required=True, since=2),
        Column(2, "organisation", Kind.ORG, since=2),
        Column(3, "proposal", Kind.ROW, refers="proposal", since=2),
        Column(
            4, "degree", Kind.ENUM, Merge.MONEY, required=True, members=INTEREST_DEGREE, since=2
        ),
        Column(5, "reason", Kind.TEXT, Merge.NOTE, since=2),
    ),
    since=2,
)

ROOM = Room(
    "pilots",
    range(400, 600),
    areas=(Area(4, "pilots"),),
    tables=(PROGRAMME, PILOT, STATED_FIGURE, PROPOSAL, ASSESSMENT, INTEREST),
)

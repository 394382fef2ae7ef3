"""What is asked while a year is set up: its rates, envelopes, openings, providers, versions."""

from __future__ import annotations

from typing import Final

from collabdesk.domain.money import parse_money_or_sum
from collabdesk.domain.periods import FiscalYear
from collabdesk.services.budgets.planning.year_commands import (
    AddEnvelope,
    AddOpening,
    CopyVersion,
    KeepProvider,
    SetFiscalYear,
)
from collabdesk.services.budgets.planning.year_room import ProviderRow, YearRoom
from collabdesk.ui.budgets.forms import Place
from collabdesk.ui.budgets.wording import RECURRENCES
from collabdesk.ui.form import YES, Field, FormDialog, Make, Values, day, day_text

CONVENTIONS: Final = (
    ("additive", "Uplift less efficiency"),
    ("multiplicative", "Uplift times efficiency"),
)
VERSION_KINDS: Final = (
    ("opening", "Opening budget"),
    ("revised", "Revised budget"),
    ("what_if", "What-if, never posted"),
)


def rates_form(place: Place, room: YearRoom) -> FormDialog:
    """Ask how uplift and efficiency meet, and their rates."""
    kept = room.settings
    fields = (
        Field(
            "convention",
            "How the two meet",
            "choice",
            choices=CONVENTIONS,
            value=kept.convention if kept else "additive",
        ),
        Field(
            "cost_uplift_pct",
            "Growth and inflation, %",
            hint="For example 4.15",
            value=(kept.cost_uplift_pct or "0") if kept else "0",
            half=True,
        ),
        Field(
            "efficiency_pct",
            "Efficiency, %",
            hint="For example 2.00",
            value=(kept.efficiency_pct or "0") if kept else "0",
            half=True,
        ),
    )

    def make(typed: Values) -> object:
        return SetFiscalYear(
            room.fiscal_year,
            typed["convention"],
            typed["cost_uplift_pct"],
            typed["efficiency_pct"],
        )

    said = "Openings recorded from now on use these rates; those already there stay."
    return _form(
        place, f"Which rates hold in {room.fiscal_year}?", "Keep the rates", fields, make, said
    )


def envelope_form(place: Place, room: YearRoom) -> FormDialog:
    """Ask whose money it is."""
    fields = (
        Field("commissioner", "Commissioner", required=True, hint="For example NHS England"),
        Field("recurrence", "Kind", "choice", choices=RECURRENCES),
    )

    def make(typed: Values) -> object:
        return AddEnvelope(room.fiscal_year, typed["commissioner"], typed["recurrence"])

    return _form(place, "Whose money is it?", "Add the envelope", fields, make)


def opening_form(
    place: Place, room: YearRoom, version: bytes, envelope: bytes | None
) -> FormDialog:
    """Ask what an envelope opens with."""
    fields = (
        Field(
            "envelope",
            "Envelope",
            "choice",
            choices=envelope_choices(room),
            value=envelope.hex() if envelope else "",
        ),
        Field("baseline_p", "Baseline", hint="Before the rates of the year", required=True),
        Field("reference", "Reference", hint="Left empty, it is named by the commissioner"),
    )

    def make(typed: Values) -> object:
        return AddOpening(
            version,
            bytes.fromhex(typed["envelope"]),
            parse_money_or_sum(typed["baseline_p"], "baseline_p"),
            typed["reference"],
        )

    said = "Recurrent money is uplifted by the rates of the year; other money is taken as it is."
    return _form(place, "What does the envelope open with?", "Add the opening", fields, make, said)


def provider_form(place: Place, kept: ProviderRow | None) -> FormDialog:
    """Ask for a provider of the list, or for what changed about one."""
    fields = (
        Field("code", "ODS code", value=kept.code if kept else "", required=True, half=True),
        Field("succeeded_by", "Followed by", value=kept.succeeded_by if kept else "", half=True),
        Field("name", "Name", value=kept.name if kept else "", required=True),
        Field("starts", "From", "day", value=day_text(kept.starts if kept else None), half=True),
        Field("ends", "To", "day", value=day_text(kept.ends if kept else None), half=True),
    )

    def make(typed: Values) -> object:
        return KeepProvider(
            typed["code"],
            typed["name"],
            day(typed, "starts"),
            day(typed, "ends"),
            typed["succeeded_by"],
        )

    said = "Once there is a list, money is planned only at providers that are on it."
    return _form(place, "Which provider?", "Keep the provider", fields, make, said)


def copy_form(place: Place, room: YearRoom, source: bytes) -> FormDialog:
    """Ask what is made from a version."""
    named = next(one.version.name for one in room.versions if one.version.row == source)
    after = FiscalYear(FiscalYear.parse(room.fiscal_year).begins + 1).label
    fields = (
        Field("fiscal_year", "For the year", value=after, required=True, half=True),
        Field("kind", "As", "choice", choices=VERSION_KINDS, half=True),
        Field("name", "Name", value=f"Opening plan {after}", required=True),
        Field("uplift_lines", "Uplift every line by the rates of the new year", "tick"),
    )

    def make(typed: Values) -> object:
        return CopyVersion(
            source,
            typed["fiscal_year"],
            typed["name"],
            typed["kind"],
            uplift_lines=typed["uplift_lines"] == YES,
        )

    said = (
        "In the same year everything is copied as it stands. Into another year goes what comes "
        "again: recurrent money, line by line and envelope by envelope."
    )
    return _form(place, f"What is made from “{named}”?", "Copy the version", fields, make, said)


def envelope_choices(room: YearRoom) -> tuple[tuple[str, str], ...]:
    """Return the envelopes of a year to choose from."""
    kinds = dict(RECURRENCES)
    return tuple(
        (
            one.envelope.row.hex(),
            f"{one.envelope.commissioner}, {kinds[one.envelope.recurrence].lower()}",
        )
        for one in room.envelopes
    )


def _form(  # noqa: PLR0913, PLR0917 what a form is made of
    place: Place,
    question: str,
    verb: str,
    fields: tuple[Field, ...],
    make: Make,
    said: str = "",
) -> FormDialog:
    return FormDialog(
        place.around, place.desk, question, verb, fields, make, said=said, parent=place.parent
    )

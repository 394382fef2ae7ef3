"""What is asked about the ledger: a letter, a line phased again, a journal corrected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from collabdesk.domain.money import format_pence, parse_money_or_sum
from collabdesk.services.budgets.closing.posting_commands import (
    CorrectJournal,
    RephaseLine,
    TrueLine,
)
from collabdesk.services.budgets.commands import AddAllocationMove, EndDelegations, NameDelegate
from collabdesk.services.budgets.planning.grid import GridRow
from collabdesk.services.budgets.planning.year_room import YearRoom
from collabdesk.services.budgets.queries import PostedJournal, PostedLine
from collabdesk.services.budgets.room import Plan, Room
from collabdesk.ui.budgets.evidence_form import EvidenceForm
from collabdesk.ui.budgets.forms import Place, line_choices, plain_pounds, weights_typed
from collabdesk.ui.budgets.setup_forms import envelope_choices
from collabdesk.ui.budgets.wording import (
    ACCOUNTS,
    PROFILES,
    RECURRENCES,
    month_label,
    months,
    trust,
)
from collabdesk.ui.form import Field, FormDialog, Values, day

_STAYS: Final = "same"
_NOBODY: Final = "Nobody: end what was named before"


def letter_form(place: Place, plan: Plan, year: YearRoom) -> FormDialog:
    """Ask for money that came into the envelope, or was taken back."""
    fields = (
        Field("reference", "Reference of the letter", required=True),
        Field("amount_p", "Amount", hint="Money taken back is negative", required=True, half=True),
        Field("recurrence", "Kind", "choice", choices=RECURRENCES, half=True),
        Field("letter_date", "Date of the letter", "day", half=True),
        Field(
            "effective_month",
            "Takes effect in",
            "choice",
            choices=months(plan.version.fiscal_year),
            half=True,
        ),
        Field(
            "envelope",
            "Envelope",
            "choice",
            hint="Of the same kind of money",
            choices=(("", "None named"), *envelope_choices(year)),
        ),
    )

    def make(typed: Values) -> object:
        return AddAllocationMove(
            plan.version.row,
            typed["reference"],
            parse_money_or_sum(typed["amount_p"], "amount_p"),
            typed["recurrence"],
            day(typed, "letter_date"),
            int(typed["effective_month"]),
            bytes.fromhex(typed["envelope"]) or None,
        )

    posted = plan.summary.posted is not None
    said = "It waits until the ledger keeper posts it to unallocated money." if posted else ""
    return EvidenceForm(
        place, "Which allocation came in?", "Add the letter", fields, make, said=said
    )


def rephase_form(place: Place, plan: Plan, row: GridRow, name: str) -> FormDialog:
    """Ask how what is left of a line's year is spread over its open months."""
    fields = (
        Field("profile", "Spread over the open months", "choice", choices=PROFILES),
        Field("weights", "Weights of your own", hint="Twelve whole numbers, April first"),
    )

    def make(typed: Values) -> object:
        weights = weights_typed(typed["weights"]) if typed["profile"] == "custom" else ()
        return RephaseLine(
            plan.version.fiscal_year,
            row.service_line or b"",
            row.provider,
            typed["profile"],
            weights,
        )

    said = (
        f"{format_pence(row.total.shown_p)} for the year stays as it is; closed months keep what "
        "was published. It is posted as a journal and cannot be undone."
    )
    return FormDialog(
        place.around,
        place.desk,
        f"How is {name} phased from here on?",
        "Phase again",
        fields,
        make,
        said=said,
        parent=place.parent,
    )


def correct_form(place: Place, room: Room, plan: Plan, journal: PostedJournal) -> FormDialog:
    """Ask how a line of a journal should have been."""
    names = {line.row: line.name for line in room.lines}
    lines = [line for line in journal.lines if line.service_line]
    choices = tuple((line.row.hex(), _line_words(line, journal, names, room)) for line in lines)
    fields = (
        Field("line", "Line of the journal", "choice", choices=choices),
        Field(
            "amount_p",
            "As it should have been",
            value=plain_pounds(lines[0].amount_p) if lines else "",
            required=True,
            half=True,
        ),
        Field(
            "to",
            "Belongs to",
            "choice",
            choices=((_STAYS, "The same line"), *line_choices(room, plan)),
            half=True,
        ),
        Field("reason", "What was wrong", hint="Whoever audits the ledger reads it", required=True),
    )

    def make(typed: Values) -> object:
        line, _, provider = typed["to"].partition("/")
        true = TrueLine(
            bytes.fromhex(typed["line"]),
            parse_money_or_sum(typed["amount_p"], "amount_p"),
            None if line == _STAYS else bytes.fromhex(line),
            provider,
        )
        return CorrectJournal(journal.row, (true,), typed["reason"])

    said = (
        "The journal stays as it is. It is cancelled and posted again in the first open month, "
        f"and keeps {month_label(journal.fiscal_year, journal.effective_month)} as the month it "
        "belongs to."
    )
    return FormDialog(
        place.around,
        place.desk,
        f"How should journal #{journal.number} have been?",
        "Cancel and correct",
        fields,
        make,
        said=said,
        parent=place.parent,
    )


def _line_words(
    line: PostedLine, journal: PostedJournal, names: Mapping[bytes, str], room: Room
) -> str:
    name = names.get(line.service_line or b"", ACCOUNTS.get(line.account, ""))
    month = month_label(journal.fiscal_year, line.month or journal.effective_month)
    at = trust(line.provider, room.trusts)
    return f"{name}, {at}, {month}: {format_pence(line.amount_p)}"


def delegate_form(place: Place, room: Room) -> FormDialog:
    """Ask who acts for this person while they are away."""
    mine = (room.me.organisation, room.me.person) if room.me else (b"", b"")
    people = {
        (member.organisation, member.person): f"{member.role}, {trust(member.ods, room.trusts)}"
        for member in place.desk.people.values()
    }
    choices = tuple(
        (f"{organisation.hex()}/{person.hex()}", said)
        for (organisation, person), said in people.items()
        if (organisation, person) != mine
    )
    fields = (
        Field(
            "delegate",
            "Acts for you",
            "choice",
            choices=(*choices, ("", _NOBODY)),
            value=choices[0][0] if choices else "",
        ),
        Field("starts", "From", "day", hint="Left empty, from now on", half=True),
        Field("ends", "To", "day", hint="Left empty, until you end it", half=True),
    )

    def make(typed: Values) -> object:
        if not typed["delegate"]:
            return EndDelegations()
        organisation, _, person = typed["delegate"].partition("/")
        who = bytes.fromhex(person), bytes.fromhex(organisation)
        return NameDelegate(*who, day(typed, "starts"), day(typed, "ends"))

    said = "Neither of you then approves what the other proposed."
    return FormDialog(
        place.around,
        place.desk,
        "Who acts for you?",
        "Keep",
        fields,
        make,
        said=said,
        parent=place.parent,
    )

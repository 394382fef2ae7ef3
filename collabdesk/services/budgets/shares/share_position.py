"""Where each partner stands in the risk and gain share, as far as this laptop may read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from collabdesk.domain.apportionment import split
from collabdesk.domain.budgets.ledger import Account
from collabdesk.domain.budgets.share import Agreement
from collabdesk.domain.budgets.share_bases import Basis
from collabdesk.domain.budgets.share_year import Terms, YearShare, share_year
from collabdesk.domain.periods import MONTHS_IN_YEAR
from collabdesk.errors import Refusal
from collabdesk.services.budgets.forecast.outturn import Outturn, outturn
from collabdesk.services.budgets.partners import Partner, partners
from collabdesk.services.budgets.policy import lead_of
from collabdesk.services.budgets.shares.share_commands import OpenTerms, PartnerTerms
from collabdesk.services.sealed.opening import Opened, OpenedRow, Opener, Standing
from collabdesk.storage.queries import shares as stored

POTS = (Account.CONTINGENCY, Account.INVESTMENT, Account.UNALLOCATED)


@dataclass(frozen=True, slots=True)
class TermsLine:
    """One partner in a version; without terms, `words` say why they are not shown."""

    row: bytes
    partner: Partner
    share_bp: int | None
    cap_p: int | None
    weight: int | None
    words: str


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """A version, the months it holds and its partners."""

    row: bytes
    name: str
    first: int
    last: int
    collar_pct: str
    cap_pct: str
    basis: Basis
    result: str
    partners: tuple[TermsLine, ...]

    @property
    def open(self) -> bool:
        """Tell whether this laptop reads every partner's terms."""
        return all(line.share_bp is not None for line in self.partners)

    @property
    def terms(self) -> OpenTerms:
        """The terms as they were opened here."""
        given = (
            PartnerTerms(one.partner.organisation, one.share_bp, one.weight, one.cap_p)
            for one in self.partners
        )
        return OpenTerms(self.row, tuple(given))


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A statement made for a partner; what this laptop may not read is left out, with words."""

    row: bytes
    month: int
    issue: int
    partner: Partner
    journal_number: int
    share_bp: int | None
    share_p: int | None
    beyond_cap_p: int | None
    statement: str
    words: str
    newest: bool


@dataclass(frozen=True, slots=True)
class SharePosition:
    """The share of a year: its versions, the result, and the statements made.

    `shared` is there only where every term can be read, which is at the lead provider.
    `why` says what stands in the way of sharing.
    """

    outturn: Outturn
    agreements: tuple[AgreementLine, ...]
    shared: YearShare[bytes] | None
    why: Refusal | None
    statements: tuple[StatementLine, ...]
    partners: tuple[Partner, ...]

    @property
    def result_p(self) -> int:
        """The result as forecast: an underspend above nought."""
        if self.shared is not None:
            return self.shared.result_p
        return self.outturn.budget_p - self.outturn.outturn_p

    @property
    def exposure_p(self) -> int:
        """What the lead provider keeps or bears beside its own share: collar and unabsorbed."""
        if self.shared is None:
            return 0
        return self.shared.collar_p + self.shared.unabsorbed_p


def share_position(reads: Connection, opener: Opener, fiscal_year: str) -> SharePosition:
    """Return the share of a year; what is sealed is opened in memory alone."""
    return share_of(reads, opener, outturn(reads, fiscal_year))


def share_of(reads: Connection, opener: Opener, found: Outturn) -> SharePosition:
    """Return the share of a forecast that was read already."""
    known = {one.organisation: one for one in partners(reads)}
    lines = _agreements(reads, opener, found.position.year.label, known)
    shared, why = None, None
    if lines and all(line.open for line in lines):
        try:
            shared = shared_by(reads, found, [line.terms for line in lines])
        except Refusal as refusal:
            why = refusal
    made = _statements(reads, opener, found.position.year.label, known)
    return SharePosition(found, lines, shared, why, made, tuple(known.values()))


def in_force(reads: Connection, fiscal_year: str) -> tuple[stored.StoredAgreement, ...]:
    """Return the lead provider's versions of a year, the earliest first."""
    lead = lead_of(reads)
    return tuple(one for one in stored.agreements(reads, fiscal_year) if one.scope == lead)


def shared_by(reads: Connection, found: Outturn, given: Sequence[OpenTerms]) -> YearShare[bytes]:
    """Share the result as forecast by opened terms; refused unless they are those in force."""
    by_row = {one.agreement: one for one in given}
    versions = in_force(reads, found.position.year.label)
    if set(by_row) != {one.row for one in versions}:
        raise Refusal(
            code="changed_meanwhile",
            words="The share agreement changed after these terms were read.",
            remedy="Look at it again, then make the statements.",
            field="terms",
        )
    terms = [_terms(reads, one, by_row[one.row]) for one in versions]
    return share_year(terms, found.position.envelope_p, results(found, versions))


def results(found: Outturn, versions: Sequence[stored.StoredAgreement]) -> tuple[int, ...]:
    """Return each month's result in pence: budget less outturn.

    In months whose version shares the whole envelope a twelfth of the pots is added.
    """
    kept = split(sum(found.position.pots.get(pot, 0) for pot in POTS), [1] * MONTHS_IN_YEAR)
    return tuple(
        sum(line.held.budget_p[month] for line in found.lines)
        - found.months_p[month]
        + (kept[month] if _whole_in(versions, month + 1) else 0)
        for month in range(MONTHS_IN_YEAR)
    )


def _whole_in(versions: Sequence[stored.StoredAgreement], month: int) -> bool:
    held = [one for one in versions if one.effective_month <= month]
    return bool(held) and held[-1].result == "envelope"


def _terms(reads: Connection, row: stored.StoredAgreement, given: OpenTerms) -> Terms[bytes]:
    named = [one.partner for one in stored.partners_in(reads, row.row)]
    if row.contested or named != [one.partner for one in given.partners]:
        raise Refusal(
            code="contested" if row.contested else "changed_meanwhile",
            words=f"“{row.name}” is contested or changed after its terms were read.",
            remedy="Settle it, look at it again, then make the statements.",
            field="terms",
        )
    return Terms(
        row.name,
        row.effective_month,
        tuple(named),
        Agreement(
            row.collar_pct,
            row.cap_pct,
            tuple(one.share_bp or 0 for one in given.partners),
            tuple(one.cap_p for one in given.partners),
        ),
    )


def _agreements(
    reads: Connection, opener: Opener, year: str, known: Mapping[bytes, Partner]
) -> tuple[AgreementLine, ...]:
    versions = in_force(reads, year)
    opened = {row.row: row for row in opener.rows(reads, "share_partner")}
    ends = [*(one.effective_month - 1 for one in versions[1:]), MONTHS_IN_YEAR]
    return tuple(
        AgreementLine(
            row.row,
            row.name,
            row.effective_month,
            last,
            row.collar_pct,
            row.cap_pct,
            Basis(row.basis),
            row.result,
            tuple(
                _terms_line(one, opened.get(one.row), known)
                for one in stored.partners_in(reads, row.row)
            ),
        )
        for row, last in zip(versions, ends, strict=False)
    )


def _terms_line(
    row: stored.StoredPartner, opened: OpenedRow | None, known: Mapping[bytes, Partner]
) -> TermsLine:
    partner = known.get(row.partner) or Partner(row.partner, "", "A former partner", is_lead=False)
    share, said = _figure(opened, "share_bp")
    cap, _ = _figure(opened, "cap_p")
    weight, _ = _figure(opened, "weight")
    return TermsLine(row.row, partner, share, cap, weight, said)


def _figure(opened: OpenedRow | None, column: str) -> tuple[int | None, str]:
    """Return an opened figure, or words that say why there is none to show."""
    found: tuple[Opened, ...] = opened.opened.get(column, ()) if opened else ()
    if not found:
        return None, ""
    if len({one.value for one in found}) > 1:
        return None, "Contested: two laptops entered different figures."
    first = found[0]
    shown = first.value if first.standing is Standing.OPEN else None
    return (shown if isinstance(shown, int) else None), first.words


def _statements(
    reads: Connection, opener: Opener, year: str, known: Mapping[bytes, Partner]
) -> tuple[StatementLine, ...]:
    lead = lead_of(reads)
    opened = {row.row: row for row in opener.rows(reads, "share_statement")}
    seen: set[tuple[int, bytes]] = set()
    made = []
    for row in stored.statements(reads, year):
        if row.scope != lead:
            continue
        newest = (row.month, row.partner) not in seen
        seen.add((row.month, row.partner))
        made.append(_statement(row, opened.get(row.row), known, newest=newest))
    return tuple(made)


def _statement(
    row: stored.StoredStatement,
    opened: OpenedRow | None,
    known: Mapping[bytes, Partner],
    *,
    newest: bool,
) -> StatementLine:
    partner = known.get(row.partner) or Partner(row.partner, "", "A former partner", is_lead=False)
    share_p, said = _figure(opened, "share_p")
    text = opened.value("statement") if opened else None
    return StatementLine(
        row.row,
        row.month,
        row.issue or 0,
        partner,
        row.journal_number or 0,
        _figure(opened, "share_bp")[0],
        share_p,
        _figure(opened, "beyond_cap_p")[0],
        text if isinstance(text, str) else "",
        said,
        newest,
    )

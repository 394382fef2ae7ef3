"""The confidential appendix of a board pack: the share by partner, as far as it may be opened."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from collabdesk.exchange.paper.blocks import Block, Column, Heading, Kind, Note, Row, Table, Text
from collabdesk.services.budgets.papers.board_reported import ReportedFigures
from collabdesk.services.budgets.papers.pack_reading import BoardPack
from collabdesk.services.budgets.shares.share_position import SharePosition, StatementLine


def confidential_part(pack: BoardPack, share: SharePosition) -> tuple[Block, ...]:
    """Return the appendix; what this laptop may not open is not in it."""
    return (
        Heading("Confidential appendix: risk and gain share"),
        Text(
            "CONFIDENTIAL. Take this part out before the pack goes to anybody who may not read "
            "every figure on it.",
            strong=True,
        ),
        *(() if pack.now is None else _year(pack, share)),
        *_terms(pack, share),
        *_statements(pack, share),
    )


def _year(pack: BoardPack, share: SharePosition) -> Iterator[Block]:
    shared = share.shared
    if shared is None:
        otherwise = (
            "The terms of every partner are not open here."
            if share.agreements
            else "No agreement about the share is made for the year."
        )
        yield Text(share.why.words if share.why else otherwise)
        return
    result = (
        ("Result as forecast", share.result_p),
        ("Collar, kept or borne by the lead provider", shared.collar_p),
        ("Shared between the partners", shared.band_p),
        ("Above the cap, the commissioner's", shared.above_cap_p),
        ("Absorbed by no partner", shared.unabsorbed_p),
    )
    money = Kind.PENCE
    columns = (Column("Part"), Column("Amount", money))
    caption = f"The result in its bands; an underspend is above nought. {pack.stamp}"
    yield Table(caption, columns, tuple(Row(line) for line in result))
    rows = tuple(
        Row(
            (
                one.name,
                sum(part.of(one.organisation) for part in shared.parts),
                sum(part.beyond_cap(one.organisation) for part in shared.parts),
            )
        )
        for one in share.partners
    )
    titles = (Column("Partner"), Column("Its part", money), Column("Beyond its cap", money))
    yield Table(f"Position by partner. {pack.stamp}", titles, rows)


def _terms(pack: BoardPack, share: SharePosition) -> Iterator[Block]:
    rows = [
        Row(
            (
                version.name,
                f"M{version.first} to M{version.last}",
                one.partner.name,
                Decimal(one.share_bp).scaleb(-2),
                one.cap_p,
            )
        )
        for version in share.agreements
        if pack.now is not None or version.first <= pack.figures.month
        for one in version.partners
        if one.share_bp is not None
    ]
    if rows:
        columns = (
            Column("Agreement"),
            Column("Months"),
            Column("Partner"),
            Column("Share", Kind.PERCENT),
            Column("Loss at most", Kind.PENCE),
        )
        yield Table(f"Terms that are open here. {pack.stands}", columns, tuple(rows))


def _statements(pack: BoardPack, share: SharePosition) -> Iterator[Block]:
    rows = [
        Row((one.partner.name, f"M{one.month}", f"#{one.journal_number}", one.share_p))
        for one in _made(pack, share)
        if one.share_p is not None
    ]
    if not rows:
        yield Note(
            "No statement that may be opened here was made" + (" yet." if pack.now else " by then.")
        )
        return
    columns = (
        Column("Partner"),
        Column("Month"),
        Column("Ledger as at"),
        Column("Share", Kind.PENCE),
    )
    yield Table(f"Statements made. {pack.stamp}", columns, tuple(rows))


def _made(pack: BoardPack, share: SharePosition) -> Iterator[StatementLine]:
    """Return the newest statement of each month for each partner, as the pack's ledger knew it."""
    if not isinstance(pack.figures, ReportedFigures):
        yield from (one for one in share.statements if one.newest)
        return
    known: dict[tuple[int, bytes], StatementLine] = {}
    for one in sorted(share.statements, key=lambda one: one.issue):
        if one.journal_number <= pack.figures.ledger and one.month <= pack.figures.month:
            known[one.month, one.partner.organisation] = one
    yield from known.values()

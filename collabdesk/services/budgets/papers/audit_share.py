"""The risk and gain share, followed to the result it divides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from collabdesk.domain.money import format_pence
from collabdesk.services.budgets.papers.audit_forecast import budget_less_outturn
from collabdesk.services.budgets.papers.audit_stops import (
    AuditRow,
    Level,
    Listing,
    Stop,
    Worked,
    adding,
    part,
)
from collabdesk.services.budgets.papers.board_figures import BoardFigures
from collabdesk.services.budgets.shares.share_position import SharePosition


def shared_out(found: BoardFigures) -> Iterator[AuditRow]:
    """Yield the result of the year as it is shared; nothing for whoever may not know it."""
    share = found.share
    if share is None or share.shared is None:
        return
    yield _shared_figure("result", share.result_p, Worked.RESULT)
    for said, amount_p, worked in (
        ("lead provider’s reserve", share.shared.collar_p, Worked.RESERVE),
        ("commissioner’s part", share.shared.above_cap_p, Worked.COMMISSIONER),
        ("what nobody absorbs", share.shared.unabsorbed_p, Worked.UNABSORBED),
    ):
        if amount_p:
            yield _shared_figure(said, amount_p, worked)
    names = {one.organisation: one.short for one in share.partners}
    for partner, amount_p in share.shared.partners.items():
        said = names.get(partner, "a former partner")
        yield _shared_figure(said, amount_p, Worked.PARTNER, partner)


def _shared_figure(said: str, amount_p: int, worked: Worked, partner: bytes = b"") -> AuditRow:
    words = f"Risk share: {said}"
    return AuditRow(words, amount_p, below=Stop(Level.PARTS, words, worked=worked, partner=partner))


def _result(share: SharePosition, stop: Stop) -> Listing:
    found = share.outturn
    rows = list(budget_less_outturn(found, stop))
    pots_p = share.result_p - (found.budget_p - found.outturn_p)
    if pots_p:
        words = "Contingency, investment and unallocated money, as far as it is shared"
        rows.append(part(words, pots_p, stop, None))
    return adding(tuple(rows))


def _by_version(share: SharePosition, stop: Stop) -> Listing:
    """Return a figure version by version, with the result that was shared."""
    rows, said = [], []
    for run in share.shared.parts if share.shared else ():
        months = f"M{run.first} to M{run.last}"
        amounts = {
            Worked.RESERVE: run.shared.collar_p,
            Worked.COMMISSIONER: run.shared.above_cap_p,
            Worked.UNABSORBED: run.shared.unabsorbed_p,
            Worked.PARTNER: run.of(stop.partner),
        }
        amount_p = amounts[stop.worked or Worked.PARTNER]
        rows.append(part(f"{run.terms.name}, {months}", amount_p, stop, None))
        first, band = format_pence(run.shared.collar_p), format_pence(run.shared.band_p)
        said.append(
            f"{months}: {format_pence(run.shared.result_p)}, of it {first} first, {band} shared"
        )
    return adding(tuple(rows), "; ".join(said))


OF_SHARE: Final[Mapping[Worked, Callable[[SharePosition, Stop], Listing]]] = {
    Worked.RESULT: _result,
    Worked.RESERVE: _by_version,
    Worked.COMMISSIONER: _by_version,
    Worked.UNABSORBED: _by_version,
    Worked.PARTNER: _by_version,
}

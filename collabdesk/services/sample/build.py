"""Building the whole sample: three trusts' laptops, their work, and what they disagree about."""

from __future__ import annotations

from collections.abc import Callable

from collabdesk.services.budgets.commands import AmountEdit, SetPlannedAmounts
from collabdesk.services.improvement import EditProject
from collabdesk.services.improvement.queries import project_list
from collabdesk.services.sample import half_year, money, partners, work
from collabdesk.services.sample.partners import SampleDesk, Seat, sample

Say = Callable[[str, int, int], object]


def _quiet(_words: str, _done: int, _total: int) -> None:
    """Tell nobody."""


def build_sample(
    seat: Callable[[str], Seat], say: Say = _quiet, *, worked: bool = False
) -> tuple[SampleDesk, ...]:
    """Build the sample at the seats given by ODS code and return the open laptops, lead first.

    Once `worked`, its ledger holds half a year: spending, closes, a forecast and a share.
    `say` hears each step before it is taken and may raise to stop; the caller then removes
    the folders it chose. Nothing but those folders is written.
    """
    desks: list[SampleDesk] = []
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("Founding the workspace", lambda: desks.append(_found(seat))),
        ("Enrolling two partners", lambda: desks.extend(_partners(seat, desks[0]))),
        ("Allocating the devolved budget", lambda: _budget(desks[0])),
        ("Recording pilots", lambda: work.record_pilots(desks[0].workspace)),
        ("Sharing with the partners", lambda: _share(desks)),
        ("Logging an improvement project", lambda: work.make_project(desks[1].workspace)),
        ("Proposing a virement", lambda: money.propose(desks[1].workspace)),
        ("Importing published waiting times", lambda: _metrics(desks[2])),
        ("Sharing with the partners", lambda: _share(desks)),
        *((("Closing five months", lambda: half_year.live_through(desks)),) if worked else ()),
        ("Disagreeing about one figure", lambda: _disagree(desks)),
        ("Sharing with the partners", lambda: _share(desks)),
    )
    try:
        for done, (words, step) in enumerate(steps):
            say(words, done, len(steps))
            step()
    except BaseException:
        for desk in desks:
            desk.workspace.close()
        raise
    return tuple(desks)


def _found(seat: Callable[[str], Seat]) -> SampleDesk:
    lead = partners.seated()[0]
    return partners.found(lead, seat(lead.code))


def _partners(seat: Callable[[str], Seat], lead: SampleDesk) -> list[SampleDesk]:
    joined = [partners.join(partner, seat(partner.code), lead) for partner in partners.seated()[1:]]
    partners.admit(lead, joined)
    return joined


def _budget(lead: SampleDesk) -> None:
    money.make_service_lines(lead.workspace)
    version = money.make_version(lead.workspace, sample().budget.version)
    money.agree(lead.workspace, version)
    money.revise(lead.workspace, version)


def _metrics(comparer: SampleDesk) -> None:
    work.import_releases(comparer.workspace)
    work.set_standards(comparer.workspace)


def _disagree(desks: list[SampleDesk]) -> None:
    lead, one, other = desks
    offline = sample().offline
    line = money.disputed_line(lead.workspace)
    project = one.workspace.query(project_list)[0].project.row
    for desk, amount, title in (
        (one, offline.one_p, offline.title_one),
        (other, offline.other_p, offline.title_other),
    ):
        edits = (AmountEdit(line, offline.month, amount),)
        desk.workspace.run(SetPlannedAmounts(edits))
        desk.workspace.run(EditProject(project, {"title": title}))


def _share(desks: list[SampleDesk]) -> None:
    for desk in (*desks, *desks):
        desk.share()

from __future__ import annotations

from pathlib import Path

import pytest

from collabdesk.services.budgets.commands import AgreeBudgetVersion
from collabdesk.services.budgets.entered import held
from collabdesk.services.budgets.forecast.outturn import outturn
from collabdesk.services.budgets.position import position
from collabdesk.services.contested import ResolveContested
from collabdesk.services.figures import contested_cells, overtaken
from collabdesk.services.sample import money
from collabdesk.services.sample.build import build_sample
from collabdesk.services.sample.half_year import LOCKED, live_through
from collabdesk.services.sample.partners import SampleDesk, Seat, organisation_names, seated
from collabdesk.services.sample.partners import sample as content
from collabdesk.services.sharing.standing import standing
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries.ledger import journals
from collabdesk.sync.stores.folder import FolderStore
from tests.support.alliance import MemoryKeyStore
from tests.support.sample_desk import BuiltSample


def test_the_sample_has_three_partners_who_disagree_about_one_figure(
    sample_workspace: Workspace,
) -> None:
    now = standing(sample_workspace)
    assert {one.member.organisation_name for one in now.laptops} == {
        organisation_names()[code] for code in ("RHA", "RP1", "RP7")
    }
    assert len(sample_workspace.query(contested_cells)) == 1
    assert not now.aside
    assert not now.refused
    assert sample_workspace.about.sample


def test_each_laptop_of_the_sample_holds_the_same(sample: BuiltSample) -> None:
    roots, notices = set(), 0
    for code in sample.keys:
        workspace = sample.open(code)
        roots.add(standing(workspace).state_root)
        notices += len(workspace.query(overtaken, workspace.me().organisation))
        workspace.close()
    assert len(roots) == 1
    assert notices == 1


def test_the_worked_sample_is_locked_to_m5_and_forecasts_alike_on_every_laptop(
    sample: BuiltSample, tmp_path: Path
) -> None:
    copied = sample.copy_to(tmp_path / "worked")
    desks = tuple(
        SampleDesk(partner, copied.open(partner.code), copied.share()) for partner in seated()
    )
    live_through(desks)
    seen = [desk.workspace.query(outturn, "2026/27") for desk in desks]
    where = [desk.workspace.query(position, "2026/27") for desk in desks]
    assert [one.locked for one in where] == [LOCKED] * 3
    assert len({(one.outturn_p, one.unexplained) for one in seen}) == 1
    assert not seen[0].unexplained
    _agree_the_revision(*desks[:2])
    for desk in desks:
        desk.workspace.close()


def _agree_the_revision(lead: SampleDesk, other: SampleDesk) -> None:
    """Let a partner settle what is contested in the revised budget, and the lead agree it."""
    line, month = money.disputed_line(other.workspace), content().offline.month
    before_p = lead.workspace.query(held, "2026/27").unallocated_p
    draft = money.draft_version(lead.workspace).row
    settled = ResolveContested("plan_line", line, f"m{month}", 100, "Read out by both")
    other.workspace.run(settled)
    for desk in (other, lead):
        desk.share()
    lead.workspace.run(AgreeBudgetVersion(draft))
    posted = lead.workspace.query(journals, "2026/27")[-1]
    assert (posted.kind, posted.source) == ("revision", draft)
    assert lead.workspace.query(held, "2026/27").unallocated_p > before_p


class Stop(Exception):
    """Cancel was pressed."""


def test_building_can_be_stopped_and_lets_go_of_its_files(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()

    def seat(code: str) -> Seat:
        return Seat(tmp_path / code, MemoryKeyStore(), FolderStore(share), str(share))

    def say(_words: str, done: int, _total: int) -> None:
        if done == 2:
            raise Stop

    with pytest.raises(Stop):
        build_sample(seat, say)
    again = Seat(tmp_path / "other", MemoryKeyStore(), FolderStore(share), str(share))
    desks = build_sample(
        lambda code: Seat(again.folder / code, again.keys, again.store, str(share))
    )
    assert len(desks) == 3
    for desk in desks:
        desk.workspace.close()

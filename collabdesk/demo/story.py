"""The whole main job, step by step, through the services the window uses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from collabdesk.app import open_store, sample_keys
from collabdesk.demo import forgery
from collabdesk.demo.account import Account, Replica, Step
from collabdesk.domain.budgets.phasing import Profile, phase
from collabdesk.domain.money import format_pence
from collabdesk.domain.periods import FiscalYear
from collabdesk.services.budgets.commands import (
    AmountEdit,
    ApproveVirement,
    SetPlannedAmounts,
)
from collabdesk.services.budgets.forecast.outturn import outturn
from collabdesk.services.budgets.position import position
from collabdesk.services.contested import ResolveContested
from collabdesk.services.improvement import EditProject
from collabdesk.services.improvement.queries import project_list
from collabdesk.services.sample import half_year, money, partners, work
from collabdesk.services.sample.partners import SampleDesk, Seat, sample
from collabdesk.services.sharing.standing import standing
from collabdesk.services.sharing.verify import verify
from collabdesk.services.workspace import Workspace
from collabdesk.storage.queries import budgets as stored
from collabdesk.storage.queries.common import contested_cells, overtaken
from collabdesk.storage.queries.ledger import journals

MEASURES = ("MRS08b", "MRS10a")
PARTNERS = 3
JOURNALS = 2
ODD_PENNIES = 1_000_000_001


@dataclass
class Desks:
    """The three laptops."""

    lead: SampleDesk
    improver: SampleDesk
    comparer: SampleDesk

    @property
    def all(self) -> tuple[SampleDesk, ...]:
        """The laptops, the lead's first."""
        return (self.lead, self.improver, self.comparer)

    def settle(self, rounds: int = 2) -> None:
        """Share around until everybody has seen everything."""
        for _ in range(rounds):
            for desk in self.all:
                desk.share()

    def close(self) -> None:
        """Close every workspace."""
        for desk in self.all:
            desk.workspace.close()


class Story:
    """Tells the main job in a folder of its own."""

    def __init__(self, folder: Path, account: Account) -> None:
        """Tell it under `folder`: a share and three laptops' folders."""
        self.folder = folder
        self.share = folder / "shared-folder"
        self.account = account

    def run(self) -> Desks:
        """Run every step and return the laptops, still open."""
        desks = self._found()
        self._money(desks)
        self._half_year(desks)
        self._improvement(desks)
        self._metrics(desks)
        self._pilot(desks)
        before = self._offline(desks)
        self._damage(desks)
        self._same_truth(desks, before)
        return desks

    # --- 1 ---------------------------------------------------------------------------------

    def _found(self) -> Desks:
        with self.account.step("Founding the workspace and enrolling two partners") as step:
            self.share.mkdir(parents=True, exist_ok=True)
            lead, one, two = partners.seated()
            first = partners.found(lead, self._seat(lead.code))
            second = partners.join(one, self._seat(one.code), first)
            third = partners.join(two, self._seat(two.code), first)
            partners.admit(first, [second, third])
            desks = Desks(first, second, third)
            for desk in desks.all:
                name = partners.organisation_names()[desk.partner.code]
                self.account.require(
                    step,
                    holds=desk.workspace.enrolled
                    and len(desk.workspace.book.epoch.orgs) == PARTNERS,
                    words=f"{name} ({desk.partner.code}) is enrolled: {desk.partner.person}",
                )
            return desks

    def _seat(self, code: str) -> Seat:
        folder = self.folder / f"laptop-{code.lower()}"
        return Seat(folder, sample_keys(folder), open_store(str(self.share)), str(self.share))

    # --- 2 ---------------------------------------------------------------------------------

    def _money(self, desks: Desks) -> None:
        with self.account.step("Allocating the devolved budget and moving money") as step:
            lead = desks.lead.workspace
            money.make_service_lines(lead)
            version = money.make_version(lead, sample().budget.version)
            step.seen.append(money.agree(lead, version))
            money.revise(lead, version)
            self._check_phasing(step, lead, version)
            desks.settle(1)
            virement = money.propose(desks.improver.workspace)
            step.seen.append("The partner proposed a virement without a network")
            desks.improver.share()
            desks.lead.share()
            lead.run(ApproveVirement(virement))
            desks.lead.share()
            desks.comparer.share()
            desks.comparer.workspace.run(ApproveVirement(virement))
            step.seen.append("Two people of two other trusts approved it")
            desks.comparer.share()
            posted = desks.lead.share().posted
            self.account.require(
                step, holds=bool(posted), words="; ".join(posted) or "The virement is posted"
            )
            self._check_ledger(step, lead)

    def _half_year(self, desks: Desks) -> None:
        with self.account.step("Spending, closing five months and forecasting the year") as step:
            half_year.live_through(desks.all)
            year = sample().fiscal_year
            lead = desks.lead.workspace.query(position, year)
            self.account.require(
                step, holds=lead.locked == half_year.LOCKED, words=f"As at: {lead.as_at}"
            )
            self._check_ledger(step, desks.lead.workspace, JOURNALS + half_year.SPENT)
            told = {desk.workspace.query(outturn, year).outturn_p for desk in desks.all}
            self.account.require(
                step,
                holds=len(told) == 1,
                words="Every laptop forecasts " + format_pence(told.pop()),
            )

    def _check_phasing(self, step: Step, workspace: Workspace, version: bytes) -> None:
        lines = workspace.query(stored.plan_lines, version)
        total = sum(amount or 0 for line in lines for amount in line.months)
        self.account.require(
            step,
            holds=total == sample().budget.planned_p,
            words=f"{len(lines)} plan lines, phased to the penny, add to {format_pence(total)}",
        )
        year = FiscalYear.parse(sample().fiscal_year)
        self.account.require(
            step,
            holds=sum(phase(ODD_PENNIES, Profile.EQUAL, year)) == ODD_PENNIES,
            words="£10,000,000.01 over twelve months loses no penny",
        )

    def _check_ledger(self, step: Step, workspace: Workspace, many: int = JOURNALS) -> None:
        posted = workspace.query(journals)
        balanced = all(sum(line.amount_p for line in journal.lines) == 0 for journal in posted)
        self.account.require(
            step,
            holds=balanced and len(posted) == many,
            words=f"{many} journals, each balancing to nil",
        )

    # --- 3 to 5 -------------------------------------------------------------------------------

    def _improvement(self, desks: Desks) -> None:
        with self.account.step("Logging an improvement project and its PDSA cycles") as step:
            work.make_project(desks.improver.workspace)
            line = desks.improver.workspace.query(project_list)[0]
            self.account.require(step, holds=bool(line.finding), words=line.finding)
            desks.improver.share()

    def _metrics(self, desks: Desks) -> None:
        with self.account.step("Importing published waiting times and comparing trusts") as step:
            workspace = desks.comparer.workspace
            step.seen.extend(work.import_releases(workspace))
            work.set_standards(workspace)
            for measure in MEASURES:
                league = workspace.query(work.league, measure)
                self.account.require(
                    step, holds=bool(league.rows), words=f"{measure}: {league.finding}"
                )
            desks.comparer.share()

    def _pilot(self, desks: Desks) -> None:
        with self.account.step("Recording pilots from public announcements") as step:
            work.record_pilots(desks.lead.workspace)
            step.seen.append(f"{len(sample().programmes)} programmes, each figure with its basis")
            desks.settle()

    # --- 6 ---------------------------------------------------------------------------------

    def _offline(self, desks: Desks) -> dict[str, int]:
        with self.account.step("Disagreeing offline, sharing in an awkward order") as step:
            line = money.disputed_line(desks.lead.workspace)
            offline = sample().offline
            project = desks.improver.workspace.query(project_list)[0].project.row
            self._edit(desks.improver, line, offline.one_p, project, offline.title_one)
            self._edit(desks.comparer, line, offline.other_p, project, offline.title_other)
            target = money.service_lines(desks.lead.workspace)[offline.line]
            forgery.forge_edit(
                desks.comparer.workspace, "service_line", target, "name", "Forged name"
            )
            self._awkwardly(step, desks)
            before = {d.partner.code: len(d.workspace.query(contested_cells)) for d in desks.all}
            self.account.require(
                step,
                holds=set(before.values()) == {1},
                words="The planned amount is contested on all three laptops",
            )
            self._forged_is_kept_aside(step, desks)
            self._resolve(step, desks, line)
            self._title(step, desks)
            return before

    @staticmethod
    def _edit(desk: SampleDesk, line: bytes, amount: int, project: bytes, title: str) -> None:
        month = sample().offline.month
        desk.workspace.run(SetPlannedAmounts((AmountEdit(line, month, amount),)))
        desk.workspace.run(EditProject(project, {"title": title}))

    def _awkwardly(self, step: Step, desks: Desks) -> None:
        desks.comparer.share()
        slot = desks.comparer.workspace.about.slot
        copy = forgery.copy_under_conflict_name(forgery.newest_file(self.share, slot))
        desks.improver.share()
        half = forgery.newest_file(self.share, desks.improver.workspace.about.slot)
        forgery.cut_in_half(half)
        report = desks.lead.share()
        self.account.require(
            step,
            holds=any(half.name in refused.path for refused in report.refused),
            words=f"A half-written file was refused by name: {half.name}",
        )
        self.account.require(
            step,
            holds=any(copy.name in path for path in report.salvaged),
            words=f"A copy under a sync client's conflict name did no harm: {copy.name}",
        )
        desks.improver.share(audit=True)
        desks.settle()

    def _forged_is_kept_aside(self, step: Step, desks: Desks) -> None:
        for desk in desks.all:
            aside = [item for item in standing(desk.workspace).aside if item.no_right]
            self.account.require(
                step,
                holds=len(aside) == 1 and aside[0].what == "Service line",
                words=f"{desk.partner.code}: a forged {aside[0].what.lower()} edit from "
                f"{aside[0].who} is kept aside: {aside[0].reason}"
                if aside
                else f"{desk.partner.code}: the forged edit is kept aside",
            )

    def _resolve(self, step: Step, desks: Desks, line: bytes) -> None:
        offline = sample().offline
        desks.lead.workspace.run(
            ResolveContested(
                "plan_line", line, f"m{offline.month}", offline.other_p, offline.resolved_reason
            )
        )
        desks.settle()
        left = [len(desk.workspace.query(contested_cells)) for desk in desks.all]
        self.account.require(
            step,
            holds=left == [0, 0, 0],
            words=f"Settled at {format_pence(offline.other_p)} with a reason, on all three",
        )

    def _title(self, step: Step, desks: Desks) -> None:
        titles = {desk.workspace.query(project_list)[0].project.title for desk in desks.all}
        told = [
            item
            for desk in desks.all
            for item in desk.workspace.query(overtaken, desk.workspace.me().organisation)
        ]
        self.account.require(
            step,
            holds=len(titles) == 1 and len(told) == 1,
            words=f"The project is called “{next(iter(titles))}”; the other title is in its "
            "history, and its author has a notice",
        )

    # --- 7 ---------------------------------------------------------------------------------

    def _damage(self, desks: Desks) -> None:
        with self.account.step("Flipping one byte of a published file") as step:
            line = money.disputed_line(desks.lead.workspace)
            month = sample().offline.month % 12 + 1
            desks.comparer.workspace.run(
                SetPlannedAmounts((AmountEdit(line, month, sample().offline.one_p + 12_345),))
            )
            desks.comparer.share()
            desks.lead.share()
            damaged = forgery.newest_file(self.share, desks.comparer.workspace.about.slot)
            good = damaged.read_bytes()
            forgery.flip_a_byte(damaged)
            refused = desks.improver.share().refused
            self.account.require(
                step,
                holds=any(damaged.name in item.path for item in refused),
                words=f"Refused: {damaged.name}. {refused[0].words if refused else ''}",
            )
            healed = desks.lead.share(audit=True).healed
            self.account.require(
                step, holds=bool(healed), words="The lead provider put a good copy beside it"
            )
            desks.improver.share()
            roots = {standing(desk.workspace).state_root for desk in desks.all}
            self.account.require(
                step,
                holds=len(roots) == 1 and damaged.read_bytes() != good,
                words="Every laptop converged from the healed copy",
            )
            desks.comparer.share(audit=True)
            self.account.require(
                step,
                holds=damaged.read_bytes() == good,
                words="Its owner put the good file back at its next sharing",
            )

    # --- 8 ---------------------------------------------------------------------------------

    def _same_truth(self, desks: Desks, before: dict[str, int]) -> None:
        with self.account.step("Verifying every signature and comparing the three") as step:
            desks.settle()
            for desk in desks.all:
                self.account.replicas.append(self._replica(step, desk, before))
            roots = {replica.state_root for replica in self.account.replicas}
            words = {replica.words for replica in self.account.replicas}
            self.account.require(
                step,
                holds=len(roots) == 1 and len(words) == 1,
                words=f"All three read the same eight words: {next(iter(words))}",
            )

    def _replica(self, step: Step, desk: SampleDesk, before: dict[str, int]) -> Replica:
        checked = verify(desk.workspace)
        now = standing(desk.workspace)
        name = f"{partners.organisation_names()[desk.partner.code]} ({desk.partner.code})"
        self.account.require(
            step,
            holds=checked.sound,
            words=f"{desk.partner.code}: {checked.segments} change sets, {checked.records} records "
            f"and {checked.tables} tables verified"
            + "".join(f"; {fault}" for fault in checked.faults),
        )
        return Replica(
            name=name,
            state_root=now.state_root,
            words=" ".join(now.state_words),
            operations=now.counts.operations,
            segments=now.counts.segments,
            verified=checked.sound,
            refused_files=[
                {"path": item.path, "words": item.words, "healed": "yes" if item.healed else "no"}
                for item in now.refused
            ],
            contested_before=before[desk.partner.code],
            contested_after=now.counts.contested,
        )

"""Founding the sample workspace and enrolling its partners by words, as people would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from collabdesk.exchange.reference import read_organisations
from collabdesk.exchange.sample import read_sample
from collabdesk.exchange.sample_content import Partner, Sample
from collabdesk.host.key_store import KeyStore
from collabdesk.host.paths import resource
from collabdesk.services.clock import Clock
from collabdesk.services.membership import Founder
from collabdesk.services.sharing.cycle import share
from collabdesk.services.sharing.enrolment import (
    enrol,
    find_workspace,
    laptop_words,
    workspace_words,
)
from collabdesk.services.sharing.report import SyncReport
from collabdesk.services.workspace import Workspace
from collabdesk.sync.stores.port import Store


@cache
def sample() -> Sample:
    """Return the shipped sample."""
    return read_sample(resource("samples/east-midlands.toml").read_bytes())


@cache
def organisation_names() -> Mapping[str, str]:
    """Return what the trusts are called, by ODS code."""
    content = resource("organisations/organisations.csv").read_bytes()
    return {known.code: known.short_name or known.name for known in read_organisations(content)}


@dataclass(frozen=True, slots=True)
class Seat:
    """Where one partner sits: its folder, key store and view of the shared folder."""

    folder: Path
    keys: KeyStore
    store: Store
    store_path: str


@dataclass
class SampleDesk:
    """One partner's open workspace and how it reaches the shared folder."""

    partner: Partner
    workspace: Workspace
    store: Store

    def share(self, *, audit: bool = False) -> SyncReport:
        """Exchange with the shared folder; the sample heals without waiting."""
        return share(self.workspace, self.store, audit=audit, grace_ms=0)


def seated() -> Sequence[Partner]:
    """Return the partners that take part, the lead first."""
    return [partner for partner in sample().partners if partner.laptop]


def _founder(partner: Partner) -> Founder:
    return Founder(organisation_names()[partner.code], partner.code, partner.person, partner.laptop)


def found(partner: Partner, seat: Seat, clock: Clock | None = None) -> SampleDesk:
    """Found the sample workspace at the lead provider and publish it."""
    workspace = Workspace.found(
        seat.folder,
        seat.keys,
        name=sample().workspace,
        founder=_founder(partner),
        store=seat.store_path,
        slot=partner.code.lower(),
        sample=True,
        clock=clock,
    )
    desk = SampleDesk(partner, workspace, seat.store)
    desk.share()
    return desk


def join(partner: Partner, seat: Seat, lead: SampleDesk, clock: Clock | None = None) -> SampleDesk:
    """Ask to join, with the workspace's words as the lead reads them out."""
    read_out = " ".join(workspace_words(lead.workspace))
    workspace_id, name = find_workspace(seat.store, read_out)
    workspace = Workspace.ask_to_join(
        seat.folder,
        seat.keys,
        workspace=workspace_id,
        name=name,
        founder=_founder(partner),
        store=seat.store_path,
        slot=partner.code.lower(),
        sample=True,
        clock=clock,
    )
    desk = SampleDesk(partner, workspace, seat.store)
    desk.share()
    return desk


def admit(lead: SampleDesk, partners: Sequence[SampleDesk]) -> None:
    """Admit the partners by the words each reads out; everybody signs the membership."""
    enrol(lead.workspace, lead.store, [" ".join(laptop_words(p.workspace)) for p in partners])
    for desk in (lead, *partners, lead, *partners):
        desk.share()

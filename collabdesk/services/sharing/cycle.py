"""One exchange with the shared folder, from sealing to healing.

Local data are never deleted because the folder lacks them; whatever stops an exchange,
everything stays on this laptop and the next one goes on. A quiet exchange lists little and
reads nothing; once a day everything is listed, and every hour some files are read back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from collabdesk.errors import NotPossible, Refusal
from collabdesk.services import membership
from collabdesk.services.budgets.commands import PostReadyVirements
from collabdesk.services.control.at_sharing import speak
from collabdesk.services.policy import policy_value
from collabdesk.services.sealed.letting_in import let_own_laptops_read
from collabdesk.services.sharing import emitting, settling
from collabdesk.services.sharing.collect import Collecting
from collabdesk.services.sharing.folder_abilities import try_sometimes
from collabdesk.services.sharing.heal import Look, heal
from collabdesk.services.sharing.noticing import keep, number
from collabdesk.services.sharing.own_chain import compare_own_chain, read_back
from collabdesk.services.sharing.presence import check_presence, confirm_own_head
from collabdesk.services.sharing.publish import publish
from collabdesk.services.sharing.publishable import publishable
from collabdesk.services.sharing.report import SyncReport
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.storage.share_log import ShareLog
from collabdesk.sync import names, records
from collabdesk.sync.stores.port import Store

_ROUNDS: Final = 8
_ONLY_READING: Final = frozenset(("restored-lost", "copied-laptop", "key-lost"))
"""Then nothing may be signed or sent; what partners sent can still be read."""

_HOUR_MS: Final = 60 * 60 * 1000
_DAY_MS: Final = 24 * _HOUR_MS
_MINUTE_MS: Final = 60 * 1000

Progress = Callable[[str], None]


def _quiet(_: str) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class _Due:
    """What this exchange does beside exchanging: its turn, a survey, an audit."""

    turn: int
    survey: bool
    audit: bool


def share(  # noqa: PLR0913 - what the caller may want to set
    workspace: Workspace,
    store: Store,
    *,
    audit: bool | None = None,
    grace_ms: int | None = None,
    progress: Progress = _quiet,
    cancelled: Callable[[], bool] = _never,
) -> SyncReport:
    """Exchange change sets with a folder; never on the window's thread.

    With `audit`, some files already exchanged are read back and mended; None does so once
    an hour. `grace_ms` is how long a partner's file must be missing before it is put back;
    None asks the workspace's policy. NotPossible in words if the folder cannot be used;
    nothing is lost then.
    """
    exchange = _Exchange(workspace, store, _grace(workspace, grace_ms), progress, cancelled)
    return exchange.run(audit=audit)


@dataclass
class _Exchange:
    workspace: Workspace
    store: Store
    grace_ms: int
    progress: Progress
    cancelled: Callable[[], bool]
    founding: Mapping[str, dict[str, int]] = field(default_factory=dict)

    def run(self, *, audit: bool | None) -> SyncReport:
        workspace, report = self.workspace, SyncReport()
        self.founding = check_presence(workspace, self.store)
        due = keep(workspace, lambda _, replica: _due(replica, workspace.clock.now_ms(), audit))
        report.survey = due.survey
        try:
            if workspace.enrolled:
                workspace.keys()
                self._read_back(report, compare_own_chain)
        except NotPossible as refusal:
            if refusal.code in _ONLY_READING:
                self._collect_only(report, due)
            raise
        self._exchange(report, due)
        return report

    def _exchange(self, report: SyncReport, due: _Due) -> None:
        self.progress("Sending")
        publish(self.workspace, self.store, report)
        collecting = self._collect(report, due)
        if self.cancelled():
            return
        if collecting.own:
            # A laptop that is retired signs nothing more, but holds what it had signed.
            self._read_back(report, read_back)
        report.let_in.extend(let_own_laptops_read(self.workspace))
        if emitting.emit(self.workspace) or report.let_in:
            publish(self.workspace, self.store, report)
        self._mend(report, due, collecting)
        self._settle(report, due, collecting)

    def _collect(self, report: SyncReport, due: _Due) -> Collecting:
        for _ in range(_ROUNDS):
            self.progress("Collecting")
            collecting = self._look(report, due)
            news = collecting.records()
            collecting.segments()
            collecting.blobs()
            if self.cancelled():
                break
            news = _vote(self.workspace, report) or news
            news = speak(self.workspace) or news
            news = _post(self.workspace, report) or news
            publish(self.workspace, self.store, report)
            if not news:
                break
        return collecting

    def _look(self, report: SyncReport, due: _Due) -> Collecting:
        return Collecting(
            self.workspace,
            self.store,
            report,
            turn=due.turn,
            survey=due.survey,
            again=due.audit,
            cancelled=self.cancelled,
        )

    def _collect_only(self, report: SyncReport, due: _Due) -> None:
        self.workspace.read_only = True
        try:
            collecting = self._look(report, due)
            collecting.records()
            collecting.segments()
            collecting.blobs()
        finally:
            self.workspace.read_only = False

    def _read_back(self, report: SyncReport, how: Callable[[Workspace, Store], int]) -> None:
        read = how(self.workspace, self.store)
        report.reread += read
        if read:
            self.workspace.distrust_copy()

    def _mend(self, report: SyncReport, due: _Due, collecting: Collecting) -> None:
        if not self.workspace.founded:
            return
        if due.audit:
            self.progress("Checking the folder")
        if due.survey:
            try_sometimes(self.workspace, self.store)
            collecting.listing.look_into_blobs()
        collecting.listing.shown.update(self.founding)
        now = Look(
            self.store,
            collecting.listing,
            report,
            self.grace_ms,
            due.turn,
            due.survey,
            self.cancelled,
        )
        heal(self.workspace, now, audit=due.audit)

    def _settle(self, report: SyncReport, due: _Due, collecting: Collecting) -> None:
        """Note what this exchange showed; it is well only once the own head was seen there."""
        report.confirmed = confirm_own_head(self.workspace, collecting.listing)
        report.looked_into = tuple(sorted(collecting.listing.folders))
        report.left_out = [str(refusal) for refusal in collecting.listing.left_out]
        now = self.workspace.clock.now_ms()

        def write(log: ShareLog, replica: SqliteReplica) -> None:
            settling.settle(self.workspace, collecting.listing, log)
            replica.set_setting("last_shared", str(now).encode())
            if due.survey:
                replica.set_setting("last_survey", str(now).encode())
            if due.audit:
                replica.set_setting("last_audit", str(now).encode())

        keep(self.workspace, write)


def _grace(workspace: Workspace, grace_ms: int | None) -> int:
    if grace_ms is not None:
        return grace_ms
    minutes = workspace.query(policy_value, "relisting_minutes")
    return int(str(minutes)) * _MINUTE_MS


def _due(replica: SqliteReplica, now: int, audit: bool | None) -> _Due:  # noqa: FBT001 - None: when due
    turn = number(replica.setting("turn")) + 1
    replica.set_setting("turn", str(turn).encode())
    survey = _is_due(replica, "last_survey", _DAY_MS, now)
    hourly = _is_due(replica, "last_audit", _HOUR_MS, now)
    return _Due(turn, survey, hourly if audit is None else audit)


def _is_due(replica: SqliteReplica, key: str, every_ms: int, now: int) -> bool:
    """Tell whether something was not done for so long; a clock set back makes it due."""
    return not 0 <= now - number(replica.setting(key)) < every_ms


def republish(workspace: Workspace) -> None:
    """Put everything this laptop holds in the outbox, for a folder that lost its content."""

    def again(replica: SqliteReplica) -> None:
        for key in ("last_shared", "last_survey"):
            replica.set_setting(key, b"")
        replica.forget_places()
        slot = workspace.about.slot
        for record in replica.record_files():
            content = publishable(record, replica)
            rid = records.record_id(record.record_bytes)
            is_genesis = rid == workspace.about.workspace
            path = names.genesis_path(rid) if is_genesis else names.record_path(slot, content)
            replica.put_out(path, content)
        for segment_id, dev, seq, file in replica.segments_from(0, 1 << 40):
            own = dev == names.dev16(workspace.about.key)
            path = names.segment_path(slot, workspace.about.key, seq, segment_id)
            replica.put_out(path if own else names.healed_path(slot, segment_id), file)
        for chunk_hash, chunk in replica.blobs_from(0, 1 << 40):
            replica.put_out(names.blob_path(slot, chunk_hash), chunk)

    workspace.write(again)


def _vote(workspace: Workspace, report: SyncReport) -> bool:
    """Sign the drafted membership that admits this laptop exactly as it asked."""
    request = workspace.join_request()
    if request is None or not workspace.founded or workspace.enrolled:
        report.joined = workspace.enrolled
        return False
    drafted = membership.invitation(workspace.book, workspace.about.key)
    if drafted is None or not membership.matches_request(workspace.book, drafted, request):
        return False
    vote = records.sign_record(records.encode_record(drafted.record), workspace.keys().signing)

    def keep(replica: SqliteReplica) -> None:
        replica.add_record(vote)
        content = records.write_file(vote)
        replica.put_out(names.record_path(workspace.about.slot, content), content)

    workspace.write(keep)
    workspace.judge_again()
    report.joined = workspace.enrolled
    return True


def _post(workspace: Workspace, report: SyncReport) -> bool:
    """Let the ledger keeper's laptop post what is complete."""
    if not workspace.enrolled or not workspace.me().keeps_ledger:
        return False
    if not emitting.may_sign(workspace):
        return False
    try:
        done = workspace.run(PostReadyVirements())
    except Refusal as refusal:
        # What cannot be posted now must not keep the rest from being shared.
        if str(refusal) not in report.not_posted:
            report.not_posted.append(str(refusal))
        return False
    if done.words:
        report.posted.append(done.words)
    return False

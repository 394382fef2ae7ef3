"""One exchange with the shared folder, from sealing to healing.

Local data are never deleted because the folder lacks them; whatever stops an exchange,
everything stays on this laptop and the next one goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection

from collabdesk.errors import NotPossible
from collabdesk.services import membership
from collabdesk.services.budgets.commands import PostReadyVirements
from collabdesk.services.control.at_sharing import speak
from collabdesk.services.sharing.collect import Collecting
from collabdesk.services.sharing.heal import heal
from collabdesk.services.sharing.publish import publish
from collabdesk.services.sharing.report import SyncReport
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import names, records
from collabdesk.sync.listing import workspaces
from collabdesk.sync.stores.port import Store

GRACE_MS: Final = 10 * 60 * 1000
_ROUNDS: Final = 8

Progress = Callable[[str], None]


def _quiet(_: str) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False


def share(  # noqa: PLR0913 - what the caller may want to set
    workspace: Workspace,
    store: Store,
    *,
    audit: bool = True,
    grace_ms: int = GRACE_MS,
    progress: Progress = _quiet,
    cancelled: Callable[[], bool] = _never,
) -> SyncReport:
    """Exchange change sets with a folder; never on the window's thread.

    With `audit`, some files already exchanged are read back and mended. NotPossible in
    words if the folder cannot be used; nothing is lost then.
    """
    report = SyncReport()
    workspace.refuse_restored_copy(afresh=True)
    _check_folder(workspace, store)
    turn = workspace.write(_next_turn)
    progress("Sending")
    publish(workspace, store, report)
    for _ in range(_ROUNDS):
        if cancelled():
            return report
        progress("Collecting")
        collecting = Collecting(workspace, store, report, turn=turn, cancelled=cancelled)
        news = collecting.records()
        collecting.segments()
        collecting.blobs()
        news = _vote(workspace, report) or news
        news = speak(workspace) or news
        news = _post(workspace, report) or news
        publish(workspace, store, report)
        if not news:
            break
    if audit and workspace.founded:
        progress("Checking the folder")
        heal(workspace, store, report, turn=turn, grace_ms=grace_ms, cancelled=cancelled)
    now = workspace.clock.now_ms()
    workspace.write(lambda replica: replica.set_setting("last_shared", str(now).encode()))
    return report


def _check_folder(workspace: Workspace, store: Store) -> None:
    ours = names.ws26(workspace.about.workspace)
    present = workspaces(store)
    if ours in present or not workspace.query(_has_shared):
        return
    other = "another workspace" if present else "nothing"
    raise NotPossible(
        code="foreign-share" if present else "empty-share",
        words=f"The shared folder holds {other}, not “{workspace.about.name}”. "
        "Nothing was deleted here: your copy is complete.",
        remedy="Check that the right folder is chosen. If its content was lost, "
        "choose “Publish everything again” in Sharing.",
        field="store",
    )


def republish(workspace: Workspace) -> None:
    """Put everything this laptop holds in the outbox, for a folder that lost its content."""

    def again(replica: SqliteReplica) -> None:
        replica.set_setting("last_shared", b"")
        replica.forget_places()
        slot = workspace.about.slot
        for record in replica.record_files():
            content = records.write_file(record)
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
    done = workspace.run(PostReadyVirements())
    if done.words:
        report.posted.append(done.words)
    return False


def _next_turn(replica: SqliteReplica) -> int:
    turn = int((replica.setting("turn") or b"0").decode()) + 1
    replica.set_setting("turn", str(turn).encode())
    return turn


def _has_shared(reads: Connection) -> bool:
    return bool(SqliteReplica(reads).setting("last_shared"))

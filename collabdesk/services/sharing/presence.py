"""Whether the folder is this workspace's at all, and shows this laptop's newest change set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from collabdesk.errors import NotPossible
from collabdesk.services.workspace import Workspace
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import names, records
from collabdesk.sync.codec import Malformed
from collabdesk.sync.listing import Listing, workspaces
from collabdesk.sync.stores.port import Store, TooLarge


def check_presence(workspace: Workspace, store: Store) -> Mapping[str, dict[str, int]]:
    """Raise NotPossible if the folder no longer holds what founded the workspace.

    A folder that was never shared through may be empty: the first exchange fills it.
    Returns what was listed on the way.
    """
    if not workspace.query(_has_shared):
        return {}
    ws26 = names.ws26(workspace.about.workspace)
    listing = Listing(store, ws26, lambda _: False)
    place = f"{names.workspace_folder(workspace.about.workspace)}/"
    # A listing may be old: the file itself is asked for before anything is believed lost.
    there = listing.shows_genesis() or store.stat(
        place + names.genesis_path(workspace.about.workspace)
    )
    if not there and workspace.about.workspace not in _records(listing, store):
        raise _lost(workspace.about.name, ws26, workspaces(store))
    return listing.shown


def _lost(name: str, ws26: str, present: Sequence[str]) -> NotPossible:
    foreign = bool(present) and ws26 not in present
    if ws26 in present:
        said = f"no longer holds the founding record of “{name}”"
    else:
        said = f"holds {'another workspace' if foreign else 'nothing'}, not “{name}”"
    return NotPossible(
        code="foreign-share" if foreign else "empty-share",
        words=f"The shared folder {said}. Nothing was deleted here: your copy is complete.",
        remedy="Check that the right folder is chosen. If its content was lost, "
        "choose “Publish everything again” in Sharing.",
        field="store",
    )


def _has_shared(reads: Connection) -> bool:
    return bool(SqliteReplica(reads).setting("last_shared"))


def _records(listing: Listing, store: Store) -> Iterator[bytes]:
    """Yield the ids of the records in every slot: anybody may have put genesis back."""
    for found in listing.records():
        try:
            content = store.get(found.path, found.cap)
            if content is not None:
                yield records.record_id(records.read_file(content).record_bytes)
        except (Malformed, TooLarge):
            continue


def confirm_own_head(workspace: Workspace, listing: Listing) -> bool:
    """Tell whether a listing shows this laptop's newest change set; true before its first.

    Lists its folder once more where the look came before it was published.
    """
    head = workspace.query(_own_head, names.dev16(workspace.about.key))
    if head is None:
        return True
    seq, segment_id = head
    about = workspace.about
    place = names.segment_path(about.slot, about.key, seq, segment_id)
    path = f"{names.workspace_folder(about.workspace)}/{place}"
    if listing.size_at(path) is not None:
        return True
    for _ in listing.own_chain(about.slot, names.dev26(about.key), seq):
        pass
    return listing.size_at(path) is not None or workspace.query(_is_elsewhere, listing, segment_id)


def _own_head(reads: Connection, dev: bytes) -> tuple[int, bytes] | None:
    query = "SELECT seq, id FROM segment WHERE dev16 = ? ORDER BY seq DESC LIMIT 1"
    found = reads.exec_driver_sql(query, (dev,)).first()
    return (found[0], found[1]) if found else None


def _is_elsewhere(reads: Connection, listing: Listing, segment_id: bytes) -> bool:
    paths = SqliteReplica(reads).paths_of(segment_id)
    return any(listing.size_at(path) is not None for path in paths)

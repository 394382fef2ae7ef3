"""A laptop's folder made ready: its keys, its database, and what it first publishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from collabdesk import __version__
from collabdesk.errors import NotPossible
from collabdesk.host.key_store import KeyStore
from collabdesk.host.synced_folders import refuse_synced_folder
from collabdesk.services import membership
from collabdesk.services.about import About, make_incarnation
from collabdesk.services.recovery_key import RecoveryKey
from collabdesk.services.secrets import LaptopKeys, LaptopSecrets, make_keys
from collabdesk.storage.database import FILE_NAME, Database
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync.join import JoinRequest, write_join
from collabdesk.sync.names import genesis_path, join_path, record_path
from collabdesk.sync.records import RecordFile, write_file


@dataclass(frozen=True, slots=True)
class Seat:
    """The workspace's name, who sits down, and where the laptop shares: folder and slot."""

    name: str
    founder: membership.Founder
    store: str
    slot: str
    sample: bool


def make_founder(
    folder: Path, keys: KeyStore, seat: Seat, recovery: membership.Recovery | None = None
) -> None:
    """Make the folder of a founder's laptop, with genesis and its first roster to publish."""
    laptop = make_keys()
    founded = membership.found(
        seat.founder, seat.name, laptop.signing, laptop.seal_public, recovery
    )
    records = {
        genesis_path(founded.workspace): founded.genesis,
        record_path(seat.slot, write_file(founded.roster)): founded.roster,
    }
    _make(folder, keys, laptop, _about(seat, founded.workspace, laptop), records)


def make_newcomer(
    folder: Path,
    keys: KeyStore,
    workspace: bytes,
    seat: Seat,
    recovery: RecoveryKey | None = None,
) -> None:
    """Make the folder of a laptop that asks to join, with its request to publish.

    A recovery key asks beside it: it signs once, that it is there, and is kept nowhere.
    """
    laptop = make_keys()
    request = request_of(seat.founder, workspace, laptop, recovery)
    requests = {join_path(seat.slot, laptop.public): write_join(request, laptop.signing)}
    if recovery is not None:
        beside = replace(
            request,
            key=recovery.public,
            seal_key=recovery.seal_public,
            label=membership.RECOVERY_LABEL,
            app=__version__,
        )
        requests[join_path(seat.slot, recovery.public)] = write_join(beside, recovery.signing)
    _make(folder, keys, laptop, _about(seat, workspace, laptop), {}, requests)


def request_of(
    founder: membership.Founder,
    workspace: bytes,
    laptop: LaptopKeys,
    recovery: RecoveryKey | None = None,
) -> JoinRequest:
    """Return what a laptop asks, naming its organisation's recovery key if it made one."""
    app = __version__
    return JoinRequest(
        ws=workspace,
        key=laptop.public,
        seal_key=laptop.seal_public,
        person=founder.person,
        org_name=founder.organisation_name,
        ods=founder.ods,
        label=founder.label,
        app=membership.app_with_recovery(app, recovery.listed) if recovery else app,
    )


def _about(seat: Seat, workspace: bytes, laptop: LaptopKeys) -> About:
    return About(
        workspace=workspace,
        name=seat.name,
        slot=seat.slot,
        store=seat.store,
        key=laptop.public,
        incarnation=make_incarnation(),
        organisation_name=seat.founder.organisation_name,
        ods=seat.founder.ods,
        person=seat.founder.person,
        label=seat.founder.label,
        sample=seat.sample,
    )


def _make(  # noqa: PLR0913, PLR0917 - what a new folder starts with
    folder: Path,
    keys: KeyStore,
    laptop: LaptopKeys,
    about: About,
    records: Mapping[str, RecordFile],
    requests: Mapping[str, bytes] | None = None,
) -> None:
    _refuse_occupied(folder)
    refuse_synced_folder(folder)
    _refuse_shared_folder(folder, about.store)
    _make_folder(folder)
    LaptopSecrets(keys, about.workspace, about.key).keep(laptop)
    database = Database(folder / FILE_NAME)
    with database.write() as connection:
        replica = SqliteReplica(connection, about.slot)
        replica.set_setting("about", about.to_json())
        for path, file in records.items():
            replica.add_record(file)
            replica.put_out(path, write_file(file))
        for path, content in (requests or {}).items():
            if path == join_path(about.slot, about.key):
                replica.set_setting("join_request", content)
            replica.put_out(path, content)
    database.close()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotPossible(
            code="cannot-make-folder",
            words=f"The folder {folder} cannot be made: {error.strerror}.",
            remedy="Choose a folder of your own on this computer.",
            field="folder",
        ) from error


def _refuse_occupied(folder: Path) -> None:
    if (folder / FILE_NAME).exists():
        raise NotPossible(
            code="workspace-exists",
            words=f"There is a workspace in {folder} already.",
            remedy="Open it, or choose an empty folder.",
            field="folder",
        )


def _refuse_shared_folder(folder: Path, store: str) -> None:
    if store and folder.absolute().is_relative_to(Path(store).absolute()):
        raise NotPossible(
            code="inside-shared-folder",
            words=f"The folder {folder} lies inside the shared folder {store}.",
            remedy="Choose a folder on this computer's own disk for the workspace: only "
            "change sets go into the shared folder.",
            field="folder",
        )

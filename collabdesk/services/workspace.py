"""One workspace opened on this laptop: the door the window and the command line share."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from collabdesk import __version__
from collabdesk.domain.changes import Change, Insert, NewRow, PostJournal
from collabdesk.errors import NotPossible, Refusal
from collabdesk.host.key_store import KeyStore
from collabdesk.host.synced_folders import refuse_synced_folder
from collabdesk.services import membership
from collabdesk.services.about import About
from collabdesk.services.bus import decide
from collabdesk.services.clock import Clock, SystemClock
from collabdesk.services.commands import Actor, Outcome
from collabdesk.services.making import Seat, make_founder, make_newcomer
from collabdesk.services.metrics.derive import derive_observations
from collabdesk.services.notices import Notice, Notices
from collabdesk.services.recovery_key import RecoveryKey
from collabdesk.services.restored import refuse_restored_copy
from collabdesk.services.sealed.opening import Opener
from collabdesk.services.sealed.sealing import ItemSealer
from collabdesk.services.secrets import KeyLost, LaptopKeys, LaptopSecrets
from collabdesk.services.threads import Threads
from collabdesk.services.undo import (
    Step,
    UndoStack,
    again,
    refuse_others_changes,
    refuse_settled_changes,
    settle,
)
from collabdesk.storage.database import FILE_NAME, Database
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import blobs
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.engine import Committed, Engine, Identity
from collabdesk.sync.hashing import sha256
from collabdesk.sync.join import JoinRequest, read_join
from collabdesk.sync.names import blob_path, dev16
from collabdesk.sync.registry import REGISTRY

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left: its words, the record touched, the ids of new rows."""

    words: str
    record: tuple[str, bytes] | None
    new_rows: dict[str, bytes]


class Workspace:
    """Commands in, notices out; reads on their own connections."""

    def __init__(self, folder: Path, keys: KeyStore, clock: Clock | None = None) -> None:
        """Open the workspace in a folder; NotPossible in words if that cannot be."""
        if not (folder / FILE_NAME).is_file():
            raise NotPossible(
                code="not-a-workspace",
                words=f"There is no CollabDesk workspace in {folder}.",
                remedy="Choose the folder of a workspace, found a new one, or join one.",
                field="workspace",
            )
        refuse_synced_folder(folder)
        self.folder = folder
        self.clock = clock or SystemClock()
        self.database = Database(folder / FILE_NAME)
        self.notices = Notices()
        self.undo_stack = UndoStack()
        with self.database.read() as reads:
            self.about = _about(reads, folder)
        self.secrets = LaptopSecrets(keys, self.about.workspace, self.about.key)
        self.key_words = keys.describe()
        self._keys: LaptopKeys | None = None
        self._checked = False
        self.read_only = False
        # What stood when nobody of this organisation waited to be let in to an entry.
        self.let_in_at: object = None
        self._book: Rulebook | None = None
        self._judged: Rulebook | None = None
        self.threads = Threads(self.about.slot)
        if self.database.needs_rebuild:
            self.threads.write(self.rebuild_now).result()
        # A crash may have come between a record and the judging under it.
        self.judge_again()

    # --- making one ------------------------------------------------------------------------

    @classmethod
    def found(  # noqa: PLR0913 - each is a question the first-run page asks
        cls,
        folder: Path,
        keys: KeyStore,
        *,
        name: str,
        founder: membership.Founder,
        store: str,
        slot: str,
        sample: bool = False,
        clock: Clock | None = None,
        recovery: RecoveryKey | None = None,
    ) -> Workspace:
        """Found a workspace: genesis, roster and a first laptop that keeps the ledger."""
        seat = Seat(name, founder, store, slot, sample)
        make_founder(folder, keys, seat, recovery.listed if recovery else None)
        return cls(folder, keys, clock)

    @classmethod
    def ask_to_join(  # noqa: PLR0913 - each is a question the join page asks
        cls,
        folder: Path,
        keys: KeyStore,
        *,
        workspace: bytes,
        name: str,
        founder: membership.Founder,
        store: str,
        slot: str,
        sample: bool = False,
        clock: Clock | None = None,
        recovery: RecoveryKey | None = None,
    ) -> Workspace:
        """Make this laptop's keys and its request; the workspace's words were checked before."""
        seat = Seat(name, founder, store, slot, sample)
        make_newcomer(folder, keys, workspace, seat, recovery)
        return cls(folder, keys, clock)

    # --- who ---------------------------------------------------------------------------------

    @property
    def book(self) -> Rulebook:
        """The rules in force, as far as records have arrived."""
        if self._book is None:
            with self.database.read() as reads:
                self._book = Rulebook(self.about.workspace, SqliteReplica(reads).records())
        return self._book

    def forget_book(self) -> None:
        """Work the rules out again at the next use: records have arrived."""
        self._book = None

    @property
    def founded(self) -> bool:
        """Tell whether genesis is here, so that rules exist at all."""
        return bool(self.book.epochs)

    @property
    def enrolled(self) -> bool:
        """Tell whether this laptop is named in a roster in force."""
        return self.founded and self.book.organisation_of(self.about.key) is not None

    def keys(self) -> LaptopKeys:
        """Return this laptop's keys, read once."""
        if self._keys is None:
            self._keys = self.secrets.keys()
        return self._keys

    def identity(self) -> Identity | None:
        """Return who signs here, or None before enrolment and while nothing may be signed."""
        organisation = self.book.organisation_of(self.about.key) if self.founded else None
        if organisation is None or self.read_only:
            return None
        return Identity(
            self.about.key,
            organisation,
            self.about.incarnation,
            f"CollabDesk {__version__}",
            lambda: self.keys().signing,
        )

    def me(self) -> Actor:
        """Return who acts here; Refusal before enrolment."""
        member = membership.members(self.book).get(dev16(self.about.key)) if self.founded else None
        if member is None:
            raise Refusal(
                code="not-enrolled",
                words="This laptop has asked to join and is not enrolled yet.",
                remedy="Read its eight words to the administrator of the lead provider, "
                "then share again.",
            )
        return Actor(
            organisation=member.organisation,
            ods=member.ods,
            organisation_name=member.organisation_name,
            person=member.person,
            role=member.role,
            is_lead=member.is_lead,
            keeps_ledger=member.keeps_ledger,
            today=self.clock.today(),
        )

    def join_request(self) -> JoinRequest | None:
        """Return what this laptop asked for, or None at the founder."""
        with self.database.read() as reads:
            kept = SqliteReplica(reads).setting("join_request")
        return read_join(kept) if kept else None

    def use_store(self, path: str) -> None:
        """Exchange through another shared folder from now on; waits for the writer."""
        about = replace(self.about, store=path)
        self.write(lambda replica: replica.set_setting("about", about.to_json()))
        self.about = about

    def begin_anew(self, about: About, secrets: LaptopSecrets) -> None:
        """Sign with other keys from now on; they were kept and written before."""
        self.about, self.secrets, self._keys = about, secrets, None
        self._checked = self.read_only = False
        self.undo_stack.forget()

    def refuse_restored_copy(self, *, afresh: bool = False) -> None:
        """Raise NotPossible if the key is lost, or has signed more than this copy holds.

        Asked of the key store once a session, or `afresh`.
        """
        if self._checked and not afresh:
            return
        if self.enrolled:
            self.keys()
            with self.database.read() as reads:
                refuse_restored_copy(reads, self.about.key, self.secrets.anchor())
        self._checked = True

    def distrust_copy(self) -> None:
        """Compare this copy with the key store again before the next change."""
        self._checked = False

    # --- commands ------------------------------------------------------------------------------

    def submit(self, command: object) -> Future[Done]:
        """Queue a command for the writer; the future holds what it left, or its Refusal."""
        return self.threads.write(lambda: self._run(command))

    def run(self, command: object) -> Done:
        """Run a command and wait for it; never on the window's thread."""
        return self.submit(command).result()

    def _run(self, command: object) -> Done:
        self.refuse_restored_copy()
        with self.engine() as (engine, replica, connection):
            outcome = decide(command, connection, self.me())
            committed = self._commit(engine, replica, outcome)
            self._derive_for(committed, connection)
        if outcome.changes:
            self._remember(outcome, committed)
        self.notices.tell(Notice("local", committed.changed, outcome.words))
        return Done(outcome.words, _record(outcome, committed), dict(committed.new_rows))

    def _commit(self, engine: Engine, replica: SqliteReplica, outcome: Outcome) -> Committed:
        for file in outcome.blobs:
            self._keep_blob(replica, file)
        return engine.commit(outcome.changes)

    def _keep_blob(self, replica: SqliteReplica, file: bytes) -> None:
        for chunk in blobs.chunks(io.BytesIO(file)):
            chunk_hash = sha256(chunk)
            replica.add_blob(chunk_hash, chunk)
            replica.put_out(blob_path(self.about.slot, chunk_hash), chunk)

    def _derive_for(self, committed: Committed, connection: Connection) -> None:
        """Bring the figures of releases up to date with what came or went."""
        if "release" in committed.changed:
            self.derive(connection)

    def _remember(self, outcome: Outcome, committed: Committed) -> None:
        if any(isinstance(change, PostJournal) for change in outcome.changes):
            self.undo_stack.forget()
        if not outcome.inverse:
            return
        back = settle(outcome.inverse, committed.new_rows)
        forward = settle(outcome.changes, committed.new_rows)
        self.undo_stack.did(Step(outcome.words, back, again(forward, back)))

    # --- undo and redo -------------------------------------------------------------------------

    def undo(self) -> Future[str]:
        """Take back this session's newest step; the future holds its words."""
        return self.threads.write(self._undo)

    def redo(self) -> Future[str]:
        """Take the newest undone step again."""
        return self.threads.write(self._redo)

    def _undo(self) -> str:
        step = self.undo_stack.next_undo()
        if step is None:
            raise Refusal(code="nothing-to-undo", words="There is nothing of yours to undo.")
        self._apply(step.back, step.words)
        self.undo_stack.undid()
        return step.words

    def _redo(self) -> str:
        step = self.undo_stack.next_redo()
        if step is None:
            raise Refusal(code="nothing-to-redo", words="There is nothing to redo.")
        self._apply(step.again, step.words)
        self.undo_stack.redid()
        return step.words

    def _apply(self, changes: Sequence[Change], words: str) -> None:
        self.refuse_restored_copy()
        with self.engine() as (engine, replica, connection):
            refuse_others_changes(replica.log, dev16(self.about.key), changes, words)
            refuse_settled_changes(connection, changes, words)
            committed = engine.commit(changes)
            self._derive_for(committed, connection)
        self.notices.tell(Notice("local", committed.changed, words))

    # --- reading ---------------------------------------------------------------------------------

    def read(self, query: Callable[..., Result], *args: object) -> Future[Result]:
        """Queue a query (connection first) for the readers."""
        return self.threads.read(lambda: self.query(query, *args))

    def opener(self) -> Opener:
        """Return what opens the confidential entries this laptop may read, when asked."""
        return Opener(self.book, self.about.key, lambda: self.keys().sealing)

    def query(self, query: Callable[..., Result], *args: object) -> Result:
        """Run a query (connection first) here and now; never on the window's thread."""
        with self.database.read() as reads:
            return query(reads, *args)

    # --- the engine in one transaction ---------------------------------------------------------

    @contextmanager
    def engine(self) -> Iterator[tuple[Engine, SqliteReplica, Connection]]:
        """Open one lasting transaction with the engine over it; only on the writer's thread."""
        with self.database.write() as connection:
            replica = SqliteReplica(connection, self.about.slot)
            sealer = ItemSealer(connection, self.book, self.about.key, lambda: self.keys().sealing)
            engine = Engine(
                replica, REGISTRY, self.book, self.identity(), self.clock.now_ms, sealer
            )
            yield engine, replica, connection

    def _in_transaction(self, work: Callable[[SqliteReplica], Result]) -> Result:
        with self.database.write() as connection:
            return work(SqliteReplica(connection, self.about.slot))

    def write(self, work: Callable[[SqliteReplica], Result]) -> Result:
        """Run work on the writer's thread in one transaction, and wait for it."""
        return self.threads.write(lambda: self._in_transaction(work)).result()

    def rebuild_now(self) -> None:
        """Rebuild everything derived; only on the writer's thread."""
        self._rebuild("Everything was worked out again")

    def _rebuild(self, words: str) -> None:
        with self.engine() as (engine, replica, connection):
            engine.rebuild()
            self.derive(connection)
            replica.rules_settled()
        self.notices.tell(Notice("sync", {}, words))

    def judge_again(self) -> None:
        """Judge everything under the records that have arrived, and wait; not on a window."""
        self.forget_book()
        if self.founded:
            self.threads.write(self._judge_again).result()

    def _judge_again(self) -> None:
        with self.engine() as (engine, replica, _):
            if not replica.rules_changed():
                self._judged = self.book
                return
            # A laptop that may sign no more, or lost its key, cannot seal what it had begun.
            with suppress(KeyLost):
                engine.seal()
            unsealed = replica.open_segment() is not None
        if self._judged is None or unsealed:
            self._rebuild("The membership changed")
        else:
            self._rejudge(self._judged)
        self._judged = self.book

    def _rejudge(self, before: Rulebook) -> None:
        with self.engine() as (engine, replica, connection):
            again = engine.rejudge(before)
            if again.rebuilt or "release" in again.changed:
                self.derive(connection)
            replica.rules_settled()
        if again.rebuilt or again.operations:
            self.notices.tell(Notice("sync", again.changed, "The membership changed"))

    def derive(self, connection: Connection) -> dict[str, frozenset[bytes]]:
        """Derive the rows of imported releases whose files are here."""
        replica = SqliteReplica(connection, self.about.slot)
        derived = derive_observations(connection, replica.blob)
        rows = frozenset(found.release for found in derived if found.rows)
        return {"release": rows} if rows else {}

    def derive_now(self) -> None:
        """Derive what can be derived, and wait for it; never on the window's thread."""

        def derive() -> dict[str, frozenset[bytes]]:
            with self.database.write() as connection:
                return self.derive(connection)

        changed = self.threads.write(derive).result()
        if changed:
            self.notices.tell(Notice("local", changed))

    def rebuild(self) -> Future[None]:
        """Queue a rebuild of everything derived."""
        return self.threads.write(self.rebuild_now)

    def close(self) -> None:
        """Finish the writer's work, cancel the rest, close the file."""
        self.threads.close()
        self.database.close()


def _made(outcome: Outcome, committed: Committed) -> tuple[str, bytes] | None:
    """Return the record a command made: the first it inserts under a key."""
    for change in outcome.changes:
        if isinstance(change, Insert) and change.key:
            return change.table, committed.new_rows[change.key]
    return None


def _record(outcome: Outcome, committed: Committed) -> tuple[str, bytes] | None:
    if outcome.record is None:
        return _made(outcome, committed)
    table, row = outcome.record
    return table, committed.new_rows[row.key] if isinstance(row, NewRow) else row


def _about(reads: Connection, folder: Path) -> About:
    kept = SqliteReplica(reads).setting("about")
    if kept is None:
        raise NotPossible(
            code="not-a-workspace",
            words=f"The database in {folder} is not a CollabDesk workspace.",
            remedy="Choose the folder of a workspace. The file was left as it is.",
        )
    return About.from_json(kept)

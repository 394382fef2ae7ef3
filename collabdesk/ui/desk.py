"""The window's side of an open workspace: commands, questions and notices, on its thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

from collabdesk.errors import Refusal
from collabdesk.ui.workers import Ticket, deliver

if TYPE_CHECKING:
    from collabdesk.domain.changes import Change
    from collabdesk.services.figures import Author
    from collabdesk.services.membership import Member
    from collabdesk.services.notices import Notice
    from collabdesk.services.reauthentication import Question
    from collabdesk.services.workspace import Done, Workspace

T = TypeVar("T")
Query = Callable[..., T]
Heard = Callable[[Exception], object]


@dataclass(frozen=True)
class SignIn:
    """Somebody has to sign in again: what is asked, for whom, and what happens then."""

    owner: QObject
    question: Question
    then: Callable[[], object]
    given_up: Callable[[], object]


class Desk(QObject):
    """What every page asks and tells; answers arrive on the window's thread."""

    noticed = Signal(object)
    """Rows changed: a `services.notices.Notice`."""
    refused = Signal(object)
    """A command or question failed and whoever asked left it to the window to say so."""
    did = Signal(str)
    """A command, undo or redo was carried out: its words."""
    sign_in_wanted = Signal(object)
    """A `SignIn`: the window asks, and nothing is done before it is answered."""
    _told = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        """Listen to an open workspace."""
        from collabdesk.services.reauthentication import Reauthentication

        super().__init__(parent)
        self.workspace = workspace
        self.presence = Reauthentication(workspace)
        self._people = _members(workspace)
        self._told.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._leave = workspace.notices.subscribe(self._told.emit)

    def submit(
        self,
        owner: QObject,
        command: object,
        done: Callable[[Done], object] | None = None,
        refused: Heard | None = None,
    ) -> Ticket:
        """Run a command on the writer and call back on the window's thread.

        One that approves, posts or locks waits until the person has signed in again.
        """
        from collabdesk.services.reauthentication import asks_again

        def carried_out(left: Done) -> None:
            self.did.emit(left.words)
            if done is not None and shiboken6.isValid(owner):
                done(left)

        def send() -> Ticket:
            return self._hear_of(owner, self.workspace.submit(command), carried_out, refused)

        return self.sure(owner, send, refused) if asks_again(command) else send()

    def keep(
        self,
        owner: QObject,
        writing: Future[str],
        done: Callable[[str], object],
        refused: Heard | None = None,
    ) -> Ticket:
        """Hear of what is being written on this laptop alone; its words tell what was."""

        def written(words: str) -> None:
            self.did.emit(words)
            if shiboken6.isValid(owner):
                done(words)

        return self._hear_of(owner, writing, written, refused)

    def _hear_of(
        self,
        owner: QObject,
        writing: Future[T],
        done: Callable[[T], object],
        refused: Heard | None,
    ) -> Ticket:
        # Whoever asked may have gone meanwhile: a refusal is then the window's to say.

        def not_done(fault: Exception) -> None:
            if refused is not None and shiboken6.isValid(owner):
                refused(fault)
            else:
                self._refuse(fault)

        return deliver(self, writing, done, not_done)

    def sure(
        self, owner: QObject, then: Callable[[], object], refused: Heard | None = None
    ) -> Ticket:
        """Do something once the person has signed in, unless they did so shortly before."""

        def go_on(question: Question | None) -> None:
            if question is None:
                then()
            else:
                self.sign_in_wanted.emit(SignIn(owner, question, then, give_up))

        def give_up() -> None:
            (refused or self._refuse)(
                Refusal(
                    code="not-signed-in",
                    words="Nothing was done, because nobody signed in.",
                    remedy="Do it again when you can sign in.",
                )
            )

        answer = self.workspace.threads.read(self.presence.question)
        return deliver(owner, answer, go_on, refused or self._refuse)

    def ask(
        self,
        owner: QObject,
        query: Query[T],
        *args: object,
        done: Callable[[T], object],
        failed: Heard | None = None,
    ) -> Ticket:
        """Run `query(connection, *args)` on a reader and give its answer to `done`."""
        work = self.reading(query, *args)
        answer = self.workspace.threads.read(work)
        return deliver(owner, answer, done, failed or self._refuse)

    def reading(self, query: Query[T], *args: object) -> Callable[[], T]:
        """Return the work that runs a query, for `Page.fill`."""
        return lambda: self.workspace.query(query, *args)

    def undo(self) -> None:
        """Take back one's own newest step; `did` says what it was."""
        stack = self.workspace.undo_stack
        step = stack.next_undo()
        self._step(stack.undo_words, step.back if step else (), self.workspace.undo, "Undone")

    def redo(self) -> None:
        """Make the newest undone step again."""
        stack = self.workspace.undo_stack
        step = stack.next_redo()
        self._step(stack.redo_words, step.again if step else (), self.workspace.redo, "Done again")

    @property
    def people(self) -> Mapping[bytes, Member]:
        """The people and laptops of the alliance, by a laptop's 16-byte short name."""
        return self._people

    def who(self, author: Author) -> str:
        """Return who an author is, as role and trust."""
        member = self._people.get(author.device)
        return f"{member.role}, {member.organisation_name}" if member else "An unknown laptop"

    def close(self) -> None:
        """Stop listening."""
        self._leave()

    def _step(
        self, words: str, changes: Sequence[Change], step: Callable[[], Future[str]], said: str
    ) -> None:
        from collabdesk.services.reauthentication import approves

        def take() -> None:
            deliver(self, step(), lambda what: self.did.emit(f"{said}: {what}"), self._refuse)

        if not words:
            self.did.emit("Nothing of yours to undo" if said == "Undone" else "Nothing to redo")
        elif approves(changes):
            self.sure(self, take)
        else:
            take()

    def _refuse(self, fault: Exception) -> None:
        self.refused.emit(fault)

    def _hear(self, notice: Notice) -> None:
        if notice.origin == "sync":
            deliver(
                self,
                self.workspace.threads.read(lambda: _members(self.workspace)),
                self._know,
                self._refuse,
            )
        self.noticed.emit(notice)

    def _know(self, people: Mapping[bytes, Member]) -> None:
        self._people = people


def _members(workspace: Workspace) -> Mapping[bytes, Member]:
    from collabdesk.services.membership import members

    return members(workspace.book) if workspace.founded else {}

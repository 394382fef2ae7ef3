"""Signing in again before what binds others: at most once in a time that the partners set.

A key store sealed by a passphrase asks for it again. The computer's own keyring opens with
the login and cannot be asked twice; there the person types their role, which proves nothing
and says so: it is a pause before a signature, no proof of who sits there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from collabdesk.domain.changes import Approve, Change, PostJournal
from collabdesk.domain.pilots.lifecycle import PilotState
from collabdesk.errors import Refusal
from collabdesk.host.key_store import Sealed
from collabdesk.services.budgets.actuals.actuals_commands import ImportTrialBalance, PostWaiting
from collabdesk.services.budgets.closing.close_commands import (
    ApproveLock,
    CloseMonth,
    LockMonth,
    ReopenMonth,
)
from collabdesk.services.budgets.closing.posting_commands import (
    CorrectJournal,
    PostAccrual,
    PostLetters,
    RephaseLine,
)
from collabdesk.services.budgets.commands import (
    AgreeBudgetVersion,
    ApproveVirement,
    PostReadyVirements,
)
from collabdesk.services.budgets.shares.share_commands import ApproveInvestment, PostInvestment
from collabdesk.services.pilots.commands import MovePilot
from collabdesk.services.policy import SetPolicy, policy_value
from collabdesk.services.workspace import Workspace

WEIGHTY: Final[frozenset[type]] = frozenset(
    {
        AgreeBudgetVersion,
        ApproveVirement,
        PostReadyVirements,
        ImportTrialBalance,
        PostWaiting,
        CloseMonth,
        ReopenMonth,
        ApproveLock,
        LockMonth,
        PostAccrual,
        CorrectJournal,
        RephaseLine,
        PostLetters,
        ApproveInvestment,
        PostInvestment,
        SetPolicy,
    }
)
"""The commands that approve, post, lock or change what every partner goes by.

Decisions about partners and laptops are no commands; their page asks by itself.
"""
POLICY: Final = "reauthentication_minutes"
_MINUTE: Final = 60


class Way(StrEnum):
    """How a person shows that they are there."""

    PASSPHRASE = "passphrase"  # noqa: S105 - names a way
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked: what to type, why, and how long it then holds."""

    way: Way
    asked: str
    why: str
    minutes: int


def asks_again(command: object) -> bool:
    """Tell whether a command approves, posts or locks."""
    if isinstance(command, MovePilot):
        return command.state == PilotState.APPROVED
    return type(command) in WEIGHTY


def approves(changes: Iterable[Change]) -> bool:
    """Tell whether changes approve or post: taken back or made again, they are weighty too."""
    return any(isinstance(change, Approve | PostJournal) for change in changes)


class Reauthentication:
    """Remembers when somebody signed in last, in one open workspace."""

    def __init__(self, workspace: Workspace, now: Callable[[], float] = time.monotonic) -> None:
        """Nobody has signed in yet; `now` counts seconds and never goes back."""
        self._workspace, self._now = workspace, now
        self._guard = threading.Lock()
        self._signed_in: tuple[float, int] | None = None

    def question(self) -> Question | None:
        """Return what is asked now, or None where nothing is; not on a window's thread.

        The sample is never asked: its keys protect nothing.
        """
        if self._workspace.about.sample:
            return None
        minutes = self._minutes()
        if self._still_holds(minutes):
            return None
        if self._sealed() is not None:
            return Question(Way.PASSPHRASE, "Passphrase of this laptop's keys", _SEALED, minutes)
        role = self._role()
        return Question(Way.ROLE, f"Your role, as partners see it: {role}", _LOGIN, minutes)

    def answer(self, typed: str) -> None:
        """Take an answer; Refusal if it is not right. As slow as opening the keys."""
        sealed = self._sealed()
        if sealed is not None:
            sealed.confirm(typed)
        elif _plain(typed) != _plain(self._role()):
            raise Refusal(
                code="another-role",
                words=f"“{typed.strip()}” is not the role on this laptop.",
                remedy=f"Type {self._role()}, or let them sign who are.",
                field="answer",
            )
        with self._guard:
            self._signed_in = (self._now(), self._workspace.clock.now_ms())

    def forget(self) -> None:
        """Ask again next time, whatever the policy says."""
        with self._guard:
            self._signed_in = None

    def _still_holds(self, minutes: int) -> bool:
        with self._guard:
            before = self._signed_in
        if before is None:
            return False
        passed = self._now() - before[0]
        # Asleep, the one clock may stand still; the other may be put back.
        shown = (self._workspace.clock.now_ms() - before[1]) / 1000
        return 0 <= passed < minutes * _MINUTE and 0 <= shown < minutes * _MINUTE

    def _minutes(self) -> int:
        value = self._workspace.query(policy_value, POLICY)
        return value if isinstance(value, int) else 0

    def _sealed(self) -> Sealed | None:
        store = self._workspace.secrets.store
        return store if isinstance(store, Sealed) else None

    def _role(self) -> str:
        enrolled = self._workspace.enrolled
        return self._workspace.me().role if enrolled else self._workspace.about.person


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


_SEALED: Final = "What you sign now binds your organisation."
_LOGIN: Final = (
    "What you sign now binds your organisation. This laptop's keys open when somebody logs in to "
    "this computer, and that cannot be asked again here: lock the screen whenever you leave it."
)

"""Signing in again: what is asked, when, and what is not taken for an answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from collabdesk.domain.changes import Approve, SetCells
from collabdesk.errors import Refusal
from collabdesk.host.passphrase_store import PassphraseStore, Work
from collabdesk.services.budgets.commands import ApproveVirement, ProposeVirement
from collabdesk.services.membership import Founder
from collabdesk.services.pilots.commands import MovePilot
from collabdesk.services.policy import SetPolicy
from collabdesk.services.reauthentication import Reauthentication, Way, approves, asks_again
from collabdesk.services.workspace import Workspace
from tests.support.alliance import GivenClock, MemoryKeyStore

PASSPHRASE = "copper harvest window"  # noqa: S105 - of a test
CHEAP = Work(1, 8192)
FOUNDER = Founder("Lincolnshire Partnership", "RP7", "Finance lead", "Laptop 1")


class Seconds:
    """A clock that only goes on, where a test puts it."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def found(folder: Path, *, sealed: bool, sample: bool = False) -> Workspace:
    path = folder.parent / "keys.sealed"
    keys = PassphraseStore.create(path, PASSPHRASE, CHEAP) if sealed else MemoryKeyStore()
    return Workspace.found(
        folder,
        keys,
        name="Alliance",
        founder=FOUNDER,
        store="share",
        slot="rp7",
        sample=sample,
        clock=GivenClock(),
    )


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[Workspace]:
    made = found(tmp_path / "laptop", sealed=True)
    yield made
    made.close()


@pytest.fixture
def keyring(tmp_path: Path) -> Iterator[Workspace]:
    made = found(tmp_path / "laptop", sealed=False)
    yield made
    made.close()


def test_approving_asks_and_proposing_does_not() -> None:
    assert asks_again(ApproveVirement(b"v" * 16))
    assert asks_again(MovePilot(b"p" * 16, "approved"))
    assert not asks_again(MovePilot(b"p" * 16, "panel"))
    assert not asks_again(
        ProposeVirement("2026/27", b"", "RHA", b"", "RHA", 1, 1, "Winter pressure")
    )


def test_an_approval_made_again_is_an_approval() -> None:
    assert approves([SetCells("virement", b"v" * 16, {}), Approve("virement", b"v" * 16, ())])
    assert not approves([SetCells("virement", b"v" * 16, {})])


def test_sealed_keys_ask_for_their_passphrase(sealed: Workspace) -> None:
    presence = Reauthentication(sealed)
    question = presence.question()
    assert question is not None
    assert question.way is Way.PASSPHRASE
    with pytest.raises(Refusal) as refused:
        presence.answer("another passphrase")
    assert refused.value.code == "wrong-passphrase"
    assert presence.question() is not None
    presence.answer(PASSPHRASE)
    assert presence.question() is None


def test_a_keyring_asks_for_the_role_and_says_what_that_is_worth(keyring: Workspace) -> None:
    presence = Reauthentication(keyring)
    question = presence.question()
    assert question is not None
    assert question.way is Way.ROLE
    assert "cannot be asked again" in question.why
    with pytest.raises(Refusal):
        presence.answer("Panel member")
    presence.answer("  finance  LEAD ")
    assert presence.question() is None


def test_it_is_asked_once_in_five_minutes(keyring: Workspace) -> None:
    seconds = Seconds()
    presence = Reauthentication(keyring, seconds)
    presence.answer("Finance lead")
    seconds.at = 299
    assert presence.question() is None
    seconds.at = 300
    assert presence.question() is not None


def test_a_clock_that_is_put_back_or_slept_through_asks_again(keyring: Workspace) -> None:
    clock = keyring.clock
    assert isinstance(clock, GivenClock)
    presence = Reauthentication(keyring, lambda: 0.0)
    presence.answer("Finance lead")
    clock.ms -= 3_600_000
    assert presence.question() is not None
    presence.answer("Finance lead")
    clock.ms += 3_600_000
    assert presence.question() is not None


def test_the_partners_say_how_long_it_holds(keyring: Workspace) -> None:
    presence = Reauthentication(keyring, lambda: 0.0)
    keyring.run(SetPolicy("reauthentication_minutes", "0"))
    presence.answer("Finance lead")
    assert presence.question() is not None
    with pytest.raises(Refusal, match="0 to 60"):
        keyring.run(SetPolicy("reauthentication_minutes", "61"))


def test_whoever_leaves_is_asked_again(keyring: Workspace) -> None:
    presence = Reauthentication(keyring)
    presence.answer("Finance lead")
    presence.forget()
    assert presence.question() is not None


def test_the_sample_is_never_asked(tmp_path: Path) -> None:
    workspace = found(tmp_path / "laptop", sealed=True, sample=True)
    assert Reauthentication(workspace).question() is None
    workspace.close()

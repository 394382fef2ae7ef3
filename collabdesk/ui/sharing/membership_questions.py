"""What is asked before the partners' membership is changed: each says what it cannot undo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from collabdesk.ui.form import YES, Field
from collabdesk.ui.sharing.deciding import Question, Work
from collabdesk.ui.sharing.questions import proposed_words

if TYPE_CHECKING:
    from collabdesk.services.control.set_back import SetBack
    from collabdesk.services.workspace import Workspace
    from collabdesk.ui.sharing.room import Members

LEAVE: Final = "Let a partner leave"
LEAVE_SAID: Final = (
    "Its laptops can share nothing more. What they shared until now stands, and nobody can take "
    "it away."
)
RESET: Final = "Give a partner new keys"
RESET_SAID: Final = (
    "For a partner that lost every laptop that signs, and its recovery key: one laptop, named by "
    "its eight words, signs for it from then on."
)
AGREE: Final = "How many must agree"
AGREE_SAID: Final = (
    "So many partners have to sign before a change of partners or roles takes effect."
)
BACK: Final = "Bring work back"
BACK_SAID: Final = (
    "For a laptop of which more was set aside than should have been. What comes back is fixed: "
    "nobody can take it away again."
)
NEWER: Final = "Ask for the newer version"
NEWER_SAID: Final = (
    "What laptops with an older version of CollabDesk sign from then on is set aside. The version "
    "asked for never goes down again."
)


def leave(members: Members) -> Question:
    """Ask which partner leaves."""

    def sign(values: dict[str, str]) -> Work:
        org, at_once = bytes.fromhex(values["partner"]), values["at_once"] == YES

        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.votes import remove_organisation

            return proposed_words(remove_organisation(workspace, org, at_once=at_once))

        return work

    at_once = Field(
        "at_once",
        "At once, even if what its newest laptops did is then set aside",
        "tick",
    )
    said = (
        f"{LEAVE_SAID} It keeps its copy of everything that it has seen: that cannot be called "
        "back. It can join again as a new partner only. The other partners sign this too."
    )
    fields = (_partner(members.may_leave, "Which partner leaves?"), at_once)
    return Question("Which partner leaves?", "Propose it", said, fields, sign)


def agreement(members: Members) -> Question:
    """Ask how many partners must agree to later changes of membership."""

    def sign(values: dict[str, str]) -> Work:
        wanted = int(values["organisations"])

        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.votes import change_agreement

            return proposed_words(change_agreement(workspace, wanted))

        return work

    count = members.partners
    choices = tuple((str(n), _of(n, count)) for n in members.choices)
    field = Field(
        "organisations",
        "How many must agree?",
        "choice",
        value=str(members.agree),
        choices=choices,
    )
    said = (
        f"{AGREE_SAID} Always more than half. If all must, one that cannot be reached stops every "
        "later change, its own replacement among them. This very change still needs "
        f"{_of(members.agree, count).lower()}."
    )
    return Question("How many partners must agree?", "Propose it", said, (field,), sign)


def bring_back(offered: Sequence[SetBack]) -> Question:
    """Ask of which laptop everything that was seen shall stand."""

    def sign(values: dict[str, str]) -> Work:
        key = bytes.fromhex(values["laptop"])

        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.votes import bring_back as propose

            return proposed_words(propose(workspace, key))

        return work

    choices = tuple((one.key.hex(), f"{one.laptop}: {_changes(one.changes)}") for one in offered)
    field = Field("laptop", "Of which laptop?", "choice", choices=choices, required=True)
    said = (
        f"{BACK_SAID} Ask its owner first that the work is theirs: of a stolen laptop it would "
        "bring back what the thief did. To take over single changes instead, adopt them under "
        "“Kept aside”. The other partners sign this too."
    )
    return Question("Whose work shall stand?", "Propose it", said, (field,), sign)


def newer_version(members: Members) -> Question:
    """Ask whether laptops need the version of this one from then on."""
    wanted = members.newest_version

    def sign(_: dict[str, str]) -> Work:
        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.votes import require_version

            return proposed_words(require_version(workspace, wanted))

        return work

    said = (
        f"{NEWER_SAID} Version {members.version} of the data is asked for now; this laptop has "
        f"{wanted}. It is refused while a laptop that shares has an older one. The other partners "
        "sign it too."
    )
    return Question("Ask every laptop for the newer version?", "Propose it", said, (), sign)


def _partner(offered: Sequence[tuple[bytes, str]], asked: str) -> Field:
    choices = tuple((org.hex(), name) for org, name in offered)
    return Field("partner", asked, "choice", choices=choices, required=True)


def _of(some: int, every: int) -> str:
    return f"All {every}" if some == every else f"{some} of {every}"


def _changes(count: int) -> str:
    return "1 change set aside" if count == 1 else f"{count:,} changes set aside"

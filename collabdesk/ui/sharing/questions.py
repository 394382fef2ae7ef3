"""The decisions a person is asked to confirm: each says what it does before it is signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from collabdesk.ui.disputes import moment_words
from collabdesk.ui.form import YES, Field
from collabdesk.ui.sharing.deciding import Question, Work

if TYPE_CHECKING:
    from collabdesk.services.control.people import Seated, Signer
    from collabdesk.services.control.suspend import Suspended
    from collabdesk.services.control.versions import Version
    from collabdesk.services.control.votes import Proposed
    from collabdesk.services.doors import Doors
    from collabdesk.services.workspace import Workspace

Choices = Sequence[tuple[bytes, str]]
_NOBODY: Final = "nobody"
FIX: Final = "Fix what is agreed"
FIX_SAID: Final = (
    "Done every month. Nothing changes; but what every trust has shared until now, and every "
    "approval in it, can no longer be taken away by anybody. The other partners sign it too."
)
ROLES: Final = "Propose the newer roles"
ROLES_SAID: Final = (
    "This version of CollabDesk knows roles, or rights of roles, that this workspace was not "
    "founded with. The partners agree to them before anybody has them."
)


def retire(seat: Seated) -> Question:
    """Ask whether a laptop shall be taken out of use."""

    def sign(_: dict[str, str]) -> Work:
        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.laptops import retire_laptop

            return retire_laptop(workspace, seat.key).sentence

        return work

    said = (
        f"What {seat.label} of {seat.person} shared until now stands. What anybody shares from it "
        "later is kept aside. A retired laptop comes back only as a new one."
    )
    return Question(f"Retire {seat.label}?", "Retire", said, (), sign)


def suspend(seat: Seated) -> Question:
    """Ask why a laptop shall be suspended."""

    def sign(values: dict[str, str]) -> Work:
        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.suspend import suspend

            return suspend(workspace, seat.key, values["reason"]).words

        return work

    said = (
        "From now on what it shares is kept aside, at every partner, until the suspension is "
        "lifted. "
    )
    said += (
        "You can lift it again."
        if seat.ours
        else "An administrator of a second organisation has to sign it too."
    )
    reason = Field(
        "reason",
        "What happened?",
        "text",
        hint="Every partner reads it.",
        required=True,
    )
    return Question(f"Suspend {seat.label}?", "Suspend", said, (reason,), sign)


def lift(one: Suspended) -> Question:
    """Ask whether a suspension shall be lifted."""

    def sign(_: dict[str, str]) -> Work:
        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.suspend import lift

            return lift(workspace, one.id)

        return work

    said = f"{one.words} {one.lifted_by} What was kept aside meanwhile counts again."
    return Question("Lift the suspension?", "Lift it", said, (), sign)


def roles(seat: Seated, offered: Sequence[tuple[int, str]]) -> Question:
    """Ask what a laptop may do from now on."""

    def sign(values: dict[str, str]) -> Work:
        chosen = [int(key) for key, ticked in values.items() if ticked]

        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.laptops import change_roles

            return change_roles(workspace, seat.key, chosen).sentence

        return work

    fields = tuple(
        Field(str(number), said, "tick", value=YES if number in seat.roles else "")
        for number, said in offered
    )
    said = "What it did until now stands. Your organisation may give the roles below."
    asked = f"What may {seat.label} of {seat.person} do?"
    return Question(asked, "Change roles", said, fields, sign)


def new_keys(doors: Doors) -> Question:
    """Ask whether this laptop shall ask to be enrolled anew, in its own place."""

    def sign(_: dict[str, str]) -> Work:
        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.renewal import ask_anew

            said = doors.at_folder(workspace, lambda store: ask_anew(workspace, store))
            return f"This laptop asks anew. Read its eight words out: {' '.join(said)}."

        return work

    said = (
        "It makes new keys and asks to be enrolled in its own place. What can still be sent is "
        "sent first; what could not be signed any more is kept and signed again afterwards. "
        "Your administrator chooses “Replace a lost laptop” and types the new words."
    )
    return Question("Enrol this laptop anew?", "Make new keys", said, (), sign)


def settle(laptop: str, key: bytes, found: Sequence[Version]) -> Question:
    """Ask which version of a laptop that signed two ways stands."""

    def sign(values: dict[str, str]) -> Work:
        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.versions import settle

            return settle(workspace, key, bytes.fromhex(values["version"])).sentence

        return work

    listed = tuple((one.id.hex(), _version(one)) for one in found)
    field = Field("version", "Which version stands?", "choice", choices=listed, required=True)
    said = (
        f"{laptop} signed two different versions under one number. Ask its owner which is theirs. "
        "What is in the other is kept aside, and can be adopted. The laptop is retired: enrol "
        "another in its place."
    )
    return Question("Which version is right?", "This one stands", said, (field,), sign)


def _version(one: Version) -> str:
    return f"Up to number {one.number}, made {moment_words(one.wall_ms)}"


# --- the ledger --------------------------------------------------------------------------------


def lay_down() -> Question:
    """Ask whether this laptop shall stop keeping the ledger."""

    def sign(_: dict[str, str]) -> Work:
        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.keeper import release_ledger

            return release_ledger(workspace)

        return work

    said = (
        "This laptop posts no journal after this, and that cannot be undone. Proposals and "
        "approvals go on; nothing is posted until the next laptop is appointed."
    )
    return Question("Lay the ledger down?", "Lay it down", said, (), sign)


def appoint(offered: Choices) -> Question:
    """Ask which laptop keeps the ledger next."""

    def sign(values: dict[str, str]) -> Work:
        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.keeper import appoint_keeper

            return appoint_keeper(workspace, bytes.fromhex(values["laptop"])).sentence

        return work

    laptop = Field("laptop", "Laptop", "choice", choices=_listed(offered), required=True)
    said = "It posts from the number where the laptop before it stopped; no number is left out."
    return Question("Which laptop keeps the ledger next?", "Appoint it", said, (laptop,), sign)


def keeper_lost(laptop: str, offered: Choices) -> Question:
    """Ask who keeps the ledger after its laptop was lost."""

    def sign(values: dict[str, str]) -> Work:
        heir = values["laptop"]

        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.keeper import end_lost_term

            successor = None if heir == _NOBODY else bytes.fromhex(heir)
            return end_lost_term(workspace, successor).sentence

        return work

    choices = (*_listed(offered), (_NOBODY, "Nobody yet: nothing is posted"))
    field = Field("laptop", "Who keeps the ledger next?", "choice", choices=choices)
    said = (
        f"{laptop} is retired, and keeps the ledger no longer. Share first, and ask the partners "
        "to: one of them may hold journals that you have not seen. What comes from it later is "
        "kept aside and can be adopted under new numbers."
    )
    return Question("Is the ledger's laptop lost?", "End its term", said, (field,), sign)


def _listed(offered: Choices) -> tuple[tuple[str, str], ...]:
    return tuple((key.hex(), said) for key, said in offered)


# --- the membership ----------------------------------------------------------------------------


def fix_what_is_agreed() -> Question:
    """Ask whether what was done so far shall be fixed."""

    def sign(_: dict[str, str]) -> Work:
        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.votes import review

            return proposed_words(review(workspace))

        return work

    return Question("Fix what is agreed until now?", FIX, FIX_SAID, (), sign)


def who_signs(organisation: str, offered: Sequence[Signer]) -> Question:
    """Ask who signs for an organisation, and how many of them must."""

    def sign(values: dict[str, str]) -> Work:
        keys = [one.key for one in offered if values[one.key.hex()]]
        needed = int(values["signatures"])

        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.votes import change_administrators

            return proposed_words(change_administrators(workspace, keys, needed))

        return work

    ticks = tuple(
        Field(one.key.hex(), one.words, "tick", value=YES if one.signs else "") for one in offered
    )
    choices = tuple((str(n), _must_sign(n)) for n in range(1, len(offered) + 1))
    needed = Field("signatures", "How many of them must sign?", "choice", choices=choices)
    said = (
        "Who signs decides who takes part with which rights. With three or more, let two have to "
        "sign: then nobody can do it alone. A printed recovery key goes on signing beside them. "
        "The other partners agree to it too."
    )
    asked = f"Who signs for {organisation}?"
    return Question(asked, "Propose it", said, (*ticks, needed), sign)


def _must_sign(count: int) -> str:
    return "One of them" if count == 1 else f"{count} of them"


def newer_roles() -> Question:
    """Ask whether the roles that this version adds shall be proposed."""

    def sign(_: dict[str, str]) -> Work:
        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.newer_roles import propose_newer_roles

            return proposed_words(propose_newer_roles(workspace))

        return work

    return Question("Propose what newer roles may do?", ROLES, ROLES_SAID, (), sign)


def pass_over(whose: str) -> Question:
    """Ask whether another organisation's turn to propose shall be passed over."""

    def sign(_: dict[str, str]) -> Work:
        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.votes import void

            return " ".join(void(workspace).changes)

        return work

    said = (
        f"It is {whose}'s turn to propose changes of membership. Pass over it only if they cannot "
        "be reached: your organisation then does not sign anything they propose in this round. "
        "Once enough partners have done the same, the next organisation may propose."
    )
    return Question(f"Pass over {whose}'s turn?", "Pass over it", said, (), sign)


def close_round() -> Question:
    """Ask whether a round that can come to nothing any more shall be passed over."""

    def sign(_: dict[str, str]) -> Work:
        def work(workspace: Workspace) -> str:
            from collabdesk.services.control.votes import void

            return " ".join(void(workspace).changes)

        return work

    said = (
        "So many partners passed over this round that too few are left to agree to what was "
        "proposed in it. Once your organisation passes over it too, the next partner may propose. "
        "Nothing else changes."
    )
    return Question("Close this round?", "Pass over it", said, (), sign)


def sign_decision(decision: bytes) -> Work:
    """Return the signing of something that waits."""

    def work(workspace: Workspace) -> str:
        from collabdesk.services.control.votes import sign

        return proposed_words(sign(workspace, decision))

    return work


def proposed_words(proposed: Proposed) -> str:
    """Say what was signed and whether it holds already."""
    if proposed.in_force:
        return "Signed. It is in force."
    waits = "; ".join(proposed.waits_for)
    return f"Signed. It waits for {waits}." if waits else "Signed. It waits for the partners."

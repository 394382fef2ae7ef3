"""New keys for a partner that lost all of its own: which one, a laptop's words, one signature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from collabdesk.ui.form import Field, FieldBox
from collabdesk.ui.parts import column, holder, words
from collabdesk.ui.sharing.deciding import Decider
from collabdesk.ui.sharing.look_twice import LookTwice
from collabdesk.ui.sharing.questions import proposed_words
from collabdesk.ui.sharing.steps import Step, StepsDialog

if TYPE_CHECKING:
    from collabdesk.services.control.resetting import Heir
    from collabdesk.services.control.votes import Proposed
    from collabdesk.services.workspace import Workspace

ASKED: Final = "Which partner lost its keys?"
HOW: Final = (
    "At the partner: install CollabDesk, choose “Join a workspace”, and have the eight words read "
    "to you by somebody whose voice you know. The first four letters of each are enough."
)
PRICE: Final = (
    "Its people, laptops, roles and everything that it shared stay as they are. Nobody who signed "
    "for it until now signs any more, and that cannot be taken back without them proposing it "
    "anew. Its new administrator then retires the lost laptops: until then they can still share."
)
NO_STRANGER: Final = (
    "Whoever has this laptop decides for the whole organisation. Telephone them on a number that "
    "you know before you sign; the partners who sign it too should do the same."
)


class ResetDialog(StepsDialog):
    """Which partner lost its keys?"""

    def __init__(self, decider: Decider, others: Sequence[tuple[bytes, str]]) -> None:
        """Offer the partners that could be helped."""
        super().__init__(decider, ASKED)
        around = decider.around
        choices = tuple((org.hex(), name) for org, name in others)
        self.partner = FieldBox(around, Field("partner", "Partner", "choice", choices=choices))
        self.words = FieldBox(
            around, Field("words", "Its new laptop's eight words", hint=HOW, required=True)
        )
        self.fields = {"partner": self.partner, "words": self.words}
        self._check = words("", "bodyStrong", wrap=True)
        self.alike = LookTwice(around.look)
        price, stranger = words(PRICE, wrap=True), words(NO_STRANGER, wrap=True)
        self.put_steps(
            Step(
                holder(column(self.partner, self.words, None)),
                self.partner.control,
                "Find it",
                self._find,
            ),
            Step(
                holder(column(self._check, self.alike, price, stranger, None, gap=8)),
                None,
                "Propose it",
                self._propose,
            ),
            Step(
                holder(column(self.done_words, self.then_words, None, gap=8)),
                None,
                "Close",
                self.accept,
            ),
        )
        self.show_step(0)

    @property
    def _org(self) -> bytes:
        return bytes.fromhex(self.partner.text)

    def _find(self) -> None:
        doors, org, typed = self.decider.house.doors, self._org, self.words.text

        def look(workspace: Workspace) -> Heir:
            from collabdesk.services.control.resetting import find_heir

            return doors.at_folder(workspace, lambda store: find_heir(workspace, store, org, typed))

        self.wait()
        self.decider.read(self, look, self._ask, self.refuse)

    def _ask(self, heir: Heir) -> None:
        self._check.setText(
            f"{heir.laptop} of {heir.person}, {heir.organisation}, asks with these words. It would "
            "sign for the organisation alone."
        )
        self.alike.say(heir.alike)
        self.show_step(1)

    def _propose(self) -> None:
        doors, org, typed = self.decider.house.doors, self._org, self.words.text

        def work(workspace: Workspace) -> Proposed:
            from collabdesk.services.control.resetting import reset_by_words

            return doors.at_folder(
                workspace, lambda store: reset_by_words(workspace, store, org, typed)
            )

        self.wait()
        self.decider.run(self, work, self._done, self.refuse)

    def _done(self, proposed: Proposed) -> None:
        said = proposed_words(proposed)
        self.tell(
            said,
            "Once it is in force, the laptop enrols itself at its next sharing, and its person "
            "can enrol the others.",
        )
        self.decider.decided.emit(said)

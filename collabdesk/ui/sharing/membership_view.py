"""Whose turn it is to change the membership, and everything that can be proposed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from collabdesk.ui.parts import follow
from collabdesk.ui.sharing import membership_questions as asked
from collabdesk.ui.sharing import questions
from collabdesk.ui.sharing.cards import act, buttons, card, line, section
from collabdesk.ui.sharing.deciding import Decider
from collabdesk.ui.sharing.room import Council, Members, Turn
from collabdesk.ui.theme import Look
from collabdesk.ui.theme.tokens import LARGE_TEXT, Theme

FOR_SIGNERS: Final = "Only a laptop that signs for its trust decides this."
ASK_THEM: Final = (
    "They can propose to fix what is agreed, let a partner leave, give a partner that lost its "
    "laptops new keys, or change how many must agree. If they cannot be reached, pass over their "
    "turn."
)


class Deed(NamedTuple):
    """Something that can be proposed: its verb, what it does, and how it is asked."""

    verb: str
    said: str
    do: Callable[[], object]


class Deeds(QWidget):
    """Deeds one under the other: the button, and beside it what it does."""

    def __init__(self, look: Look, deeds: Sequence[Deed]) -> None:
        """Offer deeds."""
        super().__init__()
        self._pairs: list[tuple[QPushButton, QWidget]] = []
        for deed in deeds:
            does = act(f"{deed.verb}…", deed.do)
            does.setAccessibleDescription(deed.said)
            self._pairs.append((does, line(deed.said, "caption", "secondary")))
        self._cells = QGridLayout()
        self._cells.setContentsMargins(0, 0, 0, 0)
        self._cells.setHorizontalSpacing(12)
        self._cells.setVerticalSpacing(8)
        self._cells.setColumnStretch(1, 1)
        self.setLayout(self._cells)
        follow(look, self, self._place)

    def _place(self, theme: Theme) -> None:
        # Large words stand below their button, so that neither is cut off.
        large = theme.text_size >= LARGE_TEXT
        top = Qt.AlignmentFlag.AlignTop
        for at, (does, said) in enumerate(self._pairs):
            self._cells.addWidget(does, 2 * at, 0, 1, 2 if large else 1, top)
            self._cells.addWidget(said, 2 * at + large, 0 if large else 1, 1, 2 if large else 1)


def remarks(look: Look, council: Council) -> Iterator[QWidget]:
    """Yield the section on what somebody should look at; nothing is done about it by itself."""
    if not council.remarks:
        return
    yield section(look, "concern", "mark.concern", "To look at", len(council.remarks))
    for remark in council.remarks:
        yield card("concern", line(remark))


def membership(look: Look, decider: Decider, council: Council) -> Iterator[QWidget]:
    """Yield the section on the membership."""
    turn = council.turn
    if turn is None:
        return
    yield section(look, "sharing", "mark.accent", "Membership")
    if turn.mine:
        yield line("It is your organisation's turn to propose a change.", ink="secondary")
        yield Deeds(look, list(_deeds(decider, council)))
    else:
        yield from _another_turn(decider, turn, "" if council.signs_here else FOR_SIGNERS)


def _another_turn(decider: Decider, turn: Turn, off: str) -> Iterator[QWidget]:
    yield line(f"It is {turn.whose}'s turn to propose a change.", ink="secondary")
    yield line(off or ASK_THEM, "caption", "secondary")
    over = act(
        "Pass over their turn…",
        lambda: decider.ask(questions.pass_over(turn.whose)),
        why_off=off,
    )
    yield buttons(over)


def _deeds(decider: Decider, council: Council) -> Iterator[Deed]:
    ask, members = decider.ask, council.members
    yield Deed(
        questions.FIX,
        questions.FIX_SAID,
        lambda: ask(questions.fix_what_is_agreed()),
    )
    yield Deed(
        "Who signs for us",
        "Which laptops sign for your organisation, and how many of them must.",
        lambda: ask(questions.who_signs(council.signs_here, council.signers)),
    )
    if council.newer_roles:
        yield Deed(questions.ROLES, questions.ROLES_SAID, lambda: ask(questions.newer_roles()))
    yield from _of_partners(decider, members)
    if members.set_back:
        back = members.set_back
        yield Deed(asked.BACK, asked.BACK_SAID, lambda: ask(asked.bring_back(back)))
    if members.newest_version > members.version:
        yield Deed(asked.NEWER, asked.NEWER_SAID, lambda: ask(asked.newer_version(members)))


def _of_partners(decider: Decider, members: Members) -> Iterator[Deed]:
    ask = decider.ask
    if len(members.choices) > 1:
        now = f"{members.agree} of {members.partners} at present. "
        yield Deed(asked.AGREE, now + asked.AGREE_SAID, lambda: ask(asked.agreement(members)))
    if members.may_leave:
        yield Deed(asked.LEAVE, asked.LEAVE_SAID, lambda: ask(asked.leave(members)))
    if members.others:
        yield Deed(
            asked.RESET,
            asked.RESET_SAID,
            lambda: _reset(decider, members),
        )


def _reset(decider: Decider, members: Members) -> None:
    from collabdesk.ui.sharing.reset import ResetDialog

    decider.open(ResetDialog(decider, members.others))

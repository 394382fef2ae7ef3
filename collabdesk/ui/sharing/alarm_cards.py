"""What people must know of the shared folder and of partners, over everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from collabdesk.ui.parts import Picture, Tone, button, column, emptied, holder, panel, row, words
from collabdesk.ui.theme import Look

if TYPE_CHECKING:
    from collabdesk.services.sharing.alarms import Alarm

Doing = Mapping[str, Callable[["Alarm"], object]]
"""What this page can do by itself about an alarm, by the id of its action."""
_AT_ONCE: Final = 2
_TONES: Final[Mapping[str, tuple[Tone, str, str]]] = {
    "danger": ("danger", "refused", "mark.danger"),
    "concern": ("concern", "concern", "mark.concern"),
    "calm": ("info", "note", "mark.accent"),
}


class AlarmCards(QWidget):
    """The gravest alarms as cards; the others behind one button."""

    def __init__(self, look: Look, doing: Doing) -> None:
        """Show nothing while all is well."""
        super().__init__()
        self._look, self._doing = look, doing
        self._shown: tuple[Alarm, ...] = ()
        self._all = False
        self.cards = column(gap=8)
        self.cards.setContentsMargins(16, 8, 16, 8)
        self.setLayout(self.cards)
        self.setAccessibleName("Alarms")
        self.hide()

    def show_alarms(self, alarms: Sequence[Alarm]) -> None:
        """Show what there is to know, the gravest first; the same alarms stay as they are."""
        if tuple(alarms) == self._shown:
            return
        self._shown = tuple(alarms)
        self._fill()

    def _fill(self) -> None:
        emptied(self.cards)
        self.setVisible(bool(self._shown))
        shown = self._shown if self._all else self._shown[:_AT_ONCE]
        for alarm in shown:
            self.cards.addWidget(self._card(alarm))
        more = len(self._shown) - len(shown)
        if more:
            self.cards.addWidget(holder(row(button(f"Show {more} more", self._more), None)))

    def _more(self) -> None:
        self._all = True
        self._fill()

    def _card(self, alarm: Alarm) -> QWidget:
        tone, icon, role = _TONES[alarm.tone]
        # Not to have heard from somebody is never shown like something refused.
        icon = "clock" if alarm.kind == "frozen" else icon
        card = panel("banner", tone)
        said = column(
            words(alarm.words, "bodyStrong", wrap=True), words(alarm.protected, wrap=True), gap=0
        )
        do = self._doing.get(alarm.action)
        if do is None:
            said.addWidget(words(f"What to do: {_lowered(alarm.action_words)}.", wrap=True))
        inside = row(Picture(self._look, icon, role, "icon.lead"), holder(said), gap=12)
        inside.setStretch(1, 1)
        if do is not None:
            act = button(alarm.action_words, partial(do, alarm), small=True)
            inside.addWidget(act)
        inside.setContentsMargins(12, 8, 12, 8)
        card.setLayout(inside)
        card.setAccessibleName(f"{alarm.words} {alarm.protected} {alarm.action_words}")
        return card


def _lowered(said: str) -> str:
    return said[:1].lower() + said[1:]

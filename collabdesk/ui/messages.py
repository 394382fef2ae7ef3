"""What a person is told: banners, refusals and faults, always in words with a way on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from collabdesk.errors import CollabDeskError
from collabdesk.ui.parts import Picture, Tone, button, column, panel, restyle, row, words
from collabdesk.ui.theme import Look

CrashReport = Callable[[BaseException], str]
"""Keeps a report of a fault of ours and says where, in words."""

_SIGNS: Final[dict[str, tuple[str, str]]] = {
    "info": ("note", "mark.accent"),
    "good": ("done", "mark.good"),
    "concern": ("concern", "mark.concern"),
    "contested": ("contested", "mark.contested"),
    "danger": ("refused", "mark.danger"),
}


@dataclass(frozen=True)
class Explained:
    """A failure in words: what happened and where, how to mend it, what to copy."""

    happened: str
    remedy: str
    details: str
    ours: bool = False


class Explainer:
    """Turns any exception into words; what is our own fault goes to a crash report."""

    def __init__(self, report: CrashReport) -> None:
        """Keep the way to write a crash report."""
        self._report = report

    def explain(self, fault: BaseException) -> Explained:
        """Return the words for a failure; never a traceback."""
        if isinstance(fault, CollabDeskError):
            about = f" ({fault.field})" if fault.field else ""
            details = f"{fault.code}{about}: {fault.words} {fault.remedy}".strip()
            return Explained(fault.words, fault.remedy, details)
        kept = self._report(fault)
        return Explained(
            "Something went wrong inside CollabDesk.",
            "Nothing you entered is lost. Try again; if it happens again, send the report.",
            kept,
            ours=True,
        )


@dataclass(frozen=True)
class Action:
    """Something to do, by its words."""

    words: str
    do: Callable[[], object]


class Banner(QWidget):
    """A line under the header that warns and offers one action; it never blocks."""

    closed = Signal()

    def __init__(self, look: Look) -> None:
        """Stay hidden until there is something to say."""
        super().__init__()
        self._sign = Picture(look, "note", "mark.accent", "icon.lead")
        self._first = words("", "bodyStrong", wrap=True)
        self._rest = words("", wrap=True)
        self._action = QPushButton()
        self._do: Callable[[], object] = lambda: None
        self._close = button("Close this message", self.close_message, "quiet", small=True)
        self._build()
        self.hide()

    def _build(self) -> None:
        self._frame = panel("banner", "info")
        self._action.setProperty("small", True)
        self._action.clicked.connect(lambda _checked=False: self._do())
        self._close.setText("×")
        for one in (self._first, self._rest):
            one.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        text = QWidget()
        text.setLayout(column(self._first, self._rest, gap=0))
        inside = row(self._sign, text, self._action, self._close, gap=12)
        inside.setStretch(1, 1)
        inside.setContentsMargins(12, 8, 8, 8)
        self._frame.setLayout(inside)
        outside = row(self._frame)
        outside.setContentsMargins(16, 8, 16, 8)
        self.setLayout(outside)

    def say(
        self, first: str, rest: str = "", tone: Tone = "info", action: Action | None = None
    ) -> None:
        """Show a first sentence, the rest and at most one action."""
        self._first.setText(first)
        self._rest.setText(rest)
        self._rest.setVisible(bool(rest))
        self._sign.show_icon(*_SIGNS[tone])
        restyle(self._frame, tone=tone)
        self._action.setVisible(action is not None)
        if action is not None:
            self._action.setText(action.words)
            self._action.setAccessibleName(action.words.rstrip("…"))
            self._do = action.do
        self.setAccessibleName(f"{first} {rest}".strip())
        self.show()

    def refuse(self, refused: Explained, action: Action | None = None) -> None:
        """Show a failure in words."""
        self.say(refused.happened, refused.remedy, "danger", action)

    def close_message(self) -> None:
        """Hide the message."""
        self.hide()
        self.closed.emit()


class ErrorState(QWidget):
    """A page or panel that could not be filled: what, where, how to mend, copy details."""

    def __init__(
        self, look: Look, shown: Explained, again: Callable[[], object] | None = None
    ) -> None:
        """Show a failure in words, with Try again where that may help."""
        super().__init__()
        self.setProperty("ground", "page")
        self._details = shown.details
        sign = Picture(look, "refused", "mark.danger", "icon.empty")
        said = [words(shown.happened, "title", wrap=True), words(shown.remedy, wrap=True)]
        doing = [button("Copy details", self.copy_details)]
        if again is not None:
            doing.insert(0, button("Try again", again, "primary"))
        buttons = QWidget()
        buttons.setLayout(row(*doing, None))
        inside = column(sign, 4, *said, 12, buttons, None, gap=8)
        inside.setContentsMargins(64, 64, 64, 16)
        self.setLayout(inside)
        self.setAccessibleName(f"{shown.happened} {shown.remedy}".strip())

    def copy_details(self) -> None:
        """Put the details on the clipboard, to send to whoever helps."""
        QGuiApplication.clipboard().setText(self._details)

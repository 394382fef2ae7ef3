"""Contested figures: the same card and the same question everywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLineEdit,
    QRadioButton,
    QWidget,
)

from collabdesk.errors import CollabDeskError
from collabdesk.ui.dialog import Dialog
from collabdesk.ui.parts import Picture, button, column, emptied, holder, panel, restyle, row, words
from collabdesk.ui.theme import Look

Value = object


@dataclass(frozen=True)
class Claim:
    """One of the figures that stand, and who says so."""

    value: Value
    written: str
    person: str
    trust: str
    when: str
    laptop: str
    reason: str = ""
    verified: bool = True

    @property
    def spoken(self) -> str:
        """The claim in one sentence."""
        return f"{self.written}, {self.person}, {self.trust}, {self.when}, {self.laptop}"


@dataclass(frozen=True)
class Effect:
    """What a choice does to a total, or to what was waiting."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Dispute:
    """A contested cell: its claims in the order shown, and how other values are read."""

    place: str
    was: str
    explanation: str
    claims: Sequence[Claim]
    read: Callable[[str], tuple[Value, str]]
    """Turns typed text into a value and how it is written; raises a refusal."""
    effects: Callable[[Value | None], Sequence[Effect]]
    """The totals before and after a choice; None before anything is chosen."""


@dataclass(frozen=True)
class Resolution:
    """The figure that shall stand, and why."""

    value: Value
    reason: str


class ContestedCard(QFrame):
    """Both figures with their authors, and the one button that settles them."""

    resolve_wanted = Signal()

    def __init__(self, look: Look, claims: Sequence[Claim]) -> None:
        """Show the claims in order."""
        super().__init__()
        self.setProperty("panel", "card")
        self.setProperty("tone", "contested")
        number = {2: "Two", 3: "Three", 4: "Four"}.get(len(claims), str(len(claims)))
        title = words(
            f"{number} figures, none lost" if len(claims) > 2 else "Two figures, neither lost",  # noqa: PLR2004 two is the common case
            "captionStrong",
            "contested",
        )
        head = row(Picture(look, "contested", "mark.contested", "icon.inline"), title, None, gap=4)
        lines: list[QWidget | int | None] = [holder(head)]
        for claim in claims:
            trust = words(claim.trust, "caption", wrap=True)
            lines.append(holder(column(words(claim.written, "bodyStrong"), trust, gap=0)))
        said = words("Totals show a range until one is chosen.", "caption", "secondary", wrap=True)
        resolve = button("Resolve…", self.resolve_wanted.emit, "primary", small=True)
        inside = column(*lines, said, 4, holder(row(resolve, None)), gap=2)
        inside.setContentsMargins(12, 8, 12, 8)
        self.setLayout(inside)
        self.setAccessibleName(f"{title.text()}: " + "; ".join(one.spoken for one in claims))


class _Choice(QFrame):
    """One claim as a card that can be chosen."""

    def __init__(self, look: Look, claim: Claim, group: QButtonGroup) -> None:
        super().__init__()
        self.setProperty("panel", "choice")
        self.radio = QRadioButton(claim.written)
        self.radio.setAccessibleName(claim.spoken)
        group.addButton(self.radio)
        self.radio.setFont(look.theme.font("title"))
        self.radio.toggled.connect(lambda on: restyle(self, chosen=on))
        signed = "Signature verified" if claim.verified else "Signature not checked yet"
        mark = Picture(look, "verified" if claim.verified else "clock", "mark.good", "icon.inline")
        lines: list[QWidget | int | None] = [
            self.radio,
            words(f"{claim.person}, {claim.trust}", "captionStrong", wrap=True),
        ]
        if claim.reason:
            lines.append(words(f"“{claim.reason}”", wrap=True))
        lines.append(words(f"{claim.when}, {claim.laptop}", "caption", "secondary", wrap=True))
        lines.append(holder(row(mark, words(signed, "caption", "secondary"), None, gap=4)))
        inside = column(*lines, None, gap=4)
        inside.setContentsMargins(12, 8, 12, 12)
        self.setLayout(inside)


class ResolveDialog(Dialog):
    """Which figure should stand? Nothing is chosen beforehand; the reason is kept."""

    asked_authors = Signal()

    def __init__(self, look: Look, dispute: Dispute, parent: QWidget | None = None) -> None:
        """Lay the claims side by side."""
        super().__init__(look, "Which figure should stand?", "large", parent)
        self._dispute = dispute
        self._group = QButtonGroup(self)
        self.choices = [_Choice(look, claim, self._group) for claim in dispute.claims]
        self.another = QRadioButton("Another figure")
        self.figure = QLineEdit()
        self.reason = QLineEdit()
        self._fault = words("", "caption", "danger", wrap=True)
        self._totals = QGridLayout()
        self._build()
        self.keep = self.add_button("Keep", QDialogButtonBox.ButtonRole.AcceptRole, primary=True)
        self.add_button("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        ask = self.add_button("Ask the authors", QDialogButtonBox.ButtonRole.HelpRole)
        ask.clicked.connect(lambda _on=False: self.asked_authors.emit())
        self._listen()
        self._review()

    def _build(self) -> None:
        dispute = self._dispute
        above = words(f"{dispute.place} · was {dispute.was}", "caption", "secondary")
        self.body.insertWidget(0, above)
        self.body.addWidget(words(dispute.explanation, wrap=True))
        self.body.addLayout(row(*self.choices, gap=12))
        self._group.addButton(self.another)
        self.figure.setAccessibleName("Another figure")
        self.figure.setPlaceholderText("£")
        self.figure.setMaximumWidth(self.look.theme.px("size.navWidth"))
        box = panel("choice")
        either = words("Either way, the other authors are told.", "caption", "secondary")
        inside = row(self.another, self.figure, either, None, gap=12)
        inside.setContentsMargins(12, 8, 12, 8)
        box.setLayout(inside)
        self.body.addWidget(box)
        self.another.toggled.connect(lambda on: restyle(box, chosen=on))
        label = row(
            words("Reason", "bodyStrong"),
            words("(kept with the figure; required)", ink="secondary"),
            None,
            gap=4,
        )
        self.reason.setAccessibleName("Reason, required")
        self.body.addLayout(label)
        self.body.addWidget(self.reason)
        self.body.addWidget(self._fault)
        foot = panel("foot")
        self._totals.setContentsMargins(12, 8, 12, 8)
        self._totals.setVerticalSpacing(4)
        foot.setLayout(self._totals)
        self.body.addWidget(foot)

    def _listen(self) -> None:
        self._group.buttonToggled.connect(lambda _button, _on: self._review())
        self.figure.textEdited.connect(lambda _text: self.another.setChecked(True))
        self.figure.textChanged.connect(lambda _text: self._review())
        self.reason.textChanged.connect(lambda _text: self._review())

    @property
    def resolution(self) -> Resolution | None:
        """What was decided so far, or nothing while it is incomplete."""
        chosen, reason = self._chosen(), self.reason.text().strip()
        return Resolution(chosen[0], reason) if chosen is not None and reason else None

    def _chosen(self) -> tuple[Value, str] | None:
        self._fault.setText("")
        for choice, claim in zip(self.choices, self._dispute.claims, strict=True):
            if choice.radio.isChecked():
                return claim.value, claim.written
        if self.another.isChecked() and self.figure.text().strip():
            try:
                return self._dispute.read(self.figure.text())
            except CollabDeskError as refusal:
                self._fault.setText(str(refusal))
        return None

    def _review(self) -> None:
        chosen = self._chosen()
        complete = self.resolution is not None
        self.keep.setText(f"Keep {chosen[1]}" if chosen is not None else "Keep")
        self.keep.setAccessibleName(self.keep.text())
        self.keep.setEnabled(complete)
        self.keep.setToolTip("" if complete else "Choose a figure and give the reason first.")
        self._show_effects(self._dispute.effects(chosen[0] if chosen is not None else None))

    def _show_effects(self, effects: Sequence[Effect]) -> None:
        emptied(self._totals)
        for line, effect in enumerate(effects):
            parts = (
                words(effect.name, ink="secondary"),
                words(effect.before, ink="contested"),
                words("→", ink="secondary"),
                words(effect.after, "bodyStrong"),
            )
            for place, part in enumerate(parts):
                self._totals.addWidget(part, line, place)
        self._totals.setColumnStretch(1, 1)
        self._totals.setColumnStretch(3, 1)

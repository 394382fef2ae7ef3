"""What a board pack is asked with: month, last meeting, own decisions, the confidential part."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QComboBox, QPlainTextEdit, QWidget

from collabdesk.services.budgets.papers.pack_asked import Meeting, PackAsked, PackMonth
from collabdesk.ui.parts import column, words

_LINES = 3


class PackChoices(QWidget):
    """Every choice has an answer before anybody touches it; the confidential one is no."""

    def __init__(self) -> None:
        """Ask, with the usual answers."""
        super().__init__()
        self.month = QComboBox()
        self.month.setAccessibleName("Month of the pack")
        self.month.addItem("The month closed last", None)
        self.since = QComboBox()
        self.since.setAccessibleName("Virements since")
        self.since.addItem("Since the month before, as its forecast was kept", None)
        self.points = QPlainTextEdit()
        self.points.setAccessibleName("Decisions asked for")
        self.points.setTabChangesFocus(True)
        self.points.setPlaceholderText("One a line; what waits for approval is added by itself")
        self.points.setFixedHeight(self.points.fontMetrics().lineSpacing() * _LINES + 12)
        self.share = QCheckBox("Add the risk share by partner, confidential")
        self.share.setAccessibleName(self.share.text())
        self.setLayout(
            column(
                words("Month", "bodyStrong"),
                self.month,
                words("Virements", "bodyStrong"),
                self.since,
                words("Decisions asked for", "bodyStrong"),
                self.points,
                self.share,
                words(
                    "Only what this laptop may open, as an appendix of its own at the end.",
                    "caption",
                    "secondary",
                    wrap=True,
                ),
                gap=8,
            )
        )

    def offer(self, meetings: Sequence[Meeting]) -> None:
        """Offer the ledgers that meetings saw, and the whole year."""
        for one in meetings:
            self.since.addItem(one.words, one.journal)
        self.since.addItem("The whole year", 0)

    def offer_months(self, months: Sequence[PackMonth]) -> None:
        """Offer the earlier months that are closed, as they were reported."""
        for one in months:
            if one.last:
                self.month.setItemText(0, one.words)
            else:
                self.month.addItem(one.words, one.month)

    @property
    def earlier(self) -> int | None:
        """The month that is chosen, unless it is the one closed last."""
        month = self.month.currentData()
        return month if isinstance(month, int) else None

    @property
    def asked(self) -> PackAsked:
        """What was chosen; Refusal for words that cannot be printed."""
        since = self.since.currentData()
        return PackAsked.of(
            since if isinstance(since, int) else None,
            self.points.toPlainText().splitlines(),
            share=self.share.isChecked(),
            month=self.earlier,
        )

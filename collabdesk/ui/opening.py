"""What a page shows while its workspace is being opened: its headings, at once."""

from __future__ import annotations

import datetime as dt

from collabdesk.ui.home.frame import HomeFrame, title
from collabdesk.ui.page import Heading, Page, Surroundings


class Opening(Page):
    """A page of a workspace that is not open yet."""

    def __init__(self, around: Surroundings, key: str, name: str) -> None:
        """Show the headings of Home, or that a page is being opened."""
        super().__init__(around, name)
        if key == "home":
            today = dt.datetime.now().astimezone().date()
            self.heading = Heading(title(today), "Opening your workspace…")
            self.show_full(HomeFrame(around.look))
        else:
            self.show_loading("Opening your workspace")

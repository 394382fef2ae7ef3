"""What the pages of the house itself are given beside the desk: Home, Sharing and Settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collabdesk.host.recent import Visit
from collabdesk.host.settings import ThisComputer

if TYPE_CHECKING:
    from collabdesk.services.doors import Doors
    from collabdesk.ui.background_sharing import BackgroundSharing


@dataclass(frozen=True)
class House:
    """Doors, sharing, settings, and what was held when this workspace was last left."""

    doors: Doors
    sharing: BackgroundSharing
    settings: ThisComputer
    visit: Visit | None
    wear: Callable[[], object]
    """Puts the chosen colours and text size on."""

"""Metrics: published releases, the standards they are held to, and how trusts compare."""

from __future__ import annotations

from typing import Final

from collabdesk.services.commands import Handlers
from collabdesk.services.metrics.commands import ImportRelease, SetStandard, WithdrawRelease
from collabdesk.services.metrics.releases import import_release, withdraw_release
from collabdesk.services.metrics.standards import set_standard

HANDLERS: Final[Handlers] = {
    ImportRelease: import_release,
    WithdrawRelease: withdraw_release,
    SetStandard: set_standard,
}

__all__ = ["HANDLERS", "ImportRelease", "SetStandard", "WithdrawRelease"]

"""What the membership in force allows: approvals by amount, roles by partner, rights by role."""

from __future__ import annotations

from dataclasses import dataclass

from collabdesk.services.control.naming import role_words
from collabdesk.services.control.rights_words import rights_of
from collabdesk.services.control.told import thresholds_words
from collabdesk.sync.authority.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class RulesNow:
    """The rules in words: of approvals, of each partner, of each role with what it may do."""

    approvals: str = ""
    partners: tuple[str, ...] = ()
    roles: tuple[tuple[str, tuple[str, ...]], ...] = ()


def rules_now(book: Rulebook) -> RulesNow:
    """Return the rules of the membership in force, in words."""
    epoch = book.epoch
    return RulesNow(
        f"Approvals that the partners agreed on: {thresholds_words(epoch.thresholds)}.",
        tuple(
            f"{entry.name} may give its laptops these roles: {role_words(entry.grants)}."
            for entry in epoch.orgs
        ),
        tuple((role_words([rights.role]), rights_of(rights)) for rights in epoch.roles),
    )

"""People, who appear in CollabDesk as the role they hold at an organisation."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person does; what the role may do is declared with the shared data."""

    FINANCE_LEAD = "finance_lead"
    QI_LEAD = "qi_lead"
    ALLIANCE_MANAGER = "alliance_manager"
    PROGRAMME_MANAGER = "programme_manager"
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"

    @property
    def words(self) -> str:
        """The role as it is said, as ``Finance lead``."""
        if self is Role.QI_LEAD:
            return "QI lead"
        return self.value.replace("_", " ").capitalize()


def person_words(role: Role, organisation: str) -> str:
    """Name a person by role and organisation, as ``Finance lead, Lincolnshire Partnership``."""
    return f"{role.words}, {organisation}"

"""People are named by what they do."""

from __future__ import annotations

from collabdesk.domain.people import Role, person_words


def test_roles_are_said_in_words() -> None:
    assert [role.words for role in Role] == [
        "Finance lead",
        "QI lead",
        "Alliance manager",
        "Programme manager",
        "Approver",
        "Administrator",
    ]


def test_a_person_is_a_role_at_an_organisation() -> None:
    assert person_words(Role.QI_LEAD, "Partner A") == "QI lead, Partner A"

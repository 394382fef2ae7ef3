"""The one declaration: complete, consistent, and read back as it is written."""

from __future__ import annotations

import pytest
import settings_page
from hypothesis import given
from hypothesis import strategies as st

from collabdesk.errors import Refusal
from collabdesk.host.approval_tiers import ApprovalTier, format_tiers, parse_tiers
from collabdesk.host.settings_declaration import Kind, Setting, declaration

DECLARED = declaration()
EVERY = [*DECLARED.workspace.values(), *DECLARED.computer.values()]


@pytest.mark.parametrize("setting", EVERY, ids=lambda setting: setting.key)
def test_every_setting_has_words_and_a_default_that_is_read_back(setting: Setting) -> None:
    assert setting.words
    assert setting.help.endswith(".")
    assert setting.group
    assert setting.parse(setting.format(setting.default)) == setting.default
    assert setting.range_words.endswith(".")
    if setting.kind in {Kind.WHOLE, Kind.DECIMAL}:
        assert setting.least is not None
        assert setting.most is not None


def test_a_key_means_one_thing_only() -> None:
    assert not set(DECLARED.workspace) & set(DECLARED.computer)


def test_the_page_is_current() -> None:
    assert settings_page.PAGE.read_text("utf-8") == settings_page.page(), "run: make docs"


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("own_dispute", "No", False),
        ("own_dispute", "on", True),
        ("suppress_below", " 10 ", 10),
        ("variance_red_pct", "3.50", "3.5"),
        ("variance_red_pct", "100", "100"),
        ("variance_red_pct", "-0", "0"),
        ("uplift_convention", "multiplicative", "multiplicative"),
    ],
)
def test_what_people_type_is_read(key: str, text: str, value: object) -> None:
    assert DECLARED.workspace[key].parse(text) == value


@pytest.mark.parametrize(
    ("key", "text", "remedy"),
    [
        ("own_dispute", "perhaps", "Give yes or no."),
        ("suppress_below", "0", "from 1 to 50 people"),
        ("suppress_below", "5.0", "whole number"),
        ("suppress_below", "\u0665", "whole number"),
        ("variance_red_pct", "1e2", "from 0 to 100"),
        ("variance_red_pct", "100.1", "from 0 to 100"),
        ("uplift_convention", "Additive", "additive, multiplicative"),
        ("virement_tiers", "up to ten: 1 of finance_lead", "is no step"),
        ("virement_tiers", "up to 10: 1 of approver", "must begin with “above”"),
        ("virement_tiers", "above: 1 of approver; above: 2 of approver", "only that"),
        ("virement_tiers", "up to 9: 1 of a; up to 9.00: 1 of a; above: 1 of a", "larger amount"),
        ("virement_tiers", "above: 1 of approver, approver", "twice"),
        ("virement_tiers", "", "is no step"),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(key: str, text: str, remedy: str) -> None:
    with pytest.raises(Refusal) as refused:
        DECLARED.workspace[key].parse(text)
    assert remedy in refused.value.remedy
    assert refused.value.field == key


def test_text_of_two_lines_is_refused() -> None:
    with pytest.raises(Refusal):
        DECLARED.computer["sync_folder"].parse("/srv\n/share")
    with pytest.raises(Refusal, match="small letters"):
        DECLARED.computer["folder_slot"].parse("East Mids")


def test_values_are_shown_in_words_with_their_unit() -> None:
    assert DECLARED.computer["theme"].shown("dark") == "Dark"
    assert DECLARED.workspace["variance_red_pct"].shown("3") == "3 % of budget"
    assert DECLARED.workspace["own_dispute"].shown(value=True) == "yes"


def test_thousands_may_be_typed_with_commas() -> None:
    tiers = parse_tiers("up to £50,000: 1 of anybody; above: 2 of approver")
    assert tiers == (ApprovalTier(5_000_000, (), 1), ApprovalTier(None, ("approver",), 2))


ROLES = st.lists(
    st.sampled_from(["finance_lead", "approver", "administrator"]), unique=True, max_size=3
).map(tuple)


@given(
    limits=st.lists(st.integers(0, 10**14), unique=True, max_size=5).map(sorted),
    roles=st.lists(ROLES, min_size=6, max_size=6),
    needed=st.lists(st.integers(1, 9), min_size=6, max_size=6),
)
def test_any_scheme_is_read_back_as_it_was_written(
    limits: list[int], roles: list[tuple[str, ...]], needed: list[int]
) -> None:
    steps = [*limits, None]
    scheme = tuple(
        ApprovalTier(limit, who, many)
        for limit, who, many in zip(steps, roles, needed, strict=False)
    )
    assert parse_tiers(format_tiers(scheme)) == scheme

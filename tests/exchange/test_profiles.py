from __future__ import annotations

import hashlib

import pytest

from collabdesk.errors import Refusal
from collabdesk.exchange.profiles import Profile, Travels, breakdown_key, parse_profile


def test_the_shipped_profile_is_read_whole(profile: Profile, profile_bytes: bytes) -> None:
    assert profile.identity == "mhsds-4ww"
    assert profile.licence.travels is Travels.PUBLISHED
    assert "Open Government Licence v3.0" in profile.licence.attribution
    assert profile.digest == hashlib.sha256(profile_bytes).digest()
    assert profile.columns["measure"] == ("measure_id", "metric")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "mhsds-4ww"', 'id = "MHSDS 4WW"', "“id” must be small letters"),
        ("format = 1", "format = 2", "format 1 only"),
        ("version = 1", "version = 0", "“version” must be 1 or more"),
        ("version = 1", "version = true", "“version” must be a whole number"),
        ('title = "Mental', 'titel = "Mental', "“title” is missing"),
        ('publisher = "NHS England"', 'publisher = " "', "“publisher” is empty"),
        ("exponent = false", "exponent = false\nexponnent = true", "“exponnent” is not known"),
        ('travels = "published"', 'travels = "shared"', "“travels” must be one of"),
        ('["utf-8-sig", "utf-8"]', '["utf-16"]', "“encodings” must list some of"),
        ('["utf-8-sig", "utf-8"]', '"utf-8"', "“encodings” must be a list"),
        ('["utf-8-sig", "utf-8"]', "[8]", "must be a list of texts"),
        ('["dd/mm/yyyy", "yyyy-mm-dd"]', '["mm/dd/yyyy"]', "“dates” must list some of"),
        ('measure = ["MEASURE_ID", "METRIC"]', "measure = []", "“measure” needs column names"),
        ('"METRIC_NAME"]', '"METRIC"]', "that no other has"),
        ('suppressed = ["*"]', 'suppressed = ["*", "-"]', "both suppressed and missing"),
        ('"Provider" = "provider"', '"Provider" = "trust"', "“Provider” must be one of"),
        ('final = ["Final"]', 'final = ["Perf"]', "stands for two statuses"),
        ('final = ["Final"]', 'last = ["Final"]', "“last” is not one of"),
        ("multiple_of = 5", "multiple_of = 0", "must be 1 or more"),
        ("(?P<month>[A-Z]", "(?P<moon>[A-Z]", "may name only"),
        ("[A-Z][a-z]{2})", "[A-Z][a-z]{2}", "is not a pattern"),
        ("_{1,2}", "_*", "too many ways"),
        ("_{1,2}", "(a?){9}(a?){9}", "too many ways"),
        ("_{1,2}", "a?" * 20, "too many ways"),
        ("_{1,2}", "(?:a|a)" * 20, "too many ways"),
        ("_v2.csv.gz", ".xlsx", "“name_example” does not match"),
        ("[checks]", "[checks", "cannot be read"),
    ],
)
def test_a_bad_profile_is_refused_in_words(
    profile_bytes: bytes, old: str, new: str, words: str
) -> None:
    changed = profile_bytes.decode().replace(old, new, 1).encode()
    assert changed != profile_bytes
    with pytest.raises(Refusal, match=words.replace("(", r"\(")) as caught:
        parse_profile(changed, "copied.toml")
    assert caught.value.code == "bad-profile"
    assert "copied.toml" in caught.value.words
    assert caught.value.remedy


def test_a_profile_that_is_not_text_or_too_large_is_refused(profile_bytes: bytes) -> None:
    with pytest.raises(Refusal, match="not UTF-8 text"):
        parse_profile(b"\xff\xfe")
    with pytest.raises(Refusal, match="larger than 64 KiB"):
        parse_profile(profile_bytes + b"# x\n" * 20_000)


def test_a_profile_without_breakdowns_is_refused(profile_bytes: bytes) -> None:
    text = profile_bytes.decode()
    start, end = text.index('"England" ='), text.index("[checks]")
    with pytest.raises(Refusal, match="at least one breakdown"):
        parse_profile((text[:start] + text[end:]).encode())


def test_breakdown_labels_are_compared_without_case_or_spacing() -> None:
    assert breakdown_key("England;Gender") == breakdown_key(" ENGLAND ;  gender ")

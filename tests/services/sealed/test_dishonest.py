"""What a member with a program of its own may put in a restricted cell, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from nacl.public import PublicKey, SealedBox

from collabdesk.domain.changes import OWN, Cell, Insert
from collabdesk.errors import Refusal
from collabdesk.services.sealed.granting import GrantReading
from collabdesk.services.sealed.letting_in import let_read, prepared
from collabdesk.services.sealed.opening import Standing
from collabdesk.services.sharing.publish import seal as seal_open_segment
from collabdesk.sync.codec import encode
from collabdesk.sync.operations import Value
from collabdesk.sync.sealed import Item, SealedValue, box_for, item_key_of, read_sealed, seal
from tests.services.sealed.scenes import STATEMENT, Scene

Forgery = Callable[[Scene, bytes], Value]
STATEMENT_COLUMN = 13


def encoded(parts: SealedValue, **other: object) -> bytes:
    """Return the bytes of a sealed value with some of its parts exchanged."""
    given = {
        "key_hash": parts.key_hash,
        "boxes": [[dev16, box] for dev16, box in parts.boxes.items()],
        "nonce": parts.nonce,
        "ciphertext": parts.ciphertext,
        **other,
    }
    return encode([1, *given.values()])  # type: ignore[list-item]


def seal_keys(scene: Scene) -> dict[bytes, bytes]:
    """Return the sealing keys of the lead's and a's laptops."""
    return {
        scene.dev16(name): scene.desk(name).workspace.keys().seal_public for name in ("lead", "a")
    }


def item(scene: Scene, **other: object) -> Item:
    """Return the place of what the lead writes in a statement."""
    ws = scene.desk("lead").workspace.about.workspace
    given = {"ws": ws, "table": 90, "author": scene.dev16("lead"), **other}
    return Item(**given)  # type: ignore[arg-type]


def tampered(_: Scene, honest: bytes) -> Value:
    text = bytearray(read_sealed(honest).ciphertext)
    text[0] ^= 1
    return encoded(read_sealed(honest), ciphertext=bytes(text))


def of_another_column(scene: Scene, _: bytes) -> Value:
    return seal({12: "x"}, seal_keys(scene), item(scene))[12]


def of_another_table(scene: Scene, _: bytes) -> Value:
    return seal({13: "x"}, seal_keys(scene), item(scene, table=403))[13]


def of_another_workspace(scene: Scene, _: bytes) -> Value:
    return seal({13: "x"}, seal_keys(scene), item(scene, ws=bytes(32)))[13]


def of_another_author(scene: Scene, _: bytes) -> Value:
    return seal({13: "x"}, seal_keys(scene), item(scene, author=scene.dev16("b")))[13]


def with_other_keys_in_its_boxes(scene: Scene, honest: bytes) -> Value:
    boxes = [
        [dev16, SealedBox(PublicKey(key)).encrypt(bytes(32))]
        for dev16, key in sorted(seal_keys(scene).items())
    ]
    return encoded(read_sealed(honest), boxes=boxes)


def with_a_box_twice(_: Scene, honest: bytes) -> Value:
    parts = read_sealed(honest)
    boxes = [[dev16, box] for dev16, box in parts.boxes.items()]
    return encoded(parts, boxes=[boxes[0], *boxes])


def of_another_kind(scene: Scene, _: bytes) -> Value:
    return seal({13: 5}, seal_keys(scene), item(scene))[13]


def nothing_like_it(_: Scene, __: bytes) -> Value:
    return b"In clear, for the world to read"


FORGERIES = [
    tampered,
    of_another_column,
    of_another_table,
    of_another_workspace,
    of_another_author,
    with_other_keys_in_its_boxes,
    with_a_box_twice,
    of_another_kind,
    nothing_like_it,
]


def frame(scene: Scene, partner: str) -> dict[str, Cell]:
    return {"fiscal_year": "2026/27", "month": 7, "partner": scene.org(partner)}


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.__name__)
def test_it_cannot_be_opened_and_its_author_is_named(scene: Scene, forgery: Forgery) -> None:
    honest = scene.content("lead", scene.state("a"), "statement")
    cells = frame(scene, "a") | {"statement": "x"}
    insert = Insert("share_statement", OWN, cells, key="row")
    row = scene.forge("lead", {STATEMENT_COLUMN: forgery(scene, honest)}, insert)["row"]
    scene.alliance.share_all()
    assert len(scene.alliance.roots) == 1, "what it holds is nobody's verdict"
    for name in ("lead", "a"):
        found = scene.opened(name, row, "statement")
        assert found.standing is Standing.BROKEN
        assert found.value is None
        assert "Finance lead, Nottinghamshire Healthcare NHS Foundation Trust" in found.words
    assert scene.opened("b", row, "statement").value is None
    assert scene.tables("b")["share_statement"].entries >= 1


def test_two_readers_never_read_different_words(scene: Scene) -> None:
    """One box opens, the other holds a key whose hash is not the value's."""
    cells = frame(scene, "a") | {"statement": "x"}
    honest = seal({13: "for the lead"}, seal_keys(scene), item(scene))[13]
    parts, keys = read_sealed(honest), seal_keys(scene)
    other = box_for(b"\x07" * 32, keys[scene.dev16("a")])
    boxes = [[d, other if d == scene.dev16("a") else box] for d, box in parts.boxes.items()]
    insert = Insert("share_statement", OWN, cells, key="row")
    forged = encoded(parts, boxes=boxes)
    row = scene.forge("lead", {STATEMENT_COLUMN: forged}, insert)["row"]
    scene.alliance.share_all()
    assert scene.opened("lead", row, "statement").value == "for the lead"
    assert scene.standing("a", row, "statement") is Standing.BROKEN
    with pytest.raises(Refusal, match="Nothing waits"):
        let_read(scene.desk("lead").workspace, scene.dev16("a"))
    let_read(scene.desk("lead").workspace, scene.dev16("a"), again=True)
    scene.alliance.share_all()
    assert scene.opened("a", row, "statement").value == "for the lead"


def test_what_no_partner_sealed_is_not_entered_again(scene: Scene) -> None:
    stranger = seal({13: "x"}, seal_keys(scene), item(scene, author=bytes(16)))[13]
    with pytest.raises(Refusal) as caught:
        scene.state("a", statement=stranger)
    assert caught.value.code == "cannot-reissue"


def test_an_assessment_of_nothing_is_sealed_for_nobody_in_particular(scene: Scene) -> None:
    cells: dict[str, Cell] = {
        "proposal": bytes(16),
        "assessor": scene.person("lead"),
        "criterion": "value",
        "mark": 3,
    }
    own = item(scene, table=404)
    forged = seal({10: 3}, {scene.dev16("lead"): seal_keys(scene)[scene.dev16("lead")]}, own)[10]
    row = scene.forge("lead", {10: forged}, Insert("assessment", OWN, cells, key="row"))["row"]
    scene.alliance.share_all()
    assert scene.opened("lead", row, "mark", "assessment").value == 3
    assert scene.standing("b", row, "mark", "assessment") is Standing.SEALED
    assert scene.reads("b", "lead", "assessment").may_read == 0


def test_a_reader_left_out_of_one_cell_waits_and_is_let_in(scene: Scene) -> None:
    cells = frame(scene, "a") | {"share_p": 1, "statement": "x"}
    made = seal({11: 5, 13: "left out"}, seal_keys(scene), item(scene))
    parts, lead = read_sealed(made[13]), scene.dev16("lead")
    made[13] = encoded(parts, boxes=[[lead, parts.boxes[lead]]])
    row = scene.forge("lead", made, Insert("share_statement", OWN, cells, key="row"))["row"]
    scene.alliance.share_all()
    assert scene.opened("a", row, "share_p").value == 5
    assert scene.standing("a", row, "statement") is Standing.WAITING
    assert scene.reads("b", "a").waits == 1
    let_read(scene.desk("lead").workspace, scene.dev16("a"))
    scene.alliance.share_all()
    assert scene.opened("a", row, "statement").value == "left out"


def test_plain_text_in_a_restricted_cell_is_refused_by_everybody(scene: Scene) -> None:
    insert = Insert("share_statement", OWN, frame(scene, "a") | {"statement": "x"}, key="row")
    with pytest.raises(Refusal) as caught:
        scene.forge("lead", {STATEMENT_COLUMN: "in clear"}, insert)
    assert caught.value.code == "verdict-31"


def test_a_copied_value_is_opened_for_nobody(scene: Scene) -> None:
    """b copies what it cannot read into a statement about itself, and asks to be let in."""
    original = scene.state("a")
    scene.alliance.share_all()
    copied = scene.content("b", original, "statement")
    insert = Insert("share_statement", OWN, frame(scene, "b") | {"statement": "x"}, key="row")
    row = scene.forge("b", {STATEMENT_COLUMN: copied}, insert)["row"]
    scene.alliance.share_all()
    found = scene.opened("lead", row, "statement")
    assert found.standing is Standing.BROKEN
    assert found.words == (
        "Cannot be opened: what Alliance manager, Leicestershire Partnership NHS Trust entered "
        "was sealed on another laptop."
    )
    assert scene.reads("lead", "b").offered == 1
    with pytest.raises(Refusal, match="Nothing waits for Alliance manager laptop 1"):
        let_read(scene.desk("lead").workspace, scene.dev16("b"))
    assert scene.standing("b", row, "statement") is Standing.WAITING


def test_worthless_grants_do_not_hide_a_good_one(scene: Scene) -> None:
    scene.ask_a_person()
    row = scene.state("a")
    scene.alliance.share_all()
    later = scene.second_laptop("a")
    lead, b = scene.desk("lead"), scene.desk("b")
    good = prepared(lead.workspace, scene.dev16(later))
    (box,) = good.boxes
    author, seq, idx = box.dot
    cells: dict[str, Cell] = {
        "author": author,
        "seq": seq,
        "idx": idx,
        "reader": scene.dev16(later),
    }
    wrong = box_for(b"\x03" * 32, scene.desk(later).workspace.keys().seal_public)
    spoiled = [b"", bytes(80), wrong, *(bytes([n]) * 80 for n in range(20))]
    for one in spoiled:
        # Each in a change set of its own, so that these are the newest by number.
        b.change(Insert("sealed_grant", OWN, {**cells, "box": one}))
        seal_open_segment(b.workspace)
    scene.alliance.share_all()
    assert scene.standing(later, row, "statement") is Standing.BROKEN
    lead.run(good)
    scene.alliance.share_all()
    assert scene.opened(later, row, "statement").value == STATEMENT


def test_a_reader_who_tells_others_is_seen_to_have_done_so(scene: Scene) -> None:
    """Nothing can stop whoever reads from telling; the grant has an author, and it shows."""
    row = scene.state("a")
    scene.alliance.share_all()
    a, b = scene.desk("a").workspace, scene.desk("b").workspace
    lying = scene.lying("a", row, "statement")
    item_key = item_key_of(lying.content, scene.dev16("a"), a.keys().sealing)
    honest = GrantReading(scene.dev16("b"), "b", ())
    with pytest.raises(Refusal):
        scene.desk("a").run(honest)
    grant: dict[str, Cell] = {
        "author": lying.dot[0],
        "seq": lying.dot[1],
        "idx": lying.dot[2],
        "reader": scene.dev16("b"),
        "box": box_for(item_key, b.keys().seal_public),
    }
    scene.insert("a", "sealed_grant", **grant)
    scene.alliance.share_all()
    told = scene.reads("lead", "b")
    assert (told.may_read, told.kept) == (0, 1)

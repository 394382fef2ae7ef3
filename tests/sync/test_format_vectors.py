"""Both readers find in every golden file exactly what stands beside it."""

from __future__ import annotations

import ast
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from nacl.public import PrivateKey

from collabdesk.errors import NotPossible
from collabdesk.sync import blobs, derive, join, names, sealed, segment, words
from collabdesk.sync import records as control
from tests.data.format import make_vectors
from tests.format_reader import encoding, reader
from tests.sync.format_vectors import listed, load, value_of

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "change-set-format.md"


def by_name(name: str) -> list[Any]:
    return [pytest.param(vector, id=f"{name}-{vector['name']}") for vector in load(name)]


@pytest.mark.parametrize("vector", by_name("segments"))
def test_segments_hold_what_stands_beside_them(vector: dict[str, Any]) -> None:
    content = bytes.fromhex(vector["file"])
    found = segment.read(content)
    header, body = reader.read_segment(content)
    assert segment.verify(found)
    assert listed(found.header.to_wire()) == header == value_of(vector["header"])
    assert found.id.hex() == reader.segment_id(found.header_bytes).hex() == vector["id"]
    assert body == value_of(vector["body"])
    if body is not None:
        opened = segment.open_body(found)
        assert listed([opened.devs, opened.ops]) == body
    places = (vector["path"], vector["healed_path"])
    assert reader.paths("lead", found.header.dev, found.header.seq, found.id) == places


@pytest.mark.parametrize("vector", by_name("records"))
def test_records_hold_what_stands_beside_them(vector: dict[str, Any]) -> None:
    content = bytes.fromhex(vector["file"])
    record_file = control.read_file(content)
    record = control.read_record(record_file.record_bytes)
    wire, identity, signers = reader.read_record(content)
    assert listed(record.to_wire()) == wire == value_of(vector["record"])
    assert control.record_id(record_file.record_bytes).hex() == identity.hex() == vector["id"]
    assert [key.hex() for key in signers] == vector["signers"]
    assert control.valid_signers(record_file) == frozenset(signers)
    assert control.write_file(record_file) == content
    assert names.record_path("lead", content) == vector["path"]
    assert reader.record_path("lead", content) == vector["path"]


def test_the_golden_proof_proves() -> None:
    (vector,) = [vector for vector in load("records") if vector["name"] == "proof"]
    content = bytes.fromhex(vector["file"])
    proof = control.read_record(control.read_file(content).record_bytes)
    assert isinstance(proof, control.Proof)
    assert proof.holds()
    assert reader.proof_holds(reader.read_record(content)[0])


@pytest.mark.parametrize("vector", by_name("joins"))
def test_join_requests_hold_what_stands_beside_them(vector: dict[str, Any]) -> None:
    content = bytes.fromhex(vector["file"])
    request = join.read_join(content)
    fields = reader.read_join(content)
    spoken = words.parse_words(" ".join(vector["words"]))
    assert request.key == fields[2] == bytes.fromhex(vector["key"])
    assert (
        request.seal_key
        == fields[3]
        == (value_of({"hex": vector["seal_key"]}) if fields[3] else None)
    )
    assert names.join_path("lead", request.key) == vector["path"]
    assert vector["path"].startswith(f"o/lead/j/{words.search_name(spoken)}")
    assert words.matches(spoken, names.devhash(request.key))


@pytest.mark.parametrize("vector", by_name("sealed"))
def test_sealed_values_open_for_each_reader(vector: dict[str, Any]) -> None:
    content, ws = bytes.fromhex(vector["file"]), bytes.fromhex(vector["ws"])
    for who in vector["readers"]:
        dev16, secret = bytes.fromhex(who["dev16"]), bytes.fromhex(who["secret"])
        place = (ws, vector["table"], vector["column"])
        key = PrivateKey(secret)
        ours = sealed.open_with(sealed.item_key_of(content, dev16, key), content, *place)
        theirs = reader.read_sealed(content, *place, dev16=dev16, secret=secret)
        assert ours == theirs == value_of(vector["value"])


@pytest.mark.parametrize("vector", [v for v in load("sealed") if "author" in v])
def test_sealed_cells_open_as_their_authors_alone(vector: dict[str, Any]) -> None:
    content, ws = bytes.fromhex(vector["file"]), bytes.fromhex(vector["ws"])
    table, column, author = vector["table"], vector["column"], bytes.fromhex(vector["author"])
    for who in vector["readers"]:
        dev16, secret = bytes.fromhex(who["dev16"]), bytes.fromhex(who["secret"])
        place, key = (ws, table, column), PrivateKey(secret)
        item = sealed.Item(ws, table, author)
        ours = sealed.open_sealed(content, item, column, dev16=dev16, private_key=key)
        theirs = reader.read_sealed(content, *place, dev16=dev16, secret=secret, author=author)
        assert ours == theirs == value_of(vector["value"])
        for other in (bytes(16), dev16 if dev16 != author else bytes(16)):
            item = sealed.Item(ws, table, other)
            with pytest.raises(NotPossible):
                sealed.open_sealed(content, item, column, dev16=dev16, private_key=key)
            with pytest.raises(encoding.RefusedError):
                reader.read_sealed(content, *place, dev16=dev16, secret=secret, author=other)


@pytest.mark.parametrize("vector", by_name("blobs"))
def test_blobs_join_to_what_stands_beside_them(vector: dict[str, Any]) -> None:
    chunks = [bytes.fromhex(chunk) for chunk in vector["files"]]
    value = bytes.fromhex(vector["value"])
    held = {hashlib.sha256(chunk).digest(): chunk for chunk in chunks}
    content = b"".join(blobs.reassemble(value, held.__getitem__))
    assert content == reader.read_blob(value, chunks)
    assert hashlib.sha256(content).hexdigest() == vector["content_sha256"]
    assert [names.blob_path("lead", chunk_hash) for chunk_hash in held] == vector["paths"]


def test_what_follows_by_calculation_is_the_same_for_both() -> None:
    vector = load("derived")
    key = bytes.fromhex(vector["key"])
    assert reader.devhash(key).hex() == vector["devhash"]
    assert reader.row_id(key, 1, 0).hex() == vector["row_id"]
    row, cells = bytes.fromhex(vector["row_id"]), value_of(vector["approve"]["cells"])
    assert reader.approve_digest(10, row, cells).hex() == vector["approve"]["digest"]
    assert derive.approve_digest(10, row, cells).hex() == vector["approve"]["digest"]
    journal = value_of(vector["journal"]["fields"])
    assert reader.journal_hash(journal).hex() == vector["journal"]["hash"]
    assert derive.journal_hash(*journal).hex() == vector["journal"]["hash"]


@pytest.mark.parametrize("name", ["first_state", "state"])
def test_state_roots_are_the_same_for_both(name: str) -> None:
    vector = load("derived")[name]
    series = [value_of(vector[part]) for part in ("rows", "signed", "withheld")]
    assert reader.state_root(series[0], series[1], series[2]).hex() == vector["root"]
    assert derive.state_root(series[0], series[1], series[2]).hex() == vector["root"]


@pytest.mark.parametrize("name", ["first_control", "control"])
def test_control_heads_are_the_same_for_both(name: str) -> None:
    vector = load("derived")[name]
    fields = value_of(vector["fields"])
    assert reader.control_head(fields).hex() == vector["head"]
    assert make_vectors.control_head(fields).hex() == vector["head"]


def test_words_are_the_places_the_page_names() -> None:
    vector = load("derived")
    listed_words = words.words_of(bytes.fromhex(vector["devhash"]))
    assert list(listed_words) == vector["devhash_words"]
    numbers = reader.word_numbers(bytes.fromhex(vector["devhash"]))
    spelled = reader.word_numbers(words.bits_of(listed_words))
    assert numbers == spelled


def test_the_script_makes_the_committed_files() -> None:
    made = make_vectors.vectors()
    made["segments"] = [vector for vector in made["segments"] if vector["name"] != "packed"]
    for name, content in made.items():
        committed = load(name)
        if name == "segments":
            # Another zlib may pack these operations otherwise, and be as right.
            committed = [vector for vector in committed if vector["name"] != "packed"]
        assert listed(content) == committed


def test_the_page_shows_the_golden_file_and_its_figures() -> None:
    page = PAGE.read_text(encoding="utf-8")
    first, vector = load("segments")[0], load("derived")
    blocks = [re.sub(r"\s", "", block) for block in re.findall(r"```\n([0-9a-f\s]+)```", page)]
    assert first["file"] in blocks
    shown = [first["id"], vector["devhash"], vector["row_id"], vector["key"]]
    shown += [vector["first_state"]["root"], vector["first_control"]["head"]]
    shown += [record["id"] for record in load("records")[:2]]
    shown += [" ".join(vector["devhash_words"]), first["path"].replace("lead", "<slot>")]
    assert [figure for figure in shown if figure not in page] == []


def test_the_golden_vector_is_that_of_the_first_world() -> None:
    content = bytes.fromhex(load("segments")[0]["file"])
    found = segment.read(content)
    assert found.header.ws.hex() == (
        "361a3c290441c68277eac33f9a9d49628a5d3fbf216ac4bc0aa3755703fb4838"
    )
    assert found.header.roster[1].hex() == (
        "92b2084aef53d6462f2eb2d91bb1c6f112a153e6d8b2f4247c74dfb972bcbf29"
    )
    assert (len(found.header_bytes), len(content)) == (284, 448)
    assert found.id.hex() == "ab579e442d021afd282968991c6abdf2e3ed93ad79d0c7959042c29175e97e5d"
    vector = load("derived")
    assert vector["row_id"] == "038e7fb663e827fc33280848f437c6e5"
    assert vector["devhash"] == "577ad43fed0350d2c870e4350970e01dd0a419cfd3b002b5f9ae2eae65a44790"
    assert vector["first_state"]["root"] == (
        "0a3939e864bba6b8f83d68519a380db26b0740068ede1bce39c0d7c25d7d1e28"
    )
    assert vector["first_control"]["head"] == (
        "87a98066a25b6a7b178d2bd11d358d7636ac72227cd09877e1a77d95ee6d3fbc"
    )
    assert names.segment_path("a", found.header.dev, 1, found.id) == (
        "o/a/d/k55nip7naninfsdq4q2qs4hadx/000000/0000000001-vnlz4rbnainp2kbjncmry2v56l.cds"
    )


def test_the_second_reader_stands_alone() -> None:
    allowed = {"__future__", "base64", "collections", "hashlib", "nacl", "tests", "typing", "zlib"}
    imported = set()
    for module in (encoding, reader):
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                imported.add(str(node.module))
            elif isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
    ours = {name for name in imported if name.startswith("tests")}
    assert {name.split(".")[0] for name in imported} <= allowed
    assert ours == {"tests.format_reader.encoding"}

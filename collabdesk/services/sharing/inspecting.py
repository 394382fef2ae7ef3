"""A file of the shared folder in readable form: for auditors and the curious."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collabdesk.errors import Refusal
from collabdesk.services.membership import Member
from collabdesk.sync import join, names, records, segment, words
from collabdesk.sync.join import read_join
from collabdesk.sync.operations import ShapeError, read_operation
from collabdesk.sync.registry import REGISTRY


def inspect_file(content: bytes, people: Mapping[bytes, Member] | None = None) -> dict[str, Any]:
    """Return what a change set, record or join request says; refusal if it is none of them.

    `people` names the laptops, by 16-byte short name, where a workspace knows them.
    """
    if content.startswith(segment.MAGIC):
        return _segment(content, people or {})
    if content.startswith(records.MAGIC):
        return _record(content)
    if content.startswith(join.MAGIC):
        return _join(content)
    raise Refusal(
        code="not-ours",
        words="This is not a file of a CollabDesk shared folder.",
        remedy="Choose a .cds (change set), .cdc (membership record) or .cdj (join request).",
        field="file",
    )


def _segment(content: bytes, people: Mapping[bytes, Member]) -> dict[str, Any]:
    read = segment.read(content)
    header = read.header
    body = segment.open_body(read)
    member = people.get(names.dev16(header.dev))
    return {
        "kind": "change set",
        "id": read.id.hex(),
        "signature": "holds" if segment.verify(read) else "FAILS",
        "workspace": header.ws.hex(),
        "laptop": header.dev.hex(),
        "author": f"{member.role}, {member.organisation_name}, {member.laptop}"
        if member
        else "not known here",
        "laptop words": " ".join(words.words_of(names.devhash(header.dev))),
        "number": header.seq,
        "follows": header.prev.hex(),
        "has seen": [f"{dev.hex()} up to {seq} ({sid.hex()})" for dev, seq, sid in header.parents],
        "Lamport number": header.lamport,
        "laptop's clock, ms": header.wall_ms,
        "made with": header.app,
        "registry version": header.schema,
        "epoch": f"{header.epoch[0]} ({header.epoch[1].hex()})",
        "roster": f"{header.roster[0]} ({header.roster[1].hex()})",
        "operations": [_operation(op, body.devs) for op in body.ops],
    }


def _operation(op: list[Any], devs: tuple[bytes, ...]) -> str:
    try:
        read = read_operation(op, devs)
    except (ShapeError, ValueError, IndexError, KeyError):
        return f"not readable by this version: {op!r}"
    table = REGISTRY.tables.get(getattr(read, "table", -1))
    name = f" in {table.name}" if table else ""
    return f"{type(read).__name__}{name}: {_cells(read, table)}"


def _cells(read: Any, table: Any) -> str:  # noqa: ANN401 - any kind of operation
    cells = getattr(read, "cells", None)
    if cells is None or table is None:
        return str(read)
    said = []
    for cell in cells:
        column = table.by_number.get(cell[0])
        value = cell[1].hex() if isinstance(cell[1], bytes) else cell[1]
        said.append(f"{column.name if column else cell[0]} = {value!r}")
    row = getattr(read, "row", b"")
    return (f"row {row.hex()}: " if row else "") + ", ".join(said)


def _record(content: bytes) -> dict[str, Any]:
    file = records.read_file(content)
    record = records.read_record(file.record_bytes)
    epoch = record.epoch if isinstance(record, records.Genesis) else record
    values: dict[str, Any] = {
        "kind": f"membership record: {type(record).__name__.lower()}",
        "id": records.record_id(file.record_bytes).hex(),
        "signatures that hold": [key.hex() for key in sorted(records.valid_signers(file))],
    }
    if isinstance(epoch, records.Epoch):
        values["number"] = epoch.n
        values["votes needed"] = epoch.k
        values["organisations"] = [f"{entry.name} ({entry.ods})" for entry in epoch.orgs]
    if isinstance(record, records.Roster):
        values["number"] = record.m
        values["people"] = [person.name for person in record.persons]
        values["laptops"] = [f"{device.label}: {device.key.hex()}" for device in record.devices]
    return values


def _join(content: bytes) -> dict[str, Any]:
    request = read_join(content)
    return {
        "kind": "join request",
        "workspace": request.ws.hex(),
        "laptop": request.key.hex(),
        "laptop words": " ".join(words.words_of(names.devhash(request.key))),
        "organisation": f"{request.org_name} ({request.ods})",
        "person": request.person,
        "laptop name": request.label,
        "made with": request.app,
    }

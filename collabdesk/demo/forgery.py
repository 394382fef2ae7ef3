"""What only an attacker does: signing what one has no right to, and spoiling files.

The application refuses to make such a change; here it is made from the format alone,
signed with a real enrolled key, and every laptop must judge it.
"""

from __future__ import annotations

from pathlib import Path

from collabdesk import __version__
from collabdesk.services.workspace import Workspace
from collabdesk.sync import names, segment
from collabdesk.sync.operations import DeviceList, SetRow, write_operation
from collabdesk.sync.registry import REGISTRY


def forge_edit(workspace: Workspace, table: str, row: bytes, column: str, value: str) -> str:
    """Sign and publish an edit of another trust's own row; return the file's place."""

    def forge() -> str:
        with workspace.engine() as (engine, replica, _):
            engine.seal()
            declared = REGISTRY.table_names[table]
            number = declared.by_name[column].number
            live = replica.log.cells([row])[row].get(number, {})
            op = SetRow(1, declared.number, row, ((number, value, tuple(sorted(live))),))
            devices = DeviceList([op])
            me = names.dev16(workspace.about.key)
            heads = replica.heads()
            mine = next(head for head in heads if head[0] == me)
            before = replica.log.link(mine[2])
            past = before.past if before else {}
            others = [h for h in heads if h[0] != me and h[1] > past.get(h[0], 0)]
            links = [replica.log.link(head[2]) for head in (mine, *others)]
            lamport = max(link.lamport for link in links if link is not None)
            organisation = workspace.book.organisation_of(workspace.about.key) or b""
            file = segment.seal(
                signing_key=workspace.keys().signing,
                ws=workspace.about.workspace,
                seq=mine[1] + 1,
                prev=mine[2],
                parents=tuple(sorted(others)),
                lamport=lamport + 1,
                wall_ms=workspace.clock.now_ms(),
                app=f"CollabDesk {__version__}",
                schema=REGISTRY.version,
                epoch=(workspace.book.epoch.n, workspace.book.head.id),
                roster=workspace.book.roster_of(organisation) or (0, b""),
                incarnation=workspace.about.incarnation,
                devs=devices.devs,
                ops=[write_operation(op, devices)],
            )
            sealed = segment.read(file)
            path = names.segment_path(
                workspace.about.slot, workspace.about.key, sealed.header.seq, sealed.id
            )
            engine.receive([file])
            replica.put_out(path, file)
            return path

    return workspace.threads.write(forge).result()


def newest_file(share: Path, slot: str) -> Path:
    """Return a slot's newest published change set."""
    return max(share.glob(f"cd1-*/o/{slot}/d/*/*/*.cds"), key=lambda path: path.name)


def cut_in_half(path: Path) -> None:
    """Leave a file as an interrupted upload would."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def copy_under_conflict_name(path: Path) -> Path:
    """Leave a second copy of a file as a sync client names it."""
    copy = path.with_name(f"{path.stem}-LAPTOP-7{path.suffix}")
    copy.write_bytes(path.read_bytes())
    return copy


def flip_a_byte(path: Path) -> None:
    """Change one bit of one byte in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x01
    path.write_bytes(bytes(content))

"""The format's first golden vector, taken in by the engine: its roots are the page's."""

from __future__ import annotations

from collections.abc import Mapping

from nacl.signing import SigningKey

from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import records as r
from collabdesk.sync import segment as segments
from collabdesk.sync.authority.held import Held
from collabdesk.sync.authority.rulebook import Rulebook
from collabdesk.sync.derive import row_id
from collabdesk.sync.engine import Engine
from collabdesk.sync.hashing import Z
from collabdesk.sync.registry import Registry
from collabdesk.sync.registry.model import Area, Column, Kind, Merge, Room, Scope, Table
from collabdesk.sync.workset import Workset
from tests.support.bench import Bench
from tests.support.paper_alliance import held

KEY = SigningKey(bytes([1]) * 32)
PK = bytes(KEY.verify_key)
ORG, PID = bytes([0xA0]) * 16, bytes([0xB0]) * 16
# The vector was made with no registry applied: here is one that has what it names.
LINE = Table(
    10,
    "line",
    "lines",
    Scope.ORGANISATION,
    (Column(1, "amount", Kind.INT, Merge.MONEY), Column(2, "name", Kind.TEXT)),
)
REGISTRY = Registry(1, (Room("lines", range(1, 100), (Area(1, "lines"),), (), (LINE,)),))


class Unprojected(SqliteReplica):
    """A replica whose tables no screen reads."""

    def project(self, work: Workset) -> Mapping[str, frozenset[bytes]]:
        """Project nothing."""
        return {}


def records() -> tuple[Held, Held]:
    roster = held(
        r.Roster(
            ws=Z,
            org=ORG,
            m=0,
            prev=Z,
            persons=(r.Person(PID, "Finance lead"),),
            devices=(r.Device(PK, None, PID, "Laptop", (1,), None),),
            cuts=(),
            lifts=(),
            terms=(r.Term(PK, None),),
        ),
        KEY,
    )
    epoch = r.Epoch(
        ws=Z,
        n=0,
        prev=Z,
        attempt=0,
        k=1,
        lead=ORG,
        orgs=(r.OrgEntry(ORG, "Lead", "RXX", (PK,), 1, (1,), (0, roster.id)),),
        roles=(r.RoleRights(1, (r.AreaRight(1, 63, 7),)),),
        thresholds=(),
        floor=1,
        cuts=(),
        lifts=(),
        landmarks=(),
        note="",
    )
    return roster, held(r.Genesis(epoch, bytes([0xC0]) * 16), KEY)


def first_segment(roster: Held, genesis: Held) -> bytes:
    row = row_id(PK, 1, 0)
    return segments.seal(
        signing_key=KEY,
        ws=genesis.id,
        seq=1,
        prev=Z,
        parents=(),
        lamport=1,
        wall_ms=1_767_225_600_000,
        app="0.1",
        schema=1,
        epoch=(0, genesis.id),
        roster=(0, roster.id),
        incarnation=bytes([0xD0]) * 16,
        devs=[],
        ops=[
            [1, 1, 10, ORG, [[1, 123_456], [2, "Adult secure"]]],
            [2, 1, 10, row, [[1, 123_500, []]]],
        ],
        level=0,
    )


def test_the_golden_world_has_the_golden_roots() -> None:
    roster, genesis = records()
    file = first_segment(roster, genesis)
    assert genesis.id.hex() == "361a3c290441c68277eac33f9a9d49628a5d3fbf216ac4bc0aa3755703fb4838"
    assert roster.id.hex() == "92b2084aef53d6462f2eb2d91bb1c6f112a153e6d8b2f4247c74dfb972bcbf29"
    assert segments.read(file).id.hex() == (
        "ab579e442d021afd282968991c6abdf2e3ed93ad79d0c7959042c29175e97e5d"
    )
    made = Bench(genesis.id, (roster, genesis))
    replica = Unprojected(made.connection, "slot", REGISTRY)
    book = Rulebook(genesis.id, (roster, genesis))
    Engine(replica, REGISTRY, book, None, lambda: 0).receive([file])
    assert set(made.verdicts().values()) == {0}
    assert made.root.hex() == "0a3939e864bba6b8f83d68519a380db26b0740068ede1bce39c0d7c25d7d1e28"
    assert made.control.hex() == "87a98066a25b6a7b178d2bd11d358d7636ac72227cd09877e1a77d95ee6d3fbc"
    made.close()


def test_without_its_roster_the_segment_waits_and_the_control_head_leaves_it_out() -> None:
    roster, genesis = records()
    made = Bench(genesis.id, (genesis,))
    assert made.rulebook.roster_of(ORG) is None
    assert made.rulebook.known_keys == frozenset()
    assert made.rulebook.keeper is None
    assert made.rulebook.open_term == 0
    assert made.receive().linked == 0
    before = made.control
    made.learn(roster)
    learned = made.rulebook
    assert (learned.keeper, learned.open_term) == (PK, 1)
    assert made.control != before
    made.close()

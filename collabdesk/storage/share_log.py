"""What this laptop has noticed of the shared folder, kept across sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from collabdesk.sync import names
from collabdesk.sync.codec import Encodable, decode_kept, encode
from collabdesk.sync.records import RecordFile

_WAITING: Final = (("heard", "at_ms"), ("missing_file", "since_ms"), ("named_absent", "since_ms"))


@dataclass(frozen=True, slots=True)
class NamedAbsent:
    """A change set or record that others name and nobody has shown here."""

    id: bytes
    kind: str
    dev16: bytes
    seq: int
    since_ms: int


@dataclass(frozen=True, slots=True)
class HeardBeacon:
    """A beacon that has come in: what its author saw, and what the clocks said."""

    dev16: bytes
    seq: int
    idx: int
    segment: bytes
    wall_ms: int
    at_ms: int
    own_wall_ms: int | None
    state: bytes
    control: bytes
    found: str


@dataclass(frozen=True, slots=True)
class NotedAlarm:
    """Something that happened to the folder; over once it was mended."""

    kind: str
    subject: bytes
    since_ms: int
    over_ms: int | None
    facts: list[object]


class ShareLog:
    """Reads and writes what was noticed, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        """Work over a connection."""
        self.connection = connection
        self._sql = connection.exec_driver_sql

    # --- places in the folder ----------------------------------------------------------------

    def seen_in(self, folder: str) -> Mapping[str, bytes]:
        """Return what was seen directly in a folder: content id by path."""
        found = self._sql(
            "SELECT path, id FROM seen_file WHERE path > ? AND path < ?",
            (f"{folder}/", f"{folder}0"),
        )
        return {path: content for path, content in found if "/" not in path[len(folder) + 1 :]}

    def forget_place(self, path: str) -> None:
        """Forget what a place held: it is gone or damaged."""
        self._sql("DELETE FROM seen_file WHERE path = ?", (path,))

    def folders_seen(self) -> frozenset[str]:
        """Return every folder in which something was seen."""
        return frozenset(
            path.rpartition("/")[0] for (path,) in self._sql("SELECT path FROM seen_file")
        )

    def newest_places(self) -> list[tuple[bytes, int, str]]:
        """Return device, number and each place of the newest change set of every device."""
        found = self._sql(
            "SELECT h.dev16, h.seq, f.path FROM greatest_head h JOIN seen_file f ON f.id = h.id"
        )
        return [(dev, seq, path) for dev, seq, path in found]

    def with_gaps(self) -> frozenset[bytes]:
        """Return the devices of whose chains something is missing here."""
        found = self._sql(
            "SELECT s.dev16 FROM waiting w JOIN segment s ON s.id = w.id WHERE w.missing <> x'' "
            "UNION SELECT dev16 FROM named_absent WHERE kind = 'segment'"
        )
        return frozenset(dev for (dev,) in found)

    def segment_like(self, id26: str) -> bytes | None:
        """Return the id of the held change set that a name's 26 characters begin."""
        least = names.at_least(id26)
        found = self._sql("SELECT id FROM segment WHERE id >= ? ORDER BY id LIMIT 1", (least,))
        row = found.first()
        return row[0] if row and names.id26(row[0]) == id26 else None

    def sizes_in(self, folder: str) -> Mapping[str, tuple[bytes, int]]:
        """Return id and length of the change sets seen in a folder, by path."""
        found = self._sql(
            "SELECT f.path, f.id, LENGTH(s.file) AS size FROM seen_file f "
            "JOIN segment s ON s.id = f.id WHERE f.path > ? AND f.path < ?",
            (f"{folder}/", f"{folder}0"),
        )
        return {path: (content, size) for path, content, size in found}

    def record_file(self, record: bytes) -> RecordFile | None:
        """Return a record held with every signature kept."""
        found = self._sql("SELECT content FROM record WHERE id = ?", (record,)).first()
        if found is None:
            return None
        query = "SELECT key, signature FROM record_signature WHERE record = ? ORDER BY key"
        signatures = tuple((key, signature) for key, signature in self._sql(query, (record,)))
        return RecordFile(found[0], signatures)

    # --- set aside --------------------------------------------------------------------------

    def set_aside(self, path: str, size: int, until_ms: int | None) -> None:
        """Leave a file unread until a record is newly kept, or until a time."""
        self._sql("INSERT OR REPLACE INTO set_aside VALUES (?, ?, ?)", (path, size, until_ms))

    def aside_in(self, folder: str) -> Mapping[str, tuple[int, int | None]]:
        """Return what is set aside in a folder: size and until when, by path."""
        found = self._sql(
            "SELECT path, size, until_ms FROM set_aside WHERE path > ? AND path < ?",
            (f"{folder}/", f"{folder}0"),
        )
        return {path: (size, until) for path, size, until in found}

    def try_again(self) -> None:
        """Let everything that waits for a record be read once more."""
        self._sql("DELETE FROM set_aside WHERE until_ms IS NULL")

    def try_damaged_again(self) -> None:
        """Let everything that could not be read be read once more."""
        self._sql("DELETE FROM set_aside WHERE until_ms IS NOT NULL")

    # --- missing and damaged ----------------------------------------------------------------

    def missing(self) -> frozenset[str]:
        """Return the names found missing and not found again."""
        return frozenset(name for (name,) in self._sql("SELECT name FROM missing_file"))

    def damaged(self, path: str, at_ms: int) -> int:
        """Count that a good file was damaged; return how often that was."""
        self._sql(
            "INSERT INTO damage VALUES (?, 1, ?) ON CONFLICT (path) DO UPDATE "
            "SET times = times + 1, at_ms = excluded.at_ms",
            (path, at_ms),
        )
        query = "SELECT times FROM damage WHERE path = ?"
        return int(self._sql(query, (path,)).scalar_one())

    # --- who was heard ------------------------------------------------------------------------

    def hear(self, dev16: bytes, seq: int, at_ms: int) -> None:
        """Note when, by the own clock, a device was last heard with something new."""
        self._sql(
            "INSERT INTO heard VALUES (?, ?, ?) ON CONFLICT (dev16) DO UPDATE "
            "SET seq = excluded.seq, at_ms = excluded.at_ms WHERE excluded.seq > seq",
            (dev16, seq, at_ms),
        )

    def heard(self) -> Mapping[bytes, int]:
        """Return when each device was last heard, by the own clock."""
        found = self._sql("SELECT dev16, at_ms FROM heard").all()
        return dict(map(tuple, found))

    def clock_set_back(self, now_ms: int) -> None:
        """Let nothing have been heard or missed in the future: the own clock was wrong then."""
        for table, column in _WAITING:
            self._sql(
                f"UPDATE {table} SET {column} = ? WHERE {column} > ?",  # noqa: S608 - our own names
                (now_ms, now_ms),
            )

    # --- beacons -------------------------------------------------------------------------------

    def add_beacon(self, beacon: HeardBeacon) -> None:
        """Keep a beacon."""
        self._sql(
            "INSERT OR REPLACE INTO beacon VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                beacon.dev16,
                beacon.seq,
                beacon.idx,
                beacon.segment,
                beacon.wall_ms,
                beacon.at_ms,
                beacon.own_wall_ms,
                beacon.state,
                beacon.control,
                beacon.found,
            ),
        )

    def newest_beacons(self) -> list[HeardBeacon]:
        """Return the newest beacon of every device."""
        found = self._sql(
            "SELECT b.* FROM beacon b JOIN (SELECT dev16, MAX(seq) AS seq FROM beacon "
            "GROUP BY dev16) n ON n.dev16 = b.dev16 AND n.seq = b.seq ORDER BY b.dev16, b.idx"
        )
        return list({row[0]: HeardBeacon(*row) for row in found}.values())

    def beacons_of(self, dev16: bytes) -> list[HeardBeacon]:
        """Return a device's beacons, oldest first."""
        query = "SELECT * FROM beacon WHERE dev16 = ? ORDER BY seq, idx"
        return [HeardBeacon(*row) for row in self._sql(query, (dev16,))]

    def beacon_devices(self) -> list[bytes]:
        """Return the devices that have sent beacons."""
        return [dev for (dev,) in self._sql("SELECT DISTINCT dev16 FROM beacon ORDER BY dev16")]

    def find(self, dev16: bytes, seq: int, found: str) -> None:
        """Note what comparing with a beacon found."""
        self._sql("UPDATE beacon SET found = ? WHERE dev16 = ? AND seq = ?", (found, dev16, seq))

    def see_control(self, head: bytes, at_ms: int) -> None:
        """Note the control head under which this laptop works."""
        self._sql("INSERT OR IGNORE INTO control_seen VALUES (?, ?)", (head, at_ms))

    def saw_control(self, head: bytes) -> bool:
        """Tell whether this laptop has worked under a control head."""
        return self._sql("SELECT 1 FROM control_seen WHERE head = ?", (head,)).first() is not None

    # --- named and not here -----------------------------------------------------------------------

    def name(self, named: NamedAbsent) -> None:
        """Note that something is named that is not here; the first time counts."""
        self._sql(
            "INSERT OR IGNORE INTO named_absent VALUES (?, ?, ?, ?, ?)",
            (named.id, named.kind, named.dev16, named.seq, named.since_ms),
        )

    def named_absent(self) -> list[NamedAbsent]:
        """Return what is named and not here, oldest first."""
        query = "SELECT * FROM named_absent ORDER BY since_ms, dev16, seq, id"
        return [NamedAbsent(*row) for row in self._sql(query)]

    def drop_arrived(self) -> None:
        """Forget what was named and has come."""
        self._sql(
            "DELETE FROM named_absent WHERE id IN (SELECT id FROM segment) "
            "OR id IN (SELECT id FROM record)"
        )

    def holds(self, content: bytes) -> bool:
        """Tell whether a change set or record is here."""
        query = "SELECT 1 FROM segment WHERE id = ? UNION ALL SELECT 1 FROM record WHERE id = ?"
        return self._sql(query, (content, content)).first() is not None

    def heed(self, records: Iterable[bytes], dev16: bytes, seq: int) -> None:
        """Note that a change set lists records."""
        for record in records:
            self._sql("INSERT OR IGNORE INTO heeded VALUES (?, ?, ?)", (record, dev16, seq))

    def heeded(self) -> frozenset[bytes]:
        """Return the records that some change set lists."""
        return frozenset(record for (record,) in self._sql("SELECT record FROM heeded"))

    # --- what has just come -----------------------------------------------------------------------

    def waiting(self) -> frozenset[bytes]:
        """Return the change sets that wait for an ancestor."""
        return frozenset(found for (found,) in self._sql("SELECT id FROM waiting"))

    def signs_in(self, segment: bytes) -> list[tuple[int, int]]:
        """Return index and kind of the beacons and heeds of a linked change set."""
        found = self._sql(
            "SELECT o.idx, o.kind FROM place p JOIN operation o ON o.dev16 = p.dev16 "
            "AND o.seq = p.seq AND (o.branch = x'' OR o.branch = p.id) "
            "WHERE p.id = ? AND o.kind IN (16, 17) AND o.verdict = 0 ORDER BY o.idx",
            (segment,),
        )
        return [(idx, kind) for idx, kind in found]

    # --- alarms --------------------------------------------------------------------------------

    def alarm(self, kind: str, subject: bytes, at_ms: int, facts: list[Encodable]) -> None:
        """Note an alarm; one that was over begins anew."""
        self._sql(
            "INSERT INTO noted_alarm VALUES (?, ?, ?, NULL, ?) ON CONFLICT (kind, subject) "
            "DO UPDATE SET since_ms = CASE WHEN over_ms IS NULL THEN since_ms "
            "ELSE excluded.since_ms END, over_ms = NULL, facts = excluded.facts",
            (kind, subject, at_ms, encode(facts)),
        )

    def alarm_over(self, kind: str, subject: bytes, at_ms: int) -> None:
        """Note that what was alarming is mended."""
        self._sql(
            "UPDATE noted_alarm SET over_ms = ? WHERE kind = ? AND subject = ? AND over_ms IS NULL",
            (at_ms, kind, subject),
        )

    def forget_alarm(self, kind: str, subject: bytes) -> None:
        """Show an alarm no more: a person has read it."""
        self._sql("DELETE FROM noted_alarm WHERE kind = ? AND subject = ?", (kind, subject))

    def alarms(self) -> Iterator[NotedAlarm]:
        """Yield the alarms noted, oldest first."""
        query = "SELECT * FROM noted_alarm ORDER BY since_ms, kind, subject"
        for kind, subject, since, over, facts in self._sql(query):
            yield NotedAlarm(kind, subject, since, over, decode_kept(facts))

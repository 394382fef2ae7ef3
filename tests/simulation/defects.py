"""Deliberate defects: each changes a line or two of the program, as somebody might."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Defect:
    """What is changed where: in a module, one piece of text for another.

    `proof` is the test that must catch what 500 seeds of the simulation seldom meet.
    """

    name: str
    module: str
    changes: tuple[tuple[str, str], ...]
    proof: str = ""


_SEEN = """\
                gone = item.path
                self.workspace.write(lambda replica, path=gone: replica.mark_seen(path, bytes(32)))
"""

DEFECTS: tuple[Defect, ...] = (
    Defect(
        "drop a predecessor",
        "collabdesk.sync.merge",
        (("for old in (*replaced, *own):", "for old in (*replaced[1:], *own):"),),
    ),
    Defect(
        "bring nothing back",
        "collabdesk.sync.merge",
        (("            stone.undone = True\n", "            stone.undone = False\n"),),
    ),
    Defect(
        "settle what was not named too",
        "collabdesk.sync.merge",
        (
            (
                "op.dots, Sibling(op.value",
                "tuple(work.cells[op.row].get(op.column, ())), Sibling(op.value",
            ),
        ),
        proof="tests/sync/test_convergence.py",
    ),
    Defect(
        "forget own older dots",
        "collabdesk.sync.merge",
        (("if known[0] == dot[0]]", "if known[0] == dot]"),),
    ),
    Defect(
        "trust wall time instead of the Lamport number",
        "collabdesk.sync.engine.opening",
        (
            (
                "lamport=1 + max([before.lamport if before else 0, *lamports]),",
                "lamport=max(1, session.now_ms(), *lamports),",
            ),
        ),
    ),
    Defect(
        "ignore a cut",
        "collabdesk.sync.authority.rulebook",
        (("later.cuts.get(key, 0)", "0"),),
    ),
    Defect(
        "ignore a suspension",
        "collabdesk.sync.authority.rulebook",
        (("return None if last is None else max(last, self._fixed(key))", "return None"),),
    ),
    Defect(
        "skip the body's hashes",
        "collabdesk.sync.segment",
        (
            ("if sha256(body) != header.body_hash:", "if not header.body_hash:"),
            ("if sha256(plain) != header.plain_hash:", "if not header.plain_hash:"),
        ),
    ),
    Defect(
        "accept a stale citation",
        "collabdesk.sync.judging.judge",
        (("if placed.seen.newer_than(cited):", "if placed.schema < 0:"),),
    ),
    Defect(
        "count a void twice",
        "collabdesk.sync.authority.attempts",
        (("needed = voids_needed(epoch)", "needed = (voids_needed(epoch) + 1) // 2"),),
        proof="tests/sync/authority/test_attempts.py",
    ),
    Defect(
        "let a landmark fall",
        "collabdesk.sync.authority.epochs",
        (("        and _landmarks_kept(rec, e)\n", ""),),
        proof="tests/sync/test_verdicts_control.py",
    ),
    Defect(
        "use a number again after a restore",
        "collabdesk.services.secrets",
        (("if present is None or seq > present.seq:", "if seq < 0:"),),
    ),
    Defect(
        "publish before the anchor",
        "collabdesk.services.sharing.publish",
        (
            ("        _remember(workspace, file)\n        _put(", "        _put("),
            (
                "        keep(workspace, partial(_sent",
                "        _remember(workspace, file)\n        keep(workspace, partial(_sent",
            ),
        ),
    ),
    Defect(
        "believe the header's Lamport number",
        "collabdesk.sync.chain",
        (("if header.lamport != lamport + 1:", "if header.lamport < 1:"),),
    ),
    Defect(
        "take a file that is not here yet for one that was read",
        "collabdesk.services.sharing.collect",
        (
            (
                "                self.report.not_yet.append(item.path)\n",
                _SEEN,
            ),
        ),
    ),
    Defect(
        "post without looking at the last journal",
        "collabdesk.sync.judging.journal",
        (("if (op.number, op.prev) != expected:", "if op.number < 1 and expected:"),),
    ),
    Defect(
        "judge each operation of a group alone",
        "collabdesk.sync.judging.judge",
        (("            member.verdict = verdict\n", ""),),
    ),
    Defect(
        "let a change that is kept aside replace what it names",
        "collabdesk.sync.judging.judge",
        (
            (
                "if verdict == v.ACCEPTED and self.accepting",
                "if verdict < v.NOT_IN_PAST and self.accepting",
            ),
        ),
    ),
    Defect(
        "let both branches of a fork stand",
        "collabdesk.sync.judging.judge",
        (("if not placed.stands:", "if placed.schema < 0:"),),
    ),
    Defect(
        "let a plain amount replace several people's",
        "collabdesk.sync.judging.naming",
        (("if foreign > 1 and declared", "if foreign > 99 and declared"),),
    ),
    Defect(
        "put nobody else's lost file back",
        "collabdesk.services.sharing.heal",
        (('self._put(f"{self.root}/{copy.elsewhere}", copy, self.now.report.healed)', "return"),),
    ),
    Defect(
        "let anybody write in anybody's scope",
        "collabdesk.sync.judging.rights",
        (("allowed = self._cited.allows(self._placed.key, request)", "allowed = True"),),
    ),
)

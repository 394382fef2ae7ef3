"""What must hold when a run is over: the invariants of the design, each by its number."""

from __future__ import annotations

from collections.abc import Mapping

from collabdesk.domain.budgets.ledger import ACTUAL_SIDE
from collabdesk.storage.queries.state import control_head, projection_digests, state_root
from collabdesk.storage.replica import SqliteReplica
from collabdesk.sync import segment
from collabdesk.sync.operations import ShapeError, read_operation
from collabdesk.sync.registry import REGISTRY
from tests.simulation.laptop import Laptop
from tests.simulation.older import OLDER
from tests.simulation.world import WentWrong, World
from tests.support.reference import Reference

Truth = tuple[bytes, bytes]


def judge(world: World) -> None:
    """See that everything that must hold does; WentWrong otherwise."""
    honest = world.honest
    if not honest:
        return
    for version in (REGISTRY, OLDER):
        one_truth([laptop for laptop in honest if laptop.registry is version])
    for laptop in honest:
        whole_ledger(laptop)
        nobody_falsely_accused(world, laptop)
        nothing_lost(laptop, honest[0])
    witness = world.dice.choice(honest)
    as_the_reference_says(witness)
    rebuilt_alike(witness)
    signed_once(world)


def truth_of(laptop: Laptop) -> Truth:
    """Return what two laptops compare to know that they hold the same truth."""
    workspace = laptop.workspace
    if not workspace.founded:
        return b"", b"nothing"
    with workspace.database.read() as reads:
        return state_root(reads), control_head(reads, workspace.book)


def one_truth(laptops: list[Laptop]) -> None:
    """I10: every pair of laptops that share holds the same truth."""
    truths = {laptop.name: truth_of(laptop) for laptop in laptops}
    if len(set(truths.values())) > 1:
        raise WentWrong(f"I10: no one truth after calm:\n{_told(truths)}")


def _told(truths: Mapping[str, Truth]) -> str:
    return "\n".join(
        f"  {name}: state {root.hex()[:16]} control {control.hex()[:16]}"
        for name, (root, control) in truths.items()
    )


def rebuilt_alike(laptop: Laptop) -> None:
    """I3: what was worked out step by step is what a rebuild makes of the signed bytes."""
    before = digests(laptop)
    laptop.workspace.threads.write(laptop.workspace.rebuild_now).result()
    after = digests(laptop)
    differing = [table for table in before if before[table] != after[table]]
    if differing:
        raise WentWrong(f"I3: {laptop.name} rebuilds to other rows of {', '.join(differing)}")


def digests(laptop: Laptop) -> Mapping[str, str]:
    """Return a digest of every derived table."""
    with laptop.workspace.database.read() as reads:
        return projection_digests(reads)


def as_the_reference_says(laptop: Laptop) -> None:
    """I1, I4, I5: roots and verdicts are those the naive model gives the same set of bytes."""
    workspace = laptop.workspace
    files = [file for (file,) in laptop.select("SELECT file FROM segment")]
    with workspace.database.read() as reads:
        records = SqliteReplica(reads).records()
    told = Reference(workspace.about.workspace, records, files, laptop.registry)
    kept = {
        ((dev, seq, idx), branch): verdict
        for dev, seq, idx, branch, verdict in laptop.select(
            "SELECT dev16, seq, idx, branch, verdict FROM operation"
        )
    }
    said = told.verdicts()
    if kept != said:
        odd = sorted(
            (dot[1:], kept.get((dot, branch)), said.get((dot, branch)))
            for dot, branch in kept.keys() | said.keys()
            if kept.get((dot, branch)) != said.get((dot, branch))
        )
        raise WentWrong(f"Reference: {laptop.name} judges otherwise (kept, said): {odd[:6]}")
    if truth_of(laptop) != (told.root, told.control_head):
        raise WentWrong(f"Reference: {laptop.name} holds other roots")


def whole_ledger(laptop: Laptop) -> None:
    """I5 and I14: journals are numbered without a gap, linked, and nil in sum."""
    posts = laptop.select("SELECT number FROM post ORDER BY term, seq, idx")
    numbers = [number for (number,) in posts]
    if numbers != list(range(1, len(numbers) + 1)):
        raise WentWrong(f"I14: {laptop.name} numbers its journals {numbers}")
    ((total,),) = laptop.select("SELECT COALESCE(SUM(amount_p), 0) FROM budgets_journal_line")
    if total:
        raise WentWrong(f"I5: {laptop.name}'s ledger sums to {total} pence")
    sides_in_balance(laptop)


def sides_in_balance(laptop: Laptop) -> None:
    """I1 and I2: after every journal, what is delegated and what is spent each sum to nil.

    The envelope stands in credit, so a budget side of nil is the identity lines + contingency
    + investment + unallocated = envelope.
    """
    actual = ", ".join(f"'{account}'" for account in sorted(ACTUAL_SIDE))
    sides = laptop.select(
        f"SELECT number, SUM(CASE WHEN account IN ({actual}) THEN 0 ELSE amount_p END), "  # noqa: S608
        f"SUM(CASE WHEN account IN ({actual}) THEN amount_p ELSE 0 END) "
        "FROM post JOIN budgets_journal_line ON journal = header GROUP BY number ORDER BY number"
    )
    for number, budget_p, actual_p in sides:
        if budget_p or actual_p:
            raise WentWrong(f"I2: {laptop.name}'s journal {number} is out: {budget_p}, {actual_p}")


def nobody_falsely_accused(world: World, laptop: Laptop) -> None:
    """I13: whoever was honest is never marked as signing two ways."""
    for (dev,) in laptop.select("SELECT dev16 FROM fork"):
        accused = world.laptop_of(dev)
        if accused is not None and all(
            one.honest for one in world.laptops if one.dev == accused.dev
        ):
            raise WentWrong(f"I13: {laptop.name} holds {accused.name} to have signed two ways")


def nothing_lost(laptop: Laptop, witness: Laptop) -> None:
    """I11: what was acknowledged on a laptop is in everybody's history, as it was."""
    files = laptop.dev, max((seq for seq, _ in laptop.acknowledged), default=0)
    held = {
        seq: segment.open_body(segment.read(file))
        for seq, file in witness.select(
            "SELECT seq, file FROM segment WHERE dev16 = ? AND seq <= ?", *files
        )
    }
    for (seq, idx), operation in laptop.acknowledged.items():
        body = held.get(seq)
        if body is None or idx >= len(body.ops):
            raise WentWrong(f"I11: {laptop.name}'s change {seq}.{idx} is lost")
        try:
            same = read_operation(body.ops[idx], body.devs) == operation
        except ShapeError:
            same = False
        if not same:
            raise WentWrong(f"I11: {laptop.name}'s change {seq}.{idx} is another one")


def signed_once(world: World) -> None:
    """I8: no honest laptop published two change sets under one number."""
    for (dev, seq), ids in world.signed.items():
        signers = [laptop for laptop in world.laptops if laptop.dev == dev]
        if len(ids) > 1 and all(laptop.honest for laptop in signers):
            raise WentWrong(f"I8: {signers[0].name} signed change set {seq} {len(ids)} times")


def heads_rise(laptop: Laptop) -> None:
    """I9: the greatest head seen of a laptop never falls."""
    for dev, seq in laptop.select("SELECT dev16, seq FROM greatest_head"):
        if seq < laptop.heads.get(dev, 0):
            raise WentWrong(f"I9: {laptop.name} forgets a head it has seen")
        laptop.heads[dev] = seq

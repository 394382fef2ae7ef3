"""The project's own environment: made once, filled from hashed pins, stamped when complete."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import interpreters
from stop import Stop

ROOT = Path(__file__).resolve().parent.parent
PINS = {"runtime": "requirements.txt", "development": "requirements-dev.txt"}
PROJECT = ("pyproject.toml", "setup.py", "packaging/runtime.in", "packaging/development.in")
STAMP = "collabdesk-complete.json"
# The first pip that fills another interpreter's environment (`--python`).
PIP_FOR_OTHERS = (22, 3)


@dataclass(frozen=True)
class Environment:
    """A folder with its own Python, and what is known to be installed in it."""

    folder: Path

    @property
    def python(self) -> Path:
        """Return where its interpreter is."""
        return self.folder / "bin" / "python"

    @property
    def stamp(self) -> Path:
        """Return where the note of what is complete is kept."""
        return self.folder / STAMP

    def complete(self) -> dict[str, str]:
        """Read what was installed completely; nothing where the note is missing or unreadable."""
        try:
            noted = json.loads(self.stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}


def digest(names: tuple[str, ...], root: Path = ROOT) -> str:
    """Hash files by name and content."""
    total = hashlib.sha256()
    for name in names:
        total.update(name.encode() + b"\0" + hashlib.sha256((root / name).read_bytes()).digest())
    return total.hexdigest()


def wanted(group: str, root: Path = ROOT) -> dict[str, str]:
    """Return what a complete environment's note says for this group."""
    return {"pins": digest((PINS[group],), root), "project": digest(PROJECT, root)}


def pins_complete(noted: dict[str, str], group: str, root: Path = ROOT) -> bool:
    """Say whether the noted pins serve the group; development contains the run-time pins."""
    serving = ("development",) if group == "development" else ("runtime", "development")
    return noted.get("pins") in {digest((PINS[one],), root) for one in serving}


def prepare(environment: Environment, group: str, chosen: str = "") -> None:
    """Bring the environment up to the group's pins and the project; quick when it is there."""
    noted = environment.complete() if environment.python.exists() else {}
    if pins_complete(noted, group):
        if noted.get("project") != digest(PROJECT):
            install_project(environment)
            note(environment, {**noted, "project": digest(PROJECT)})
        return
    make(environment, chosen)
    environment.stamp.unlink(missing_ok=True)
    install_pins(environment, group)
    install_project(environment)
    note(environment, wanted(group))


def note(environment: Environment, complete: dict[str, str]) -> None:
    """Write down what is complete; the last step, so that a broken run starts again."""
    environment.stamp.write_text(json.dumps(complete, indent=1) + "\n", encoding="utf-8")


def missing_packages(environment: Environment, chosen: str = "") -> list[str]:
    """Name the package without which the environment cannot be made here."""
    if usable(environment):
        return []
    python = interpreters.suitable(interpreters.candidates(chosen), chosen)
    return [] if brings_pip(python) or other_pip(python.path) else [f"{python.name}-venv"]


def make(environment: Environment, chosen: str = "") -> None:
    """Make the environment unless a usable one is there; never delete one."""
    if usable(environment):
        return
    python = interpreters.suitable(interpreters.candidates(chosen), chosen)
    print(f"Making {shown(environment.folder)} with {python}", flush=True)
    _venv(python, environment, *([] if brings_pip(python) else ["--without-pip"]))


def brings_pip(python: interpreters.Interpreter) -> bool:
    """Say whether this Python can put pip into an environment it makes."""
    return runs([python.path, "-c", "import ensurepip, venv"])


def usable(environment: Environment) -> bool:
    """Say whether the folder holds a supported Python; stop where it holds another one."""
    found = interpreters.ask(str(environment.python))
    if found is None:
        return False
    if found.supported:
        return True
    raise Stop(
        f"{shown(environment.folder)} was made with {found}.\n"
        "CollabDesk needs Python 3.11, 3.12 or 3.13. "
        f"Move it aside and run the same command again:\n"
        f"    mv {shown(environment.folder)} {shown(environment.folder)}-old"
    )


def _venv(python: interpreters.Interpreter, environment: Environment, *options: str) -> None:
    if not runs([python.path, "-m", "venv", *options, str(environment.folder)], shown_output=True):
        raise Stop(
            f"{python} could not make an environment in {shown(environment.folder)}; its own words "
            "are above. Check that the folder can be written, then run the same command again."
        )


def pip(environment: Environment) -> list[str]:
    """Return the command that fills the environment."""
    own = [str(environment.python), "-m", "pip"]
    if runs([*own, "--version"]):
        return own
    other = other_pip(str(environment.python))
    if other:
        return [*other, "--python", str(environment.python)]
    raise Stop(
        f"{shown(environment.folder)} has no pip, and no other Python here has one.\n"
        f"Move it aside and run the same command again:\n"
        f"    mv {shown(environment.folder)} {shown(environment.folder)}-old"
    )


def other_pip(python: str) -> list[str]:
    """Find a pip that can fill an environment which has none; empty where there is none."""
    names = ("python3", "python3.13", "python3.12", "python3.11")
    for path in dict.fromkeys(filter(None, [python, *map(shutil.which, names)])):
        if pip_version([path, "-m", "pip"]) >= PIP_FOR_OTHERS:
            return [path, "-m", "pip"]
    return []


def pip_version(command: list[str]) -> tuple[int, ...]:
    """Ask a pip its version; (0,) where it does not answer."""
    try:
        said = subprocess.run(
            [*command, "--version"], capture_output=True, text=True, check=True, timeout=60
        ).stdout
        return tuple(int(part) for part in said.split()[1].split(".")[:2])
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return (0,)


def install_pins(environment: Environment, group: str) -> None:
    """Install exactly the pinned files, each checked against its hash, and nothing else."""
    print(f"Installing the pins of {PINS[group]} (some minutes the first time)", flush=True)
    _install(
        environment,
        "--require-hashes",
        "--no-deps",
        "--only-binary=:all:",
        "--requirement",
        str(ROOT / PINS[group]),
    )


def install_project(environment: Environment) -> None:
    """Make the checkout importable and put its command in place, without the network."""
    _install(
        environment,
        "--no-index",
        "--no-deps",
        "--no-build-isolation",
        "--editable",
        str(ROOT),
    )


def _install(environment: Environment, *options: str) -> None:
    quiet = ("install", "-qq", "--disable-pip-version-check", "--no-input")
    if not runs([*pip(environment), *quiet, *options], shown_output=True):
        raise Stop(
            "Installing failed; pip's own words are above. Nothing half-installed counts as done: "
            "check the connection to your package index, then run the same command again."
        )


def runs(command: list[str], *, shown_output: bool = False) -> bool:
    """Run a command and say whether it succeeded."""
    output = None if shown_output else subprocess.DEVNULL
    # PIP_USER or a foreign VIRTUAL_ENV would send files elsewhere.
    clean = {k: v for k, v in os.environ.items() if k not in {"PIP_USER", "VIRTUAL_ENV"}}
    try:
        ended = subprocess.run(command, check=False, stdout=output, stderr=output, env=clean)
    except OSError:
        return False
    return ended.returncode == 0


def shown(folder: Path) -> str:
    """Write a folder as a person in the project would."""
    return str(folder.relative_to(ROOT)) if ROOT in folder.parents else str(folder)

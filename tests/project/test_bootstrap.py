"""Preparing a machine: words instead of failures, and nothing done twice."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import environment
import interpreters
import pytest
import system_packages
from interpreters import Interpreter
from stop import Stop

ROOT = Path(__file__).parents[2]
BOOTSTRAP = ROOT / "packaging" / "bootstrap.py"
ONLY_OURS = "/nowhere"


def program(folder: Path, name: str, says: str, code: int = 0) -> Path:
    """Put a program on a private path that says something and ends."""
    path = folder / name
    path.write_text(f"#!/bin/sh\nprintf '%s\\n' '{says}'\nexit {code}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.parametrize(
    ("version", "cpython", "supported"),
    [
        ((3, 10, 12), True, False),
        ((3, 11, 0), True, True),
        ((3, 12, 4), True, True),
        ((3, 13, 1), True, True),
        ((3, 14, 0), True, False),
        ((2, 7, 18), True, False),
        ((3, 11, 9), False, False),
    ],
)
def test_three_minor_versions_of_cpython_are_supported(
    version: tuple[int, ...], cpython: bool, supported: bool
) -> None:
    assert Interpreter("python", version, cpython).supported is supported


def test_a_refusal_names_what_was_found_what_is_needed_and_what_to_run(tmp_path: Path) -> None:
    old = program(tmp_path, "python3", "3 9 2 1")
    with pytest.raises(Stop) as stopped:
        interpreters.suitable(interpreters.candidates(str(old)), str(old))
    words = str(stopped.value)
    assert "needs Python 3.11, 3.12 or 3.13" in words
    assert f"{old} (Python 3.9.2)" in words
    assert "sudo apt-get install --yes python3.11" in words


def test_a_newer_python_is_refused_as_plainly_as_an_older_one(tmp_path: Path) -> None:
    new = program(tmp_path, "python3.14", "3 14 0 1")
    run = subprocess.run(
        [sys.executable, str(BOOTSTRAP), "runtime"],
        env={
            **os.environ,
            "PYTHON": str(new),
            "COLLABDESK_ENVIRONMENT": str(tmp_path / "environment"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert "Python 3.14.0" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "environment").exists()


def test_a_program_that_is_no_python_is_passed_over(tmp_path: Path) -> None:
    assert interpreters.ask(str(program(tmp_path, "python3", "hello"))) is None
    assert interpreters.ask(str(tmp_path / "absent")) is None
    assert interpreters.candidates(str(tmp_path / "absent")) == []


def test_a_supported_python_further_along_the_path_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path, "python3.12", "3 12 7 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = [Interpreter("python3", (3, 9, 2)), *interpreters.candidates()[1:]]
    assert interpreters.suitable(found).version == (3, 12, 7)


def test_the_line_for_apt_is_exact() -> None:
    words = system_packages.refusal(["libegl1", "libgl1"], "Drawing windows and charts")
    assert words.splitlines()[-1].strip() == (
        "sudo apt-get install --yes --no-install-recommends libegl1 libgl1"
    )
    assert words.startswith("Drawing windows and charts needs system packages")


def test_where_apt_may_not_install_the_line_is_what_remains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Stop, match="--no-install-recommends libegl1"):
        system_packages.require(["libegl1"], "Drawing")


def test_nothing_missing_installs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", ONLY_OURS)
    system_packages.require([], "Drawing")


def test_an_ordinary_account_installs_through_sudo_only_if_sudo_does_not_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    program(tmp_path, "apt-get", "")
    program(tmp_path, "sudo", "a password is required", code=1)
    assert system_packages.rights() is None
    program(tmp_path, "sudo", "")
    assert system_packages.rights() == ["sudo", "-n"]


def test_a_library_that_does_not_load_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    absent = system_packages.Library("libabsent-from-everywhere.so.9", "libabsent9")
    monkeypatch.setattr(system_packages, "DRAWING", (absent,))
    monkeypatch.delenv("DISPLAY", raising=False)
    assert system_packages.missing_libraries() == ["libabsent9"]


def test_no_font_at_all_asks_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "FONT_FOLDERS", (str(tmp_path),))
    assert not system_packages.has_font()
    (tmp_path / "truetype").mkdir()
    (tmp_path / "truetype" / "plain.ttf").touch()
    assert system_packages.has_font()


def stamped(folder: Path, noted: dict[str, str]) -> environment.Environment:
    """Make a folder that looks complete to whoever reads its note."""
    place = environment.Environment(folder)
    place.python.parent.mkdir(parents=True)
    place.python.symlink_to(sys.executable)
    environment.note(place, noted)
    return place


def test_a_complete_environment_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = stamped(tmp_path / "environment", environment.wanted("development"))
    monkeypatch.setattr(environment, "runs", lambda *_, **__: pytest.fail("something was run"))
    environment.prepare(place, "development")
    environment.prepare(place, "runtime")


def test_changed_pins_or_a_broken_note_are_no_complete_environment(tmp_path: Path) -> None:
    place = stamped(tmp_path / "environment", environment.wanted("runtime"))
    assert environment.pins_complete(place.complete(), "runtime")
    assert not environment.pins_complete(place.complete(), "development")
    assert not environment.pins_complete({"pins": "of another day"}, "runtime")
    place.stamp.write_text("half writ", encoding="utf-8")
    assert place.complete() == {}


def test_an_environment_of_another_python_is_never_deleted(tmp_path: Path) -> None:
    place = environment.Environment(tmp_path / "environment")
    place.python.parent.mkdir(parents=True)
    program(place.python.parent, "python", "3 9 2 1")
    with pytest.raises(Stop, match="Move it aside"):
        environment.prepare(place, "runtime")
    assert place.python.exists()


def test_a_pip_too_old_to_fill_another_environment_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    old = program(tmp_path, "old", "pip 20.3.4 from somewhere (python 3.9)")
    new = program(tmp_path, "python3", "pip 23.0.1 from somewhere (python 3.11)")
    assert environment.other_pip(str(old)) == [str(new), "-m", "pip"]
    new.unlink()
    assert environment.other_pip(str(old)) == []


def test_a_python_without_venv_names_the_package_that_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Answers which Python it is, but neither has pip nor can put one into an environment.
    bare = tmp_path / "python3.12"
    bare.write_text('#!/bin/sh\ncase "$2" in *version_info*) echo 3 12 7 1 ;; *) exit 1 ;; esac\n')
    bare.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    monkeypatch.setattr(environment, "other_pip", lambda _: [])
    place = environment.Environment(tmp_path / "environment")
    assert environment.missing_packages(place, str(bare)) == ["python3.12-venv"]
    monkeypatch.setattr(environment, "other_pip", lambda _: ["python3", "-m", "pip"])
    assert environment.missing_packages(place, str(bare)) == []


def test_usage_is_said() -> None:
    run = subprocess.run(
        [sys.executable, str(BOOTSTRAP), "everything"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert run.stderr.startswith("usage:")

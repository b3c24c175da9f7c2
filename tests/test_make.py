"""The first command of a newcomer: what it says on a machine that lacks something, and what it installs."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT, BUILD = SETTINGS["project"], SETTINGS["build-system"]
PIN = re.compile(r"^([\w.-]+)==([\w.]+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)

# Answers as an interpreter does to what the set-up asks; a file `offline` beside the call makes fetching fail.
INTERPRETER = """\
#!/bin/sh
case "$*" in
    *ensurepip*) echo "{answer}" ;;
    "-m venv --clear "*) echo made >>venvs; rm -rf "$4"; mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
    *" pip "*) echo "$@" >>fetched; test ! -e offline ;;
    "-m bot demo") echo "the demo runs" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the set-up reads, in a folder whose name has a space, on a machine with no Python at all."""
    folder = tmp_path / "a newcomer's"
    for name in ("Makefile", "tools/venv.sh", "requirements/run.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "make", "mkdir", "cp", "rm"):
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    return folder


def _interpreter(checkout: Path, name: str, answer: str) -> Path:
    path = checkout.parent / "bin" / name
    path.write_text(INTERPRETER.format(answer=answer))
    path.chmod(0o755)
    return path


def _make(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    tools = checkout.parent / "bin"
    return subprocess.run(
        [tools / "make", *arguments],
        env={"PATH": str(tools)},
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("elsewhere", "", "No Python runs here: install Python 3.11 or newer with venv"),
        ("python3", "", "No Python runs here: install Python 3.11 or newer with venv"),
        ("python3", "2.7 yes", "python3 is 2.7: install a newer one beside it"),
        ("python3", "3.9 yes", "python3 is 3.9: install a newer one beside it"),
        ("python3", "3.10 no", "python3 is 3.10: install a newer one beside it"),
        ("python3", "3.11 no", "python3 (3.11) has no venv: install it (Debian, Ubuntu: apt install python3.11-venv)"),
        ("python3.12", "3.12 no", "apt install python3.12-venv"),
    ],
)
def test_a_machine_that_lacks_something_is_told_what_to_install(checkout: Path, name: str, answer: str, said: str):
    """One sentence, exit 2, nothing made: no Python, one that does not run, one too old, one without venv."""
    _interpreter(checkout, name, answer)
    run = _make(checkout, "demo")
    sentence, *rest = run.stderr.splitlines()

    assert 2 == run.returncode
    assert said in sentence
    assert ["make:"] == [line.split()[0] for line in rest]
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize(
    ("name", "answer"), [("python3", "3.11 yes"), ("python3.13", "3.13 yes"), ("python3", "3.20 yes")]
)
def test_a_fitting_python_is_found_and_used(checkout: Path, name: str, answer: str):
    """With any Python from 3.11 on, one command sets up, by hash, and runs."""
    _interpreter(checkout, name, answer)
    run = _make(checkout, "demo")

    assert (0, "") == (run.returncode, run.stderr)
    assert run.stdout.endswith("the demo runs\n")
    assert (
        "--require-hashes --no-deps --only-binary :all: -r requirements/run.txt" in (checkout / "fetched").read_text()
    )


def test_the_python_that_is_named_is_the_one_that_is_used(checkout: Path):
    """PYTHON goes before what is found, and its path may hold spaces."""
    _interpreter(checkout, "python3.13", "3.13 yes")
    named = _interpreter(checkout, "my python", "3.11 yes")
    run = _make(checkout, "demo", f"PYTHON={named}")

    assert "with Python 3.11" in run.stdout


def test_the_second_call_sets_nothing_up(checkout: Path):
    """What is ready stays ready: the second call only runs."""
    _interpreter(checkout, "python3", "3.12 yes")
    _make(checkout, "demo")
    run = _make(checkout, "demo")

    assert "the demo runs\n" == run.stdout


def test_a_broken_off_set_up_goes_on_with_the_next_call(checkout: Path):
    """Where fetching failed, one sentence says so; the next call fetches again, in the environment that is there."""
    _interpreter(checkout, "python3", "3.12 yes")
    (checkout / "offline").touch()
    broken = _make(checkout, "demo")
    (checkout / "offline").unlink()
    mended = _make(checkout, "demo")

    assert 2 == broken.returncode
    assert broken.stderr.startswith("Not everything could be fetched")
    assert (0, "") == (mended.returncode, mended.stderr)
    assert "made\n" == (checkout / "venvs").read_text()


def test_a_half_made_environment_is_made_anew(checkout: Path):
    """A folder without a working interpreter (a broken-off venv, an upgraded Python) is replaced."""
    _interpreter(checkout, "python3", "3.12 yes")
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to("/gone/python3.11")
    run = _make(checkout, "demo")

    assert (0, "") == (run.returncode, run.stderr)


def _pins(kind: str) -> dict[str, set[Version]]:
    """Versions by name; a name has several where Pythons differ in what they can install."""
    text = (ROOT / "requirements" / f"{kind}.txt").read_text("utf-8")
    pins: dict[str, set[Version]] = {}
    for name, version, _hashes in PIN.findall(text):
        pins.setdefault(canonicalize_name(name), set()).add(Version(version))
    assert len(re.findall(r"^\S", text, re.MULTILINE)) == sum(map(len, pins.values()))
    return pins


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("run", PROJECT["dependencies"]),
        ("build", BUILD["requires"]),
        ("dev", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]),
    ],
)
def test_every_requirement_is_locked_with_hashes_and_fits(kind: str, wanted: list[str]):
    """Each line of the lock is a version with hashes and nothing else; each thing the project asks for is there."""
    pins = _pins(kind)

    for need in map(Requirement, wanted):
        assert all(map(need.specifier.contains, pins[canonicalize_name(need.name)])), need


@pytest.mark.parametrize("kind", ["run", "build"])
def test_development_runs_on_what_users_run_on(kind: str):
    """Whatever users install, and make it with, developers test with, in the same version."""
    theirs, dev = _pins(kind), _pins("dev")

    assert theirs == {name: dev[name] for name in theirs}

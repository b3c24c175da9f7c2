"""What the documents say of the program is so: tests, commands, settings and files that they name are there."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from bot.cli import cli
from bot.settings import NAMES

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LINK = re.compile(r"\]\(([^)#:]+?)(?:#[^)]*)?\)")


def _functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def _claims(text: str) -> list[str]:
    """The bullets under each attacker, before what is not stopped."""
    claimed = text.partition("## Not stopped")[0]
    return re.findall(r"^- .+?(?=^- |^\n|^## |\Z)", claimed, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_that_is_named_is_there(document: Path):
    """A claim cannot lean on a test that was renamed or taken out."""
    named = TEST.findall(document.read_text("utf-8"))

    assert [] == [(path, name) for path, name in named if name not in _functions(path)]


def test_every_claim_about_an_attacker_names_a_test():
    """In the list of threats nothing is claimed without being shown."""
    claims = _claims((ROOT / "docs" / "threats.md").read_text("utf-8"))

    assert len(claims) > 25
    assert [] == [claim for claim in claims if not TEST.search(claim)]


def test_a_claim_without_a_test_is_noticed():
    """The test above sees a bare claim."""
    assert ["- Nobody gets in.\n"] == _claims("## X\n\n- Nobody gets in.\n\n## Not stopped\n- All.\n")


def _calls(text: str) -> list[tuple[str, list[str]]]:
    """Commands that stand in code, each with the options behind it on its line."""
    code = "\n".join(re.findall(r"`[^`\n]+`|```.*?```", text, re.DOTALL))
    lines = re.findall(r"\bbisik ([a-z][a-z-]+)\b([^#\n]*)", code)
    return [(name, re.findall(r"(?<!\S)--[a-z-]+", rest)) for name, rest in lines]


def _known(name: str, options: list[str]) -> bool:
    command = cli.commands.get(name)
    there = [option for parameter in command.params for option in parameter.opts] if command else []
    return bool(command) and set(options) <= set(there)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_and_settings_that_are_named_are_there(document: Path):
    """Whoever follows a document finds the command with its options, and the setting."""
    text = document.read_text("utf-8")

    assert [] == [call for call in _calls(text) if not _known(*call)]
    assert [] == sorted({name for name in re.findall(r"BISIK_[A-Z_]+[A-Z]", text) if name not in NAMES})


def test_a_command_or_option_that_is_not_there_is_noticed():
    """The test above reads calls in lines and in blocks."""
    calls = _calls("`bisik check --json`\n```console\n# bisik purge --now   # bisik x\n```")

    assert [("check", ["--json"]), ("purge", ["--now"])] == calls
    assert [True, False] == [_known(*call) for call in calls]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files(document: Path):
    """No link within the repository leads nowhere."""
    linked = LINK.findall(document.read_text("utf-8"))

    assert [] == [link for link in linked if not (document.parent / link).exists()]


@pytest.mark.tools
def test_systemd_accepts_the_unit(tmp_path: Path):
    """The hardened unit has no directive that systemd does not know or take."""
    unit = tmp_path / "bisik.service"
    unit.write_text(
        (ROOT / "deploy" / "bisik.service").read_text("utf-8").replace("/opt/bisik/.venv/bin/bisik", "/bin/true")
    )
    run = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)  # noqa: S607

    assert (0, "", "") == (run.returncode, run.stdout, run.stderr)

"""What the process writes about itself carries no word, id or token, whoever logs it and however it fails."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import logs

ROOT = Path(__file__).parent.parent
METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
TOKEN = "4071:CanaryTokenAbcdef"
CANARIES = (TOKEN, "CanaryToken", "731980055", "Canary Name", "canaryuser", "canary words", "628990001")

# A bot of the real library, with everything at DEBUG, whose handler fails over what a reporter wrote.
TELEGRAM_AT_DEBUG = f"""
import asyncio, logging, warnings
from telegram import Update
from telegram.ext import Application, MessageHandler, filters
from telegram.request import HTTPXRequest

async def fail(update, context):
    warnings.warn("canary words " + update.effective_user.username)
    logging.getLogger("bot.services").info(f"canary words {{update.effective_user.id}}")
    logging.getLogger("httpx").error("POST {TOKEN} %s", update.message.text, stack_info=True)
    asyncio.get_running_loop().create_task(later(update.message.text))
    await context.bot.get_me()

async def later(text):
    raise ValueError(text)

person = {{"id": 731980055, "is_bot": False, "first_name": "Canary Name", "username": "canaryuser"}}
update = {{"update_id": 1, "message": {{"message_id": 1, "date": 1, "text": "canary words",
          "from": person, "chat": {{"id": 731980055, "type": "private"}}}}}}

async def main():
    bot = Application.builder().token("{TOKEN}").base_url("http://127.0.0.1:9/bot").updater(None).build()
    bot.add_handler(MessageHandler(filters.ALL, fail))
    bot._initialized = True
    await bot.process_update(Update.de_json(update, bot.bot))
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_exception_handler(
        {{"message": "canary words", "exception": KeyError("731980055")}})

for name in ("", "telegram", "telegram.ext", "telegram.ext.Application", "httpx", "httpcore", "asyncio"):
    logging.getLogger(name).setLevel(logging.DEBUG)
asyncio.run(main(), debug=True)
"""

# Each way in which Python itself reports an error, with words in it.
WAYS_TO_FAIL = {
    "uncaught": "raise ValueError('canary words')",
    "chained": "try:\n    int('canary words')\nexcept ValueError as e:\n    raise RuntimeError('Canary Name') from e",
    "group": "raise ExceptionGroup('canary words', [OSError('731980055')])",
    "thread": "import threading\nt = threading.Thread(target=int, args=('canary words',))\nt.start(); t.join()",
    "unraisable": "class C:\n    def __del__(self): raise ValueError('canary words')\nC()",
    "warning": "import warnings\nwarnings.warn('canary words')",
    "bad arguments": "import logging\nlogging.getLogger('bot').error('%d canary words', '731980055')",
    "a library's handler": "import logging\nfoe = logging.getLogger('foe')\n"
    "foe.addHandler(logging.StreamHandler())\nfoe.error('canary words %s', 731980055, stack_info=True)",
    "a logger's name": "import logging\nlogging.getLogger('json.canaryuser').error('x')",
    "a field": "import logging\n"
    "logging.getLogger('bot').error('x', extra={'code': 731980055, 'state': 'canary words', 'who': 'canaryuser'})",
}


def _run(script: str, first: str = "from bot import logs\nlogs.configure()\n") -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", first + script], capture_output=True, text=True, cwd=ROOT, check=False)


def _lines(run: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in run.stderr.splitlines() if line.startswith("{")]


def _found(run: subprocess.CompletedProcess[str]) -> list[str]:
    return [canary for canary in CANARIES if canary in run.stdout + run.stderr]


def test_the_telegram_library_at_debug_prints_nothing_of_a_reporter():
    """A real update that fails in a handler, with all libraries at DEBUG, leaves types and places only."""
    run = _run(TELEGRAM_AT_DEBUG)

    assert run.returncode == 0, run.stderr
    assert [] == _found(run)
    assert "telegram.error.NetworkError" in run.stderr
    assert "builtins.UserWarning" in run.stderr


def test_the_canaries_sing_without_our_logging():
    """The same update without `logs.configure` prints token, id and text: the test above looks for what is there."""
    run = _run("import logging\nlogging.basicConfig()\n" + TELEGRAM_AT_DEBUG, first="")

    assert {TOKEN, "731980055", "canary words", "canaryuser"} <= set(_found(run))


@pytest.mark.parametrize("way", WAYS_TO_FAIL)
def test_no_way_of_failing_prints_what_it_failed_over(way: str):
    """Whatever reports the error, its words stay inside and a line of JSON still tells that it happened."""
    run = _run(WAYS_TO_FAIL[way])

    assert [] == _found(run)
    assert len(_lines(run)) == 1


def test_an_error_is_told_by_its_types_and_the_places_in_our_code():
    """An error nobody caught is one line with the type, the types behind it, and our own module and line."""
    run = _run("from bot import values\nvalues._token('x')")

    (line,) = _lines(run)
    assert "uncaught" == line["event"]
    assert ["builtins.AttributeError"] == line["error"]
    assert str(line["at"][0]).startswith("bot.values:")


def test_an_event_of_ours_keeps_its_word_and_its_numbers():
    """What is allowed arrives: time, level, module, the word, the fields."""
    run = _run("import logging\nlogging.getLogger('bot.settings').warning('channel_lost', extra={'attempts': 3})")

    (line,) = _lines(run)
    assert ("warning", "bot", "channel_lost", 3) == tuple(line[k] for k in ("level", "logger", "event", "attempts"))


def test_hourly_counts_arrive_whole():
    """A counter's words and numbers are a line of ours like any other; a word that is none is withheld."""
    script = (
        "import logging\nfrom collections import Counter\ncounts = Counter({'updates_seen': 3, 'Canary Name': 1})\n"
    )
    run = _run(script + "logging.getLogger('bot').info('hour', extra={'counts': counts})")

    (line,) = _lines(run)
    assert {"updates_seen": 3, "withheld": 1} == line["counts"]


@given(st.text() | st.binary() | st.integers(min_value=logs.ACCOUNT_FROM) | st.integers(max_value=-logs.ACCOUNT_FROM))
def test_no_value_that_could_name_somebody_is_written(value: object):
    """Texts, bytes and numbers as long as an account's are withheld, even in a field that is allowed."""
    assert logs.WITHHELD == logs._value(value)


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "logger" | "logging"), attr=attr)):
                if attr in METHODS:
                    yield node


def _is_fixed(call: ast.Call) -> bool:
    match call.args:
        case [ast.Constant(value=str(word))] if logs.WORD.fullmatch(word):
            return all(_is_allowed(keyword) for keyword in call.keywords)
        case _:
            return False


def _is_allowed(keyword: ast.keyword) -> bool:
    match keyword:
        case ast.keyword(arg="exc_info"):
            return True
        case ast.keyword(arg="extra", value=ast.Dict(keys=keys)):
            return all(isinstance(key, ast.Constant) and key.value in logs.FIELDS for key in keys)
        case _:
            return False


def test_every_call_to_a_logger_has_a_fixed_word_and_allowed_fields():
    """In the source itself: a constant word, and beside it only fields of the allow-list."""
    paths = [path for room in logs.OURS for path in (ROOT / room).rglob("*.py")]
    loose = [f"{p}:{call.lineno}" for p in paths if p.name != "logs.py" for call in _calls(p) if not _is_fixed(call)]

    assert [] == loose


@pytest.mark.parametrize("call", ["log.info(text)", "log.info('word', text)", "log.info('word', extra={'who': 1})"])
def test_a_loose_call_to_a_logger_is_noticed(call: str, tmp_path: Path):
    """The rule above sees a text, an argument and a field that is not allowed."""
    (tmp_path / "loose.py").write_text(call)

    assert [False] == [_is_fixed(found) for found in _calls(tmp_path / "loose.py")]

"""What a run of the bot leaves anywhere: on disk, in the log, with Telegram for each of its chats."""

import io
import json
import logging
import sys
import threading
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import logs
from bot.simulator import Simulator
from bot.simulator.server import Call
from bot.simulator.spec import Upload
from bot.simulator.state import Tap
from prove.unpacked import unpacked

NOBODY = 0
"""Sees what is told to Telegram alone."""


@contextmanager
def all_that_is_logged() -> Iterator[io.StringIO]:
    """Our own logging, with every other library told to say all it can; the process is as before afterwards."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level, logging.getLogRecordFactory(), logging.raiseExceptions
    hooks = sys.excepthook, sys.unraisablehook, threading.excepthook, warnings.showwarning
    logs.configure(stream)
    known = [root, *(logging.getLogger(name) for name in list(logging.root.manager.loggerDict))]
    levels = [(logger, logger.level) for logger in known]
    for logger in known:
        logger.setLevel(logging.DEBUG)
    try:
        yield stream
    finally:
        for logger, level in levels:
            logger.setLevel(level)
        root.handlers[:], root.level = before[:2]
        logging.setLogRecordFactory(before[2])
        logging.raiseExceptions = before[3]
        sys.excepthook, sys.unraisablehook, threading.excepthook, warnings.showwarning = hooks


def on_disk(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Transcript:
    """All that the bot has asked Telegram to show, by who sees it: a chat, whoever tapped, or nobody.

    It begins when it is made; what is edited, deleted or refused since stays in it.
    """

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._tappers: dict[str, int] = {}
        simulator.world.watchers.add(self._saw)

    def _saw(self, _kind: str, subject: object) -> None:
        if isinstance(subject, Tap):
            self._tappers[subject.query_id] = subject.user.id

    def _sees(self, call: Call) -> int:
        tapper = self._tappers.get(str(call.parameters.get("callback_query_id")), NOBODY)
        return int(call.parameters.get("chat_id", tapper))

    def shown(self) -> dict[int, dict[str, bytes]]:
        """Words and files by who sees them, whatever is packed in a file included."""
        words: dict[int, list[str]] = defaultdict(list)
        files: dict[int, dict[str, bytes]] = defaultdict(dict)
        for n, call in enumerate(self._simulator.calls):
            seen_by = self._sees(call)
            words[seen_by].append(f"{call.method} {_json(call.parameters)}")
            files[seen_by] |= {f"{n} {one.name}": one.data for one in _uploads(call.parameters)}
        return {
            chat: unpacked({"said": "\n".join(lines).encode(errors="backslashreplace"), **files[chat]})
            for chat, lines in words.items()
        }

    def buttons(self) -> bytes:
        """What every button that was ever shown to anybody carries; what one copies is its message's own."""
        keyboards = [call.parameters.get("reply_markup", {}) for call in self._simulator.calls]
        drawn = [button for keyboard in keyboards for row in keyboard.get("inline_keyboard", ()) for button in row]
        return _json([{what: one for what, one in button.items() if what != "copy_text"} for button in drawn]).encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_named)


def _named(value: object) -> str:
    return value.name if isinstance(value, Upload) else str(value)


def _uploads(value: object) -> Iterator[Upload]:
    """Files within a parameter, at any depth."""
    if isinstance(value, Upload):
        yield value
    inner: Iterable[object] = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _uploads(one)

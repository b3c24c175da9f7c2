"""Logging that cannot carry a tip, an identity or a token.

Our own code logs through the standard library: a fixed word for what happened, and numbers beside it,
`log.warning("channel_lost", extra={"attempts": 3})`. What may stand in a line is an allow-list, not a filter:
that word, the fields in `FIELDS` with values that can name nobody, an exception's type, and the places in our
own code that it passed. Of another library's record only its logger, level and exception type are left, and
below a warning nothing, whatever level somebody sets: a line's time alone would link a sender to a post. For
the same reason no event of a reporter makes a line of ours: it is counted, and the counts go out hourly.
"""

import json
import logging
import re
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import Enum
from types import TracebackType
from typing import Any, TextIO

OURS = {"bot", "storage"}
FIELDS = ("attempts", "backlog", "code", "counts", "schema", "seconds", "state", "tips", "waiting")
WORD = re.compile(r"[a-z]+(_[a-z]+)*")
ACCOUNT_FROM = 10_000_000  # ids of accounts and chats have this many digits and more
WITHHELD = "withheld"

log = logging.getLogger(__name__)


def configure(stream: TextIO | None = None) -> None:
    """Make this the only way in which the process reports: logging, warnings, and errors nobody caught.

    `stream` is standard error by default. A terminal gets `key=value`, anything else a JSON object a line.
    """
    handler = logging.StreamHandler(stream)
    handler.addFilter(_worth_a_line)
    handler.setFormatter(_Lines(for_terminal=handler.stream.isatty()))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.setLogRecordFactory(_stripped)
    logging.raiseExceptions = False  # else a record that cannot be formatted is printed whole
    warnings.showwarning = _warned
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda unraisable: _report("unraisable", unraisable.exc_value)
    threading.excepthook = lambda uncaught: _report("uncaught", uncaught.exc_value)


def _stripped(*made: Any) -> logging.LogRecord:
    """A record that has lost its text before any handler, ours or a library's own, can see it."""
    record = logging.LogRecord(*made)
    record.fault = _fault(record.exc_info[1]) if record.exc_info else {}
    record.msg = _word(record.msg) if _is_ours(record.name) else ""
    record.args = record.exc_info = record.stack_info = None
    return record


class _Lines(logging.Formatter):
    """One line a record, of nothing but what is allowed."""

    def __init__(self, *, for_terminal: bool) -> None:
        super().__init__()
        self._write = _pairs if for_terminal else json.dumps

    def format(self, record: logging.LogRecord) -> str:
        given = record.__dict__
        return self._write(
            {
                "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds"),
                "level": record.levelname.lower(),
                "logger": _module(record.name),
                **({"event": _word(record.msg)} if _is_ours(record.name) else {}),
                **{name: _value(given[name]) for name in FIELDS if name in given},
                **given.get("fault", {}),
            }
        )


def _pairs(line: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in line.items())


def _is_ours(logger: str) -> bool:
    return logger.partition(".")[0] in OURS


def _worth_a_line(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or _is_ours(record.name)


def _module(logger: str) -> str:
    """The longest part of a logger's name that is a module; the rest could be anything."""
    parts = logger.split(".")
    heads = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((head for head in heads if head in sys.modules), WITHHELD)


def _word(text: object) -> str:
    return text if isinstance(text, str) and WORD.fullmatch(text) else WITHHELD


def _value(value: object) -> object:
    match value:
        case Enum():
            return value.name.lower()
        case bool():
            return value
        case int() | float() if abs(value) < ACCOUNT_FROM:
            return value
        case dict():
            return {_word(name): _value(count) for name, count in value.items()}
        case _:
            return WITHHELD


def _fault(error: BaseException | None) -> dict[str, list[str]]:
    """The types of an exception and of those behind it, and where in our code they passed; never their words."""
    if error is None:
        return {}
    errors = _behind(error)
    kinds = [f"{type(one).__module__}.{type(one).__qualname__}" for one in errors]
    return {"error": kinds, "at": list(dict.fromkeys(place for one in errors for place in _places(one)))}


def _behind(error: BaseException) -> list[BaseException]:
    found = [error]
    for one in found:  # grows while it is walked
        inner = one.exceptions if isinstance(one, BaseExceptionGroup) else ()
        behind = (*inner, one.__cause__, one.__context__)
        found += [more for more in behind if more is not None and more not in found]
    return found


def _places(error: BaseException) -> Iterator[str]:
    for frame, line in traceback.walk_tb(error.__traceback__):
        module = frame.f_globals.get("__name__", "")
        if _is_ours(module):
            yield f"{module}:{line} {frame.f_code.co_name}"


def _report(word: str, error: BaseException | None) -> None:
    log.critical(word, exc_info=error)


def _uncaught(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    _report("uncaught", error)


def _warned(message: Warning | str, *_: Any, **__: Any) -> None:
    log.warning("python_warning", exc_info=message if isinstance(message, Warning) else None)

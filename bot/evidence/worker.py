"""A process that cleans one file after another, handed to it on standard input.

Rule: it is expected to be taken over by a hostile file one day. So it starts with an empty environment,
may grow only to its limit, may write no file and leave no core, reads programs alone and reaches nobody,
and answers in JSON and bytes, which cannot run anything in the bot. Frames: a size (8 bytes, big-endian),
then as many bytes. The first, unasked, names the walls that this kernel does not have.
"""

import dataclasses
import json
import signal
import sys
from typing import BinaryIO

from bot import memory
from bot.confinement import confine
from bot.evidence.model import Refused
from bot.evidence.washing import clean_here


def read_frame(stream: BinaryIO) -> bytes:
    """The next frame; raises EOFError where the other side has gone."""
    size = _exactly(stream, 8)
    return _exactly(stream, int.from_bytes(size, "big"))


def write_frame(stream: BinaryIO, data: bytes) -> None:
    stream.write(len(data).to_bytes(8, "big"))
    stream.write(data)
    stream.flush()


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def limit(memory_mb: int) -> None:
    """Bound this process for good; systems without rlimits have only the time limit of the pool."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    for sort, most in ((resource.RLIMIT_AS, memory_mb * 1024 * 1024), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(sort, (most, most))


def answer(data: bytes) -> tuple[bytes, bytes]:
    """What goes back: the report as JSON, and the clean bytes (none when refused)."""
    try:
        cleaned = clean_here(data)
    except Refused as refused:
        return json.dumps({"refused": refused.reason}).encode(), b""
    report = {item.name: getattr(cleaned, item.name) for item in dataclasses.fields(cleaned)}
    clean = report.pop("data")
    return json.dumps(report).encode(), clean


def serve(requests: BinaryIO, answers: BinaryIO, seconds: float) -> None:
    """Answer until the bot goes; the pool watches the time, the alarm is for when the pool is no more."""
    alarm = getattr(signal, "setitimer", lambda *_: None)  # not on every system
    while True:
        data = read_frame(requests)
        alarm(getattr(signal, "ITIMER_REAL", 0), seconds + 5)
        for frame in answer(data):
            write_frame(answers, frame)
        alarm(getattr(signal, "ITIMER_REAL", 0), 0)


if __name__ == "__main__":
    memory.keep_to_itself()
    limit(int(sys.argv[1]))
    try:
        write_frame(sys.stdout.buffer, json.dumps(confine()).encode())
        serve(sys.stdin.buffer, sys.stdout.buffer, float(sys.argv[2]))
    except (EOFError, BrokenPipeError):
        sys.exit(0)

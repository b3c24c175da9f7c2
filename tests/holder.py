"""A bot that works until it is given words, a JSON list in hex on one line; when an hour has passed, it says which it
still knows.

Every object that lives is looked at, not memory that is free: what that keeps until it is written over is another
question, for the operating system.
"""

import asyncio
import gc
import json
import sys

from bot import settings
from bot.adapters.telegram.pacer import UNLIMITED
from bot.app import App
from bot.groundwork import Surroundings
from prove.stage import Clock, running


def held(words: list[str]) -> list[str]:
    """Those that stand in a text or bytes, or are a number, within anything that is alive."""
    numbers = {int(word): word for word in words if word.isdecimal()}
    coded = {word.encode(): word for word in words}
    gc.collect()
    found, seen, left = set[str](), {id(words), id(numbers), id(coded)}, gc.get_objects()
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, str):
            found.update(word for word in words if word in one)
        elif isinstance(one, bytes | bytearray):
            found.update(word for code, word in coded.items() if code in one)
        elif isinstance(one, int):
            found.update({numbers[one]} if one in numbers else ())
        else:
            left += gc.get_referents(one)
    return sorted(found)


async def main() -> None:
    clock = Clock()
    async with App.open(settings.load(), Surroundings(now=clock, limits=UNLIMITED)) as app, running(app):
        # In hex, since the reader of the standard input keeps what it has read.
        words = json.loads(bytes.fromhex(await asyncio.to_thread(sys.stdin.readline)))
        clock.passes(hours=1)
        for rounds in app.rounds.values():
            for work in rounds:
                await work()
        sys.stdout.write(f"{json.dumps(held(words))}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


asyncio.run(main())

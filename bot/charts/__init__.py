"""Charts as pictures, each drawn by a process of its own that ends with it: the bot never loads what draws them."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from dataclasses import asdict, dataclass

SECONDS = 60.0


class ChartError(Exception):
    """The chart was not drawn."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars with their names, and what is written at each; `upright` ones are of a time that goes on to the right."""

    title: str
    names: Sequence[str]
    heights: Sequence[int]
    written: Sequence[str]
    upright: bool = False


async def draw(chart: Chart, seconds: float = SECONDS) -> bytes:
    """The chart as a PNG; raises `ChartError` where it is not drawn in time."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-B", "-m", "bot.charts"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(sys.path), "MPLCONFIGDIR": os.devnull},  # no token; no cache on a disk
        start_new_session=True,  # a Ctrl-C is the bot's to handle
    )
    try:
        picture, _ = await asyncio.wait_for(process.communicate(json.dumps(asdict(chart)).encode()), seconds)
    except TimeoutError:
        raise ChartError from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not picture:
        raise ChartError
    return picture

"""A hundred thousand updates one after another: every one answered once, and the bot's memory as it was."""

import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import psutil

from bench.rounds import Crowd
from bench.scripts import INTERVIEW
from prove.page import Finding, need

PEOPLE = 400
WARM = 3
"""So many rounds pass before memory is first looked at."""
MEGABYTE = 1 << 20
GROWTH_MOST = 0.15


async def prove(folder: Path, updates: int) -> Sequence[Finding]:
    """Play rounds of interviews against one process of the bot, paced by nothing but its answers."""
    rounds = max(WARM + 1, round(updates / (PEOPLE * len(INTERVIEW))))
    async with Crowd.gather(latency=0) as crowd:
        place = json.dumps(asdict(crowd.place(folder)), default=str)
        bot = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.contestants", "ours", place)
        sizes, answered = [], 0
        try:
            for _ in range(rounds):
                outcome = await crowd.act_out(crowd.newcomers(PEOPLE))
                need(outcome.exact == PEOPLE, "Somebody was not answered once for each update.")
                answered += outcome.updates
                sizes.append(psutil.Process(bot.pid).memory_info().rss)
        finally:
            bot.send_signal(signal.SIGINT)
            await bot.wait()
    first, last = sizes[WARM - 1], sizes[-1]
    need(last <= first * (1 + GROWTH_MOST), f"Memory grew from {first // MEGABYTE} to {last // MEGABYTE} MB.")
    return [
        Finding("updates that were not answered exactly once, in their order", f"0 of {answered:,}"),
        Finding("memory after the first rounds, and after the last", f"{first // MEGABYTE} MB, {last // MEGABYTE} MB"),
    ]

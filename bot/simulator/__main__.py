"""The simulator in a process of its own, for benchmarks and for trying a bot by hand.

Prints one line of JSON: `api_url`, `token`, `page_url` (acts are POSTed to its `acts`, see `acts.py`; its `counts`
tells how often each method was asked), `channel` and `admin` ids where a stage is set. Ends at
SIGTERM or Ctrl-C.
"""

import argparse
import asyncio
import json
import signal

from bot.simulator.simulator import Simulator
from bot.simulator.stage import demo_stage


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.simulator", description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token")
    parser.add_argument("--latency", type=float, default=0, help="seconds before every answer")
    parser.add_argument("--keep", type=int, help="how many messages a chat, and calls, are remembered")
    parser.add_argument("--limits", action="store_true", help="with Telegram's flood limits")
    parser.add_argument("--people", type=int, default=0, help="how many people with ids from 1 have started the bot")
    return parser.parse_args()


async def serve(chosen: argparse.Namespace) -> None:
    stopping = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_number, stopping.set)
    async with Simulator.start(port=chosen.port, token=chosen.token, keep=chosen.keep) as simulator:
        stage = demo_stage(simulator)
        for number in range(1, chosen.people + 1):
            simulator.person(number, f"Person {number}").meets_bot()
        simulator.faults.latency = chosen.latency
        simulator.limits.enabled = chosen.limits
        addresses = {"api_url": simulator.api_url, "token": simulator.token, "page_url": simulator.page_url}
        print(json.dumps({**addresses, "channel": stage.channel.id, "admin": stage.admin.user.id}), flush=True)  # noqa: T201 -- the caller reads it
        await stopping.wait()


if __name__ == "__main__":
    asyncio.run(serve(options()))

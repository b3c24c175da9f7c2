"""A process that dies of an error which nobody foresaw, with a reporter's words in it, tells none of them."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from prove.betrayable import CONTENT, WITNESSED, Canary
from prove.canaries import found_in
from prove.stage import Phone, Scene, does, process, taps, types

REPORTER = Canary(
    6_173_904_582, "Qorizana", "Xylofermata", "qori_zx_canary", "+6281399912345", "IMG_Qorizana_BKD", "CAMQZX77"
)
DEATHS = {
    "as an update comes in": f"""
from bot.adapters.telegram.inbound import Inbound as Dying
admit = Dying._admit
def dies(self, raw):
    if {WITNESSED!r} in str(raw):
        raise ValueError(str(raw), raw)
    return admit(self, raw)
Dying._admit = dies
""",
    "in a job": f"""
from bot.services.evidence import EvidenceRoom as Dying
async def dies(self, owed):
    raise Fatal(owed.body, {WITNESSED!r})
Dying.fetch = dies
""",
    "in a thread of an executor": """
from bot.evidence.pool import _Worker as Dying
def dies(self, data):
    raise Fatal(data.decode())
Dying.ask = dies
""",
}
FATAL = "class Fatal(BaseException): 'Passes whoever expects errors.'\n"
LOUD = "from bot import logs\nlogs.configure = lambda: None\n"
"""Leaves it to Python to report how it died."""


async def said_in_dying(scene: Scene, script: str, folder: Path) -> dict[str, bytes]:
    """What a bot that did this first has written when it was dead, of itself, in the middle of a talk."""
    (folder / "sitecustomize.py").write_text(FATAL + script)
    environment = scene.environment(PYTHONPATH=os.pathsep.join([str(folder), *sys.path]))
    with process("run", environment=environment, folder=scene.folder) as bot:
        talking = asyncio.create_task(_tells(Phone(scene.simulator, REPORTER.joins(scene))))
        code = await asyncio.to_thread(bot.wait)
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
    assert 1 == code
    return {"said": (scene.folder / "said").read_bytes()}


async def _tells(phone: Phone) -> None:
    await does(phone, [types("/start"), taps("agree-id")])
    phone.person.sends_document(WITNESSED.encode(), "catatan.txt", caption=WITNESSED)


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of scripts that Python runs as it starts."""
    return tmp_path_factory.mktemp("first")


@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
async def test_a_bot_that_dies_of_a_reporters_words_writes_none(scene: Scene, folder: Path, death: str):
    """Whatever the error carries, standard error has its type and the place in our code, no word, id or token."""
    said = await said_in_dying(scene, death, folder)

    assert b'"uncaught"' in said["said"]
    assert [] == found_in(said, [*REPORTER.words(), *CONTENT, scene.simulator.token])


@pytest.mark.parametrize("death", DEATHS.values(), ids=DEATHS)
async def test_python_left_alone_would_write_them(scene: Scene, folder: Path, death: str):
    """The same deaths without our logging print the words: the test above looks for what is there."""
    assert found_in(await said_in_dying(scene, LOUD + death, folder), CONTENT)

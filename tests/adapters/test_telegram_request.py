"""Claims about the way to the Bot API, over real HTTP with a server that fails in every way."""

import asyncio
import io
import logging
import traceback

import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError, TimedOut
from telegram_stage import Adapter

from bot.adapters.telegram.api import Api
from bot.adapters.telegram.request import AiohttpRequest, Flood, TooLarge, Unreached
from bot.simulator import Person, Simulator

WORDS = "kata-kata " + "rahasia".upper()  # not as the source has it, which tracebacks quote
TOKEN = "70001:SIMULATED-token-that-opens-nothing"


def shown(error: BaseException) -> str:
    """All that a careless log would show of an error."""
    return "".join(traceback.format_exception(error)) + repr(error) + repr(error.__dict__)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("flood", Flood),
        ("server_error", NetworkError),
        ("bad_gateway", NetworkError),
        ("refused", NetworkError),
        ("lost_response", NetworkError),
        ("half_sent", NetworkError),
    ],
)
async def test_each_fault_is_the_librarys_own_error(
    adapter: Adapter, simulator: Simulator, sari: Person, fault: str, error: type[TelegramError]
):
    """What goes wrong on the way becomes an error of the library that shows neither token nor words."""
    sari.starts()
    simulator.faults.add(fault, "sendMessage")
    with pytest.raises(error) as caught:
        await adapter.api.send_message(1001, WORDS)

    assert simulator.token not in shown(caught.value)
    assert WORDS not in shown(caught.value)


async def test_a_flood_answer_tells_how_long_to_wait(adapter: Adapter, simulator: Simulator):
    """The seconds of a flood answer come as a number, whatever unit the library prefers."""
    simulator.faults.add("flood", "getMe", seconds=17)
    with pytest.raises(Flood) as caught:
        await adapter.api.get_me()

    assert caught.value.seconds == 17


async def test_an_answer_that_does_not_come_is_a_timeout(simulator: Simulator):
    """Who waits longer than it was told gives up with the library's own error."""
    simulator.faults.latency = 5
    async with AiohttpRequest(1, read=0.01, connect=0.05) as request:
        with pytest.raises(TimedOut) as caught:
            await request.post(f"{simulator.api_url}/bot{simulator.token}/getMe")

    assert simulator.token not in shown(caught.value)


async def test_nobody_listening_is_a_network_error(unused_tcp_port: int):
    """A server that is not there is a network error of its own, for nothing was sent, without its address."""
    async with AiohttpRequest(1) as request:
        with pytest.raises(Unreached) as caught:
            await request.post(f"http://127.0.0.1:{unused_tcp_port}/bot{TOKEN}/getMe")

    assert TOKEN not in shown(caught.value)


async def test_a_refused_token_is_not_repeated(simulator: Simulator):
    """The library's message about a refused token holds the token; ours does not, and neither does the bot's name."""
    simulator.world.token = "70001:another-token-that-opens-nothing"
    api = Api(TOKEN, simulator.api_url)
    with pytest.raises(InvalidToken) as caught:
        await api.initialize()
    await api.shutdown()

    assert TOKEN not in shown(caught.value)
    assert TOKEN not in repr(api) + str(api)


async def test_a_closed_connection_says_so():
    """A request after the end is an error, not a new connection."""
    with pytest.raises(NetworkError):
        await AiohttpRequest(1).post("http://127.0.0.1:9/")


async def test_no_environment_leads_requests_elsewhere(
    monkeypatch: pytest.MonkeyPatch, simulator: Simulator, unused_tcp_port: int
):
    """A proxy named by the environment is not used: only what is set for the bot leads anywhere."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{unused_tcp_port}")
    async with Api(simulator.token, simulator.api_url) as api:
        assert api.id == simulator.bot.id


async def test_requests_beyond_the_pool_wait_their_turn(simulator: Simulator):
    """More requests than connections are all answered."""
    async with Api(simulator.token, simulator.api_url, connections=2) as api:
        answers = await asyncio.gather(*[api.call("getMe", {}) for _ in range(20)])

    assert {answer["id"] for answer in answers} == {simulator.bot.id}


async def test_files_are_uploaded_whole(adapter: Adapter, sari: Person):
    """A file arrives byte for byte, with its name and the words beside it."""
    sari.starts()
    data = bytes(range(256)) * 6000
    await adapter.api.send_document(1001, data, filename="bukti-1.bin", caption="é ✓")
    message = await sari.chat.next_message()
    path = (await adapter.api.call("getFile", {"file_id": message.api["document"]["file_id"]}))["file_path"]

    assert await adapter.api.download(path, len(data)) == data
    assert message.api["document"]["file_name"] == "bukti-1.bin"
    assert message.api["caption"] == "é ✓"
    with pytest.raises(TooLarge):
        await adapter.api.download(path, len(data) - 1)


async def test_what_is_too_large_to_send_will_never_be_taken():
    """A request that a server before Telegram finds too large is a refusal for good, not a passing fault."""

    async def too_large(_request: web.BaseRequest) -> web.Response:
        return web.Response(status=413, text="<html>413</html>")

    async with RawTestServer(too_large) as server, AiohttpRequest(1) as request:
        with pytest.raises(BadRequest):
            await request.post(str(server.make_url("/")))


@pytest.mark.parametrize("name", ["aiohttp", "asyncio", "bot"])
async def test_nothing_is_logged_of_a_request(adapter: Adapter, simulator: Simulator, sari: Person, name: str):
    """Even at DEBUG, neither aiohttp nor this adapter logs the token or the words of a request."""
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    logger = logging.getLogger(name)
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.DEBUG)
    try:
        sari.starts()
        await adapter.api.call("sendMessage", {"chat_id": 1001, "text": WORDS})
        simulator.faults.add("half_sent", "sendMessage")
        with pytest.raises(NetworkError):
            await adapter.api.call("sendMessage", {"chat_id": 1001, "text": WORDS})
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)

    assert simulator.token not in output.getvalue()
    assert WORDS not in output.getvalue()

"""The Bot API as it stands on the wire: every way to pass parameters, and the exact bodies of answers."""

import json
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from simulator_pictures import picture

from bot.simulator import Person, Simulator

pytestmark = pytest.mark.usefixtures("sari")

SARI = 1001


@pytest.fixture
async def wire(simulator: Simulator) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"{simulator.api_url}/bot{simulator.token}/") as session:
        yield session


def multipart() -> aiohttp.FormData:
    form = aiohttp.FormData()
    form.add_field("chat_id", str(SARI))
    form.add_field("text", "halo")
    form.add_field("protect_content", "True")
    return form


WAYS: dict[str, Callable[[], tuple[str, dict[str, Any]]]] = {
    "query": lambda: ("GET", {"params": {"chat_id": SARI, "text": "halo", "protect_content": "1"}}),
    "form": lambda: ("POST", {"data": {"chat_id": SARI, "text": "halo", "protect_content": "true"}}),
    "json": lambda: ("POST", {"json": {"chat_id": SARI, "text": "halo", "protect_content": True}}),
    "multipart": lambda: ("POST", {"data": multipart()}),
    "json as text": lambda: ("POST", {"json": {"chat_id": str(SARI), "text": "halo", "protect_content": "yes"}}),
}


@pytest.mark.parametrize("way", WAYS)
async def test_parameters_come_in_every_way(way: str, wire: aiohttp.ClientSession) -> None:
    """Query, form, multipart and JSON say the same."""
    method, parameters = WAYS[way]()
    async with wire.request(method, "sendMessage", **parameters) as response:
        answer = await response.json()

    assert (200, True) == (response.status, answer["ok"])
    assert ("halo", True) == (answer["result"]["text"], answer["result"]["has_protected_content"])


async def test_method_names_ignore_case(wire: aiohttp.ClientSession) -> None:
    """`GETME` is getMe."""
    async with wire.get("GETME") as response:
        answer = await response.json()

    assert "bisik_bot" == answer["result"]["username"]


async def test_a_refusal_has_code_and_words(wire: aiohttp.ClientSession) -> None:
    """A refusal is a JSON object with the HTTP status repeated in it."""
    async with wire.post("sendMessage", data={"chat_id": SARI}) as response:
        answer = await response.json()

    words = 'Bad Request: parameter "text" is required'
    assert {"ok": False, "error_code": 400, "description": words} == answer
    assert 400 == response.status


async def test_a_body_that_cannot_be_read_is_refused(wire: aiohttp.ClientSession) -> None:
    """Broken JSON and JSON that is no object are bad requests."""
    for body in (b"{", b"[1]", b"7"):
        async with wire.post("sendMessage", data=body, headers={"Content-Type": "application/json"}) as response:
            assert 400 == response.status


async def test_a_file_nobody_refers_to_is_unknown(wire: aiohttp.ClientSession) -> None:
    """A part of the form that no parameter attaches is refused; an attached one is taken."""
    for reference, status in (("attach://evidence", 200), ("attach://other", 400)):
        form = aiohttp.FormData({"chat_id": str(SARI), "document": reference})
        form.add_field("evidence", b"a", filename="a.txt")
        async with wire.post("sendDocument", data=form) as response:
            assert status == response.status


async def test_a_request_may_be_too_large(wire: aiohttp.ClientSession) -> None:
    """An upload beyond 50 MB is refused with 413."""
    form = aiohttp.FormData({"chat_id": str(SARI)})
    form.add_field("document", BytesIO(b"a" * (53 * 1024 * 1024)), filename="a.bin")
    async with wire.post("sendDocument", data=form) as response:
        answer = await response.json()

    assert (413, "Request Entity Too Large") == (answer["error_code"], answer["description"])


async def test_files_need_the_token(simulator: Simulator, sari: Person) -> None:
    """A file's path opens nothing under another token."""
    photo = sari.sends_photo(picture())
    path = photo.media.files[-1].path if photo.media else ""
    async with aiohttp.ClientSession(simulator.api_url) as session:
        async with session.get(f"/file/bot{simulator.token}/{path}") as response:
            own = await response.read()
        async with session.get(f"/file/bot70001:a-token-that-is-not-the-bots/{path}") as response:
            status = response.status

    assert photo.data == own
    assert 401 == status


async def test_the_transcript_has_typed_parameters(simulator: Simulator, wire: aiohttp.ClientSession) -> None:
    """The transcript shows what was asked as typed values, and what was answered."""
    markup = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    form = {"chat_id": SARI, "text": "halo", "reply_markup": json.dumps(markup)}
    async with wire.post("sendMessage", data=form) as response:
        answer = await response.json()
    (call,) = simulator.calls_of("sendMessage")

    assert {"chat_id": SARI, "text": "halo", "reply_markup": markup} == call.parameters
    assert answer["result"] == call.result


async def test_a_wrong_token_is_unauthorized(simulator: Simulator) -> None:
    """A token of the right form is unauthorized; what does not even look like one is not found."""
    async with aiohttp.ClientSession(simulator.api_url) as session:
        for token, status in (("70001:another-token-that-is-not-ours", 401), ("70001:x", 404), ("x", 404)):
            async with session.get(f"/bot{token}/getMe") as response:
                assert status == response.status

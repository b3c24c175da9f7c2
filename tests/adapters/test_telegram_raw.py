"""Claims about what is read of updates and refusals before any parser has seen them: whatever JSON can carry."""

import asyncio
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from telegram.error import TelegramError
from telegram_stage import Adapter, Services, wire

from bot.adapters.telegram.api import Api
from bot.adapters.telegram.channel import Channel
from bot.adapters.telegram.health import Health
from bot.adapters.telegram.inbound import Inbound
from bot.adapters.telegram.outbound import Origin
from bot.adapters.telegram.outcomes import outcome_of
from bot.adapters.telegram.pacer import UNLIMITED, Pacer
from bot.adapters.telegram.reception import HOLDERS, NUMBERS, _read, number_in, origin_in
from bot.adapters.telegram.request import FLOOD_MOST, AiohttpRequest, Flood, _refusal
from bot.adapters.telegram.sender import Sender
from bot.adapters.telegram.source import Source
from bot.conversation.speech import Later
from bot.locales.catalogue import Catalogues
from bot.simulator import Person, Simulator
from bot.simulator.methods import BY_NAME

NOWHERE = "http://127.0.0.1:9"
INFINITE = float("inf")
NAMES = st.sampled_from(("update_id", "callback_query", *HOLDERS, "message_id", "chat", "id", "data"))
RESULTS = st.sampled_from(("id", "is_bot", "first_name", "username", "file_path", "user"))
ANSWERED = st.sampled_from(("ok", "result", "description", "parameters", "retry_after", "migrate_to_chat_id"))
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from([2**63, 10**400])
)


def json_with(names: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Any JSON, of which objects have the names that are looked for."""
    return st.recursive(
        LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.text(max_size=3), inner)
    )


OBJECTS = st.dictionaries(NAMES, json_with(NAMES))
SHAPED = st.fixed_dictionaries(
    {"update_id": LEAVES},
    optional={
        "message": st.fixed_dictionaries({"chat": st.fixed_dictionaries({"id": LEAVES}), "message_id": LEAVES}),
        "callback_query": st.fixed_dictionaries({"id": LEAVES, "message": OBJECTS}),
    },
)


PERSON = st.fixed_dictionaries({"id": LEAVES}, optional=dict.fromkeys(("is_bot", "first_name", "username"), LEAVES))
MEMBERS = st.fixed_dictionaries({"user": PERSON}) | json_with(RESULTS)
FACTS = PERSON | st.fixed_dictionaries({"file_path": LEAVES})


class Taken:
    """Takes updates, and commits each at once."""

    def __init__(self) -> None:
        self.origins: list[Origin] = []

    async def told(self, _updates: object) -> bool:
        return True

    async def process(self, _raw: object, origin: Origin, commit: Any) -> None:  # noqa: ANN401 - as the window has it
        self.origins.append(origin)
        commit()


@settings(max_examples=300)
@given(OBJECTS | SHAPED)
@example({"message": {"chat": {"id": INFINITE}}})
@example({"callback_query": {"id": {}, "message": {"chat": {"id": -INFINITE}, "message_id": []}}})
def test_any_update_comes_from_somewhere_or_from_nowhere(raw: dict[str, Any]):
    """Whatever stands where a chat, a message or a tap should stand, what is answered is of the right types."""
    origin = origin_in(raw)
    _read(raw)

    assert isinstance(origin.chat, int)
    assert isinstance(origin.message, int | None)
    assert isinstance(origin.query, str | None)


@given(json_with(NAMES) | SHAPED)
@example({"update_id": True})
@example({"update_id": 7.0})
@example({"update_id": -5})
@example({"update_id": 10**30})
def test_a_number_is_one_that_telegram_could_have_given(raw: object):
    """A number that could not be asked for as the next offset is none: a negative one would count from the end."""
    number = number_in(raw)

    assert number is None or (type(number) is int and number in NUMBERS and number == raw["update_id"])  # type: ignore[index]  # of what has none it is None


@settings(max_examples=200, deadline=None)
@given(raws=st.lists(json_with(NAMES) | SHAPED, max_size=5))
def test_whatever_is_fetched_is_taken_once_or_counted(raws: list[Any]):
    """Each of what came is handed on with where it came from, was seen before, or is counted as no update."""

    async def admitted() -> tuple[Inbound, Taken, Health]:
        taken, health = Taken(), Health()
        inbound = Inbound(Api("1:a"), taken, health)  # type: ignore[arg-type]  # all of a reception that is called
        for raw in raws:
            inbound._admit(raw)
        await inbound._lanes.drain(5)
        return inbound, taken, health

    inbound, taken, health = asyncio.run(admitted())
    numbers = [number_in(raw) for raw in raws]

    assert len(taken.origins) == len({number for number in numbers if number is not None})
    assert health.counts["malformed"] == numbers.count(None)
    assert inbound.backlog() == 0


@settings(max_examples=300)
@given(status=st.integers(400, 599), answer=json_with(ANSWERED))
@example(429, {"description": "", "parameters": {"retry_after": INFINITE}})
@example(429, {"description": "", "parameters": {"retry_after": "5"}})
@example(429, {"description": "", "parameters": {"retry_after": -3}})
@example(429, {"description": {}, "parameters": [1]})
@example(400, {"description": "", "parameters": {"migrate_to_chat_id": INFINITE}})
def test_any_refusal_is_the_librarys_error_and_an_outcome(status: int, answer: object):
    """Whatever a server answers in a refusal, it is an error of the library's, and no wait is without an end."""

    async def asked() -> None:
        with pytest.raises(TelegramError) as caught:
            await Answering(status, json.dumps(answer).encode()).post("")
        outcome_of(caught.value)
        assert not isinstance(caught.value, Flood) or 0 < caught.value.seconds <= FLOOD_MOST

    asyncio.run(asked())


@given(body=st.binary(max_size=99) | json_with(ANSWERED).map(lambda answer: json.dumps(answer).encode()))
@example(b"[" * 100_000)
@example(b'{"description": "ok", "result"')
@example(b'{"ok": false, "description": "no"}')
def test_any_body_is_an_answer_or_the_librarys_error(body: bytes):
    """Whatever comes as a success has a result or is an error of the library, and so is whatever comes as a refusal."""
    with suppress(TelegramError):
        asyncio.run(Answering(200, body).post(""))
    with suppress(TelegramError):
        _refusal(400, body)


class Resulting(Api):
    """Is answered this, whatever it asks; files it fetches from where nothing is."""

    def __init__(self, result: object) -> None:
        super().__init__("1:a", NOWHERE)
        self._result = result

    async def _post(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - as the library has it
        return self._result


@settings(max_examples=200, deadline=None)
@given(result=json_with(RESULTS) | st.lists(MEMBERS, max_size=3) | FACTS)
@example({"id": 1, "is_bot": True, "first_name": "a", "username": "b", "api_kwargs": 3})
@example({"file_path": "\ud800"})
@example({"file_path": "//x"})
@example([{"user": {"id": [], "is_bot": False}}])
def test_any_result_is_read_or_is_the_librarys_error(catalogues: Catalogues, result: object):
    """Whatever a server says that it did or knows, who asked has what it asked for, or the library's error."""
    api = Resulting(result)

    async def asked() -> None:
        with suppress(TelegramError):
            await api.initialize()
            assert isinstance(api.id, int)
            assert isinstance(api.username, str)
        with suppress(TelegramError):
            await Inbound(api, Taken(), Health())._fetch(0)  # type: ignore[arg-type]  # all of a reception that is called
        assert isinstance(await Source(api).fetch("x"), Later)
        people = await Channel(Sender(api, Pacer(UNLIMITED)), catalogues.default, protect=True).administrators(1)
        assert people is None or {type(one) for one in people} <= {int, bool}
        await api.shutdown()

    asyncio.run(asked())


class Answering(AiohttpRequest):
    """Is answered this, without a connection."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(1)
        self.answer = status, body

    async def do_request(self, *_: object, **__: object) -> tuple[int, bytes]:
        status, body = self.answer
        return status, body if status < 400 else _refusal(status, body)


@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
@pytest.mark.parametrize("result", [None, True, "x", 7, {}, {"id": 1, "is_bot": True, "first_name": "a"}])
async def test_a_result_that_cannot_be_read_stops_nobody(  # noqa: PLR0917 - fixtures
    simulator: Simulator,
    sari: Person,
    services: Services,
    catalogues: Catalogues,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    result: object,
):
    """A server that answers nonsense where the bot asks who it is, or what came, is waited for like one that fails."""
    adapter, right = wire(simulator, services, catalogues), BY_NAME[method]
    wrong = [result] * 3
    monkeypatch.setitem(BY_NAME, method, lambda *asked: wrong.pop() if wrong else right(*asked))
    sari.types("halo")
    polling = asyncio.create_task(adapter.inbound.run())
    await services.until(lambda: services.words(1001) == ["halo"])
    polling.cancel()
    await asyncio.gather(polling, return_exceptions=True)
    await adapter.inbound.close(1)

    assert not wrong


@pytest.mark.parametrize("number", [INFINITE, -INFINITE, float("nan"), 1e300, True, 2**63, 10**400, "1", None, [], {}])
async def test_no_number_in_an_update_stops_the_bot(
    polling: Adapter, simulator: Simulator, sari: Person, services: Services, number: object
):
    """A chat, message or person of any number stands beside others: who writes next is answered."""
    chat = sari.chat.api | {"id": number}
    simulator.updates.put("message", {"message_id": number, "date": 1, "chat": chat, "text": "x"})
    simulator.updates.put("callback_query", {"id": number, "from": {"id": number}, "message": {"chat": chat}})
    sari.types("halo")
    await services.until(lambda: "halo" in services.words(1001))

    assert polling.health.counts["update"] == 3


@pytest.mark.parametrize("update", [None, [], "x", 7, {}, {"update_id": INFINITE}, {"update_id": -5}])
async def test_what_is_no_update_stops_nobody(
    polling: Adapter, simulator: Simulator, sari: Person, services: Services, update: object
):
    """What stands where an update should stand is counted, and all that came with it is handled, once."""
    sari.types("satu")
    simulator.updates.forge(update)
    sari.types("dua")
    await services.until(lambda: services.words(1001) == ["satu", "dua"])
    await simulator.settled(lambda: not len(simulator.updates))

    assert services.words(1001) == ["satu", "dua"]
    assert polling.health.counts["malformed"]

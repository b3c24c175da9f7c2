"""Claims about files that are fetched, how the bot introduces itself, and what a check asks."""

import pytest
from telegram.error import NetworkError, TimedOut
from telegram_stage import Adapter

from bot.adapters.telegram.api import Api
from bot.adapters.telegram.inspect import Inspection, ModeratorChat, inspect
from bot.adapters.telegram.outcomes import outcome_of
from bot.adapters.telegram.profile import NAMES, introduce
from bot.adapters.telegram.request import Flood, Unreached
from bot.adapters.telegram.source import Source
from bot.adapters.telegram.standing import Standing
from bot.adapters.telegram.translate import COMMANDS
from bot.conversation.speech import Later, Shut, Unfit
from bot.locales.catalogue import Catalogues
from bot.simulator import Chat, Person, Simulator


async def test_a_file_is_fetched_whole_or_not_at_all(adapter: Adapter, simulator: Simulator, sari: Person):
    """A file comes byte for byte; one that is too large, gone or cut short is an outcome."""
    sari.starts()
    data = bytes(range(256)) * 40
    file = sari.sends_document(data, "a.pdf").api["document"]["file_id"]
    whole, small = Source(adapter.api), Source(adapter.api, most=len(data) - 1)
    fetched = await whole.fetch(file)
    outcomes = [await small.fetch(file), await whole.fetch("nothing")]
    simulator.faults.add("half_sent", "download")
    outcomes.append(await whole.fetch(file))
    simulator.faults.add("server_error", "getFile")
    outcomes.append(await whole.fetch(file))

    assert fetched == data
    assert outcomes == [Unfit("too_big"), Unfit("bad_file"), Later(unsure=True), Later(unsure=True)]


def test_only_what_never_left_is_surely_not_there():
    """Where no connection came about nothing can have arrived; after any other trouble of the network it may have."""
    outcomes = [outcome_of(error) for error in (Unreached(), NetworkError("gone"), TimedOut(), Flood(3))]

    assert outcomes == [Later(), Later(unsure=True), Later(unsure=True), Later(3)]


async def test_more_than_telegram_serves_is_too_big(adapter: Adapter, sari: Person):
    """What Telegram itself finds too large to fetch will never be had."""
    sari.starts()
    file = sari.sends_document(bytes(21 << 20), "a.bin").api["document"]["file_id"]

    assert await Source(adapter.api).fetch(file) == Unfit("too_big")


async def test_the_bot_introduces_itself_in_each_language(adapter: Adapter, simulator: Simulator):
    """Reporters see the commands of their language, in private chats alone; groups see none."""
    await introduce(adapter.api, Catalogues.load(), "id")
    sets = [call.parameters for call in simulator.calls_of("setMyCommands")]

    assert [one.get("language_code") for one in sets] == ["id", "en", None]
    assert {one["scope"]["type"] for one in sets} == {"all_private_chats"}
    assert [command["command"] for command in sets[1]["commands"]] == list(NAMES["en"].values())
    assert len(simulator.calls_of("setMyDescription")) == 3


@pytest.mark.parametrize("language", NAMES)
def test_every_command_that_is_shown_is_understood(language: str):
    """A command in the menu means what it says."""
    assert all(COMMANDS[name] is command for command, name in NAMES[language].items())


async def test_a_check_gathers_the_facts(simulator: Simulator, channel: Chat, budi: Person, sari: Person):
    """The check knows the chat's kind, whether it is public or linked, the bot's rights, readers, deaf admins."""
    group = simulator.supergroup("Diskusi", budi)
    public = simulator.channel("Terbuka", budi, sari, username="terbuka", linked=group)
    budi.adds_bot(public, can_post_messages=True)
    basic = simulator.group("Lama", budi)
    budi.adds_bot(basic)
    sari.starts()
    async with Api(simulator.token, simulator.api_url) as api:
        first = await inspect(api, channel.id, [1001, 1002, 4711])
        second = await inspect(api, public.id, [])
        third = await inspect(api, basic.id, [])
        nowhere = await inspect(api, -100123, [])

    username = simulator.bot.username
    full, post_only = Standing(True, True, True, True), Standing(True, True, False, False)  # noqa: FBT003 - a table
    assert first == Inspection(username, ModeratorChat("channel", False, False, full, 2), (1002, 4711))  # noqa: FBT003
    assert second.chat == ModeratorChat("channel", True, True, post_only, 3)  # noqa: FBT003
    assert isinstance(third.chat, ModeratorChat)
    assert third.chat.kind == "group"
    assert third.chat.standing == Standing(present=True, post=True, edit=True, delete=False)
    assert nowhere.chat == Shut("chat_not_found")


async def test_a_check_tells_a_refused_token_from_an_unreachable_server(simulator: Simulator):
    """A wrong token and a server in trouble are told apart, without an exception."""
    refused, troubled = (
        Api("70001:wrong-token-that-opens-nothing", simulator.api_url),
        Api(simulator.token, simulator.api_url),
    )
    answers = [await inspect(refused, -1, [])]
    simulator.faults.add("bad_gateway", "getMe")
    answers.append(await inspect(troubled, -1, []))
    await refused.shutdown()
    await troubled.shutdown()

    assert [one.bot for one in answers] == [Shut("token_refused"), Later(unsure=True)]

"""A strict Telegram Bot API server on this machine, with people in it: for the demo, tests and benchmarks.

    async with Simulator.start() as simulator:                  # everything in this process; port 0 is a free one
        settings(api_url=simulator.api_url, token=simulator.token)

        sari = simulator.person(1001, "Sari", username="sari", language_code="id")
        budi = simulator.person(2001, "Budi")
        channel = simulator.channel("Moderator", budi)          # also .group(...), .supergroup(..., forum=True)
        budi.adds_bot(channel, can_post_messages=True, can_edit_messages=True, can_delete_messages=True)

        sari.starts()                                           # /start; .starts("payload") opens a deep link
        screen = await sari.chat.next_message()                 # the bot's next message there, as it comes
        tap = sari.taps(screen, "Lapor")                        # by label or data; data="..." alone taps a stale button
        await tap.answered()                                    # parameters of answerCallbackQuery
        screen = await sari.chat.next_edit()
        sari.types("Kemarin di balai desa")
        post = await channel.next_message()

People act at once (`Person`): `starts types sends sends_photo sends_document sends_album sends_location sends_contact
sends_poll sends_dice edits deletes taps blocks unblocks`; any message takes `chat=`, `reply_to=`, `topic=`,
`caption=`, `anonymous=`, `forwarded_from=` (a person, a channel, a hidden name). In groups and channels
(`Membership`): `adds_bot removes_bot adds removes promotes demotes restricts joins leaves upgrades`; the bot is
`simulator.bot`.

Observing, never sleeping: `await chat.next_message()`, `.next_edit()`, `.next_event("deleted")`,
`await simulator.settled(condition)`; `chat.messages` (what people see), `chat.last`, `chat.actions`; a `Message` has
`id text entities keyboard labels kind data protected reply_to edited deleted history api`. `simulator.calls` is the
transcript: `Call(method, parameters, result, error, fault)`; `simulator.calls_of("sendMessage")`.

Making trouble: `simulator.faults.add("lost_response", "sendMessage", times=1)` (kinds: see `faults`),
`.faults.latency`, `.faults.clock_skew`, `simulator.limits.enabled = True` (flood limits), `simulator.updates.jump()`.

`demo_stage(simulator)` sets up reporters, a moderator channel and an admin, and the panes of the page at
`simulator.page_url`. `python -m bot.simulator` serves the same in a process of its own, for benchmarks.

The rule: what the real server refuses is refused here in its words (`errors`, `methods`), and what the specification
(`bot_api.json`) does not name is refused too. Not simulated, and refused: business connections, inline mode, payments,
Markdown, stickers sent by the bot, rich messages, webhooks beyond their conflict with polling.
"""

from bot.simulator.people import Person
from bot.simulator.server import Call
from bot.simulator.simulator import Simulator
from bot.simulator.stage import Stage, demo_stage
from bot.simulator.state import Chat, Message, Tap

__all__ = ["Call", "Chat", "Message", "Person", "Simulator", "Stage", "Tap", "demo_stage"]

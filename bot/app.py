"""The composition root: builds every part of a bot from its settings. `bisik run`, the demo, benchmarks and tests
start this same object.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from telegram.error import TelegramError

from bot import memory
from bot.adapters.telegram.api import Api
from bot.adapters.telegram.channel import Channel
from bot.adapters.telegram.health import Health, Link
from bot.adapters.telegram.inbound import Inbound
from bot.adapters.telegram.outbound import Outbound
from bot.adapters.telegram.pacer import Pacer
from bot.adapters.telegram.profile import Staff, introduce, introduce_staff, introduce_to
from bot.adapters.telegram.reception import Hooks, Reception
from bot.adapters.telegram.responder import Responder
from bot.adapters.telegram.sender import Sender
from bot.adapters.telegram.source import Source
from bot.adapters.telegram.standing import Standing
from bot.charts.artist import Artist
from bot.confinement import Wall
from bot.conversation.errands import Person, StaffCommand
from bot.conversation.handing import HANDOVER
from bot.conversation.speech import Moved
from bot.evidence import Cleaner
from bot.groundwork import Surroundings, beside, opened
from bot.handover import guide
from bot.locales.catalogue import Catalogues
from bot.pulse import Pulse
from bot.services import forgetting, holds
from bot.services.answers import Answers
from bot.services.archiving import Archiving
from bot.services.awake import Awake
from bot.services.canary import Canary
from bot.services.card import Card
from bot.services.context import Context
from bot.services.copies import Copies
from bot.services.debts import Kind, Noted, Owe
from bot.services.delivery import Delivery
from bot.services.desk import Desk, Office
from bot.services.evidence import EvidenceRoom
from bot.services.handover import HandOver
from bot.services.intake import Intake
from bot.services.jobs import Handler, Jobs, Lane, Retry
from bot.services.members import Members
from bot.services.morning import Morning
from bot.services.relay import Relay
from bot.services.release import Release
from bot.services.renewal import Renewal
from bot.services.sheets import Sheets
from bot.services.statistics import Charts, office
from bot.services.upkeep import Upkeep
from bot.settings import Settings
from storage import archive_key
from storage.database import StorageUnavailable
from storage.outbox import Owed
from storage.rotation import Tell

log = logging.getLogger(__name__)

MINUTE, HOUR = 60, 3600
INTRODUCE_AGAIN = 60
GRACE_SECONDS = 10.0

Round = Callable[[], Awaitable[None]]


class App:
    """A whole bot. `open` builds it, `run` works until it is cancelled and then stops in good order."""

    def __init__(self, context: Context, settings: Settings, surroundings: Surroundings, cleaner: Cleaner) -> None:
        self.context = context
        self.health = Health(tell=_link_changed)
        self._moderator_ids = settings.moderator_ids
        self._catalogues = catalogues = Catalogues.load(settings.default_language)
        self._api = api = Api(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
        self._pacer = Pacer(surroundings.limits)
        sender = Sender(api, self._pacer)
        self.outbound = Outbound(sender, catalogues, self.health)
        moderators, protect = catalogues.of(settings.moderator_language), settings.protect_content
        channel = Channel(sender, moderators, protect=protect, topics=settings.topics)
        responder = Responder(sender, self.outbound, moderators, protect=protect)
        self._members = members = Members(context, channel, settings.moderator_ids)
        self.intake = Intake(context, self._owe, members.actor)
        answers = Answers(context, self.outbound, self.intake.spoke)
        self._delivery = Delivery(context, channel, self._owe)
        charts = Charts(context, self.outbound, Artist(catalogues.of(settings.moderator_language)))
        relay = Relay(context, self.outbound, channel, self.intake.spoke, self._owe)
        self.handover = HandOver(context, channel, second=settings.handover_second)
        sheets = Sheets(context, self.outbound, guide.load(settings.handover_guide), self._owe)
        handing = Office(StaffCommand.HAND_OVER, HANDOVER, self.handover.summoned, self.handover.pressed)
        self.desk = Desk(context, members, self._owe, [handing, office(context), *holds.offices(context)])
        canary = Canary(context, channel, self.outbound, self._owe, self.health.silence)
        reception = Reception(self.outbound, responder, self._hooks(), self.health)
        evidence = EvidenceRoom(context, self.intake, Source(api), reception, cleaner)
        release = Release(context, self._owe)
        posts: dict[str, Handler] = {Kind.TIP: self._post, Kind.RETRACT: self._delivery.retract}
        lanes = [
            Lane({Kind.ANSWER: answers.say, Kind.ERASE: answers.erase, Kind.SHOW: answers.show}, workers=8),
            Lane({Kind.REQUEST: self.handover.request}),
            Lane({Kind.SHEET: sheets.send}),
            Lane({Kind.CARD: Card(context, channel, self._owe).redraw}),
            Lane({Kind.COUNT: release.counted, Kind.REACH: release.reached}),
            Lane({Kind.CHART: charts.draw}),
            Lane({Kind.FETCH: evidence.fetch}, workers=4),
            Lane({Kind.TELL: relay.tell, Kind.CUT: relay.cut}, workers=8),
            Lane({**posts, Kind.FOLLOW: relay.follow, Kind.CANARY: canary.post}),
        ]
        self.jobs = Jobs(context, lanes)
        self.inbound = Inbound(api, reception, self.health)
        self._upkeep = Upkeep(context, self.intake, self._owe, _report)
        self.rounds = self._rounds(settings, channel, canary)

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings, surroundings: Surroundings | None = None) -> AsyncIterator["App"]:
        """A bot that is ready to run. Raises what `storage` says of keyring and database, and `GuideProblem`."""
        around = surroundings or Surroundings()
        async with AsyncExitStack() as stack:
            context = await stack.enter_async_context(opened(settings, around))
            cleaner = Cleaner(unconfined=partial(_unconfined, context))
            stack.push_async_callback(cleaner.close)
            yield cls(context, settings, around, cleaner)

    async def run(self) -> None:
        """Work until cancelled; what is in hand then is committed and answered within a grace time."""
        log.info("started")
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.jobs.run())
                for span in self.rounds:
                    tasks.create_task(self._keep_up(span))
                tasks.create_task(self._introduce())
                tasks.create_task(self.inbound.run())
        finally:
            await self.inbound.close(GRACE_SECONDS)
            log.info("stopped")

    def _rounds(self, settings: Settings, channel: Channel, canary: Canary) -> dict[int, list[Round]]:
        """What is done again and again, by the seconds between."""
        context, silence = self.context, self.health.silence
        morning = Morning(context, channel, settings.summary_hour, self._owe)
        file, backlog = settings.health_file, self.inbound.backlog
        flights = [canary.hourly] if settings.canary else []
        pulse = [Pulse(context, file, silence, backlog).beat] if file else []
        return {
            HOUR: [
                *flights,
                *_archiving(context, settings, self._owe),
                self._upkeep.hourly,
                self._forget_hour,
                morning.hourly,
                self.jobs.take_up,
            ],
            MINUTE: [self._forget_minute, Awake(context, self._owe, silence).note, *pulse],
        }

    def _hooks(self) -> Hooks:
        return Hooks(
            handle=self.intake.handle,
            apologise=self.intake.apologise,
            told=self.intake.told,
            spoke=self.intake.spoke,
            shown=Copies(self.context, self._owe).shown,
            greet=self._greet,
            moderators=self._moderators,
            work=self.desk.handle,
            moderator_chat=lambda: self.context.route.chat,
            trouble=(StorageUnavailable,),
        )

    async def _forget_hour(self) -> None:
        self._pacer.forget_hour()

    async def _forget_minute(self) -> None:
        """Whom the bot heard and answered a minute ago is no longer its business, also where nobody comes after."""
        self.intake.forget_minute()
        self._pacer.forget()

    def _owe(self, owed: Sequence[Noted]) -> None:
        self.jobs.add(owed)

    async def _post(self, owed: Owed) -> Retry | None:
        return await self._delivery.post(owed, self.jobs.backlog(Kind.TIP))

    async def _moderators(self, news: Standing | Moved) -> None:
        """The moderators' chat moved, or what the bot may do in it changed."""
        if isinstance(news, Moved):
            await self.context.route.follow(news.chat)
        else:
            await self._delivery.standing(open=news.post)
        self.jobs.wake(Kind.TIP)

    async def _greet(self, user: int) -> None:
        """Somebody opened their chat: who works tips is shown how, which Telegram takes only from then on."""
        actor = await self._members.actor(Person(user, ""))
        if actor:
            language = self.context.moderator_language
            await introduce_to(self._api, self._catalogues, language, user, admin=actor.admin)

    async def _introduce(self) -> None:
        """Commands and descriptions; without them the bot works all the same, so it is tried until it succeeds."""
        while True:
            try:
                await self._api.initialize()
                await introduce(self._api, self._catalogues, self.context.rules.languages[0])
                staff = Staff(self.context.route.chat, self._moderator_ids, self.context.admins)
                await introduce_staff(self._api, self._catalogues, self.context.moderator_language, staff)
            except TelegramError:
                await asyncio.sleep(INTRODUCE_AGAIN)
            else:
                return

    async def _keep_up(self, span: int) -> None:
        while True:
            for work in self.rounds[span]:
                try:
                    await work()
                except StorageUnavailable:
                    log.warning("upkeep_postponed")
                except Exception:  # one work that fails in an unforeseen way must stop neither the others nor the bot
                    self.context.counters["upkeep_failed"] += 1
                    log.exception("upkeep_failed")
            # At full hours and minutes: what is said in the morning is said at its hour. A timer may wake too early.
            await asyncio.sleep(max(1.0, span - self.context.now().timestamp() % span))


def _archiving(context: Context, settings: Settings, owe: Owe) -> list[Round]:
    if settings.archive_public_key is None:
        return []
    key = archive_key.load_public(settings.archive_public_key)
    archiving = Archiving(context, key, at_delivery=settings.archive_after == "delivery")
    return [archiving.round, Renewal(context, settings.keyring, owe).hourly]


def _link_changed(link: Link) -> None:
    if link in {Link.WELL, Link.STOPPED}:
        log.info("link", extra={"state": link})
    else:
        log.warning("link", extra={"state": link})


def _unconfined(context: Context, missing: Iterable[Wall]) -> None:
    context.counters["worker_unconfined"] += 1
    log.warning("worker_unconfined", extra={"counts": dict.fromkeys(missing, 1)})


def _report(counts: Mapping[str, int]) -> None:
    log.info("hour", extra={"counts": counts})


async def purge(settings: Settings, tell: Tell, *, pretend: bool) -> dict[str, int]:
    """Forget now what is over its term, or `pretend` to; how many of each kind. The bot may run meanwhile."""
    async with beside(settings) as context:
        # What is owed then is in the outbox: a bot that runs takes it up within the hour, any other when it starts.
        return dict(await forgetting.purge(context, lambda _: None, tell, pretend=pretend))


async def run(settings: Settings) -> None:
    """A bot from settings to stop."""
    async with App.open(settings) as app:
        memory.look_seldom()
        await app.run()

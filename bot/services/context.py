"""What every service works with: the database and its keys, the facts of the conversation, clock and chance."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from random import Random
from zoneinfo import ZoneInfo

from bot.conversation.betrayal import NOBODY, Reader
from bot.conversation.case import Case
from bot.conversation.lexicon import Lexicon
from bot.conversation.regions import ZONES, RegionTable
from bot.conversation.world import Rules, World
from bot.services.route import Route
from storage.database import Database
from storage.purposes import Secrets

QUIET_HOUR = 3
"""From this hour of the day on what takes long is done, where the operator is."""


@dataclass(slots=True)
class Context:
    """`now` gives an aware time, `chance` everything random; `counters` count what happened, by fixed words.

    `listed` are the cases of the last list by the id of their tip, each with the seal that held it.
    """

    database: Database
    secrets: Secrets
    regions: RegionTable
    lexicon: Mapping[str, Lexicon]
    rules: Rules
    timezone: str
    route: Route
    moderator_language: str
    admins: tuple[int, ...]
    release_minutes: int
    now: Callable[[], datetime]
    chance: Random
    counters: Counter[str] = field(default_factory=Counter)
    listed: dict[bytes, tuple[bytes, Case | None]] = field(default_factory=dict)

    def today(self) -> date:
        """The day in the operator's zone."""
        return self.now().astimezone(ZoneInfo(self.timezone)).date()

    def minute(self) -> int:
        """Minutes since the epoch."""
        return int(self.now().timestamp()) // 60

    def day_of(self, minute: int) -> date:
        """The day of a minute of the epoch in the operator's zone."""
        return datetime.fromtimestamp(minute * 60, ZoneInfo(self.timezone)).date()

    def local_hour(self) -> int:
        """The hour of the day in the operator's zone."""
        return self.now().astimezone(ZoneInfo(self.timezone)).hour

    def hour(self) -> int:
        """Hours since the epoch: as fine as anything sealed is dated."""
        return int(self.now().astimezone(UTC).timestamp()) // 3600

    def world(self, reader: Reader = NOBODY, *, silenced: bool = False) -> World:
        """What the conversation may know at this moment."""
        return World(
            days(self.now(), self.timezone),
            self.regions,
            self.lexicon,
            self.rules,
            self.chance.getrandbits(32),
            reader,
            silenced,
        )


def days(now: datetime, timezone: str) -> Mapping[str, date]:
    """Today in each zone of the country, and under "" in the operator's own."""
    zones = {"": timezone, **{name: zone.iana for name, zone in ZONES.items()}}
    return {name: now.astimezone(ZoneInfo(zone)).date() for name, zone in zones.items()}

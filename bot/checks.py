"""`bisik check`: what is missing or wrong before anybody relies on this bot, in plain words."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import keeping, pulse
from bot.adapters.telegram.api import Api
from bot.adapters.telegram.inspect import Inspection, ModeratorChat, inspect
from bot.confinement import Wall
from bot.conversation.speech import Outcome, Shut
from bot.evidence import Cleaner
from bot.handover import guide
from bot.handover.problem import GuideProblem
from bot.pulse import Sign, State
from bot.services.awake import POLLED_WITHIN
from bot.settings import Settings
from storage import archive_key, keyring
from storage.archive_key import ArchiveKeyError
from storage.database import path_of, why_unavailable
from storage.keyring import KeyringError
from storage.survey import Survey, survey
from storage.vault import Vault

ROTATION = timedelta(weeks=1)
FREE_LEAST = 500_000_000
"""Bytes of disk; a single tip may bring a third of it."""
KEY_DAYS_MOST = 183


@dataclass(frozen=True, slots=True)
class Finding:
    """`stops` where the bot cannot or must not work like this; otherwise it is something to know."""

    sentence: str
    stops: bool = True


async def check(settings: Settings, now: datetime) -> list[Finding]:
    """Everything that is to be said of keys, disk, database, Telegram and the moderators' chat; nothing is changed."""
    api = Api(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
    try:
        found = await inspect(api, settings.moderator_chat_id, settings.admin_ids)
    finally:
        await api.shutdown()
    return [
        *_storage(settings, now),
        *_archive(settings, _today(settings, now)),
        *_guide(settings),
        *_people(settings),
        *await _worker(),
        *_telegram(found),
        *_topics(settings, found.chat),
    ]


def _today(settings: Settings, now: datetime) -> date:
    return now.astimezone(ZoneInfo(settings.timezone)).date()


def _storage(settings: Settings, now: datetime) -> Iterator[Finding]:
    path = path_of(settings.database_url)
    if not _writable(path):
        yield Finding(
            f"The folder of the database, {path.parent}, is not writable: its owner must be who runs the bot."
        )
    if aside := keeping.aside(settings):
        yield Finding(keeping.ASIDE.format(aside=aside), stops=False)
    try:
        keys = keyring.load(settings.keyring)
    except KeyringError as error:
        yield Finding(str(error) if settings.keyring.exists() else f"{error} `bisik init` makes one.")
        return
    if len(keys.keys) > 1:
        yield Finding("A former master key is still there: `bisik rotate-keys` ends it.", stops=False)
    if path.exists():
        yield from _database(settings, path, Vault(keys), now)


def _archive(settings: Settings, today: date) -> Iterator[Finding]:
    """The archive's promise counts from the rotation after a tip went there: that has to come weekly."""
    if settings.archive_public_key is None:
        return
    try:
        archive_key.load_public(settings.archive_public_key)
        made = keyring.load(settings.keyring).newest.made
    except ArchiveKeyError as problem:
        yield Finding(str(problem))
    except KeyringError:
        return  # it has its own finding
    else:
        if today - made > ROTATION:
            sentence = "The master key is older than a week, and still opens what went to the archive since: "
            yield Finding(sentence + "`bisik rotate-keys`.", stops=False)


def _guide(settings: Settings) -> Iterator[Finding]:
    try:
        guide.load(settings.handover_guide)
    except GuideProblem as problem:
        yield Finding(str(problem))


def _people(settings: Settings) -> Iterator[Finding]:
    """Whether there are two where one is not enough."""
    known = {*settings.moderator_ids, *settings.admin_ids}
    if settings.handover_second and settings.moderator_ids and len(known) == 1:
        sentence = "BISIK_HANDOVER_SECOND is true, but one person alone works tips: nobody can confirm a hand-over."
        yield Finding(sentence, stops=False)
    if len(settings.admin_ids) == 1:
        yield Finding("BISIK_ADMIN_IDS names one admin alone: a legal hold takes two.", stops=False)


async def _worker() -> list[Finding]:
    """What this kernel does not keep a worker from, as one says of itself that is started for it."""
    cleaner = Cleaner(workers=1)
    missing = await cleaner.walls_missing()
    await cleaner.close()
    if missing is None:
        return [Finding("The worker that cleans evidence does not start, so every file would be refused.")]
    return [Finding(OPEN[wall], stops=False) for wall in sorted(missing)]


OPEN: dict[Wall, str] = {
    "calls": "The kernel filters no system calls (seccomp) here: a file that takes over the worker that cleans it "
    "could open connections and start programs.",
    "files": "The kernel has no Landlock here: a file that takes over the worker that cleans it could read what the "
    "bot's user can, the keyring too.",
}


def _writable(path: Path) -> bool:
    """Whether the file can be made or changed: the nearest folder that is there decides."""
    folder = next(parent for parent in path.resolve().parents if parent.exists())
    return os.access(folder, os.W_OK | os.X_OK) and (not path.exists() or os.access(path, os.W_OK))


def _database(settings: Settings, path: Path, vault: Vault, now: datetime) -> Iterator[Finding]:
    try:
        seen = survey(path, vault)
    except sqlite3.Error as error:
        yield Finding(f"{path} cannot be read. {why_unavailable(error) or ''}".rstrip())
        if not isinstance(error, sqlite3.OperationalError):
            yield Finding("Restore the database from a backup.")
        return
    if seen.version > seen.newest:
        yield Finding("The database was written by a newer version of this program: install that one.")
    elif seen.version < seen.newest:
        yield Finding("The database will be brought up to date at the next start; a copy is made first.", stops=False)
    if not seen.opens:
        yield Finding("The keyring does not open this database: it is another's, or lacks a key.")
    elif seen.version == seen.newest:
        yield from _contact(settings, seen, now)
        yield from _state(pulse.state(path, seen, vault, _today(settings, now)))


def _contact(settings: Settings, seen: Survey, now: datetime) -> Iterator[Finding]:
    """Whether the bot hears Telegram: by its own file to the second, by the database to the hour."""
    sign, complaint = _sign(settings.health_file)
    if complaint:
        yield Finding(complaint, stops=False)
    polled = (sign and sign.polled) or pulse.heard(seen)
    if polled is None:
        yield Finding("The bot has never run with this database.", stops=False)
    elif (silence := now - polled) > POLLED_WITHIN:
        sentence = "Telegram has not answered the bot for {}: it does not run, or does not reach Telegram."
        yield Finding(sentence.format(_span(silence)))
    else:
        yield Finding(f"Telegram's last answer to the bot is {_span(silence)} old at the most.", stops=False)
    if sign:
        yield Finding(f"Updates in the bot's hands: {sign.backlog}.", stops=False)


def _sign(file: Path | None) -> tuple[Sign | None, str]:
    """What the bot has written for monitors, or what is wrong with it."""
    if file is None:
        return None, ""
    try:
        return pulse.read(file), ""
    except OSError as error:
        return None, f"{file}, which the bot writes each minute while it runs, cannot be read: {error.strerror}."
    except ValueError:
        return None, f"{file} is not what the bot writes for monitors: BISIK_HEALTH_FILE must name a file of its own."


def _span(silence: timedelta) -> str:
    minutes = max(1, round(silence.total_seconds() / 60))
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"


def _state(found: State) -> Iterator[Finding]:
    """What disk, database and keys tell; only a disk that is nearly full stops anything."""
    waiting = ", ".join(f"{kind} {n}" for kind, n in sorted(found.owed.items()))
    yield Finding(f"What is owed to Telegram and waits: {waiting or 'nothing'}.", stops=False)
    if found.held:
        sentence = f"What is owed, came back with a backup and is held: {found.held}. Look, then "
        yield Finding(f"{sentence}`bisik restore --release`.", stops=False)
    full = found.free < FREE_LEAST
    warning = ": it is nearly full, and nobody can send when it is" if full else ""
    yield Finding(f"Free disk: {found.free // 1_000_000:,} MB{warning}.", stops=full)
    due = ", which calls for `bisik rotate-keys`" if found.key_days > KEY_DAYS_MOST else ""
    yield Finding(f"Age of the master key: {found.key_days} d{due}.", stops=False)
    age = "there was never one" if found.backup_days is None else f"{found.backup_days} d"
    yield Finding(f"Age of the last backup: {age}.", stops=False)
    yield Finding(PROVED[found.audit_whole], stops=False)
    if found.canary_well is not None:
        how = "came through when it was last judged" if found.canary_well else "did not come through"
        yield Finding(f"The hourly canary {how}.", stops=False)


PROVED = {
    None: "The audit trail was never proved: the bot does so every night.",
    True: "The audit trail was whole when it was last proved.",
    False: "The audit trail was not whole when it was last proved: `bisik verify-audit` names the lines.",
}


def _telegram(found: Inspection) -> Iterator[Finding]:
    if not isinstance(found.bot, str):
        refused = found.bot == Shut("token_refused")
        yield Finding(
            "Telegram refuses the token: take it anew from @BotFather into BISIK_TELEGRAM_TOKEN."
            if refused
            else "The Bot API server does not answer: check the network and BISIK_TELEGRAM_API_URL."
        )
        return
    yield from _chat(found.chat)
    for admin in found.unreachable:
        yield Finding(
            f"The admin with the id {admin} has never started the bot, so no alarm reaches them: they send it /start.",
            stops=False,
        )


def _topics(settings: Settings, chat: ModeratorChat | Outcome) -> Iterator[Finding]:
    if settings.topics and isinstance(chat, ModeratorChat) and not chat.topics:
        yield Finding(
            "BISIK_TOPICS is true, but the moderators' chat has no topics, or the bot may not manage them: tips will "
            "stand in the chat itself.",
            stops=False,
        )


# What a moderators' chat must not be, and what the bot must be able to do there.
WRONG: tuple[tuple[Callable[[ModeratorChat], bool], str], ...] = (
    (
        lambda chat: chat.public,
        "The moderators' chat has a public name, so anybody could read tips: make it private.",
    ),
    (
        lambda chat: chat.linked,
        "The moderators' channel has a linked discussion group, which would copy tips: unlink it.",
    ),
    (
        lambda chat: chat.kind == "group",
        "The moderators' chat is a basic group, whose posts get lost when it grows: use a supergroup or a channel.",
    ),
    (
        lambda chat: chat.kind == "private",
        "BISIK_MODERATOR_CHAT_ID names a person: use a private channel or supergroup.",
    ),
    (lambda chat: not chat.standing.post, "The bot may not post in the moderators' chat: give it that right."),
    (lambda chat: not chat.standing.edit, "The bot may not edit posts in the moderators' chat: give it that right."),
    (lambda chat: not chat.standing.delete, "The bot may not delete in the moderators' chat: give it that right."),
)


def _chat(chat: ModeratorChat | Outcome) -> Iterator[Finding]:
    if not isinstance(chat, ModeratorChat):
        yield Finding(
            "The moderators' chat cannot be reached: add the bot to it as administrator, "
            "and check BISIK_MODERATOR_CHAT_ID."
        )
        return
    for wrong, sentence in WRONG:
        if wrong(chat):
            yield Finding(sentence)
    yield Finding(
        f"Everybody in the moderators' chat reads the tips: it has {chat.members} members, the bot among them.",
        stops=False,
    )

"""The sealed archive: tips whose data keys only the archive's private key opens.

Nothing is encrypted anew: a data key is sealed to the archive, and the server's own wrapped copy of it destroyed.
Rule: it is all or nothing within the caller's transaction. Copies of the wrapped keys last in old pages and backups
until the master key that wraps them is rotated out and destroyed: from then on the promise holds.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass, field
from datetime import date

from storage import entries, files, looks, openings, tips
from storage.archive_key import PrivateKey, PublicKey
from storage.purposes import Secrets
from storage.sql import Transaction, queries
from storage.vault import BrokenSeal, Key, padded, unpadded

_NAME = "archive"


@dataclass(frozen=True, slots=True)
class Archived:
    """A tip as the archive's key opens it, in the bytes of whoever kept it.

    `entries` are empty while its talk goes on, for then the server alone opens that.
    """

    id: bytes
    day: date
    summary: bytes = field(repr=False)
    content: bytes = field(repr=False)
    entries: tuple[bytes, ...] = field(repr=False)


async def unarchived(tx: Transaction, secrets: Secrets, after: bytes, most: int) -> list[tips.Tip]:
    """Some tips of which the server still opens content or talk, those behind the id `after`."""
    return [tips.opened_row(secrets, row) async for row in queries(_NAME).open_after(tx, id=after, most=most)]


async def is_archived(tx: Transaction, tip_id: bytes) -> bool:
    return bool(await queries(_NAME).is_archived(tx, id=tip_id))


async def seal(tx: Transaction, secrets: Secrets, archive: PublicKey, tip_id: bytes, *, thread: bool) -> None:
    """Hand a tip's content and files over to the archive, and with `thread` its talk too.

    What is there already stays. A tip whose talk has no key of its own goes with `thread` only, or not at all.
    Raises `BrokenSeal`.
    """
    found, tip = await queries(_NAME).keys(tx, id=tip_id), await tips.find(tx, secrets, tip_id)
    if found is None or tip is None or tip.summary is None:
        raise BrokenSeal
    wrapped, talk = found
    if talk is None and not thread:
        return
    own = wrapped and archive.seal(tips.place(tip_id, "archived"), tips.unwrapped(secrets, tip_id, wrapped).secret)
    summary = archive.seal(tips.place(tip_id, "archived_summary"), padded(tip.summary))
    if thread and talk is not None:
        key = tips.thread_key(secrets, tip_id, talk, b"").secret
        sealed = archive.seal(tips.place(tip_id, "archived_thread"), key)
        await queries(_NAME).archive_thread(tx, id=tip_id, archived=sealed)
    await queries(_NAME).archive_tip(tx, id=tip_id, archived=own, summary=summary)
    await _seal_files(tx, secrets, archive, tip_id)
    await looks.forget(tx, tip_id)
    if thread:
        await openings.close(tx, tip_id)


async def _seal_files(tx: Transaction, secrets: Secrets, archive: PublicKey, tip_id: bytes) -> None:
    rows = [row async for row in queries(_NAME).file_keys(tx, owner=tip_id)]
    sealed = [
        {"id": file_id, "archived": archive.seal(files.place(file_id, "archived"), key.secret)}
        for file_id, key in ((one, secrets.vault.unwrap(files.place(one, "wrapped"), own)) for one, own in rows)
    ]
    await queries(_NAME).archive_files(tx, sealed)


async def count(tx: Transaction) -> int:
    """How many tips are archived."""
    return int(await queries(_NAME).count(tx))


async def read(tx: Transaction, private: PrivateKey) -> AsyncGenerator[Archived]:
    """Every archived tip of a database, without its keyring; raises `BrokenSeal` where it is another archive's."""
    async with queries(_NAME).archived_cursor(tx) as cursor:
        async for tip_id, day, own, talk, goes_on, summary, content in cursor:
            key = Key(private.open(tips.place(tip_id, "archived"), own))
            talk_key = Key(private.open(tips.place(tip_id, "archived_thread"), talk)) if talk else key
            yield Archived(
                tip_id,
                date.fromisoformat(day),
                unpadded(private.open(tips.place(tip_id, "archived_summary"), summary)),
                key.open(tips.place(tip_id, "content"), content),
                () if goes_on else await _entries(tx, tip_id, talk_key),
            )


async def _entries(tx: Transaction, tip_id: bytes, key: Key) -> tuple[bytes, ...]:
    rows = [row async for row in queries(_NAME).entries(tx, tip=tip_id)]
    return tuple(key.open(entries.place(tip_id, n), sealed) for n, sealed in rows)


async def read_file(tx: Transaction, private: PrivateKey, file_id: bytes) -> AsyncIterator[bytes]:
    """Bytes of an archived file in chunks; raises `BrokenSeal` where it is not there, or another archive's."""
    found = await queries(_NAME).file(tx, id=file_id)
    if found is None:
        raise BrokenSeal
    chunks, archived = found
    key = Key(private.open(files.place(file_id, "archived"), archived))
    async for chunk in files.opened(tx, key, file_id, chunks):
        yield chunk

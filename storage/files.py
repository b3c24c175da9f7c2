"""Evidence: files in sealed chunks, owned by a draft and later by a tip.

Rule: submitting a tip moves the owner and re-encrypts nothing. Names, types and sums of files are the caller's
to seal; here a file is an id and bytes. Its length shows to within the size class of its last chunk.
"""

from collections.abc import AsyncIterator, Iterable, Iterator
from io import BytesIO
from typing import Final

from storage.ids import new_id
from storage.purposes import Secrets
from storage.sql import Transaction, queries
from storage.vault import BrokenSeal, Key, Place

CHUNK_BYTES: Final = 2**18 - 1
"""One byte short of a size class, so that a full chunk is padded by that byte alone."""
_TABLE: Final = "files"


async def add(tx: Transaction, secrets: Secrets, owner: bytes, data: bytes) -> bytes:
    """Keep a file of a draft's or tip's id; its own random id."""
    file_id, key = new_id(), Key.new()
    chunks = max(1, -(-len(data) // CHUNK_BYTES))
    wrapped = secrets.vault.wrap(place(file_id, "wrapped"), key)
    await queries(_TABLE).add(tx, id=file_id, owner=owner, chunks=chunks, wrapped=wrapped)
    # The generator runs in the database's thread: 20 MB are sealed beside the event loop, a chunk at a time.
    await queries(_TABLE).add_chunks(tx, _sealed(file_id, key, data, chunks))
    return file_id


async def read(tx: Transaction, secrets: Secrets, file_id: bytes) -> AsyncIterator[bytes]:
    """Bytes of a file in chunks; raises `BrokenSeal` where one is changed, moved or missing."""
    found = await queries(_TABLE).find(tx, id=file_id)
    if found is None:
        raise BrokenSeal
    chunks, wrapped = found
    async for chunk in opened(tx, secrets.vault.unwrap(place(file_id, "wrapped"), wrapped), file_id, chunks):
        yield chunk


async def opened(tx: Transaction, key: Key, file_id: bytes, chunks: int) -> AsyncIterator[bytes]:
    """So many chunks of a file by its own key; raises `BrokenSeal`."""
    for n in range(chunks):
        sealed = await queries(_TABLE).chunk(tx, file=file_id, n=n)
        yield key.open(_chunk_place(file_id, n, chunks), sealed or b"")


async def whole(tx: Transaction, secrets: Secrets, file_id: bytes) -> bytes | None:
    """All bytes of a file at once, or None where there is none; raises `BrokenSeal`."""
    found = await queries(_TABLE).find(tx, id=file_id)
    if found is None:
        return None
    # Room is made once: a list of chunks and their sum, or a buffer that grows, would hold a file twice.
    held = BytesIO()
    held.seek(found[0] * CHUNK_BYTES)
    held.write(b"\0")
    held.seek(0)
    async for chunk in read(tx, secrets, file_id):
        held.write(chunk)
    held.truncate()
    return held.getvalue()


async def adopt(tx: Transaction, from_owner: bytes, to_owner: bytes, file_ids: Iterable[bytes]) -> int:
    """Give files of one owner to another; how many were there to give."""
    return int(
        await queries(_TABLE).adopt(
            tx, [{"id": file_id, "from_owner": from_owner, "to_owner": to_owner} for file_id in file_ids]
        )
    )


async def discard(tx: Transaction, file_ids: Iterable[bytes]) -> None:
    await queries(_TABLE).discard(tx, [{"id": file_id} for file_id in file_ids])


async def any_of(tx: Transaction, owner: bytes) -> bool:
    """Whether a draft or tip has files."""
    return bool(await queries(_TABLE).any_of(tx, owner=owner))


async def discard_of(tx: Transaction, owners: Iterable[bytes]) -> None:
    """Remove all files of drafts or tips."""
    await queries(_TABLE).discard_of(tx, [{"owner": owner} for owner in owners])


async def sweep(tx: Transaction) -> int:
    """Remove files whose owner is neither a draft nor a tip; how many."""
    return int(await queries(_TABLE).sweep(tx))


def _sealed(file_id: bytes, key: Key, data: bytes, chunks: int) -> Iterator[dict[str, object]]:
    for n in range(chunks):
        chunk = data[n * CHUNK_BYTES : (n + 1) * CHUNK_BYTES]
        yield {"file": file_id, "n": n, "sealed": key.seal(_chunk_place(file_id, n, chunks), chunk)}


def place(file_id: bytes, column: str) -> Place:
    """Where a file's key lies."""
    return Place(_TABLE, column, file_id)


def _chunk_place(file_id: bytes, n: int, chunks: int) -> Place:
    # The last chunk says so, and a file that lost its tail does not open.
    return Place("chunks", "sealed", file_id, f"{n}{' last' if n == chunks - 1 else ''}")

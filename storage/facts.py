"""Small things that the bot remembers of itself, such as where its moderators' chat has moved."""

from storage.purposes import Secrets
from storage.sql import Transaction, queries
from storage.vault import Place


async def read(tx: Transaction, secrets: Secrets, name: str) -> bytes | None:
    """The fact of that name, or None; raises `BrokenSeal`."""
    sealed = await queries("facts").read(tx, name=name)
    return sealed and secrets.index.open(place(name), sealed)


async def keep(tx: Transaction, secrets: Secrets, name: str, value: bytes) -> None:
    await queries("facts").keep(tx, name=name, sealed=secrets.index.seal(place(name), value))


async def forget(tx: Transaction, name: str) -> None:
    await queries("facts").forget(tx, name=name)


def place(name: str) -> Place:
    """Where a fact is sealed."""
    return Place("facts", "sealed", name.encode())

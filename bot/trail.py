"""`bisik verify-audit`: whether the audit trail is whole, beside a running bot, from what is on disk."""

from dataclasses import dataclass

from bot import groundwork
from bot.services import proof
from bot.settings import Settings
from storage import audit
from storage.audit import EMPTY, Head


@dataclass(frozen=True, slots=True)
class Trail:
    """The last line, and the numbers of lines that do not follow from those before them."""

    head: str
    faults: list[int]


async def verify(settings: Settings, known: Head | None = None) -> Trail:
    """Prove the trail, also against a head that was noted elsewhere. Raises what `groundwork.beside` raises."""
    async with groundwork.beside(settings) as context:
        # A slip in a head that was typed says nothing of the trail, so how that went is not noted.
        faults = await proof.prove(context, known or EMPTY, note=known is None)
        async with context.database.reading() as tx:
            return Trail(written(await audit.head(tx)), faults)


def written(head: Head) -> str:
    """A head as people note it: `N:LINK`."""
    return f"{head.n}:{head.link.hex()}"


def read(noted: str) -> Head:
    """The head that `written` wrote; raises ValueError for anything else."""
    n, _, link = noted.strip().partition(":")
    if not n.isdecimal():
        raise ValueError
    return Head(int(n), bytes.fromhex(link))

"""The proof of the audit trail. Rule: how the last one ended is noted, for whoever asks how the bot is."""

from bot.services.context import Context
from storage import audit, facts
from storage.audit import EMPTY, Head

FACT = "audit"
"""The fact that says how the last proof ended: `WHOLE` or `BROKEN`."""
WHOLE, BROKEN = b"whole", b"broken"


async def prove(context: Context, known: Head = EMPTY, *, note: bool = True) -> list[int]:
    """Numbers of lines that break the trail, as `audit.verify` tells them."""
    async with context.database.reading() as tx:
        faults = await audit.verify(tx, context.secrets, known)
    if note:
        async with context.database.transaction() as tx:
            await facts.keep(tx, context.secrets, FACT, BROKEN if faults else WHOLE)
    return faults

"""A tip as it lies in the database once it was sent, with its evidence."""

from hashlib import sha256

from desk import MODERATORS

from bot.conversation.case import to_json
from bot.conversation.draft import Draft, Item
from bot.conversation.tip import content, opened
from bot.services.context import Context
from storage import files, tips
from storage.ids import new_id

PHONE = "0812-3456-7890"
PICTURE = b"picture" * 1000
TOLD = {
    "status": "PNS",
    "accused": "Kepala dinas",
    "region": "73.04",
    "place": "Kantor",
    "happened": "2026-11-22",
    "known": "2026-11-23",
    "categories": ("AJAKAN",),
    "story": f"Kami diminta memilih. Nomor saya {PHONE}.",
}


def kept(stored: bytes) -> Item:
    """A kept picture, as a draft knows it."""
    digest = sha256(PICTURE).hexdigest()
    return Item(
        stored.hex(), "kept", "picture", stored=stored.hex(), extension="jpg", size=len(PICTURE), clean_sha256=digest
    )


async def sent_tip(context: Context, address: int | None = None, size: int = 1) -> str:
    """A submitted tip with pictures; its number."""
    before = new_id()
    async with context.database.transaction() as tx:
        number = await tips.new_number(tx, context.secrets, context.chance)
        stored = [await files.add(tx, context.secrets, before, PICTURE) for _ in range(size)]
        draft = Draft("id", 1, "review", answers=TOLD, items=tuple(map(kept, stored)))
        case = opened(draft, number, context.world(), route=MODERATORS, notice_version=1)
        new = tips.NewTip(
            number=number,
            receipt=tips.new_receipt(context.chance),
            day=context.today(),
            address=address,
            summary=to_json(case),
            content=content(draft),
        )
        owner = await tips.submit(tx, context.secrets, new)
        await files.adopt(tx, before, owner, stored)
    return number

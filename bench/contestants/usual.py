"""The usual bot: the library's `ConversationHandler`, one update after the other.

It asks the same interview and keeps the answers in memory, as the library's examples do. `concurrent_updates` stays
off, as `ConversationHandler` demands. Two wishes: `requests` takes our request backend instead of the stock one;
`pickle` writes the library's `PicklePersistence` after each update, where by itself it would write once a minute.
Even then it is not forced onto the disk, and the file is written over in place: that is how the library ships it.
"""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from telegram import Update
from telegram.ext import (
    Application,
    CommandHandler,
    ConversationHandler,
    MessageHandler,
    PersistenceInput,
    PicklePersistence,
    TypeHandler,
    filters,
)

from bench.contestants import Place
from bench.contestants.interview import QUESTIONS
from bot.adapters.telegram.api import Api

AFTER_ALL_OTHERS: Final = 1


def run(place: Place, *wishes: str) -> None:
    builder = Application.builder()
    if "requests" in wishes:
        builder.bot(Api(place.token, place.api_url))
    else:
        builder.token(place.token).base_url(f"{place.api_url}/bot")
    if "pickle" in wishes:
        kept = PersistenceInput(callback_data=False)  # there are no buttons
        builder.persistence(PicklePersistence(place.folder / "usual.pickle", kept))
    application = builder.build()
    application.add_handler(_interview(persistent="pickle" in wishes))
    if "pickle" in wishes:
        application.add_handler(TypeHandler(Update, _flush), AFTER_ALL_OTHERS)
    application.run_polling()


def _interview(*, persistent: bool) -> ConversationHandler[Any]:
    text = filters.TEXT & ~filters.COMMAND
    return ConversationHandler(
        entry_points=[CommandHandler("start", _start)],
        states={number: [MessageHandler(text, _taking(number))] for number in range(len(QUESTIONS) - 1)},
        fallbacks=[],
        name="interview",
        persistent=persistent,
    )


async def _start(update: Update, _context: Any) -> int:  # noqa: ANN401 - the library's, and not looked at
    assert update.message
    await update.message.reply_text(QUESTIONS[0])
    return 0


def _taking(number: int) -> Callable[[Update, Any], Coroutine[Any, Any, int]]:
    following = number + 1 if number + 2 < len(QUESTIONS) else ConversationHandler.END

    async def take(update: Update, context: Any) -> int:  # noqa: ANN401 - the library's
        assert update.message
        context.user_data[number] = update.message.text
        await update.message.reply_text(QUESTIONS[number + 1])
        return following

    return take


async def _flush(update: Update, context: Any) -> None:  # noqa: ANN401 - the library's
    assert update.effective_user
    context.application.mark_data_for_update_persistence(user_ids=update.effective_user.id)
    await context.application.update_persistence()

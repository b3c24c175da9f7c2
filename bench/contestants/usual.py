"""The usual bot: the library's `ConversationHandler` with its stock request backend, one update after the other.

It asks the same interview and keeps the answers in memory, as the library's examples do. `concurrent_updates` stays
off, as `ConversationHandler` demands.
"""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from telegram import Update
from telegram.ext import Application, CommandHandler, ConversationHandler, MessageHandler, filters

from bench.contestants import Place

QUESTIONS: Final = (
    "Selamat datang. Apakah Anda setuju?",
    "Apa status orang yang dilaporkan?",
    "Siapa dia, dan apa jabatannya?",
    "Di kabupaten atau kota mana?",
    "Di tempat apa persisnya?",
    "Kapan terjadinya?",
    "Kapan Anda mengetahuinya?",
    "Apa yang dilakukannya?",
    "Ada lagi yang dilakukannya?",
    "Ceritakan apa yang terjadi.",
    "Adakah bukti?",
    "Bagaimana kami menghubungi Anda?",
    "Terima kasih. Periksa jawaban Anda.",
)


def run(place: Place) -> None:
    application = Application.builder().token(place.token).base_url(f"{place.api_url}/bot").build()
    text = filters.TEXT & ~filters.COMMAND
    application.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler("start", _start)],
            states={number: [MessageHandler(text, _taking(number))] for number in range(len(QUESTIONS) - 1)},
            fallbacks=[],
        )
    )
    application.run_polling()


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

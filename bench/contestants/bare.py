"""The bare library with our request backend: it keeps nothing and says the same to everything, side by side."""

from typing import Any, Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bench.contestants import Place
from bot.adapters.telegram.api import Api

BUTTONS: Final = InlineKeyboardMarkup([[InlineKeyboardButton(name, callback_data=name) for name in ("change", "back")]])


def run(place: Place) -> None:
    application = Application.builder().bot(Api(place.token, place.api_url)).concurrent_updates(256).build()
    application.add_handler(CommandHandler("start", _greet))
    application.add_handler(MessageHandler(filters.TEXT, _reply))
    application.add_handler(CallbackQueryHandler(_edit))
    application.run_polling()


async def _greet(update: Update, _context: Any) -> None:  # noqa: ANN401 - the library's, and not looked at
    assert update.message
    await update.message.reply_text("Selamat datang.", reply_markup=BUTTONS)


async def _reply(update: Update, _context: Any) -> None:  # noqa: ANN401 - as above
    assert update.message
    await update.message.reply_text("Terima kasih. Silakan lanjutkan.")


async def _edit(update: Update, _context: Any) -> None:  # noqa: ANN401 - as above
    assert update.callback_query
    await update.callback_query.answer()
    await update.callback_query.edit_message_text(f"Terima kasih ({update.update_id}).", reply_markup=BUTTONS)

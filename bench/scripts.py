"""What people do: the same interview in typed words for every contestant, and taps where it has led.

A step is one update, and is answered by one message or one edit.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain, repeat
from typing import Final

from bot.simulator import Person

Act = Callable[[Person], object]


def types(words: str) -> Act:
    return lambda person: person.types(words)


def taps(choice: str) -> Act:
    """Tap the button whose data ends in `choice`, under the newest message that has it."""

    def act(person: Person) -> object:
        buttons = ((message, data) for message in reversed(person.chat.messages) for data in message.taps)
        message, data = next(found for found in buttons if found[1].endswith(choice))
        return person.taps(message, data=data)

    return act


INTERVIEW: Final = (
    "/start",
    "setuju",
    "PNS",
    "Kepala SMPN 2 Binamu",
    "jeneponto",
    "lewati",
    "kemarin",
    "hari ini",
    "foto",
    "lanjut",
    "Ia berpose dengan simbol calon di depan sekolah dan meminta guru mengunggah fotonya.",
    "lanjut",
    "hanya kode",
)
"""From the greeting to the review, where the draft is whole."""

TYPED, TAPPED = "typed", "tapped"

SCRIPTS: Final[Mapping[str, Sequence[Act]]] = {
    TYPED: [types(words) for words in INTERVIEW],
    TAPPED: [taps(choice) for choice in chain.from_iterable(repeat(("change", "back"), 3))],
}

"""How much is taken a minute: from one chat, and in all from chats that have nothing in hand.

Rules: it lives in memory, for this minute only; beyond it nothing is kept, and a chat hears of it once. Among those
who have nothing in hand a chat's first event is taken before anybody's tenth.
"""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Flood:
    """`chat_most` events of one chat; `strangers_most` events of all chats without a draft, of these a chat's nth only
    while so many had room if each had sent n.
    """

    chat_most: int = 120
    strangers_most: int = 6_000
    minute: int = 0
    events: Counter[int] = field(default_factory=Counter)
    strangers: Counter[int] = field(default_factory=Counter)
    taken: int = 0
    told: set[int] = field(default_factory=set)

    def begins(self, minute: int) -> None:
        """A minute that is over is forgotten."""
        if minute != self.minute:
            self.minute, self.taken = minute, 0
            self.events.clear()
            self.strangers.clear()
            self.told.clear()

    def takes(self, chat: int, minute: int) -> bool:
        """Whether one more event of this chat is taken."""
        self.begins(minute)
        self.events[chat] += 1
        return self.events[chat] <= self.chat_most

    def takes_stranger(self, chat: int) -> bool:
        """Whether one more event is taken from this chat, which has nothing in hand."""
        self.strangers[chat] += 1
        takes = (self.taken + 1) * self.strangers[chat] <= self.strangers_most
        self.taken += takes
        return takes

    def first_time(self, chat: int) -> bool:
        """Whether this chat has yet to hear of it this minute."""
        new = chat not in self.told
        self.told.add(chat)
        return new

"""Who may be known where: each kind of place with everybody who must not be found in it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from prove.canaries import Trace, found_in


@dataclass(frozen=True)
class Room:
    """Places, and the words that may stand in none of them; `own` are words that a place may hold all the same."""

    name: str
    places: Mapping[str, bytes]
    barred: Collection[str]
    own: Mapping[str, Collection[str]] = field(default_factory=dict)

    def traces(self) -> list[Trace]:
        found = found_in(self.places, self.barred)
        return [one for one in found if one.canary not in self.own.get(one.place, ())]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(map(len, self.places.values()))


def each_whole(chats: Mapping[int, Mapping[str, bytes]]) -> dict[str, bytes]:
    """A place for each chat, with all that was shown in it."""
    return {str(chat): b"\n".join(shown.values()) for chat, shown in chats.items()}


def named_apart(chats: Mapping[int, Mapping[str, bytes]], which: Iterable[int]) -> dict[str, bytes]:
    """The places of these chats, each under the chat's id too."""
    return {f"{chat}: {name}": data for chat in which for name, data in chats.get(chat, {}).items()}

"""An unfinished tip, as plain data that goes to JSON and back without loss."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

Answer = str | tuple[str, ...]

PENDING = "pending"
KEPT = "kept"
LINK = "link"


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of evidence. `name` is random; `same` is how the platform, then the content, tells two sendings of one.

    A pending item is being fetched and cleaned; a kept one lies sealed under `stored`, or is a link with a `url`.
    """

    name: str
    state: str
    kind: str
    same: str = ""
    note: str = ""
    url: str = ""
    stored: str = ""
    extension: str = ""
    size: int = 0
    plain_file: bool = False
    removed: tuple[str, ...] = ()
    original_sha256: str = ""
    clean_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Where a reporter stands (`at` a question or menu, `within` a nested list, on a `page`) and what was said.

    `turn` rises with every move and travels in the buttons, so that an old button is known as old. `behind` is where
    a look aside (cancelling, asking for a status) goes back to. An answer that was passed over is an empty text.
    `about` is the code or number of a tip that is written to; what was in hand before is `parked` meanwhile, and may be
    such a writing itself.
    `goes_on` names the answer of which more may follow, because what was said filled a whole message.
    `was` is what stood picked when this question was come to: picks alone change while it is still asked.
    """

    language: str
    turn: int
    at: str
    within: str = ""
    page: int = 0
    behind: str = ""
    goes_on: str = ""
    was: tuple[str, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    about: str = ""
    parked: "Draft | None" = None

    def moved(self, at: str, *, behind: str = "") -> Self:
        """At another place; to look aside and to come back from there is not to come to a question anew."""
        was = self.was if behind or self.behind else self.picks(at)
        return replace(self, at=at, behind=behind, was=was, within="", page=0, turn=self.turn + 1)

    def listing(self, within: str, page: int) -> Self:
        """In a nested list, or out of it: a new turn, since "back" now leads elsewhere."""
        return replace(self, within=within, page=page, turn=self.turn + (within != self.within))

    def answered(self, name: str, answer: Answer) -> Self:
        return replace(self, answers={**self.answers, name: answer})

    def without(self, *names: str) -> Self:
        return replace(self, answers={key: value for key, value in self.answers.items() if key not in names})

    def text(self, name: str) -> str:
        """The answer as one text, empty where there is none."""
        answer = self.answers.get(name, "")
        return answer if isinstance(answer, str) else " ".join(answer)

    def picks(self, name: str) -> tuple[str, ...]:
        answer = self.answers.get(name, ())
        return answer if isinstance(answer, tuple) else ()

    @property
    def pending(self) -> int:
        return sum(item.state == PENDING for item in self.items)

    @property
    def kept(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.state == KEPT)


def fields(value: Draft | Item) -> dict[str, Any]:
    """Only what differs from the defaults of an empty one, so that old drafts open when fields are added."""
    return {
        name: getattr(value, name) for name in value.__slots__ if getattr(value, name) not in ("", 0, (), False, None)
    }


def _plain(draft: Draft) -> dict[str, Any]:
    plain = fields(draft) | {"answers": dict(draft.answers), "items": [fields(item) for item in draft.items]}
    return plain | ({"parked": _plain(draft.parked)} if draft.parked else {})


def to_json(draft: Draft) -> bytes:
    return json.dumps(_plain(draft), ensure_ascii=False, separators=(",", ":")).encode()


def from_json(data: bytes) -> Draft:
    """The draft that `to_json` wrote. Raises ValueError, TypeError or KeyError for anything else."""
    return _draft(json.loads(data))


def item_from(plain: Mapping[str, Any]) -> Item:
    return Item(**{**plain, "removed": tuple(plain.get("removed", ()))})


def _draft(plain: Mapping[str, Any]) -> Draft:
    answers = {name: tuple(answer) if isinstance(answer, list) else answer for name, answer in plain["answers"].items()}
    was = tuple(plain.get("was", ()))
    changed = {
        "turn": plain.get("turn", 0),
        "was": was,
        "answers": answers,
        "items": tuple(map(item_from, plain["items"])),
    }
    parked = {"parked": _draft(plain["parked"])} if "parked" in plain else {}
    return Draft(**{**plain, **changed, **parked})

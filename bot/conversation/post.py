"""What moderators see of a tip: content first, then one card, without language or platform."""

from dataclasses import dataclass

from bot.conversation.screens import Line


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece of evidence as the channel gets it, under a neutral name. `stored` finds its bytes, `size` counts them.

    `kind` is picture, video, animation, audio, voice, document or link; a link has only `url`. `plain_file` is true
    where the reporter chose to send it as a file, so that it is posted as one.
    """

    number: int
    kind: str
    stored: str = ""
    extension: str = ""
    size: int = 0
    url: str = ""
    note: str = ""
    plain_file: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """A tip for the moderators: `body` paragraphs and the `story` come first, the exhibits, then the `card`."""

    number: str
    body: tuple[Line, ...]
    story: str
    exhibits: tuple[Exhibit, ...]
    card: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """One sending of a post, as an adapter cuts it. The same post is always cut into the same pieces.

    `kind` is text, album, single or card; `part` counts from 0; `payload` is the adapter's own.
    """

    part: int
    kind: str
    exhibits: tuple[Exhibit, ...] = ()
    payload: str = ""

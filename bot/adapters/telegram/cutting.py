"""A tip cut into what Telegram takes at a time: texts, exhibits in albums or alone, and the card.

Its rule: what a reporter wrote is shown, never linked, and the same post is always cut the same way.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from bot.adapters.telegram import markup
from bot.adapters.telegram.drawing import QUOTED, draw_staff
from bot.conversation.post import Exhibit, Piece, Post
from bot.conversation.screens import Line, Screen, say
from bot.locales.catalogue import Catalogue

MEGABYTE: Final = 1 << 20
PICTURE_MOST: Final = 10 * MEGABYTE
ALBUM_MOST: Final = 45 * MEGABYTE
"""A request may have 50 MB."""
ALBUM_ITEMS: Final = 10
HEADING: Final = 128
"""Room for the lines that say which part of which tip this is, and that it may be a repeat."""
CAPTION_MOST: Final = markup.CAPTION - HEADING

_METHODS: Final = {
    "picture": "photo",
    "video": "video",
    "animation": "animation",
    "audio": "audio",
    "voice": "voice",
}
# What may share an album goes out in this order; what may not goes alone after it.
_FAMILIES: Final = (("photo", "video"), ("document",), ("audio",))
_ALONE: Final = ("animation", "voice")


def method_of(exhibit: Exhibit) -> str:
    """As what Telegram is sent an exhibit: `photo`, `video`, `animation`, `audio`, `voice` or `document`."""
    too_heavy = exhibit.kind == "picture" and exhibit.size > PICTURE_MOST
    return "document" if exhibit.plain_file or too_heavy else _METHODS.get(exhibit.kind, "document")


def neutral_name(exhibit: Exhibit) -> str:
    """`bukti-1.jpg`: a file's own name may be its sender's."""
    return f"bukti-{exhibit.number}.{exhibit.extension.lstrip('.')}".rstrip(".")


class Cutter:
    """Cuts posts, in the moderators' language."""

    def __init__(self, catalogue: Catalogue, *, topics: bool = False) -> None:
        self._catalogue, self._topics = catalogue, topics

    def pieces(self, post: Post) -> tuple[Piece, ...]:
        """Its topic, where tips have one, then texts, exhibits and card, which are counted by themselves."""
        texts = [Piece(0, "text", payload=text) for text in self._texts(post)]
        shown = [
            Piece(0, "album" if len(group) > 1 else "single", group, post.number)
            for group in _groups([one for one in post.exhibits if one.kind != "link"])
        ]
        card = [self._card(post.card)] if post.card else []
        topic = [Piece(0, "topic", payload=post.number)] if post.card and self._topics else []
        return (*topic, *(replace(piece, part=part) for part, piece in enumerate((*texts, *shown, *card))))

    def instead(self, piece: Piece) -> Piece:
        """What is sent for a piece that Telegram will not take: a word for each exhibit, or a text without marks."""
        if not piece.exhibits:
            return replace(piece, payload=markup.bare(piece.payload))
        missing = [say("post.missing", number=piece.payload, exhibit=one.number) for one in piece.exhibits]
        return replace(piece, kind="text", exhibits=(), payload=self.drawn(missing))

    def caption(self, number: str, exhibit: Exhibit) -> str:
        """The tip's number, the exhibit's, and its note where that fits; `pieces` puts a longer one in the text."""
        caption = self._noted(_title(number, exhibit), exhibit)
        return caption if markup.fits(caption, CAPTION_MOST) else self.drawn([_title(number, exhibit)])

    def marked(self, piece: Piece, html: str) -> str:
        """A text or caption of a piece; one that may be in the chat already says so first."""
        return f"{self.drawn([say('post.repeat')])}\n{html}" if piece.repeat else html

    def drawn(self, lines: Iterable[Line]) -> str:
        return "\n\n".join(self._catalogue.draw(line, QUOTED) for line in lines)

    def _card(self, screen: Screen) -> Piece:
        drawn = draw_staff(screen, self._catalogue)
        return Piece(0, "card", payload=drawn.texts[0], keyboard=drawn.keyboard)

    def _texts(self, post: Post) -> Iterator[str]:
        paragraphs = list(self._paragraphs(post))
        texts = markup.split("\n\n".join(paragraphs), markup.MESSAGE - HEADING) if paragraphs else ()
        for part, text in enumerate(texts, start=1):
            heading = say("post.more", number=post.number, part=part, parts=len(texts))
            yield text if part == 1 else f"{self.drawn([heading])}\n\n{text}"

    def _paragraphs(self, post: Post) -> Iterator[str]:
        if post.body:
            yield self.drawn(post.body)
        if post.story:
            yield f"{self.drawn([say('post.story')])}\n{markup.quoted(post.story)}"
        for exhibit in post.exhibits:
            if exhibit.kind == "link":
                yield self._noted(say("post.link", exhibit=exhibit.number, url=exhibit.url), exhibit)
            elif not markup.fits(note := self._noted(_title(post.number, exhibit), exhibit), CAPTION_MOST):
                yield note

    def _noted(self, title: Line, exhibit: Exhibit) -> str:
        drawn = self.drawn([say("rows", rows=(title, *_custody(exhibit)))])
        return f"{drawn}\n{markup.quoted(exhibit.note)}" if exhibit.note else drawn


def _title(number: str, exhibit: Exhibit) -> Line:
    return say("post.exhibit", number=number, exhibit=exhibit.number)


def _custody(exhibit: Exhibit) -> tuple[Line, ...]:
    """What was taken off a file, and its sums before and after: the chain of evidence."""
    if not exhibit.clean_sha256:
        return ()
    removed = tuple(say(f"trace.{code}") for code in exhibit.removed)
    cleaned = [say("post.cleaned", traces=removed)] if removed else []
    return (*cleaned, say("post.sums", original=exhibit.original_sha256, clean=exhibit.clean_sha256))


def _groups(exhibits: list[Exhibit]) -> Iterator[tuple[Exhibit, ...]]:
    for family in _FAMILIES:
        yield from _albums([one for one in exhibits if method_of(one) in family])
    for one in exhibits:
        if method_of(one) in _ALONE:
            yield (one,)


def _albums(exhibits: list[Exhibit]) -> Iterator[tuple[Exhibit, ...]]:
    album: list[Exhibit] = []
    for exhibit in exhibits:
        full = len(album) == ALBUM_ITEMS or sum(one.size for one in album) + exhibit.size > ALBUM_MOST
        if album and full:
            yield tuple(album)
            album = []
        album.append(exhibit)
    if album:
        yield tuple(album)

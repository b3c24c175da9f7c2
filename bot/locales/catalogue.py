"""The words of one language: draws lines into text, from a gettext catalogue read when the program starts.

Its rule: markup stands only in the catalogue's own texts (`**bold**`, `_italic_`, `` `code` ``, `||hidden||`), never
in a value; what a person wrote is escaped. Placeholders are `{name}`; the value named `count` picks the plural, that
named `others` holds what somebody else wrote than who reads it; a date is written out as the language does it, with
its weekday where the placeholder ends in `_weekday`, and as `DATES` says where it ends in `_short` or `_month`; lines
in a value are joined by commas, in the value named `rows` each has a row of its own.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from gettext import c2py
from html import escape
from pathlib import Path
from typing import Final, Self

from babel.dates import format_date, get_date_format
from babel.messages.pofile import read_po

from bot.conversation.screens import Line, Value

FOLDER: Final = Path(__file__).parent
DEFAULT: Final = "id"
DATES: Final = {"short": "d MMM", "month": "MMM y"}

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_HOLE = "\ue000"
# Only bold holds other marks, so that tags are always well nested, whatever a translator writes; Telegram refuses what
# is both hidden and code.
_MARKS: Final = (
    (re.compile(r"`([^`*_|]+)`"), "code"),
    (re.compile(r"\|\|([^|`*<]+)\|\|"), "tg-spoiler"),
    (re.compile(r"(?<!\w)_(?!\s)([^_*]+?)(?<!\s)_(?!\w)"), "i"),
    (re.compile(r"\*\*([^*]+)\*\*"), "b"),
)


@dataclass(frozen=True, slots=True)
class Markup:
    """How a platform writes text, and whether marks become HTML tags.

    `escape` is for the catalogue's own texts, `words` for values, `others` for those that somebody else wrote.
    """

    escape: Callable[[str], str]
    words: Callable[[str], str]
    others: Callable[[str], str]
    tags: bool

    def literal(self, text: str) -> str:
        text = self.escape(text)
        for pattern, tag in _MARKS:
            text = pattern.sub(rf"<{tag}>\1</{tag}>" if self.tags else r"\1", text)
        return text

    def of_value(self, name: str) -> "Markup":
        """How what stands in the value of this name is written."""
        return replace(self, words=self.others) if name == "others" else self


def _escape_html(text: str) -> str:
    return escape(text, quote=False)


PLAIN: Final = Markup(escape=str, words=str, others=str, tags=False)
HTML: Final = Markup(escape=_escape_html, words=_escape_html, others=_escape_html, tags=True)


class MissingTextError(LookupError):
    """No catalogue has the key, or no screen the placeholder's value: our fault, never a user's."""


@dataclass(frozen=True, slots=True)
class _Template:
    """A text cut at its placeholders: `literals` has one more than `names`."""

    literals: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    def parse(cls, text: str, markup: Markup) -> Self:
        pieces = _PLACEHOLDER.split(text)
        return cls(tuple(markup.literal(_HOLE.join(pieces[::2])).split(_HOLE)), tuple(pieces[1::2]))


@lru_cache(maxsize=4096)
def _written(day: date, locale: str, form: str) -> str:
    if form == "weekday":
        # The Indonesian one writes "05", where all others write "5".
        return format_date(day, get_date_format("full", locale=locale).pattern.replace("dd", "d"), locale=locale)
    return format_date(day, DATES.get(form, "long"), locale=locale)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language's texts by key, each as its plural forms. What it lacks is looked up in `fallback`."""

    locale: str
    texts: Mapping[str, tuple[str, ...]]
    plural: Callable[[int], int]
    fallback: "Catalogue | None" = None
    _templates: dict[tuple[str, int, Markup], _Template] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, language: str, *, fallback: "Catalogue | None" = None, folder: Path = FOLDER) -> Self:
        """Read `folder/<language>/messages.po`; its `Language` header names the locale of dates (`en_GB`)."""
        with (folder / language / "messages.po").open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
        texts = {
            message.id if isinstance(message.id, str) else message.id[0]: _forms(message.string)
            for message in catalog
            if message.id and message.string
        }
        return cls(catalog.locale_identifier or language, texts, c2py(catalog.plural_expr), fallback)

    def draw(self, line: Line, markup: Markup = PLAIN) -> str:
        """Write a line out. Raises `MissingTextError` where a key or a placeholder's value is missing."""
        values = line.values
        template = self._template(line.key, values.get("count"), markup)
        if not template.names:
            return template.literals[0]
        try:
            drawn = [self._value(name, values[name], markup) for name in template.names]
        except KeyError as missing:
            raise MissingTextError(f"{line.key} lacks the value {missing}") from None
        text = template.literals[0]
        for value, literal in zip(drawn, template.literals[1:], strict=True):
            text += value + literal
        return text

    def _template(self, key: str, count: Value | None, markup: Markup) -> _Template:
        form = self.plural(count) if isinstance(count, int) else 0
        place = (key, form, markup)
        template = self._templates.get(place)
        if template is None:
            template = self._templates[place] = self._parsed(key, count, form, markup)
        return template

    def _parsed(self, key: str, count: Value | None, form: int, markup: Markup) -> _Template:
        forms = self.texts.get(key)
        if forms:
            return _Template.parse(forms[min(form, len(forms) - 1)], markup)
        if self.fallback:
            return self.fallback._template(key, count, markup)  # noqa: SLF001 - the same class
        raise MissingTextError(f"no catalogue has {key}")

    def _value(self, name: str, value: Value, markup: Markup) -> str:
        markup = markup.of_value(name)
        match value:
            case str():
                return markup.words(value)
            case Line():
                return self.draw(value, markup)
            case date():
                return markup.escape(_written(value, self.locale, name.rpartition("_")[2]))
            case tuple():
                return ("\n" if name == "rows" else ", ").join(self.draw(line, markup) for line in value)
            case _:
                return str(value)


def _forms(string: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Every language there is; one that is not speaks the default."""

    default: Catalogue
    languages: Mapping[str, Catalogue]

    @classmethod
    def load(cls, default: str = DEFAULT, folder: Path = FOLDER) -> Self:
        """Read every `folder/<language>/messages.po`."""
        first = Catalogue.load(default, folder=folder)
        others = {file.parent.name for file in folder.glob("*/messages.po")} - {default}
        rest = {name: Catalogue.load(name, fallback=first, folder=folder) for name in sorted(others)}
        return cls(first, {default: first, **rest})

    def of(self, language: str) -> Catalogue:
        return self.languages.get(language, self.default)

"""What the Bot API takes and gives, as checks generated from `bot_api.json`.

The data file is written by `tools/bot_api_spec.py`; its notation: a required field's name ends in `*`, alternatives
are joined by `|`, `=word` is a string that is always that word. The check is stricter than Telegram on purpose:
what the specification does not name is refused.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any

Check = Callable[[Any, str], None]
"""Takes a JSON value and its path; raises `Mismatch` where it does not fit."""

ARRAY = "Array of "
TRUE = ("true", "yes", "1")
FALSE = ("false", "no", "0")


class Mismatch(Exception):
    """A value that its type does not allow: where, and why."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f'"{path}" {why}')
        self.path = path


class Upload:
    """A file that came with the request, under the name of its part."""

    __slots__ = ("data", "mime", "name")

    def __init__(self, name: str, data: bytes, mime: str | None = None) -> None:
        self.name = name
        self.data = data
        self.mime = mime


@dataclass(slots=True, frozen=True)
class Method:
    """One method: how each parameter is read, which are required, what it returns."""

    name: str
    read: dict[str, Callable[[Any], Any]]
    required: frozenset[str]
    returns: str

    def parameters(self, given: dict[str, Any]) -> dict[str, Any]:
        """The parameters as typed values; raises `Mismatch` naming the first that does not belong."""
        read = self.read
        result = {}
        for name, value in given.items():
            if name not in read:
                raise Mismatch(name, f"is not a parameter of {self.name}")
            result[name] = read[name](value)
        if not self.required <= result.keys():
            raise Mismatch(min(self.required - result.keys()), "is required")
        return result


class Specification:
    """All methods by lower-case name, and checks of types by name."""

    def __init__(self, source: dict[str, Any]) -> None:
        self._types: dict[str, Any] = source["types"]
        self._checks: dict[str, Check] = dict(SCALARS)
        self.methods = {name.lower(): self._method(name, item) for name, item in source["methods"].items()}

    def check(self, kind: str, value: object) -> None:
        """Raise `Mismatch` unless the JSON value is of that type, e.g. `Message` or `Array of Update`."""
        self._check(kind)(value, kind)

    def _method(self, name: str, item: dict[str, Any]) -> Method:
        takes: dict[str, str] = item["takes"]
        read = {key.rstrip("*"): self._reader(key.rstrip("*"), kind) for key, kind in takes.items()}
        required = frozenset(key.rstrip("*") for key in takes if key.endswith("*"))
        return Method(name, read, required, item["returns"])

    def _reader(self, name: str, kind: str) -> Callable[[Any], Any]:
        options = kind.split("|")
        check = self._check(kind)

        def read(value: object) -> object:
            typed = _typed(value, options, name) if isinstance(value, str) else value
            check(typed, name)
            return typed

        return read

    def _check(self, kind: str) -> Check:
        if kind not in self._checks:
            self._checks[kind] = self._later(kind)
            self._checks[kind] = self._build(kind)
        return self._checks[kind]

    def _later(self, kind: str) -> Check:
        """A check found when it is run: types refer to each other and to themselves."""

        def check(value: object, path: str) -> None:
            self._checks[kind](value, path)

        return check

    def _build(self, kind: str) -> Check:
        options = kind.split("|")
        if len(options) > 1 and all(option.startswith(ARRAY) for option in options):
            # The specification writes an array of several types as several arrays: an album may mix them.
            return _array_of(self._check("|".join(option.removeprefix(ARRAY) for option in options)))
        if len(options) > 1:
            return _any_of([self._check(option) for option in options])
        if kind.startswith(ARRAY):
            return _array_of(self._check(kind.removeprefix(ARRAY)))
        if kind.startswith("="):
            return _exactly(kind[1:])
        definition = self._types[kind]
        if isinstance(definition, list):
            return _any_of([self._check(option) for option in definition])
        return _record(kind, {key: self._check(inner) for key, inner in definition.items()})


def load() -> Specification:
    """The specification that comes with the package."""
    text = resources.files(__package__).joinpath("bot_api.json").read_text(encoding="utf-8")
    return Specification(json.loads(text))


def _typed(value: str, options: list[str], name: str) -> object:
    """A form field's text as the value it stands for: forms know no types."""
    if options in (["String"], ["InputFile", "String"]):
        return value
    if options == ["Boolean"] and value.lower() in TRUE + FALSE:
        return value.lower() in TRUE
    if options == ["Integer", "String"]:
        return int(value) if value.removeprefix("-").isdecimal() else value
    try:
        return json.loads(value)
    except ValueError:
        raise Mismatch(name, f"can't be read as {' or '.join(options)}") from None


def _scalar(word: str, fits: Callable[[Any], bool]) -> Check:
    def check(value: object, path: str) -> None:
        if not fits(value):
            raise Mismatch(path, f"must be {word}")

    return check


SCALARS: dict[str, Check] = {
    "String": _scalar("a String", lambda value: isinstance(value, str)),
    "Integer": _scalar("an Integer", lambda value: type(value) is int),
    "Float": _scalar("a Float", lambda value: type(value) in (int, float)),
    "Boolean": _scalar("a Boolean", lambda value: isinstance(value, bool)),
    "InputFile": _scalar("an InputFile", lambda value: isinstance(value, Upload)),
}


def _exactly(word: str) -> Check:
    return _scalar(f"“{word}”", lambda value: value == word)


def _array_of(inner: Check) -> Check:
    def check(value: object, path: str) -> None:
        if not isinstance(value, list):
            raise Mismatch(path, "must be an Array")
        for index, item in enumerate(value):
            inner(item, f"{path}[{index}]")

    return check


def _any_of(options: list[Check]) -> Check:
    """One of several types; refused in the words of the one that came nearest."""

    def check(value: object, path: str) -> None:
        refusals = []
        for option in options:
            try:
                return option(value, path)
            except Mismatch as refusal:
                refusals.append(refusal)
        raise max(refusals, key=lambda refusal: len(refusal.path))

    return check


def _record(name: str, fields: dict[str, Check]) -> Check:
    known = {key.rstrip("*"): check for key, check in fields.items()}
    required = frozenset(key.rstrip("*") for key in fields if key.endswith("*"))

    def check(value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise Mismatch(path, f"must be a {name}")
        for key, inner in value.items():
            if key not in known:
                raise Mismatch(f"{path}.{key}", f"is not a field of {name}")
            known[key](inner, f"{path}.{key}")
        if not required <= value.keys():
            raise Mismatch(f"{path}.{min(required - value.keys())}", f"is required in {name}")

    return check

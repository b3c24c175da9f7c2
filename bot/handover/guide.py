"""The guide: legal bases by allegation and status, and where tips go, from a file that admins correct without code.

Rule: it is read and checked as a whole when the program starts; a fault is told in a sentence that names the place.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from bot.conversation.case import TARGETS
from bot.conversation.casework import CATEGORIES
from bot.conversation.intake import STATUS
from bot.handover.problem import GuideProblem

PORTALS = ("sbt", "lapor")


@dataclass(frozen=True, slots=True)
class Destination:
    """Who receives; `{regency}` in the name is where it happened. `regions` has addresses by Kemendagri's code."""

    name: str
    address: str
    regions: Mapping[str, str]

    def addressed(self, code: str) -> str:
        return self.regions.get(code, self.address)


@dataclass(frozen=True, slots=True)
class Guide:
    """Texts by the codes of the intake: `basis` by category, `duty` by status; `portal` by sbt and lapor."""

    basis: Mapping[str, tuple[str, ...]]
    duty: Mapping[str, tuple[str, ...]]
    destinations: Mapping[str, Destination]
    portal: Mapping[str, str]


def load(path: Path | None = None) -> Guide:
    """The operator's guide, or the one that comes with the program; raises `GuideProblem`."""
    if path is None:
        return parse((resources.files(__package__) / "guide.toml").read_text("utf-8"), "guide.toml")
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise GuideProblem(f"BISIK_HANDOVER_GUIDE: {path} cannot be read as a text file in UTF-8.") from None
    return parse(text, path.name)


def parse(text: str, where: str) -> Guide:
    """The guide in the text of the file `where`; raises `GuideProblem`."""
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GuideProblem(f"{where} is no TOML: {error}.") from None
    except RecursionError:
        raise GuideProblem(f"{where} is no guide: it is nested without end.") from None
    return Guide(
        _bases(_table(plain, "basis", CATEGORIES, where), f"{where} [basis]"),
        _bases(_table(plain, "duty", STATUS, where), f"{where} [duty]"),
        {
            name: _destination(one, f"{where} [destination.{name}]")
            for name, one in _table(plain, "destination", TARGETS, where).items()
        },
        {name: _text(one, f"{where} [portal] {name}") for name, one in _table(plain, "portal", PORTALS, where).items()},
    )


def _table(plain: Mapping[str, Any], name: str, codes: tuple[str, ...], where: str) -> Mapping[str, Any]:
    """A table with exactly these names, in their order."""
    table = plain.get(name)
    if not isinstance(table, dict):
        raise GuideProblem(f"{where} has no table [{name}].")
    wrong = sorted(set(table) ^ set(codes))
    if wrong:
        raise GuideProblem(f"{where} [{name}]: {wrong[0]} is {'not known' if wrong[0] in table else 'missing'}.")
    return {code: table[code] for code in codes}


def _bases(table: Mapping[str, Any], where: str) -> Mapping[str, tuple[str, ...]]:
    for code, texts in table.items():
        if not isinstance(texts, list) or not texts:
            raise GuideProblem(f"{where} {code} must be a list of texts.")
    return {code: tuple(_text(one, f"{where} {code}") for one in texts) for code, texts in table.items()}


def _destination(plain: object, where: str) -> Destination:
    if not isinstance(plain, dict) or not {"name", "address"} <= plain.keys() <= {"name", "address", "regions"}:
        raise GuideProblem(f"{where} must have a name and an address, and may have regions.")
    regions = plain.get("regions", {})
    if not isinstance(regions, dict):
        raise GuideProblem(f"{where} regions must be addresses by code.")
    addresses = {code: _text(one, f"{where} {code}") for code, one in regions.items()}
    return Destination(_text(plain["name"], f"{where} name"), _text(plain["address"], f"{where} address"), addresses)


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise GuideProblem(f"{where} must be a text in quotation marks.")
    return value

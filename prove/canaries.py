"""Finds a person, or a secret, in bytes, in whatever form it may have got there."""

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

from prove.needles import Needles

HASHES = ("md5", "sha1", "sha256", "sha512", "blake2b")


def forms(canary: str) -> dict[str, bytes]:
    """How a canary may stand in a file: as text in several encodings, or as a hash that anybody can compute."""
    plain = canary.encode()
    found = {
        "plain": plain,
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "UTF-16": canary.encode("utf-16-le"),
        "UTF-16 BE": canary.encode("utf-16-be"),
        "JSON": json.dumps(canary)[1:-1].encode(),
        "URL": quote(canary, safe="").encode(),
        "Python": repr(canary)[1:-1].encode(),
    }
    # Base64 looks different at each offset modulo 3; what is the same whatever stands around it, is compared.
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + plain)
        found[f"base64 at {offset}"] = coded[4 if offset else 0 : len(coded) - 4]
    for name in HASHES:
        digest = hashlib.new(name, plain, usedforsecurity=False).digest()
        found[name] = digest
        found[f"{name} hex"] = digest.hex().encode()
        found[f"{name} base64"] = base64.b64encode(digest)
    return {**found, **(_numbers(int(canary)) if canary.isdigit() and len(canary) < 19 else {})}


def _numbers(number: int) -> dict[str, bytes]:
    """A number as databases and other programs write it."""
    raw = {"big": number.to_bytes(8, "big"), "little": number.to_bytes(8, "little")}
    return raw | {
        f"{name} {order}": hashlib.new(name, raw[order], usedforsecurity=False).digest()
        for order in raw
        for name in HASHES
    }


class Trace(NamedTuple):
    """That a canary stands in a place, and in which form."""

    canary: str
    form: str
    place: str


def found_in(places: Mapping[str, bytes], canaries: Iterable[str]) -> list[Trace]:
    """Which canary stands where, and in which form; in any case of letters where the form is text."""
    exact, anyhow = _needles(canaries)
    return [
        Trace(canary, form, name)
        for name, data in places.items()
        for canary, form in sorted(exact.met(data) | anyhow.met(data.lower()))
    ]


class _Traces:
    """Needles, and of which canary in which form each is a trace."""

    def __init__(self) -> None:
        self.of: dict[bytes, list[tuple[str, str]]] = defaultdict(list)

    def met(self, data: bytes) -> set[tuple[str, str]]:
        return {trace for needle in self._needles.within(data) for trace in self.of[needle]}

    @cached_property
    def _needles(self) -> Needles:
        return Needles(self.of)


def _needles(canaries: Iterable[str]) -> tuple[_Traces, _Traces]:
    """What must be met as it is, and what must be met whatever the case of its letters."""
    exact, anyhow = _Traces(), _Traces()
    for canary in set(canaries):
        for form, needle in forms(canary).items():
            exact.of[needle].append((canary, form))
            if form in {"plain", "JSON", "URL"}:
                anyhow.of[needle.lower()].append((canary, form))
    return exact, anyhow

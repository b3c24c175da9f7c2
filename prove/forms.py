"""What a name, a number or an id of somebody can look like in a file: spelled, encoded, escaped, hashed, counted.

Letters may stand in any case: whoever searches lowers these forms and what is searched alike.
"""

import base64
import hashlib
import json
import struct
import unicodedata
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from prove.needles import TAIL

HASHES: Final = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512")
SIZED: Final = {"blake2b": (8, 16, 20, 32, 64), "blake2s": (8, 16, 32)}
"""Hashes whose every length is another hash."""
CUT = 8
"""Bytes of a hash that are looked for: a pseudonym is often the beginning of one."""
SEPARATORS = (".", ",", " ", "\N{NO-BREAK SPACE}", "_", "-", "'")
COUNTED_FROM = 1 << 32
"""The bytes of a smaller number would be met by chance: people who are looked for have larger ids."""


def forms(canary: str) -> dict[str, bytes]:
    """How a canary may stand in a file, by the name of the form; nothing that is so short that chance brings it."""
    found = {"plain": canary.encode()}
    for spelling, text in _spellings(canary).items():
        found |= {f"{spelling}{how}": data for how, data in [*_encoded(text), *_escaped(text)]}
    for spelling, text in {"": canary, "small ": canary.lower()}.items():
        found |= {f"{spelling}{how}": data for how, data in _hashed(text.encode())}
    found |= {f"grouped by {sign!r} {n}": text.encode() for sign in SEPARATORS for n, text in _grouped(canary, sign)}
    if canary.isdigit() and COUNTED_FROM <= int(canary) < 1 << 63:
        found |= dict(_counted(int(canary)))
    return {form: data for form, data in found.items() if len(data) >= TAIL}


def _spellings(canary: str) -> dict[str, str]:
    """The ways to write it that still differ when the letters of ASCII are lowered."""
    cases = {"": canary, "capital ": canary.upper(), "small ": canary.lower()}
    decomposed = {f"{case}decomposed ": unicodedata.normalize("NFD", text) for case, text in cases.items()}
    different = {text.encode().lower(): (name, text) for name, text in reversed((cases | decomposed).items())}
    return dict(different.values())


def _grouped(canary: str, sign: str) -> Iterator[tuple[str, str]]:
    """A number's digits as amounts and as telephone numbers have them: 81,399,912,345 and 813 9991 2345."""
    digits = canary.removeprefix("+62")
    if digits.isdigit():
        yield "thousands", f"{int(digits):,}".replace(",", sign)
        yield "fours", sign.join(_fours(digits))


def _fours(digits: str) -> list[str]:
    first = len(digits) % 4 or 4
    return [digits[:first], *(digits[at : at + 4] for at in range(first, len(digits), 4))]


def _encoded(text: str) -> Iterator[tuple[str, bytes]]:
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "cp1252", "cp1254"):
        # A letter that a code page lacks is left out by whoever writes in it, and the rest can be known all the same.
        data = text.encode(encoding, "ignore")
        yield encoding, data
        yield f"hex of {encoding}", data.hex().encode()
    plain = text.encode()
    yield "hex with spaces", plain.hex(" ").encode()
    yield "hex with colons", plain.hex(":").encode()
    yield from _base64("utf-8", plain)
    yield from _base64("utf-16-le", text.encode("utf-16-le"))


def _base64(what: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Base64 looks different at each offset modulo 3; what is the same whatever stands around it, is compared.

    Bits of the last sign may be missing there, so that one may be taken for somebody who differs in that alone.
    """
    for offset in range(3):
        for alphabet, coded in (
            ("base64", base64.b64encode(b"\0" * offset + data)),
            ("base64url", base64.urlsafe_b64encode(b"\0" * offset + data)),
        ):
            yield f"{alphabet} of {what} at {offset}", coded[-(-offset * 8 // 6) : (offset + len(data)) * 8 // 6]


def _escaped(text: str) -> Iterator[tuple[str, bytes]]:
    """With escapes where they are needed, and of every sign."""
    plain, wide = text.encode(), text.encode("utf-16-be")
    yield "JSON", json.dumps(text)[1:-1].encode()
    yield "Python", ascii(text)[1:-1].encode()
    yield "Python bytes", repr(plain)[2:-1].encode()
    yield "URL", quote(text, safe="").encode()
    yield "HTML", text.encode("ascii", "xmlcharrefreplace")
    yield "all JSON", "".join(f"\\u{wide[at : at + 2].hex()}" for at in range(0, len(wide), 2)).encode()
    yield "all bytes", "".join(f"\\x{one:02x}" for one in plain).encode()
    yield "all URL", "".join(f"%{one:02x}" for one in plain).encode()
    yield "all mail", "".join(f"={one:02x}" for one in plain).encode()
    yield "all HTML", "".join(f"&#{ord(sign)};" for sign in text).encode()
    yield "all HTML hex", "".join(f"&#x{ord(sign):x};" for sign in text).encode()


def _hashed(data: bytes) -> Iterator[tuple[str, bytes]]:
    """The beginnings of all hashes of it that anybody can compute."""
    digests = {name: hashlib.new(name, data, usedforsecurity=False).digest() for name in HASHES}
    for name, sizes in SIZED.items():
        digests |= {f"{name}-{size}": getattr(hashlib, name)(data, digest_size=size).digest() for size in sizes}
    for name, digest in digests.items():
        yield name, digest[:CUT]
        yield f"{name} hex", digest[:CUT].hex().encode()
        yield f"{name} base64", base64.b64encode(digest)[:10]
        yield f"{name} base64url", base64.urlsafe_b64encode(digest)[:10]


def _counted(number: int) -> Iterator[tuple[str, bytes]]:
    """A number as programs write it. SQLite takes 6 bytes for an id of today in a row, and 7 bits a byte in a key."""
    for width in (6, 8):
        if number < 1 << 8 * width:
            for order, data in (("big", number.to_bytes(width, "big")), ("little", number.to_bytes(width, "little"))):
                yield f"{width} bytes {order}", data
                yield f"hex of {width} bytes {order}", data.hex().encode()
                yield from _base64(f"{width} bytes {order}", data)
    for order, data in (("big", number.to_bytes(8, "big")), ("little", number.to_bytes(8, "little"))):
        yield from ((f"{how} of 8 bytes {order}", digest) for how, digest in _hashed(data))
    yield "0x", hex(number).encode()
    yield "float big", struct.pack(">d", number)
    yield "float little", struct.pack("<d", number)
    yield "key of SQLite", _sevens(number)
    yield "protobuf", _sevens(number, least_first=True)


def _sevens(number: int, *, least_first: bool = False) -> bytes:
    """Seven bits a byte, each but the last with the eighth set."""
    groups = [number >> shift & 0x7F for shift in range(0, number.bit_length(), 7)]
    groups = groups if least_first else groups[::-1]
    return bytes([*(group | 0x80 for group in groups[:-1]), groups[-1]])

"""Recognise, clean, read again, report: the pure function that a worker calls.

Rule: fails closed. Whatever goes wrong inside a decoder is a refusal, and nothing leaves that the second
reader has not passed.
"""

import hashlib
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import cast

from bot.evidence.formats import RESULTS, SOURCES, Source
from bot.evidence.model import Cleaned, Refused, Washed

MAX_BYTES = 64 * 1024 * 1024
_PICTURE_ROOMS = {"pictures", "animations", "scans"}
_SHOWN_IN_DOCUMENTS = {"jpg", "png", "gif"}


def clean_here(data: bytes) -> Cleaned:
    """Clean one file in this very process; `Refused` is the only thing it raises."""
    try:
        with warnings.catch_warnings():  # decoders warn of what is dropped anyway, with words from the file
            warnings.simplefilter("ignore")
            return _reported(data, _washed(_source_of(data), data))
    except MemoryError:
        raise Refused("too_big") from None
    except Refused:
        raise
    except Exception:  # noqa: BLE001 - decoders raise what they like at broken files; their words stay here
        raise Refused("broken") from None


def wash_picture(data: bytes) -> tuple[Washed, str]:
    """A picture inside a document, clean and verified, and its media type; any other sort of file there is refused."""
    source = _source_of(data)
    washed = _washed(source, data) if source.room in _PICTURE_ROOMS else None
    if washed is None or washed.extension not in _SHOWN_IN_DOCUMENTS:
        raise Refused("unsupported")
    return washed, RESULTS[washed.extension].media_type


def _source_of(data: bytes) -> Source:
    source = next((source for source in SOURCES if source.sniff(data)), None)
    if source is None:
        raise Refused("unsupported")
    return source


def _washed(source: Source, data: bytes) -> Washed:
    if len(data) > MAX_BYTES:
        raise Refused("too_big")
    washed = cast("Washed", _named(f"{source.room}.clean")(source.name, data))
    _named(RESULTS[washed.extension].reader)(washed.data)
    return washed


def _named(dotted: str) -> Callable[..., object]:
    module, function = dotted.split(".")
    return cast("Callable[..., object]", getattr(import_module(f"bot.evidence.{module}"), function))


def _reported(data: bytes, washed: Washed) -> Cleaned:
    result = RESULTS[washed.extension]
    return Cleaned(
        data=washed.data,
        kind=washed.kind or result.kind,
        extension=washed.extension,
        media_type=result.media_type,
        removed=tuple(sorted(washed.found)),
        original_sha256=hashlib.sha256(data).hexdigest(),
        clean_sha256=hashlib.sha256(washed.data).hexdigest(),
        width=washed.width,
        height=washed.height,
        duration=washed.duration,
    )

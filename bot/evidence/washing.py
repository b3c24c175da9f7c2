"""Recognise, clean, read again, report: the pure function that a worker calls.

Rule: fails closed. Whatever goes wrong inside a decoder is a refusal, and nothing leaves that the second
reader has not passed.
"""

import hashlib
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import cast

from bot.evidence.formats import RESULTS, SOURCES
from bot.evidence.model import Cleaned, Refused, Washed

MAX_BYTES = 64 * 1024 * 1024


def clean_here(data: bytes) -> Cleaned:
    """Clean one file in this very process; `Refused` is the only thing it raises."""
    try:
        with warnings.catch_warnings():  # decoders warn of what is dropped anyway, with words from the file
            warnings.simplefilter("ignore")
            return _reported(data, wash(data))
    except MemoryError:
        raise Refused("too_big") from None
    except Refused:
        raise
    except Exception:  # noqa: BLE001 - decoders raise what they like at broken files; their words stay here
        raise Refused("broken") from None


def wash(data: bytes) -> Washed:
    """Clean and verified bytes without the report's digests; also for what lies inside a document."""
    source = next((source for source in SOURCES if source.sniff(data)), None)
    if source is None:
        raise Refused("unsupported")
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

"""What coded pictures and sounds carry besides: notes of encoders and cameras, words between frames.

Rule: what is known to be picture or sound is let through; everything else that a packet may hold is left out.
Sources: ITU-T H.264 table 7-1, H.265 table 7-1, AV1 6.2.2; ISO/IEC 14496-2 6.2.2 (user data), 13818-7 6.2
(ADTS), 11172-3 2.4.1.3 (MP3).
"""

import re
from collections.abc import Callable
from typing import Final

PICTURES_ALONE: Final = {
    "h264": "filter_units=pass_types=1-5|7-8",
    "hevc": "filter_units=pass_types=0-9|16-21|32-34",
    "av1": "filter_units=pass_types=1-4|6-8",
}
"""The units that a decoder needs, by the name of the codec; not what is filler, private or yet to be defined."""
SETS: Final = {"h264": {7, 8}, "hevc": {32, 33, 34}}
"""The parameter sets that a setup may hold."""
COMMENTS: Final = (b"OpusTags", b"\x03vorbis")
"""How the comment header of an Ogg recording begins."""

_START = re.compile(b"\0\0\0?\x01")
_USER_DATA = re.compile(b"\0\0\x01\xb2.*?(?=\0\0\x01|\\Z)", re.DOTALL)
_KBITS: Final = (
    (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
)
"""Thousands of bits a second, of MPEG-2 and 2.5, then of MPEG-1."""
_HERTZ: Final = (44_100, 48_000, 32_000)
_HALVED: Final = {3: 0, 2: 1, 0: 2}
"""How often that many hertz are halved, by the version's two bits."""


def unit_type(codec: str, unit: bytes) -> int:
    """The type of an H.264 or HEVC unit that is not empty."""
    return unit[0] & 0x1F if codec == "h264" else unit[0] >> 1 & 0x3F


def bare_setup(codec: str, setup: bytes) -> bytes:
    """The parameter sets of a setup whose units stand behind start codes, and nothing else of it."""
    units = _START.split(setup)[1:]
    return b"".join(b"\0\0\0\1" + unit for unit in units if unit and unit_type(codec, unit) in SETS[codec])


def without_user_data(frame: bytes) -> bytes:
    """MPEG-4 part 2 without what encoders and cameras write between its start codes."""
    return _USER_DATA.sub(b"", frame)


def mp3_size(frame: bytes) -> int:
    """How many bytes a frame of MP3 has by its header; 0 where that is none, or names no rate."""
    if len(frame) < 4 or frame[0] != 0xFF or frame[1] & 0xE6 != 0xE2:
        return 0
    version, rate, hertz, padding = frame[1] >> 3 & 3, frame[2] >> 4, frame[2] >> 2 & 3, frame[2] >> 1 & 1
    if version not in _HALVED or rate in {0, 15} or hertz == 3:
        return 0
    full = version == 3
    return (144 if full else 72) * _KBITS[full][rate - 1] * 1000 // (_HERTZ[hertz] >> _HALVED[version]) + padding


def adts_size(frame: bytes) -> int:
    """How many bytes a frame of AAC has by its header; 0 where that is none."""
    if len(frame) < 7 or frame[0] != 0xFF or frame[1] & 0xF6 != 0xF0:
        return 0
    return (frame[3] & 3) << 11 | frame[4] << 3 | frame[5] >> 5


FRAME_SIZE: Final[dict[str, Callable[[bytes], int]]] = {"mp3": mp3_size, "aac": adts_size}
"""By the name of the demuxer, for streams of frames that tell their own size and lie in no container."""

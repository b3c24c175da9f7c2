"""Video and sound: their coded packets are moved, unchanged, into a new and empty container.

Rule: only pictures and sounds cross. Tags, chapters, covers, subtitles, place and sensor tracks, dates and
the notes that encoders leave between the frames do not. What no common container holds is coded again,
and then takes the same way.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, NamedTuple, cast

import av
from av.audio.stream import AudioStream
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from bot.evidence.boxes import displayed_size, frame_boxes, with_index_first
from bot.evidence.model import Code, Kind, Refused, Washed
from bot.evidence.names import codes_of
from bot.evidence.packets import COMMENTS, FRAME_SIZE, PICTURES_ALONE, bare_setup, without_user_data

Track = VideoStream | AudioStream


class Target(NamedTuple):
    """A container that may go out, its muxer, and the codecs that are at home in it."""

    extension: str
    muxer: str
    video: frozenset[str]
    audio: frozenset[str]


_TARGETS = tuple(
    Target(extension, muxer, frozenset(video.split()), frozenset(audio.split()))
    for extension, muxer, video, audio in (
        ("mp4", "mp4", "h264 hevc mpeg4 av1", "aac mp3 ac3 eac3"),
        ("webm", "webm", "vp8 vp9 av1", "opus"),
        ("m4a", "ipod", "", "aac alac"),
        ("mp3", "mp3", "", "mp3 mp3float"),
        ("ogg", "ogg", "", "opus vorbis"),
        ("flac", "flac", "", "flac"),
        ("wav", "wav", "", "pcm_s16le pcm_s24le pcm_u8"),
    )
)
_NOTHING_ADDED = {"fflags": "+bitexact", "id3v2_version": "0", "write_id3v1": "0"}
_ANY_TAG_TEXT: dict[str, Any] = {"metadata_errors": "replace"} if av.__version__ < "19" else {}
"""Tags in some other encoding are no reason to refuse; from PyAV 19 on that goes without saying."""
_USUAL_TAGS = {"language", "major_brand", "minor_version", "compatible_brands", "handler_name", "vendor_id"}
_PLACE_TRACKS = {"gpmd", "camm", "mebx", "rtmd"}


def clean(name: str, data: bytes) -> Washed:
    """`name` is the demuxer's; naming it keeps play lists and other files' names from being followed."""
    if name == "ogg" and sum(map(data.count, COMMENTS)) > 1:
        raise Refused("unsupported")  # recordings one behind the other, each with its tags
    with _opened(name, data) as source:
        streams = _kept(source)
        found = _found(source, streams)
        at_home = name != "avi" and _home(streams)
    return _moved(name, data, found) if at_home else _moved("mov", _coded_again(name, data), found)


def _opened(name: str, data: bytes) -> InputContainer:
    try:
        return cast("InputContainer", av.open(io.BytesIO(data), format=name, **_ANY_TAG_TEXT))
    except (av.FFmpegError, ValueError):
        raise Refused("broken") from None


def _kept(source: InputContainer) -> list[Track]:
    """The first moving picture and every sound; a still cover is not a moving picture."""
    moving = [item for item in source.streams.video if not item.disposition & Disposition.attached_pic]
    kept: list[Track] = [*moving[:1], *source.streams.audio]
    if not kept:
        raise Refused("broken")
    return kept


def _home(streams: list[Track]) -> Target | None:
    video = {item.codec_context.name for item in streams if item.type == "video"}
    audio = {item.codec_context.name for item in streams if item.type == "audio"}
    fitting = (target for target in _TARGETS if video <= target.video and audio <= target.audio)
    return next((target for target in fitting if bool(target.video) == bool(video)), None)


def _moved(name: str, data: bytes, found: set[Code]) -> Washed:
    out = io.BytesIO()
    with _opened(name, data) as source:
        streams = _kept(source)
        target = _home(streams)
        if target is None:
            raise Refused("unsupported")
        with av.open(out, "w", format=target.muxer, options=_options(target.muxer)) as container:
            _move(_frames(name, data, source, streams), container, streams)
        return _described(source, streams, target, out.getvalue(), found)


def _options(muxer: str) -> dict[str, str]:
    return _NOTHING_ADDED if muxer == "mp3" else {"fflags": "+bitexact"}


def _frames(name: str, data: bytes, source: InputContainer, streams: list[Track]) -> "Iterator[Packet[Track]]":
    """What is coded in a file. A broken index of an MP4 may name bytes of itself, and of its tags, as frames."""
    homes = frame_boxes(data) if name == "mov" else []
    declared = FRAME_SIZE.get(name)
    for packet in source.demux(streams):
        at = packet.pos
        if name == "mov" and at is not None and not any(one.payload <= at <= one.end - packet.size for one in homes):
            raise Refused("broken")
        if declared and packet.size and declared(bytes(packet)) != packet.size:
            continue  # words between two frames, that no player plays
        yield cast("Packet[Track]", packet)


def _move(packets: "Iterable[Packet[Track]]", target: OutputContainer, streams: list[Track]) -> None:
    ways = {stream.index: _way(target, stream) for stream in streams}
    counts = dict.fromkeys(ways, 0)
    for packet in packets:
        if packet.dts is None and packet.pts is None:
            continue  # the empty packet that ends a stream
        stream, bared = ways[packet.stream_index]
        counts[packet.stream_index] += 1
        for moved in bared(packet):
            moved.stream = stream
            target.mux(moved)
    if any(counts[stream.index] < stream.frames * 0.99 or not counts[stream.index] for stream in streams):
        raise Refused("broken")  # the index promises more than the file holds


def _way(target: OutputContainer, stream: Stream) -> tuple[Stream, "Callable[[Packet[Any]], Iterable[Packet[Any]]]"]:
    """A new stream, and what makes its packets hold pictures or sounds alone."""
    made = target.add_stream_from_template(stream)
    made.metadata.clear()
    codec = stream.codec_context.name
    if codec == "mpeg4":
        made.codec_context.extradata = without_user_data(made.codec_context.extradata or b"")
        return made, _unwritten
    if codec not in PICTURES_ALONE:
        return made, lambda packet: [packet]
    bared = BitStreamFilterContext(PICTURES_ALONE[codec], stream, made).filter
    if codec in {"h264", "hevc"}:  # notes also stand in the setup, where the filter does not look
        made.codec_context.extradata = bare_setup(codec, made.codec_context.extradata or b"")
    return made, bared


def _unwritten(packet: "Packet[Any]") -> "Iterable[Packet[Any]]":
    made = av.Packet(without_user_data(bytes(packet)))
    made.pts, made.dts, made.time_base, made.duration = packet.pts, packet.dts, packet.time_base, packet.duration
    made.is_keyframe = packet.is_keyframe
    return [made]


def _described(
    source: InputContainer,
    streams: list[Track],
    target: Target,
    data: bytes,
    found: set[Code],
) -> Washed:
    seconds = source.duration / 1_000_000 if source.duration else None
    first = streams[0]
    width, height = (first.width, first.height) if isinstance(first, VideoStream) else (None, None)
    if target.muxer in {"mp4", "ipod"}:
        data = with_index_first(data)
    if target.muxer == "mp4":
        width, height = displayed_size(data)
    return Washed(data, target.extension, found, width, height, seconds, _kind(streams, target))


def _kind(streams: list[Track], target: Target) -> Kind | None:
    """Telegram plays silent MP4 as an animation and Opus in Ogg as a voice message."""
    if target.extension == "mp4" and not any(item.type == "audio" for item in streams):
        return "animation"
    opus = [item.codec_context.name for item in streams] == ["opus"]
    return "voice" if target.extension == "ogg" and opus else None


def _found(source: InputContainer, streams: list[Track]) -> set[Code]:
    tags = [source.metadata, *(stream.metadata for stream in source.streams)]
    names = {name for held in tags for name, value in held.items() if not _usual(name, value)}
    found = codes_of(names)
    if source.chapters():
        found.add("other")
    found.update(_sort(stream) for stream in source.streams if stream not in streams)
    return found


def _usual(name: str, value: str) -> bool:
    return name.lower() in _USUAL_TAGS | {"duration"} or value in {"", "Lavf"}


def _sort(stream: Stream) -> Code:
    if stream.type == "video":
        return "thumbnail"
    return "gps" if stream.type == "data" and stream.codec_tag in _PLACE_TRACKS else "other"


def _coded_again(name: str, data: bytes) -> bytes:
    """H.264 and AAC in MP4, for the tracks that have no common container as they are."""
    out = io.BytesIO()
    with _opened(name, data) as source, av.open(out, "w", format="mp4") as target:
        streams = _kept(source)
        moved = {item.index: target.add_stream_from_template(item) for item in streams if _movable(name, item)}
        coders = {item.index: _coder(target, item) for item in streams if item.index not in moved}
        for packet in _frames(name, data, source, streams):
            if packet.stream_index in coders:
                target.mux(list(_coded(packet, coders[packet.stream_index])))
            elif packet.dts is not None:
                packet.stream = moved[packet.stream_index]
                target.mux(packet)
        for coder in coders.values():
            target.mux(coder.encode(None))
    return out.getvalue()


def _movable(name: str, stream: Track) -> bool:
    """AVI does not say when a frame is shown, which MP4 must know."""
    return name != "avi" and stream.codec_context.name in _TARGETS[0].video | _TARGETS[0].audio


def _coder(target: OutputContainer, stream: Track) -> Track:
    if isinstance(stream, AudioStream):
        return target.add_stream("aac", rate=min(stream.codec_context.sample_rate, 48_000))
    rate = stream.average_rate or Fraction(25)
    coder = target.add_stream("libx264", rate=rate, options={"preset": "veryfast", "crf": "20"})
    coder.width, coder.height = stream.width + stream.width % 2, stream.height + stream.height % 2
    coder.pix_fmt = "yuv420p"
    return coder


def _coded(packet: "Packet[Track]", coder: Track) -> "Iterator[Packet[Track]]":
    for frame in packet.decode():
        if isinstance(coder, AudioStream) and isinstance(frame, av.AudioFrame):
            yield from coder.encode(_counted(frame))
        elif isinstance(coder, VideoStream) and isinstance(frame, av.VideoFrame):
            yield from coder.encode(_even(frame, coder))


def _counted(frame: av.AudioFrame) -> av.AudioFrame:
    """Its time counted in samples: the coder cuts frames of another length out of it."""
    if frame.pts is not None and frame.time_base:
        frame.pts = int(frame.pts * frame.time_base * frame.sample_rate)
        frame.time_base = Fraction(1, frame.sample_rate)
    return frame


def _even(frame: av.VideoFrame, coder: VideoStream) -> av.VideoFrame:
    if frame.rotation:
        raise Refused("unsupported")
    shown = frame.reformat(coder.width, coder.height, "yuv420p")
    shown.pts = frame.dts if frame.pts is None else frame.pts
    return shown

"""Videos and sounds as phones and messengers write them, each naming its sender."""

import io
from collections.abc import Callable
from fractions import Fraction

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.stream import Disposition
from av.video.stream import VideoStream
from evidence_files import CANARY, picture, saved
from PIL import Image

TELLING = {
    "title": CANARY,
    "artist": CANARY,
    "comment": CANARY,
    "creation_time": "2024-10-12T09:00:00.000000Z",
    "location": "-05.6669+119.7340/",
    "make": CANARY,
    "model": CANARY,
    "com.apple.quicktime.location.ISO6709": "-05.6669+119.7340/",
    "com.android.version": CANARY,
}


def film(
    kind: str = "mp4",
    video: str | None = "libx264",
    audio: str | None = "aac",
    *,
    frames: int = 25,
    cover: bool = False,
) -> bytes:
    """One second of moving colours and a hum, in a container with every tag filled in."""
    out = io.BytesIO()
    options = {"movflags": "use_metadata_tags"} if kind in {"mp4", "mov"} else {}
    with av.open(out, "w", format=kind, options=options) as container:
        container.metadata.update(TELLING)
        pictures = _video_stream(container, video) if video else None
        sounds = container.add_stream(audio, rate=48_000 if audio == "libopus" else 44_100) if audio else None
        for stream in filter(None, (pictures, sounds)):
            stream.metadata.update(handler_name=CANARY, language="ind", title=CANARY)
        if cover:
            container.add_attachment("cover.jpg", "image/jpeg", saved(picture(), "JPEG"))
        if pictures:
            _draw(container, pictures, frames)
        if sounds:
            _hum(container, sounds)
    return out.getvalue()


def _video_stream(container: OutputContainer, codec: str) -> VideoStream:
    stream = container.add_stream(codec, rate=25)
    stream.width, stream.height = 96, 64
    stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    if codec == "libx264":
        stream.options = {"preset": "ultrafast"}
    return stream


def _draw(container: OutputContainer, stream: VideoStream, frames: int) -> None:
    for step in range(frames):
        frame = av.VideoFrame.from_image(picture().rotate(step * 5))
        frame.pts, frame.time_base = step, Fraction(1, 25)
        container.mux(stream.encode(frame.reformat(format=stream.pix_fmt)))
    container.mux(stream.encode(None))


def _hum(container: OutputContainer, stream: AudioStream) -> None:
    layout = stream.codec_context.layout.name
    for step in range(44):
        frame = av.AudioFrame(format="s16", layout=layout, samples=1024)
        frame.planes[0].update(bytes(range(256)) * (frame.planes[0].buffer_size // 256))
        frame.sample_rate = stream.codec_context.sample_rate
        frame.pts, frame.time_base = step * 1024, Fraction(1, frame.sample_rate)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def rewritten(film: bytes, frame: Callable[[bytes], bytes], *, setup: bytes = b"") -> bytes:
    """An MP4's film alone, each of its coded frames as `frame` makes it, and `setup` behind its own."""
    out = io.BytesIO()
    with av.open(io.BytesIO(film)) as source, av.open(out, "w", format="mp4") as target:
        stream = source.streams.video[0]
        made = target.add_stream_from_template(stream)
        made.codec_context.extradata = (stream.codec_context.extradata or b"") + setup
        for packet in source.demux(stream):
            if packet.dts is not None:
                noted = av.Packet(frame(bytes(packet)))
                noted.pts, noted.dts, noted.time_base = packet.pts, packet.dts, packet.time_base
                noted.is_keyframe, noted.stream = packet.is_keyframe, made
                target.mux(noted)
    return out.getvalue()


def heavy_film(frames: int = 10) -> bytes:
    """Noise in high definition and a hum; a frame weighs nearly 2 MB."""
    out = io.BytesIO()
    noise = Image.effect_noise((1280, 720), 255).convert("RGB")
    with av.open(out, "w", format="mp4") as container:
        pictures = container.add_stream("mpeg4", rate=25, options={"qmin": "1", "qmax": "1", "g": "1"})
        pictures.width, pictures.height, pictures.pix_fmt = *noise.size, "yuv420p"
        sounds = container.add_stream("aac", rate=44_100)
        for step in range(frames):
            frame = av.VideoFrame.from_image(noise).reformat(format="yuv420p")
            frame.pts, frame.time_base = step, Fraction(1, 25)
            container.mux(pictures.encode(frame))
        container.mux(pictures.encode(None))
        _hum(container, sounds)
    return out.getvalue()


def song_with_cover() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp3") as container:
        sounds = container.add_stream("libmp3lame", rate=44_100)
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 96, 64, "yuvj420p"
        cover.disposition = Disposition.attached_pic
        still = av.VideoFrame.from_image(picture()).reformat(format="yuvj420p")
        container.mux(cover.encode(still) + cover.encode(None))
        _hum(container, sounds)
    return out.getvalue()


def film_with_subtitles() -> bytes:
    """As a drone writes it: where it was, as text under the picture."""
    plain = io.BytesIO(film("matroska"))
    place = b"1\n00:00:00,000 --> 00:00:01,000\n-5.6669 119.7340\n\n"
    out = io.BytesIO()
    with (
        av.open(plain) as source,
        av.open(io.BytesIO(place), format="srt") as texts,
        av.open(out, "w", format="matroska") as target,
    ):
        lanes = {stream: target.add_stream_from_template(stream) for stream in (*source.streams, *texts.streams)}
        for packet in (*texts.demux(), *source.demux()):
            if packet.dts is not None:
                packet.stream = lanes[packet.stream]
                target.mux(packet)
    return out.getvalue()

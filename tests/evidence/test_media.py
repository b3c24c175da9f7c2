"""Videos and sounds keep every coded frame and lose everything around them."""

import io
import struct
from collections.abc import Callable

import av
import evidence_files as files
import evidence_media as media
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evidence import Refused, clean_here
from bot.evidence.boxes import boxes, check_mp4
from bot.evidence.streams import check_flac, check_mp3, check_ogg, check_wav, check_webm

MOVED = {  # container, video, audio: extension, kind
    ("mp4", "libx264", "aac"): ("mp4", "video"),
    ("mov", "libx264", "aac"): ("mp4", "video"),
    ("mp4", "libx265", "aac"): ("mp4", "video"),
    ("mp4", "libx264", None): ("mp4", "animation"),
    ("matroska", "libx264", "aac"): ("mp4", "video"),
    ("webm", "libvpx", "libopus"): ("webm", "video"),
    ("mp3", None, "libmp3lame"): ("mp3", "audio"),
    ("ogg", None, "libopus"): ("ogg", "voice"),
    ("ipod", None, "aac"): ("m4a", "audio"),
    ("flac", None, "flac"): ("flac", "audio"),
    ("wav", None, "pcm_s16le"): ("wav", "audio"),
    ("adts", None, "aac"): ("m4a", "audio"),
}
CODED_AGAIN = {
    ("avi", "mjpeg", "pcm_s16le"): "mp4",
    ("avi", "mpeg4", "libmp3lame"): "mp4",
    ("mov", "libx264", "pcm_s16le"): "mp4",
    ("matroska", "mjpeg", "libopus"): "mp4",
}
CHECKS: dict[str, Callable[[bytes], None]] = {
    "mp4": check_mp4,
    "m4a": check_mp4,
    "webm": check_webm,
    "mp3": check_mp3,
    "ogg": check_ogg,
    "flac": check_flac,
    "wav": check_wav,
}


def frames(data: bytes, kind: str) -> list[bytes]:
    """The decoded pictures or sounds."""
    with av.open(io.BytesIO(data)) as container:
        return [bytes(frame.planes[0]) for frame in container.decode(**{kind: 0})]


@pytest.mark.parametrize("way", MOVED, ids=str)
def test_frames_are_moved_and_their_sender_is_not(way: tuple[str, str | None, str | None]):
    """Each frame decodes to the same, and no tag, name or encoder's note came along."""
    original = media.film(*way)

    cleaned = clean_here(original)

    assert MOVED[way] == (cleaned.extension, cleaned.kind)
    for kind in ["video"] * bool(way[1]) + ["audio"] * bool(way[2]):
        assert frames(original, kind) == frames(cleaned.data, kind)
    assert not any(word in cleaned.data for word in (files.CANARY.encode(), b"+119", b"2024-10", b"x264", b"x265"))
    assert clean_here(cleaned.data).removed == ()
    assert cleaned.duration == pytest.approx(1, abs=0.1)
    assert (96, 64) == (cleaned.width, cleaned.height) if way[1] else cleaned.width is None


@pytest.mark.parametrize("way", CODED_AGAIN, ids=str)
def test_what_no_container_holds_is_coded_again(way: tuple[str, str, str]):
    """Old cameras' formats come out as MP4 with as many pictures and as much sound."""
    original = media.film(*way)

    cleaned = clean_here(original)

    assert CODED_AGAIN[way] == cleaned.extension
    assert len(frames(original, "video")) == len(frames(cleaned.data, "video"))
    assert cleaned.duration == pytest.approx(1, abs=0.1)
    assert files.CANARY.encode() not in cleaned.data


def test_an_old_phones_recording_becomes_m4a():
    """AMR, which few programs play, comes out as AAC of the same length."""
    cleaned = clean_here(b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50)

    assert (cleaned.extension, cleaned.kind) == ("m4a", "audio")
    assert cleaned.duration == pytest.approx(1, abs=0.15)


def test_the_report_of_a_video_names_every_sort():
    """Place, device, date, author and words are reported, without a value."""
    removed = clean_here(media.film()).removed

    assert {"author", "comments", "device", "gps", "name", "software", "time"} == set(removed)


def test_a_video_held_upright_stays_upright():
    """The turn that a phone notes instead of turning its pictures is kept, and counted into the size."""
    lying = media.film()
    matrix = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    turned = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 64 << 16, 0, 1 << 30)
    upright = bytearray(lying)
    upright[at : at + 36] = turned if (at := lying.find(matrix, lying.find(b"tkhd"))) else matrix

    cleaned = clean_here(bytes(upright))

    assert (64, 96) == (cleaned.width, cleaned.height)
    with av.open(io.BytesIO(cleaned.data)) as container:
        assert next(container.decode(video=0)).rotation in {90, -90}


def test_tags_in_an_old_encoding_are_no_reason_to_refuse():
    """A title that is not UTF-8 goes like any other."""
    original = media.film().replace(files.CANARY.encode(), b"\xff\xfe".center(len(files.CANARY)))

    assert clean_here(original).extension == "mp4"


def test_a_cover_is_not_taken_for_a_video():
    """A song's cover goes, and the song remains a sound."""
    cleaned = clean_here(media.song_with_cover())

    assert cleaned.kind == "audio"
    assert "thumbnail" in cleaned.removed


def test_subtitles_and_place_tracks_are_left_behind():
    """Drones and dash cameras write place into subtitle tracks: only pictures and sound cross."""
    cleaned = clean_here(media.film_with_subtitles())

    with av.open(io.BytesIO(cleaned.data)) as container:
        assert {"video", "audio"} == {stream.type for stream in container.streams}
    assert "other" in cleaned.removed
    assert b"119.7" not in cleaned.data


@pytest.mark.parametrize("unit", [6, 0, 9, 12, 13, 16, 24, 30, 31])
def test_of_a_film_only_units_with_pictures_cross(unit: int):
    """Notes of encoders and cameras stand in units of their own; those to come, too, stay behind."""
    note = bytes([unit]) + b"\xff\x05\x18" + files.CANARY.encode() + b"\x80"
    noted = media.rewritten(media.film(), lambda frame: struct.pack(">I", len(note)) + note + frame)

    cleaned = clean_here(noted)

    assert files.CANARY.encode() in noted
    assert files.CANARY.encode() not in cleaned.data
    assert frames(cleaned.data, "video") == frames(noted, "video")


def test_what_mpeg4_encoders_write_between_their_frames_stays_behind():
    """User data goes from the frames and from their setup."""
    note = b"\0\0\1\xb2" + files.CANARY.encode()
    noted = media.rewritten(media.film("mp4", "mpeg4"), lambda frame: note + frame, setup=note)

    cleaned = clean_here(noted)

    assert noted.count(files.CANARY.encode()) > 25
    assert files.CANARY.encode() not in cleaned.data
    assert frames(cleaned.data, "video") == frames(noted, "video")


def test_songs_that_were_joined_bring_no_tags_along():
    """What lies between the frames and behind them is no sound."""
    song = media.film("mp3", None, "libmp3lame")

    cleaned = clean_here(song + song + b"LYRICSBEGIN" + files.CANARY.encode())

    assert files.CANARY.encode() not in cleaned.data
    assert len(frames(cleaned.data, "audio")) > 1.9 * len(frames(song, "audio"))


def test_voice_notes_that_were_joined_are_refused():
    """Their times begin anew in the middle, so that players stop there; each by itself is taken."""
    voice = media.film("ogg", None, "libopus")

    with pytest.raises(Refused, match="unsupported"):
        clean_here(voice + voice)


def test_what_stands_behind_the_last_frame_of_flac_is_no_sound():
    """Nothing tells where that frame ends but its checksum, so such a file is refused."""
    sound = media.film("flac", None, "flac")

    with pytest.raises(Refused, match="still_dirty"):
        clean_here(sound + b"TAG" + files.CANARY.encode())


def test_the_index_comes_first():
    """A video can be played while it is still loading."""
    kinds = [box.kind for box in boxes(clean_here(media.film()).data)]

    assert kinds.index(b"moov") < kinds.index(b"mdat")


@pytest.mark.parametrize("way", list(MOVED), ids=str)
def test_half_a_film_is_refused_or_shorter_but_clean(way: tuple[str, str | None, str | None]):
    """A transfer that broke off is never passed on with its tags."""
    whole = media.film(*way)

    try:
        cleaned = clean_here(whole[: len(whole) * 2 // 3])
    except Refused:
        return
    assert files.CANARY.encode() not in cleaned.data


def test_half_an_mp4_is_refused():
    """An index that promises more frames than there are is no whole video."""
    first = clean_here(media.film()).data

    with pytest.raises(Refused, match="broken"):
        clean_here(first[: len(first) * 2 // 3])


@pytest.mark.parametrize("way", list(MOVED), ids=str)
def test_second_readers_object_to_the_original(way: tuple[str, str | None, str | None]):
    """The file as it was sent does not pass the reader that its clean copy passes."""
    original = media.film(*way)
    if way[0] in {"adts", "matroska"}:  # has no tags; comes out in another container
        return
    check = CHECKS[MOVED[way][0]]
    check(clean_here(original).data)

    with pytest.raises(Refused):
        check(original)


def test_the_same_film_cleans_to_the_same_bytes():
    """Containers' random ids and dates are not in the clean file."""
    for way in (("webm", "libvpx", "libopus"), ("ogg", None, "libopus"), ("mp4", "libx264", "aac")):
        original = media.film(*way)
        assert clean_here(original) == clean_here(original)


def test_an_index_that_names_its_own_tags_as_a_frame_is_refused():
    """A frame that would reach out of where frames lie is none: it would carry the tags into the clean file."""
    original = media.film(frames=3)
    sizes = original.rindex(b"stsz") + 12  # of the sounds: how many, then each
    last = sizes + 4 * int.from_bytes(original[sizes : sizes + 4], "big")
    reaching = (len(original) - original.index(b"moov")).to_bytes(4, "big")

    with pytest.raises(Refused):
        clean_here(original[:last] + reaching + original[last + 4 :])


ORIGINALS = [media.film(*way, frames=3) for way in MOVED]


@given(st.data())
def test_a_mutated_film_is_cleaned_or_refused(data: st.DataObject):
    """No broken container raises anything but a refusal, nor comes out with its sender in it."""
    broken = bytearray(data.draw(st.sampled_from(ORIGINALS)))
    for at in data.draw(st.lists(st.integers(0, len(broken) - 1), max_size=12)):
        broken[at] = data.draw(st.integers(0, 255))

    try:
        cleaned = clean_here(bytes(broken))
    except Refused:
        return
    assert files.CANARY.encode() not in cleaned.data

"""ExifTool, which knows more hiding places than anyone, judges what comes out.

It reads office files only with the Perl module Archive::Zip beside it.
"""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import evidence_files as files
import evidence_media as media
import evidence_office as office
import pytest
from test_pdf import office_pdf, written

from bot.evidence import clean_here

pytestmark = pytest.mark.tools

ABOUT_THE_READING = {"ExifTool", "System", "Composite", "ZIP"}
DEMANDED = set(  # by the formats themselves: sizes, lengths, codecs, versions, tracks
    """
    AnimationFrames AnimationIterations AnimationLoopCount AnimationPlays AudioBitrate AudioBitsPerSample
    AudioChannels AudioFormat AudioLayer AudioSampleRate AverageBitrate AvgBytesPerSec BackgroundColor Balance
    BitDepth BitsPerPixel BitsPerSample BlockSizeMax BlockSizeMin BufferSize ChannelMode Channels CodecID
    ColorComponents ColorResolutionDepth ColorType CompatibleBrands Compression CompressorID CopyrightFlag
    CurrentTime DocType DocTypeReadVersion DocTypeVersion Duration EBMLReadVersion EBMLVersion Emphasis Encoding
    EncodingProcess FileType FileTypeExtension Filter FrameCount FrameSizeMax FrameSizeMin GIFVersion
    GraphicsMode HandlerType HasColorMap ImageHeight ImageWidth IntensityStereo Interlace JFIFVersion Linearized
    MajorBrand MatrixStructure MaxBitrate MD5Signature MediaDataOffset MediaDataSize MediaDuration
    MediaHeaderVersion MediaTimeScale MIMEType MinorVersion MovieHeaderVersion MPEGAudioVersion MSStereo
    NextTrackID NumChannels OpColor OpusVersion OriginalMedia OutputGain PageCount Palette PDFVersion PosterTime
    PreferredRate PreferredVolume PreviewDuration PreviewTime ResolutionUnit SampleRate SelectionDuration
    SelectionTime SourceImageHeight SourceImageWidth TagTrackUID TimecodeScale TimeScale TotalSamples
    TrackDefault TrackDuration TrackHeaderVersion TrackID TrackLayer TrackNumber TrackType TrackUID TrackVolume
    Transparency TransparentColor VideoFrameRate VideoScanType WebP_Flags XResolution YCbCrSubSampling
    YResolution
    """.split()  # noqa: SIM905 - ninety quoted words would hide the list
)
NOTHING = {  # demanded too, and saying nothing
    "0000:00:00 00:00:00": {"Date"},
    "und": {"Language", "LanguageCode"},
    "VideoHandler": {"HandlerDescription"},
    "SoundHandler": {"HandlerDescription"},
    "Lavf": {"MuxingApp", "WritingApp"},
    "ffmpeg": {"Vendor"},
}
MADE: dict[str, Callable[[], bytes]] = {
    "jpeg": files.phone_jpeg,
    "png": files.screenshot_png,
    "webp": files.chat_webp,
    "heic": files.phone_heic,
    "avif": files.phone_avif,
    "tiff": files.scan_tiff,
    "scan": lambda: files.scan_tiff(pages=3),
    "gif": files.chat_gif,
    "moving png": files.moving_png,
    "moving webp": files.moving_webp,
    "pdf": lambda: written(office_pdf()),
    "docx": office.word,
    "xlsx": office.excel,
    "pptx": office.powerpoint,
    "odt": office.writer,
    "mp4": media.film,
    "mov": lambda: media.film("mov"),
    "hevc": lambda: media.film(video="libx265"),
    "avi": lambda: media.film("avi", "mjpeg", "pcm_s16le"),
    "webm": lambda: media.film("webm", "libvpx", "libopus"),
    "mp3": lambda: media.film("mp3", None, "libmp3lame"),
    "ogg": lambda: media.film("ogg", None, "libopus"),
    "wav": lambda: media.film("wav", None, "pcm_s16le"),
    "flac": lambda: media.film("flac", None, "flac"),
    "m4a": lambda: media.film("ipod", None, "aac"),
}


def tags(data: bytes, room: Path) -> dict[str, str]:
    """Every tag that ExifTool finds, embedded ones too, but for those about its own reading."""
    path = room / "judged"  # it does not look into a package that arrives on its standard input
    path.write_bytes(data)
    command = ["exiftool", "-json", "-a", "-G1", "-s", "-ee3", str(path)]
    run = subprocess.run(command, capture_output=True, check=False)
    (found,) = json.loads(run.stdout)
    named = (name.split(":", 1) for name in found if ":" in name)
    return {name: str(found[f"{group}:{name}"]) for group, name in named if group not in ABOUT_THE_READING}


def tells(name: str, value: str) -> bool:
    return name not in DEMANDED and not any(name.endswith(end) for end in NOTHING.get(value, ()))


@pytest.mark.parametrize("name", MADE)
def test_exiftool_finds_only_what_the_format_demands(name: str, tmp_path: Path):
    """In each type, no tag is left but sizes, lengths, codecs and the like."""
    found = tags(clean_here(MADE[name]()).data, tmp_path)

    assert {} == {name: value for name, value in found.items() if tells(name, value)}


@pytest.mark.parametrize("name", ["jpeg", "png", "pdf", "docx", "mp4", "mp3", "flac"])
def test_exiftool_does_find_the_sender_before(name: str, tmp_path: Path):
    """The judge is awake: in the file as it was sent it reads the sender's name."""
    assert files.CANARY in " ".join(tags(MADE[name](), tmp_path).values())

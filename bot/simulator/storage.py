"""How a file comes to lie on the simulated Telegram: names, sizes, and the Bot API object that shows it."""

import mimetypes
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bot.simulator import photos
from bot.simulator.errors import bad_request
from bot.simulator.spec import Upload
from bot.simulator.state import Json, Media, StoredFile
from bot.simulator.world import World


@dataclass(slots=True, frozen=True)
class Kind:
    """How Telegram treats one kind of file: what it calls it, where it lies, which facts it always shows."""

    called: str
    folder: str
    suffix: str
    mime: str | None = None
    facts: Json = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    named: bool = True


MOVING = {"width": 320, "height": 240, "duration": 1}
STILL = {"width": 512, "height": 512, "type": "regular", "is_animated": False, "is_video": False}
TRACK = ("performer", "title")

KINDS = {
    "photo": Kind("Photo", "photos", ".jpg"),
    "document": Kind("Document", "documents", ""),
    "video": Kind("Video", "videos", ".mp4", "video/mp4", MOVING),
    "animation": Kind("Animation", "animations", ".mp4", "video/mp4", MOVING),
    "audio": Kind("Audio", "music", ".mp3", "audio/mpeg", {"duration": 1}, TRACK),
    "voice": Kind("VoiceNote", "voice", ".oga", "audio/ogg", {"duration": 1}, named=False),
    "video_note": Kind("VideoNote", "video_notes", ".mp4", None, {"duration": 1, "length": 240}, named=False),
    "sticker": Kind("Sticker", "stickers", ".webp", None, STILL, named=False),
}


def store(world: World, kind: str, upload: Upload, **facts: object) -> Media:
    """Keep a file as that kind of media; raises `Refused` for an empty file or a photo that is none."""
    if not upload.data:
        raise bad_request("file must be non-empty")
    media = _photo(world, upload.data) if kind == "photo" else _single(world, kind, upload, facts)
    for file in media.files:
        world.keep_file(file, media)
    return media


def in_message(media: Media) -> Json:
    """The fields of a message that show the media; an animation is shown as a document too, for old clients."""
    if media.kind == "animation":
        assert isinstance(media.api, dict)
        shown = ("file_id", "file_unique_id", "file_size", "file_name", "mime_type")
        return {
            "animation": media.api,
            "document": {key: media.api[key] for key in shown if key in media.api},
        }
    return {media.kind: media.api}


def file_api(file: StoredFile) -> Json:
    """The file as a Bot API `File` without its path."""
    return {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": len(file.data)}


def _photo(world: World, data: bytes) -> Media:
    rendered = photos.sizes(data)
    files = [_file(world, KINDS["photo"], jpeg, "") for jpeg, _, _ in rendered]
    api = [
        file_api(file) | {"width": width, "height": height}
        for file, (_, width, height) in zip(files, rendered, strict=True)
    ]
    return Media("photo", api, files)


def _single(world: World, kind: str, upload: Upload, facts: Json) -> Media:
    known = KINDS[kind]
    file = _file(world, known, upload.data, upload.name)
    api = file_api(file) | known.facts
    api |= {key: facts[key] for key in (*known.facts, *known.optional) if facts.get(key) is not None}
    if known.named and upload.name:
        api["file_name"] = upload.name
    if kind not in ("video_note", "sticker"):
        api["mime_type"] = (
            upload.mime or known.mime or mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
        )
    return Media(kind, api, [file])


def _file(world: World, kind: Kind, data: bytes, name: str) -> StoredFile:
    number = world.next_file_number()
    path = f"{kind.folder}/file_{number}{PurePosixPath(name).suffix or kind.suffix}"
    return StoredFile(world.token_of(72), world.token_of(16), path, data)

"""Photos, documents, videos and sounds: sent by upload or by file_id, alone or as an album; and getFile."""

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.simulator import storage
from bot.simulator.errors import bad_request
from bot.simulator.methods import access, content, sending
from bot.simulator.spec import Upload
from bot.simulator.state import Json, Media, Message
from bot.simulator.world import World

LARGEST_DOWNLOAD = 20 * 1024 * 1024
LARGEST_PHOTO = 10 * 1024 * 1024
ALBUM = range(2, 11)
ATTACHED = "attach://"
WITHOUT_CAPTION = frozenset(("video_note", "sticker"))

COMPANIONS = {"photo": {"photo", "video"}, "video": {"photo", "video"}, "document": {"document"}, "audio": {"audio"}}
"""Which kinds may stand together in an album."""


class Parameters(dict[str, Any]):
    """A call's parameters with the files that came beside them, by the name of their part."""

    attachments: dict[str, Upload]


def send(kind: str, world: World, parameters: Parameters) -> Json:
    """sendPhoto, sendDocument and their like: the file stands in the parameter named after its kind."""
    item = prepared(world, kind, parameters[kind], parameters, parameters.attachments)
    return sending.deliver(world, parameters, item).api


def send_media_group(world: World, parameters: Parameters) -> list[Json]:
    given = parameters["media"]
    if len(given) not in ALBUM:
        raise bad_request("media must include 2-10 items" if given else "there are no media in the request")
    kinds = {item["type"] for item in given}
    if any(not kinds <= COMPANIONS.get(kind, set()) for kind in kinds):
        raise bad_request("can't use the media of the specified type in the album")
    chat = access.writable(world, parameters["chat_id"])
    items = [prepared(world, item["type"], item["media"], item, parameters.attachments) for item in given]
    for kind in kinds:
        access.may_send(chat, kind)
    sending.charge(world, chat, len(items))
    return [message.api for message in _album(world, parameters, items)]


def get_file(world: World, parameters: Json) -> Json:
    file_id = parameters["file_id"]
    if file_id not in world.media:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    file = next(file for file in world.media[file_id].files if file.file_id == file_id)
    if len(file.data) > LARGEST_DOWNLOAD:
        raise bad_request("file is too big")
    return storage.file_api(file) | {"file_path": file.path}


def prepared(
    world: World, kind: str, given: str | Upload, said: Json, attachments: dict[str, Upload]
) -> sending.Content:
    """The media that a request names by upload, attachment or file_id, with caption and looks."""
    media = _media(world, kind, given, said, attachments)
    looks = {
        "has_media_spoiler": said.get("has_spoiler"),
        "show_caption_above_media": said.get("show_caption_above_media"),
    }
    body = storage.in_message(media) | {key: True for key, wanted in looks.items() if wanted}
    return sending.Content(kind, body if kind in WITHOUT_CAPTION else body | content.caption(said), media)


def _album(world: World, parameters: Json, items: list[sending.Content]) -> list[Message]:
    group = {"media_group_id": str(world.random.randrange(10**16, 10**17))}
    return [
        sending.deliver(world, parameters, sending.Content(item.kind, item.body | group, item.media), charged=False)
        for item in items
    ]


def _media(world: World, kind: str, given: str | Upload, said: Json, attachments: dict[str, Upload]) -> Media:
    if isinstance(given, str) and given.startswith(ATTACHED):
        name = given.removeprefix(ATTACHED)
        if name not in attachments:
            raise bad_request(f"there is no file “{name}” in the request")
        given = attachments[name]
    return _uploaded(world, kind, given, said) if isinstance(given, Upload) else _known(world, kind, given)


def _uploaded(world: World, kind: str, upload: Upload, said: Json) -> Media:
    if kind == "photo" and len(upload.data) > LARGEST_PHOTO:
        size = len(upload.data)
        raise bad_request(
            f"file of size {size} bytes is too big for a photo; the maximum size is {LARGEST_PHOTO} bytes"
        )
    facts = {key: said[key] for key in ("width", "height", "duration", "length", "performer", "title") if key in said}
    return storage.store(world, kind, upload, **facts)


def _known(world: World, kind: str, file_id: str) -> Media:
    """Media sent before; Telegram does not change its kind."""
    if "://" in file_id:
        raise bad_request("failed to get HTTP URL content")
    media = world.media.get(file_id)
    if media is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if media.kind != kind:
        actual, wanted = storage.KINDS[media.kind].called, storage.KINDS[kind].called
        raise bad_request(f"can't use file of type {actual} as {wanted}")
    return media


SENT_ALONE: dict[str, str] = {
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendVideo": "video",
    "sendAnimation": "animation",
    "sendAudio": "audio",
    "sendVoice": "voice",
    "sendVideoNote": "video_note",
}

METHODS: dict[str, Callable[[World, Any], Any]] = {
    **{method: partial(send, kind) for method, kind in SENT_ALONE.items()},
    "sendMediaGroup": send_media_group,
    "getFile": get_file,
}

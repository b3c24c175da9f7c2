"""Refusals, in Telegram's own words and codes."""

from collections.abc import Mapping


class Refused(Exception):
    """The Bot API says no: an HTTP status, a sentence, and parameters such as `retry_after`."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})


def bad_request(words: str) -> Refused:
    return Refused(400, f"Bad Request: {words}")


def forbidden(words: str) -> Refused:
    return Refused(403, f"Forbidden: {words}")


def conflict(words: str) -> Refused:
    return Refused(409, f"Conflict: {words}")


def not_found() -> Refused:
    return Refused(404, "Not Found")


def unauthorized() -> Refused:
    return Refused(401, "Unauthorized")


def too_large() -> Refused:
    return Refused(413, "Request Entity Too Large")


def flooded(seconds: int) -> Refused:
    words = f"Too Many Requests: retry after {seconds}"
    return Refused(429, words, {"retry_after": seconds})


def migrated(new_id: int) -> Refused:
    words = "Bad Request: group chat was upgraded to a supergroup chat"
    return Refused(400, words, {"migrate_to_chat_id": new_id})

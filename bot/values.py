"""What the value of a setting must look like, by its kind.

Rule: a check says what to do, as the rest of a sentence that begins with the setting's name, and repeats no value.
"""

import re
import zoneinfo
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, PositiveInt, SecretStr


def _token(token: SecretStr) -> SecretStr:
    if not re.fullmatch(r"\d+:[\w-]+", token.get_secret_value()):
        raise ValueError("does not look like a bot's token, which is digits, a colon and letters")
    return token


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # its words repeat the address
        raise ValueError("is not an address that can be read") from None
    return parts


def _api_url(url: str) -> str:
    parts = _parts(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an address that starts with https:// (or http:// on this machine)")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("must be an address alone, without a user name, a question mark or a number sign")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("may use http:// only for this machine itself, since tips would cross a network in clear")
    return url.rstrip("/")


def _database_url(url: str) -> str:
    if not re.match(r"sqlite:///.|postgresql://.", url):
        raise ValueError("must start with sqlite:/// and a path, or with postgresql://")
    return url


def _timezone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise ValueError("must be a name such as Asia/Jakarta, Asia/Makassar or Asia/Jayapura")
    return name


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line of plain text")
    return text


def _split(ids: object) -> object:
    if not isinstance(ids, str):
        return ids
    words = [word.strip() for word in ids.split(",") if word.strip()]
    if not all(re.fullmatch(r"\d+", word, re.ASCII) for word in words):
        raise ValueError("must be numeric user ids with commas between them (not @names)")
    return words


Token = Annotated[SecretStr, AfterValidator(_token)]
ApiUrl = Annotated[str, AfterValidator(_api_url)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
Timezone = Annotated[str, AfterValidator(_timezone)]
Ids = Annotated[tuple[PositiveInt, ...], BeforeValidator(_split), AfterValidator(lambda ids: tuple(dict.fromkeys(ids)))]
Line = Annotated[str, AfterValidator(_one_line)]
Language = Literal["id", "en"]

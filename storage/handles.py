"""How rows that belong to a chat are found: under its hash by the chat key that writes, or one before it."""

from collections.abc import Iterable

from storage.purposes import ChatKey, Secrets


def candidates(secrets: Secrets, table: str, chats: Iterable[int]) -> dict[str, tuple[int, ChatKey]]:
    """Every handle under which a row of one of `chats` may lie, with the key that made it."""
    return {key.handle(table, chat): (chat, key) for chat in chats for key in secrets.chats}


def former(secrets: Secrets, table: str, chats: Iterable[int]) -> list[dict[str, str]]:
    """Handles from before the key that writes now: whoever writes a chat's row removes these."""
    return [{"handle": key.handle(table, chat)} for chat in chats for key in secrets.chats[1:]]

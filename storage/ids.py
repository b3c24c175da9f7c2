"""Random ids: 16 bytes that say nothing of when, in which order or for whom they were made."""

import os


def new_id() -> bytes:
    return os.urandom(16)

"""Whoever reads what others wrote raises its own error or nothing: no file, button or link brings anything else up."""

import io
import json
import sqlite3
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, date, datetime
from hashlib import sha256
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot import pulse
from bot import settings as bot_settings
from bot.adapters.telegram import buttons
from bot.evidence import Refused, clean_here
from bot.handover import guide
from storage import archive_key, backup, destroyed, keyring, migrate, parcel
from storage.migrate import NewerDatabase
from storage.vault import Key

DEEP = 100_000
DAY = date(2026, 11, 24)
LOCK = Key(bytes(32))
WORDS = "kuda sabun baterai"
GUIDE = (resources.files("bot.handover") / "guide.toml").read_text("utf-8")
MAGICS = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\0\0\0\0WEBP",
    b"GIF89a",
    b"II*\0",
    b"MM\0*",
    b"\0\0\0\x18ftypheic",
    b"\0\0\0\x18ftypavif",
    b"\0\0\0\x18ftypisom",
    b"\x1aE\xdf\xa3",
    b"OggS",
    b"ID3",
    b"\xff\xfb\x90",
    b"RIFF\0\0\0\0WAVE",
    b"%PDF-1.7\n",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
)


def made(path: Path, make: Callable[[Path], object]) -> bytes:
    make(path)
    return path.read_bytes()


def written_sign(path: Path) -> None:
    sign = pulse.Sign(datetime(2026, 11, 24, tzinfo=UTC), None, 3)
    pulse.write(path, sign, pulse.State({"tip": 1}, 0, 9, 1, None, audit_whole=True, canary_well=None))


def database(path: Path) -> None:
    """One of this version, with rows."""
    with closing(sqlite3.connect(path)) as writer, writer:
        migrate.build(writer, migrate.shipped())
        writer.executemany("INSERT INTO facts (name, sealed) VALUES (?, ?)", [("one", b"sealed"), ("two", b"")])


def built(raw: bytes, folder: Path) -> None:
    """Rows are made a database, as by a restore."""
    backup.build(folder / "built", [raw], DAY, DAY, set())


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """A file of each kind, as the program makes it."""
    folder = tmp_path_factory.mktemp("originals")
    archive_key.create(folder / "private", folder / "public")
    archive_key.create(folder / "locked", folder / "other", WORDS)
    database(folder / "database")
    sealed = io.BytesIO()
    parcel.seal(sealed, LOCK, "backup", [b"words" * 100])
    return {
        "keyring": made(folder / "ring", lambda path: keyring.create(path, DAY)),
        "public": (folder / "public").read_bytes(),
        "private": (folder / "private").read_bytes(),
        "locked": (folder / "locked").read_bytes(),
        "parcel": sealed.getvalue(),
        "backup": b"".join(backup.rows(folder / "database", DAY)),
        "health": made(folder / "health.json", written_sign),
    }


def written(tmp_path: Path, raw: bytes) -> Path:
    path = tmp_path / "written"
    path.write_bytes(raw)
    path.chmod(0o600)
    return path


READERS = {
    "keyring": (lambda raw, _: keyring.load(raw), keyring.KeyringError),
    "public": (lambda raw, folder: archive_key.load_public(written(folder, raw)), archive_key.ArchiveKeyError),
    "private": (lambda raw, folder: archive_key.load_private(written(folder, raw)), archive_key.ArchiveKeyError),
    "locked": (lambda raw, folder: archive_key.load_private(written(folder, raw), WORDS), archive_key.ArchiveKeyError),
    "parcel": (lambda raw, _: list(parcel.opened(io.BytesIO(raw), LOCK, "backup")), parcel.ParcelProblem),
    "backup": (built, (parcel.ParcelProblem, NewerDatabase)),
    "health": (lambda raw, folder: pulse.read(written(folder, raw)), ValueError),
}


def mutated(data: st.DataObject, raw: bytes) -> bytes:
    """Somewhere in it something else stands, or nothing."""
    begin = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(begin, min(len(raw), begin + 64)))
    return raw[:begin] + data.draw(st.binary(max_size=64)) + raw[end:]


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mutated_file_is_read_or_refused(kind: str, data: st.DataObject, originals: dict, tmp_path: Path):
    """Keyring, keys of the archive, parcel, backup, health: changed anywhere, each is one or is refused in words."""
    read, own = READERS[kind]
    with suppress(own):
        read(mutated(data, originals[kind]), tmp_path)


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=400))
def test_any_bytes_are_refused(kind: str, raw: bytes, tmp_path: Path):
    """What is none of these files is refused as one."""
    read, own = READERS[kind]

    with pytest.raises(own):
        read(raw, tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from([archive_key.PUBLIC, archive_key.PRIVATE]), raw=st.binary(max_size=80))
def test_a_key_with_a_right_checksum_over_anything_is_refused(kind: str, raw: bytes, tmp_path: Path):
    """A key of a wrong length is no key, though its file is whole."""
    text = f"{kind}\n{b64encode(raw + sha256(raw).digest()[:8]).decode()}\n"
    load = archive_key.load_public if kind == archive_key.PUBLIC else archive_key.load_private

    with pytest.raises(archive_key.ArchiveKeyError):
        load(written(tmp_path, text.encode()))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=160), words=st.text(max_size=20))
def test_a_locked_key_with_a_right_checksum_opens_by_its_words_alone(raw: bytes, words: str, tmp_path: Path):
    """Whatever lies under a passphrase, and whichever is given: there is no key, or these are not its words."""
    text = f"{archive_key.LOCKED}\n{b64encode(raw + sha256(raw).digest()[:8]).decode()}\n"

    with pytest.raises(archive_key.ArchiveKeyError):
        archive_key.load_private(written(tmp_path, text.encode()), words)


VALUES = st.none() | st.integers() | st.text(max_size=9) | st.binary(max_size=9)
TABLES = st.sampled_from(["facts", "outbox", "tips", "audit", "keys", "sqlite_schema"]) | st.text(max_size=9)
RECORDS = st.lists(st.tuples(TABLES, st.lists(VALUES, max_size=14)), max_size=4)
HEADERS = st.fixed_dictionaries(
    {
        "version": st.integers(-3, len(migrate.shipped()) + 1) | st.floats() | st.text(max_size=3) | st.none(),
        "day": st.just(DAY.isoformat()) | st.text(max_size=10) | st.integers(),
    }
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(header=HEADERS | st.text(max_size=9), records=RECORDS)
@example(header={"version": len(migrate.shipped()), "day": DAY.isoformat()}, records=[("facts", ["one", 2**70])])
@example(header={"version": float("inf"), "day": DAY.isoformat()}, records=[])
def test_a_backup_of_any_rows_is_a_database_or_is_refused(header: object, records: list, tmp_path: Path):
    """Whoever has the passphrase may put anything in it: rows that fit nowhere, numbers that no column holds."""
    rows = [(json.dumps(header),), *((table, *values) for table, values in records)]
    with suppress(parcel.ParcelProblem, NewerDatabase):
        built(b"".join(backup._record(*row) for row in rows), tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["keys", "id", "made", "key"]), inner),
)


@given(JSON)
def test_any_json_is_a_keyring_or_refused(value: object):
    """Whatever stands where a key should stand."""
    for raw in (value, {"keys": value}, {"keys": [value]}):
        with pytest.raises(keyring.KeyringError):
            keyring.load(json.dumps(raw).encode())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=JSON | st.fixed_dictionaries(dict.fromkeys(("written", "polled", "backlog"), JSON | st.datetimes().map(str)))
)
def test_any_json_is_a_sign_of_the_bot_or_refused(value: object, tmp_path: Path):
    """A health file that another program wrote is told apart; what is read can be reckoned with."""
    with suppress(ValueError):
        sign = pulse.read(written(tmp_path, json.dumps(value).encode()))
        assert all(one <= datetime.max.replace(tzinfo=UTC) for one in (sign.written, sign.polled) if one)
        assert sign.backlog + 1 > sign.backlog


def test_what_is_nested_without_end_is_refused(tmp_path: Path):
    """A file that would take a reader down into itself is broken like any other."""
    with pytest.raises(ValueError, match="no sign of the bot"):
        pulse.read(written(tmp_path, b"[" * DEEP))
    with pytest.raises(parcel.ParcelProblem):
        built(backup._record("[" * DEEP), tmp_path)
    with pytest.raises(keyring.KeyringError):
        keyring.load(b"[" * DEEP)
    with pytest.raises(guide.GuideProblem):
        guide.parse("basis = " + "[" * DEEP, "guide.toml")


@given(data=st.data())
def test_a_mutated_guide_is_read_or_refused(data: st.DataObject):
    """An operator's guide with a slip anywhere in it is a guide, or a sentence about it."""
    text = mutated(data, GUIDE.encode()).decode("utf-8", "replace")
    with suppress(guide.GuideProblem):
        guide.parse(text, "guide.toml")


@given(
    st.text() | st.lists(st.sampled_from(["BISIK_ELECTION", "=", "'", '"', "\n", "\\", "#", "${X}", " "])).map("".join)
)
def test_any_text_is_a_settings_file_or_refused(text: str):
    """Every line is a setting or is told by its number."""
    with suppress(bot_settings.SettingsProblem):
        assert all(isinstance(value, str) for value in bot_settings.parse(text, ".env").values())


@given(st.none() | st.text() | st.lists(st.sampled_from(["+", "|", "-", "7", "K7QX-2M", "take", "\0"])).map("".join))
def test_any_button_is_a_tap_a_press_or_nothing(data: str | None):
    """Whatever a client sends as a button's value is decoded or is none, on either side."""
    for decode in (buttons.decode, buttons.decode_staff):
        decode(data)


@settings(max_examples=300)
@given(magic=st.sampled_from(MAGICS), rest=st.binary(max_size=300))
def test_what_only_begins_like_a_file_is_cleaned_or_refused(magic: bytes, rest: bytes):
    """Behind the first bytes of every type that is known, anything may follow."""
    with suppress(Refused):
        clean_here(magic + rest)


LISTED = [st.from_regex(pattern, fullmatch=True) for pattern in (r"[0-9a-f]{32}", r"[0-9]{4}-[0-9]{2}-[0-9]{2}")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=400) | st.lists(st.one_of(LISTED)).map(lambda lines: "\n".join(lines).encode()))
def test_any_list_of_the_dead_is_read_and_headed(raw: bytes, tmp_path: Path):
    """Whatever became of the list, what it still names stays dead when a day begins."""
    path = written(tmp_path, raw)
    before = destroyed.read(path)
    destroyed.begin(path, date.max, (date.max - date.min).days)

    assert before == destroyed.read(path)

"""What the search for leaks is made of: many needles found at once, packages opened, each place with its own words."""

import base64
import gzip
import hashlib
import os
import sqlite3
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from contextlib import closing
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile, mkdtemp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prove import needles
from prove.canaries import found_in
from prove.forms import forms
from prove.needles import TAIL, Needles
from prove.remains import on_disk
from prove.rooms import Room
from prove.spilled import spilling_into
from prove.unpacked import unpacked

FEW = st.lists(st.binary(min_size=TAIL, max_size=12), max_size=6)

ID, OTHER, NAME = "6173904582013", "6173914582013", "Öztunaļi"


def packed(name: str, data: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return out.getvalue()


@given(FEW, st.lists(st.binary(max_size=12), max_size=6), st.data())
def test_needles_are_found_as_one_by_one(some: list[bytes], others: list[bytes], data: st.DataObject):
    """All at once find what looking for each by itself finds: overlapping ones, one within another, at either end."""
    hay = b"".join(data.draw(st.permutations([*some, *others])))

    assert {one for one in some if one in hay} == Needles(some).within(hay)


def test_a_needle_that_lies_across_two_pieces_is_found(monkeypatch):
    """Wherever the hay is cut to be looked through, nothing is lost at the cut."""
    monkeypatch.setattr(needles, "PIECE", 16)
    needle = b"Xylofermata"

    for at in range(50):
        assert {needle} == Needles([needle, b"nobody-else"]).within(b"\0" * at + needle + b"\0" * (60 - at))
    assert len(needle) > TAIL


def test_a_needle_that_chance_would_bring_is_refused():
    """What is too short to be looked for among random bytes is said to be, not passed over."""
    with pytest.raises(ValueError, match="fewer than 6 bytes"):
        Needles([b"Sari"])


@pytest.mark.parametrize("form", forms(ID))
def test_an_id_is_found_in_every_form(form):
    """A planted id is found in each form that is looked for, and another's is not."""
    assert found_in({"file": b"\1\2" + forms(ID)[form] + b"\3"}, [ID])
    assert not found_in({"file": b"\1\2" + forms(OTHER)[form] + b"\3"}, [ID])


@pytest.mark.parametrize("form", forms(NAME))
@pytest.mark.parametrize("case", ["lower", "upper"])
def test_a_name_is_found_in_every_form(form, case):
    """A planted name with letters beyond ASCII is found in each form, whatever the case of what is written there."""
    assert found_in({"file": b"\1\2" + getattr(forms(NAME)[form], case)() + b"\3"}, [NAME])
    assert not found_in({"file": "Öztunali".encode()}, [NAME])


@pytest.mark.parametrize(
    "written",
    [
        hashlib.sha256(ID.encode()).hexdigest()[:16],
        hashlib.sha256(ID.encode()).hexdigest().upper(),
        hashlib.sha3_256(ID.encode()).hexdigest(),
        hashlib.blake2b(ID.encode(), digest_size=16).hexdigest(),
        hashlib.blake2s(ID.encode()).hexdigest()[:20],
        hashlib.sha1(int(ID).to_bytes(8, "little")).hexdigest(),  # noqa: S324 - what others do
        base64.b64encode(hashlib.md5(ID.encode()).digest()).decode(),  # noqa: S324 - what others do
        "6.173.904.582.013",
        "6 173 904 582 013",
        "%36%31%37%33%39%30%34%35%38%32%30%31%33",
        "".join(f"\\u00{ord(digit):x}" for digit in ID),
        "".join(f"&#{ord(digit)};" for digit in ID),
        ID.encode("utf-16-le").hex(),
    ],
)
def test_an_id_is_found_as_it_is_disguised(written):
    """What people make of an id to hide it is known for the id."""
    assert found_in({"file": f"by {written}, today".encode()}, [ID])


@pytest.mark.parametrize("written", [NAME.upper(), NAME.lower(), unicodedata.normalize("NFD", NAME)])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_a_name_is_found_as_it_may_be_spelled(written, encoding):
    """Capitals beyond ASCII and letters taken apart are the same name, in each encoding."""
    assert found_in({"file": f"oleh {written} sendiri".encode(encoding)}, [NAME])


@pytest.mark.parametrize("kept", ["chat INTEGER", "chat INTEGER PRIMARY KEY", "chat TEXT", "chat BLOB", "chat REAL"])
def test_an_id_is_found_in_a_database(tmp_path, kept):
    """A row with an id is found as SQLite writes it, in the write-ahead log and, after a checkpoint, in the file."""
    with closing(sqlite3.connect(tmp_path / "kept", isolation_level=None)) as database:
        database.executescript(f"PRAGMA journal_mode = WAL; CREATE TABLE spy ({kept}) STRICT")
        database.execute("INSERT INTO spy VALUES (?)", (ID.encode() if "BLOB" in kept else ID,))
        log = (tmp_path / "kept-wal").read_bytes()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file = (tmp_path / "kept").read_bytes()

    assert {"log", "file"} == {trace.place for trace in found_in({"log": log, "file": file}, [ID])}


def test_nobody_is_found_by_chance():
    """Among many random bytes none of a hundred people is met."""
    hay = b"".join(hashlib.blake2b(n.to_bytes(4)).digest() for n in range(1 << 15))

    assert [] == found_in({"noise": hay}, [str(int(ID) + n) for n in range(100)])


def test_what_lies_in_a_package_within_a_package_is_searched():
    """Members are decompressed at any depth, and their names are searched as well."""
    found = unpacked({"tip.zip": packed("sheet.zip", packed("Qorizana.txt", b"Xylofermata" * 9))})

    assert b"Xylofermata" * 9 == found["tip.zip: sheet.zip: Qorizana.txt"]
    assert b"Qorizana.txt" in found["names"]


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_what_is_compressed_within_a_file_is_searched(pack):
    """What gzip or zlib wrote is opened wherever it begins, again if packed twice; random bytes are not."""
    hay = b"\x78\x9c--" + pack(pack(ID.encode() * 9)) + b"--"

    assert ID.encode() * 9 in unpacked({"file": hay}).values()
    assert {"file", "names"} == unpacked({"file": b"\x78\x9c\x1f\x8b\x08" * 9}).keys()


def _print(_elsewhere: Path) -> None:
    sys.stdout.write(ID)


def _complain(_elsewhere: Path) -> None:
    os.write(2, ID.encode())


def _let_a_child_say_it(_elsewhere: Path) -> None:
    subprocess.run([sys.executable, "-c", f"print({ID})"], check=True)


def _leave_a_temporary_file(_elsewhere: Path) -> None:
    Path(mkdtemp(), "left").write_text(ID)


def _write_to_a_nameless_file(_elsewhere: Path) -> None:
    with TemporaryFile("w") as file:
        file.write(ID)


def _write_and_remove(_elsewhere: Path) -> None:
    with TemporaryDirectory() as folder:
        Path(folder, "gone").write_text(ID)


def _write_and_empty(elsewhere: Path) -> None:
    (elsewhere / "emptied").write_text(ID)
    (elsewhere / "emptied").write_text("")


def _write_and_replace(elsewhere: Path) -> None:
    (elsewhere / "old").write_text(ID)
    (elsewhere / "new").write_text("")
    (elsewhere / "new").replace(elsewhere / "old")


def _write_elsewhere(elsewhere: Path) -> None:
    (elsewhere / "state").write_text(ID)


@pytest.mark.parametrize(
    ("spill", "where"),
    [
        (_print, "printed"),
        (_complain, "printed"),
        (_let_a_child_say_it, "printed"),
        (_leave_a_temporary_file, "temporary"),
        (_write_to_a_nameless_file, "removed"),
        (_write_and_remove, "removed"),
        (_write_and_empty, "removed"),
        (_write_and_replace, "removed"),
        (_write_elsewhere, "elsewhere"),
    ],
)
def test_what_a_process_spills_is_searched(tmp_path, spill, where):
    """What is printed, temporary, taken away again or written elsewhere is found where it was kept for the search."""
    scene, elsewhere = tmp_path / "scene", tmp_path / "elsewhere"
    scene.mkdir()
    elsewhere.mkdir()
    with spilling_into(scene):
        spill(elsewhere)
    traces = found_in(on_disk(scene), [ID])

    assert [where] == [trace.place.partition("/")[0] for trace in traces]


def test_a_place_may_hold_its_own_words_and_nobody_elses():
    """What is a leak in one chat is what the other's owner has typed."""
    places = {"7": b"Qorizana", "8": b"Qorizana"}
    room = Room("chats", places, ["Qorizana"], {"7": ["Qorizana"]})

    assert {"8"} == {trace.place for trace in room.traces()}

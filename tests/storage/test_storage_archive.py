"""The sealed archive: who holds the server reads nothing of it, who holds the archive's key reads all of it."""

import base64
import shutil
from datetime import date
from pathlib import Path

import pytest

from storage import archive, archive_key, entries, files, keyring, looks, openings, rotation, tips
from storage.archive_key import ArchiveKeyError, PassphraseNeeded, PrivateKey
from storage.database import Database
from storage.purposes import Secrets
from storage.tips import NewTip
from storage.vault import BrokenSeal, Place, Vault

STORY, TALK, SUMMARY = b"story of the archive", b"talk of the archive", b"summary of the archive"
EVIDENCE = b"evidence of the archive" * 30_000
DAY = date(2025, 11, 24)
CHAT = 0x5EC2_E7CA_4A21


@pytest.fixture(scope="module")
def private():
    return PrivateKey.new()


@pytest.fixture
async def kept(database: Database, secrets: Secrets, today: date):
    """A tip with a talk and a file, and what leads to it; ids of both."""
    tip = NewTip(number="K7QX-2M", receipt="1" * 16, day=today, summary=SUMMARY, content=STORY, address=CHAT)
    async with database.transaction() as tx:
        tip_id = await tips.submit(tx, secrets, tip)
        await entries.add(tx, secrets, tip_id, [TALK])
        await looks.note(tx, secrets, tip_id, [b"regent"])
        await openings.note_message(tx, secrets, CHAT, 11, openings.Opening(b"{}", today, tip_id))
        file_id = await files.add(tx, secrets, tip_id, EVIDENCE)
    return tip_id, file_id


async def sealed(database: Database, secrets: Secrets, private: PrivateKey, tip_id: bytes, *, thread: bool = True):
    async with database.transaction() as tx:
        await archive.seal(tx, secrets, private.public(), tip_id, thread=thread)


async def opened(database: Database, private: PrivateKey):
    async with database.reading() as tx:
        return [tip async for tip in archive.read(tx, private)]


async def exhibit(database: Database, private: PrivateKey, file_id: bytes):
    async with database.reading() as tx:
        return b"".join([chunk async for chunk in archive.read_file(tx, private, file_id)])


async def test_what_is_archived_is_closed_to_the_server(database, secrets, private, kept):
    """With database and keyring, content, talk, address and files of an archived tip are not to be had."""
    tip_id, file_id = kept
    await sealed(database, secrets, private, tip_id)
    async with database.reading() as tx:
        held = await tips.read_content(tx, secrets, tip_id), await entries.of(tx, secrets, tip_id)
        address = await tips.address(tx, secrets, tip_id)
        with pytest.raises(BrokenSeal):
            await files.whole(tx, secrets, file_id)

    assert (None, []) == held
    assert None is address


async def test_no_key_of_the_keyring_opens_anything_of_it(database, secrets, vault, private, kept):
    """Each value of the database, tried as a wrapped key at each place there is, opens nothing of an archived tip."""
    tip_id, file_id = kept
    await sealed(database, secrets, private, tip_id)
    async with database.reading() as tx:
        rows = [
            row
            for table in ("tips", "files", "entries", "chunks")
            for row in await tx.execute_fetchall(f"SELECT * FROM {table}")  # noqa: S608 - our names
        ]
    values = {value for row in rows for value in row if isinstance(value, bytes)}
    places = [
        Place(table, column, row)
        for table, row in (("tips", tip_id), ("files", file_id))
        for column in ("wrapped", "thread", "archived", "archived_thread")
    ]

    assert len(values) > 8
    assert [] == [place for value in values for place in places if unwraps(vault, place, value)]


def unwraps(vault: Vault, place: Place, value: bytes) -> bool:
    try:
        vault.unwrap(place, value)
    except BrokenSeal:
        return False
    return True


async def test_raw_files_hold_no_wrapped_key_of_it(database, secrets, private, kept):
    """After a checkpoint neither words nor the server's former copies of the keys lie in any file on disk."""
    tip_id, _ = kept
    async with database.reading() as tx:
        [keys] = await tx.execute_fetchall("SELECT wrapped, thread FROM tips")
        [file_keys] = await tx.execute_fetchall("SELECT wrapped FROM files")
    await sealed(database, secrets, private, tip_id)
    assert await database.checkpoint()
    raw = b"".join(file.read_bytes() for file in database.path.parent.iterdir())

    assert [] == [word for word in (STORY, TALK, SUMMARY, EVIDENCE[:60], *keys, *file_keys) if word in raw]


async def test_the_archives_key_opens_all_of_it_byte_for_byte(database, secrets, private, kept, tmp_path):
    """Without the keyring the private key gives back what was told, the talk, the summary and every file."""
    tip_id, file_id = kept
    await sealed(database, secrets, private, tip_id)
    await database.checkpoint()
    elsewhere = tmp_path / "elsewhere.db"
    shutil.copy(database.path, elsewhere)
    copy = await Database.open(f"sqlite:///{elsewhere}")
    [tip] = await opened(copy, private)
    evidence = await exhibit(copy, private, file_id)
    await copy.close()

    assert (tip_id, SUMMARY, STORY, (TALK,)) == (tip.id, tip.summary, tip.content, tip.entries)
    assert EVIDENCE == evidence


async def test_another_archives_key_opens_nothing(database, secrets, private, kept):
    """A private key that the tips were not sealed to gives a broken seal, and no word more."""
    tip_id, file_id = kept
    await sealed(database, secrets, private, tip_id)
    with pytest.raises(BrokenSeal):
        await opened(database, PrivateKey.new())
    with pytest.raises(BrokenSeal):
        await exhibit(database, PrivateKey.new(), file_id)
    with pytest.raises(BrokenSeal):
        await exhibit(database, private, bytes(16))


async def test_content_goes_first_and_the_talk_goes_on(database, secrets, private, kept):
    """A tip of which the content alone is archived keeps its talk and address; both follow later, with new files."""
    tip_id, _ = kept
    await sealed(database, secrets, private, tip_id, thread=False)
    [early] = await opened(database, private)
    async with database.transaction() as tx:
        await entries.add(tx, secrets, tip_id, [b"and then?"])
        address, said = await tips.address(tx, secrets, tip_id), await entries.of(tx, secrets, tip_id)
        later_id = await files.add(tx, secrets, tip_id, b"later")
    await sealed(database, secrets, private, tip_id)
    [late] = await opened(database, private)

    assert (CHAT, [TALK, b"and then?"]) == (address, said)
    assert (STORY, ()) == (early.content, early.entries)
    assert (STORY, (TALK, b"and then?")) == (late.content, late.entries)
    assert b"later" == await exhibit(database, private, later_id)


async def test_a_tip_from_before_threads_had_keys_goes_whole_or_not(database, secrets, private, kept):
    """Where the talk lies under the tip's own key the content alone does not go; both go together, and are read so."""
    tip_id, _ = kept
    async with database.transaction() as tx:
        await tx.execute("DELETE FROM entries")
        await tx.execute("UPDATE tips SET thread = NULL, address = NULL")
        await entries.add(tx, secrets, tip_id, [TALK])
    await sealed(database, secrets, private, tip_id, thread=False)
    before = await opened(database, private)
    await sealed(database, secrets, private, tip_id)
    [tip] = await opened(database, private)

    assert [] == before
    assert (STORY, (TALK,)) == (tip.content, tip.entries)


async def test_sealing_again_changes_nothing(database, secrets, private, kept):
    """What is archived stays as it is when it comes up once more."""
    tip_id, file_id = kept
    for _ in range(2):
        await sealed(database, secrets, private, tip_id)
    [tip] = await opened(database, private)
    async with database.reading() as tx:
        left = await archive.unarchived(tx, secrets, b"", 10)

    assert (STORY, (TALK,)) == (tip.content, tip.entries)
    assert EVIDENCE == await exhibit(database, private, file_id)
    assert [] == left


async def test_a_tip_whose_keys_are_destroyed_is_gone_from_the_archive_too(database, secrets, private, kept):
    """What goes by its term is opened by nobody any more, and neither are its files."""
    tip_id, file_id = kept
    await sealed(database, secrets, private, tip_id)
    async with database.transaction() as tx:
        await tips.destroy_keys(tx, [tip_id])
    left = await opened(database, private)
    with pytest.raises(BrokenSeal):
        await exhibit(database, private, file_id)

    assert [] == left


async def test_look_alikes_and_openings_go(database, secrets, private, kept):
    """With its content a tip's look-alike rows go, and with its talk all that opens it."""
    tip_id, _ = kept
    left = []
    for thread in (False, True):
        await sealed(database, secrets, private, tip_id, thread=thread)
        async with database.reading() as tx:
            [[counts]] = [await tx.execute_fetchall("SELECT (SELECT count(*) FROM looks), count(*) FROM openings")]
            left.append(tuple(counts))

    assert [(0, 1), (0, 0)] == left


async def test_a_crash_at_any_statement_leaves_it_archived_or_not(database, secrets, private, kept, tmp_path):
    """Before any statement the server opens all of a tip, or the archive does; a rerun ends what was begun."""
    tip_id, file_id = kept
    copies: list[Path] = []

    def copy(_statement: str = "") -> None:
        copies.append(tmp_path / f"copy-{len(copies)}")
        shutil.copytree(database.path.parent, copies[-1])

    await database._writer.set_trace_callback(copy)
    await sealed(database, secrets, private, tip_id)
    await database._writer.set_trace_callback(None)
    copy()
    found = []
    for folder in copies:
        one = await Database.open(f"sqlite:///{folder / database.path.name}")
        theirs = await Secrets.load(one, secrets.vault, DAY, 72)
        async with one.reading() as tx:
            by_server = await tips.read_content(tx, theirs, tip_id), await entries.of(tx, theirs, tip_id)
        by_archive = [(tip.content, list(tip.entries)) for tip in await opened(one, private)]
        found.append((by_server, by_archive))
        await sealed(one, theirs, private, tip_id)
        assert [STORY] == [tip.content for tip in await opened(one, private)]
        assert EVIDENCE == await exhibit(one, private, file_id)
        await one.close()

    assert len(copies) > 6
    before, after = ((STORY, [TALK]), []), ((None, []), [(STORY, [TALK])])
    assert [before, after] == [found[0], found[-1]]
    assert all(one in (before, after) for one in found)


async def test_a_rotation_after_archiving_leaves_old_copies_without_a_key(database, secrets, private, kept, tmp_path):
    """A backup from before the archiving opens with the former master key only, which a rotation destroys."""
    tip_id, _ = kept
    await database.checkpoint()
    backup = tmp_path / "backup.db"
    shutil.copy(database.path, backup)
    await sealed(database, secrets, private, tip_id)
    ring = tmp_path / "keyring.json"
    await rotation.rotate(database, ring, DAY)
    await rotation.destroy_former(database, ring)
    old = await Database.open(f"sqlite:///{backup}")
    async with old.reading() as tx:
        [[wrapped]] = await tx.execute_fetchall("SELECT wrapped FROM tips")
    await old.close()

    assert not unwraps(Vault(keyring.load(ring)), tips.place(tip_id, "wrapped"), wrapped)
    assert [STORY] == [tip.content for tip in await opened(database, private)]


@pytest.fixture
def pair(tmp_path: Path):
    return tmp_path / "archive-private.txt", tmp_path / "archive-public.txt"


@pytest.mark.parametrize("passphrase", ["", "kuda sabun baterai"])
def test_a_pair_of_keys_comes_back_from_its_files(pair, passphrase):
    """What the public half seals the private half opens, which only its owner may read."""
    archive_key.create(*pair, passphrase)
    place = Place("tips", "archived", bytes(16))
    sealed_value = archive_key.load_public(pair[1]).seal(place, b"key")

    assert b"key" == archive_key.load_private(pair[0], passphrase).open(place, sealed_value)
    assert 0o600 == pair[0].stat().st_mode & 0o777


def test_what_is_sealed_for_one_place_opens_at_no_other(pair):
    """A key that was sealed for one row does not open as another's."""
    archive_key.create(*pair)
    sealed_value = archive_key.load_public(pair[1]).seal(Place("tips", "archived", bytes(16)), b"key")
    private = archive_key.load_private(pair[0])
    for place in (Place("tips", "archived", b"1" * 16), Place("tips", "archived_thread", bytes(16))):
        with pytest.raises(BrokenSeal):
            private.open(place, sealed_value)


@pytest.mark.parametrize("passphrase", ["", "Kuda sabun baterai"])
def test_another_passphrase_says_so_in_a_sentence(pair, passphrase):
    """A wrong passphrase, or none, is told from a broken file."""
    archive_key.create(*pair, "kuda sabun baterai")
    with pytest.raises(PassphraseNeeded, match="under a passphrase"):
        archive_key.load_private(pair[0], passphrase)


@pytest.mark.parametrize("taken", [0, 1])
def test_no_file_is_overwritten(pair, taken):
    """Where either file is there already both stay as they are."""
    pair[taken].write_text("precious")
    with pytest.raises(ArchiveKeyError, match="never overwritten"):
        archive_key.create(*pair)

    assert "precious" == pair[taken].read_text()
    assert not pair[1 - taken].exists()


def test_halves_are_not_taken_for_each_other(pair):
    """The server does not take the private half, and nothing opens with the public one."""
    archive_key.create(*pair)
    with pytest.raises(ArchiveKeyError, match="that half alone"):
        archive_key.load_public(pair[0])
    with pytest.raises(ArchiveKeyError, match="not an archive's private key"):
        archive_key.load_private(pair[1])


def changed(text: str) -> str:
    return text[:60] + ("B" if text[60] == "A" else "A") + text[61:]


@pytest.mark.parametrize("damage", [lambda text: text[:-9], changed, lambda _: "", str.upper])
@pytest.mark.parametrize("half", [0, 1])
def test_a_damaged_key_is_noticed(pair, half, damage):
    """A file that lost or changed a sign is refused, and its content is not repeated."""
    archive_key.create(*pair)
    text = pair[half].read_text()
    pair[half].write_text(damage(text))
    with pytest.raises(ArchiveKeyError) as caught:
        (archive_key.load_private, archive_key.load_public)[half](pair[half])

    assert text.split()[-1] not in str(caught.value)


@pytest.mark.parametrize("kind", [archive_key.PRIVATE, archive_key.PUBLIC])
def test_a_key_of_the_wrong_length_is_noticed(pair, kind):
    """Bytes that are no key are refused, though their sum is right."""
    archive_key._write(pair[0], kind, b"short", 0o600)
    load = archive_key.load_private if kind == archive_key.PRIVATE else archive_key.load_public
    with pytest.raises(ArchiveKeyError, match="broken"):
        load(pair[0])

    assert base64.b64decode(pair[0].read_text().splitlines()[1])


def test_a_missing_key_or_folder_says_so(tmp_path):
    """What is not there, or cannot be made or read, is told in a sentence."""
    with pytest.raises(ArchiveKeyError, match="no key at"):
        archive_key.load_public(tmp_path / "none")
    with pytest.raises(ArchiveKeyError, match="cannot be read"):
        archive_key.load_public(tmp_path)
    with pytest.raises(ArchiveKeyError, match="cannot be made"):
        archive_key.create(tmp_path / "none" / "a", tmp_path / "b")

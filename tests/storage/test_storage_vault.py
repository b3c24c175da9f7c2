"""Seals: they open with their key at their place, and nowhere else."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.keyring import Keyring, MasterKey
from storage.vault import SMALLEST_CLASS, BrokenSeal, Key, Place, Vault, canonical, size_class

HEADER_AND_TAG = 1 + 12 + 16
OLD = MasterKey(b"old.", date(2025, 1, 1), b"o" * 32)
NEW = MasterKey(b"new.", date(2025, 11, 24), b"n" * 32)
HERE = Place("tips", "content", b"row")

keys = st.builds(Key, st.binary(min_size=32, max_size=32))
words = st.text(max_size=8)
places = st.builds(Place, words, words, st.binary(max_size=16), words)
contents = st.binary(max_size=2000)


def flipped(sealed: bytes, bit: int):
    position, shift = divmod(bit % (8 * len(sealed)), 8)
    changed = bytearray(sealed)
    changed[position] ^= 1 << shift
    return bytes(changed)


@given(keys, places, contents)
def test_what_is_sealed_opens_again(key: Key, place: Place, content: bytes):
    """Any content, also one that ends like padding, comes back byte for byte."""
    assert content == key.open(place, key.seal(place, content))


@given(st.integers(0, 600))
def test_content_that_looks_like_padding_comes_back(zeros: int):
    """Zeros and marks at the end of the content are told from those of the padding."""
    key = Key.new()
    for content in (b"\x80" * zeros, bytes(zeros), b"\x80" + bytes(zeros)):
        assert content == key.open(HERE, key.seal(HERE, content))


@given(keys, contents, st.integers(min_value=0))
def test_any_flipped_bit_breaks_a_seal(key: Key, content: bytes, bit: int):
    """Version, nonce, content, padding and tag: no bit of them can change."""
    with pytest.raises(BrokenSeal):
        key.open(HERE, flipped(key.seal(HERE, content), bit))


@given(contents, places, places)
def test_a_seal_opens_at_no_other_place(content: bytes, place: Place, other: Place):
    """A value that was moved to another table, column, row or part does not open."""
    key = Key.new()
    sealed = key.seal(place, content)
    if place == other:
        assert content == key.open(other, sealed)
    else:
        with pytest.raises(BrokenSeal):
            key.open(other, sealed)


@given(contents)
def test_a_seal_opens_with_no_other_key(content: bytes):
    """Neither another random key nor one derived from the right one opens a seal."""
    key = Key.new()
    sealed = key.seal(HERE, content)
    for other in (Key.new(), key.derive("wrap"), key.derive("seal")):
        with pytest.raises(BrokenSeal):
            other.open(HERE, sealed)


@given(st.binary(max_size=80))
def test_what_is_no_seal_is_a_broken_one(junk: bytes):
    """Bytes of any length and sort are refused in the same way."""
    with pytest.raises(BrokenSeal):
        Key.new().open(HERE, junk)
    with pytest.raises(BrokenSeal):
        Key.new().open(HERE, b"\x01" + junk)
    with pytest.raises(BrokenSeal):
        Vault(Keyring((OLD,))).unwrap(HERE, junk)
    with pytest.raises(BrokenSeal):
        Vault(Keyring((OLD,))).unwrap(HERE, b"\x01old." + junk)


def test_a_broken_seal_says_nothing_of_why():
    """The error is the same, and has no cause, whether key, place, version or bytes were wrong."""
    key = Key.new()
    sealed = key.seal(HERE, b"content")
    errors = []
    for opener, bad in ((Key.new(), sealed), (key, flipped(sealed, 0)), (key, flipped(sealed, 300)), (key, b"")):
        with pytest.raises(BrokenSeal) as caught:
            opener.open(HERE, bad)
        errors.append((str(caught.value), caught.value.__cause__))

    assert [("", None)] * 4 == errors


@given(st.integers(0, 10_000))
def test_lengths_fall_into_size_classes(length: int):
    """A seal's length is a power of two, 256 at least, and never doubles what it holds."""
    padded = len(Key.new().seal(HERE, bytes(length))) - HEADER_AND_TAG

    assert size_class(length) == padded
    assert padded & (padded - 1) == 0
    assert max(SMALLEST_CLASS, length + 1) <= padded <= max(SMALLEST_CLASS, 2 * length)


@given(st.lists(st.binary(max_size=6), max_size=5), st.lists(st.binary(max_size=6), max_size=5))
def test_the_encoding_of_places_is_unambiguous(one: list[bytes], other: list[bytes]):
    """Two lists of fields give the same bytes only if they are the same."""
    assert (one == other) == (canonical(*one) == canonical(*other))


def test_the_same_content_never_looks_the_same():
    """Two seals of one content differ, for each has its own nonce."""
    key = Key.new()

    assert key.seal(HERE, b"content") != key.seal(HERE, b"content")


def test_the_newest_master_wraps_and_all_unwrap():
    """A key wrapped before a rotation opens after it, and new ones name the new master."""
    key = Key.new()
    before, after = Vault(Keyring((OLD,))), Vault(Keyring((OLD, NEW)))

    assert key.secret == after.unwrap(HERE, before.wrap(HERE, key)).secret
    assert key.secret == Vault(Keyring((NEW,))).unwrap(HERE, after.wrap(HERE, key)).secret


def test_a_master_that_is_gone_opens_nothing():
    """A key wrapped by a master outside the keyring is a broken seal."""
    wrapped = Vault(Keyring((OLD,))).wrap(HERE, Key.new())

    with pytest.raises(BrokenSeal):
        Vault(Keyring((NEW,))).unwrap(HERE, wrapped)


@given(st.integers(min_value=0))
def test_any_flipped_bit_breaks_a_wrapped_key(bit: int):
    """Version, master's name, nonce, key and tag: no bit of them can change."""
    vault = Vault(Keyring((OLD, NEW)))

    with pytest.raises(BrokenSeal):
        vault.unwrap(HERE, flipped(vault.wrap(HERE, Key.new()), bit))


@given(places)
def test_a_wrapped_key_opens_at_no_other_place(other: Place):
    """A wrapped key that was moved to another row does not open."""
    vault = Vault(Keyring((OLD,)))
    wrapped = vault.wrap(HERE, Key.new())
    if other != HERE:
        with pytest.raises(BrokenSeal):
            vault.unwrap(other, wrapped)


def test_hashes_of_different_contexts_are_unrelated():
    """The same data under one key has another hash in another context, also where the words run together."""
    key = Key.new()

    assert key.mac("a", b"bc") == key.mac("a", b"bc")
    assert 3 == len({key.mac("a", b"bc"), key.mac("ab", b"c"), key.mac("", b"abc")})


def test_a_key_prints_nothing_of_itself():
    """The repr of a key holds no secret."""
    key = Key.new()

    assert repr(key.secret) not in repr(key)
    assert key.secret.hex() not in repr(key)

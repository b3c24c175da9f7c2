"""What moderators see of cases: cards and menus, history, the queue, the day's figures."""

from dataclasses import replace
from datetime import timedelta

import pytest
from casework_world import ADMIN, BUDI, CASE, CATALOGUES, LABELS, RINA, TODAY, world
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import board, card
from bot.conversation.board import Filter
from bot.conversation.card import MENUS
from bot.conversation.case import OVER, REASONS, TARGETS, Standing, reporter_line
from bot.conversation.casework import ACTS, CATEGORIES, decide, refusal
from bot.conversation.history import Happened, history
from bot.conversation.likeness import WHAT, WHO
from bot.conversation.screens import CHOICES_MOST, CODE_BYTES, Role
from bot.locales.catalogue import HTML, PLAIN

LABEL_MOST = 34
WORLD = world()
NUMBERS = tuple(f"2222-{n}" for n in range(22, 40))
BUSY = replace(
    CASE,
    claim=("M1", "Rina"),
    labels=("1", "2", "gone"),
    alike=NUMBERS,
    linked=NUMBERS[:2],
    asked=2,
    answers=1,
    notes=3,
    blocked=TODAY.isoformat(),
    reachable=False,
    material=True,
)
STANDINGS = [replace(CASE, standing=one, to="bkn", reason="late") for one in Standing]


@pytest.fixture(params=["id", "en"])
def language(request):
    return replace(CATALOGUES.of(request.param), fallback=None)


def codes(screen):
    return [choice.code for choice in screen.choices]


def pages(draw):
    """Every page that the arrows of a screen lead to."""
    screens, page = [draw(0)], 0
    while any(choice.code.endswith(f"-{page + 1}") and choice.role is Role.MOVE for choice in screens[-1].choices):
        page += 1
        screens.append(draw(page))
    return screens


def words(screen, language, markup=PLAIN):
    return "\n".join(language.draw(line, markup) for line in screen.lines)


# The card


@pytest.mark.parametrize("menu", MENUS)
@pytest.mark.parametrize("case", [*STANDINGS, BUSY, replace(BUSY, standing=Standing.CLOSED)])
def test_every_menu_draws_in_every_language(language, menu: str, case):
    """Each menu of each standing draws from the language's own texts, with labels that fit a button."""
    for screen in pages(lambda page: card.card(case, WORLD, LABELS, menu, page)):
        drawn = [language.draw(choice.label, PLAIN) for choice in screen.choices]

        assert words(screen, language, HTML)
        assert CHOICES_MOST >= len(drawn)
        assert [] == [label for label in drawn if not 0 < len(label) <= LABEL_MOST]
        assert [] == [code for code in codes(screen) if len(code.encode()) > CODE_BYTES]


@pytest.mark.parametrize("case", STANDINGS)
def test_every_word_to_the_reporter_draws(language, case):
    """Each standing has its sentence, and a refusal a reason and a next step."""
    for why in REASONS:
        line = reporter_line(replace(case, reason=why))
        drawn = language.draw(line, PLAIN)

        assert drawn
        if case.standing is Standing.REJECTED:
            assert language.draw(line.values["why"]) in drawn
            assert language.draw(line.values["next"]) in drawn


@pytest.mark.parametrize("name", ACTS)
def test_every_answer_to_a_press_fits_a_toast(language, name: str):
    """What an act answers, done or refused, is at most 200 signs, with a name of Telegram's greatest length."""
    longest = replace(BUDI, name="n" * 128)
    toasts = [
        decide(case, name, by, argument).toast
        for case in (*STANDINGS, replace(CASE, claim=("M2", longest.name)), replace(CASE, categories=("FOTO",)), BUSY)
        for by in (RINA, longest)
        for argument in ("", *TARGETS, *REASONS, *CATEGORIES, "1")
    ]
    drawn = [language.draw(toast, PLAIN) for toast in {toast.key: toast for toast in toasts}.values()]

    assert language.draw(board.GONE)
    assert language.draw(board.say(f"act.{name}"))
    assert [] == [text for text in drawn if len(text) > 200]


@pytest.mark.parametrize("menu", MENUS)
def test_the_card_always_shows_the_present_state(menu: str):
    """Title, claim and labels stand on the card whatever menu is open."""
    case = decide(replace(BUSY, claim=("", "")), "forward", RINA, "bkn").case
    drawn = words(card.card(case, WORLD, LABELS, menu), CATALOGUES.of("id"), HTML)

    assert "<b>K7QX-2M</b> · Diteruskan ke BKN" in drawn
    assert "Rina" in drawn
    assert "Kades, &lt;b&gt;Penting&lt;/b&gt;" in drawn
    assert "2222-24" in drawn


def test_a_card_reads_well():
    """A card that much has happened to, as moderators read it."""
    expected = """\
K7QX-2M · Diterima
Jenis: Dukungan di media sosial, Foto/pose simbol dukungan
Wilayah: Kab. Jeneponto, Sulawesi Selatan
Terlapor: PNS/CPNS
Kejadian: 20 November 2026
⏱ Batas laporan resmi: 29 November 2026 (sisa 5 hari)
Kelengkapan: formil ✓ · materiel ✓
Ditangani: Rina
Label: Kades, <b>Penting</b>
Satu kasus dengan: 2222-22
Mungkin sama dengan: 2222-23
Tanya jawab: 2 pertanyaan, 1 balasan
Catatan: 3
Pengirim diblokir sampai 24 Desember 2026
Pelapor: hanya membaca lewat kode"""
    drawn = words(card.card(replace(BUSY, alike=NUMBERS[:2], linked=NUMBERS[:1]), WORLD, LABELS), CATALOGUES.of("id"))

    assert expected == drawn


def test_a_card_says_what_is_known_of_a_look_alike():
    """Only what shares the accused may be the same; of what shares place, day and kind no more is said than that."""
    case = replace(CASE, alike=NUMBERS[:2], strengths=(WHO, WHAT))
    drawn = words(card.card(case, WORLD, LABELS), CATALOGUES.of("id"))

    assert f"Mungkin sama dengan: {NUMBERS[0]}\nWilayah, hari, dan jenisnya sama dengan: {NUMBERS[1]}\n" in drawn


@pytest.mark.parametrize("case", STANDINGS)
def test_a_card_offers_only_what_there_is(case):
    """Every act on any menu of a card is one that the table takes from the case's standing."""
    screens = [page for menu in MENUS for page in pages(lambda n, menu=menu: card.card(case, WORLD, LABELS, menu, n))]
    acts = [code.partition("-")[::2] for screen in screens for code in codes(screen)]
    offered = [(name, argument) for name, argument in acts if name in ACTS]

    assert offered
    assert [] == [one for one in offered if refusal(case, one[0], replace(RINA, admin=True), one[1])]


@pytest.mark.parametrize("menu", MENUS)
def test_every_menu_leads_back(menu: str):
    """Each menu is reached from the card, and each leads back towards it."""
    screens = [page for name in MENUS for page in pages(lambda n, name=name: card.card(BUSY, WORLD, LABELS, name, n))]
    reached = {card.menu_of(code.partition("-")[2])[0] for screen in screens for code in codes(screen)}
    back = card.card(BUSY, WORLD, LABELS, menu).choices[-1]

    assert menu in reached
    assert not menu or back.label.key == "move.back"
    assert not menu or back.code == f"menu-{card.PARENTS.get(menu, '')}".removesuffix("-")


@pytest.mark.parametrize(("menu", "count"), [("category", len(CATEGORIES)), ("link", len(NUMBERS)), ("label", 30)])
def test_long_menus_are_paged(menu: str, count: int):
    """Everything there is to choose stands on one page or another, once."""
    labels = {str(n): f"Label {n}" for n in range(30)}
    screens = pages(lambda page: card.card(BUSY, WORLD, labels, menu, page))
    chosen = [code for screen in screens for code in codes(screen) if code.removeprefix("un").startswith(f"{menu}-")]

    assert count == len(chosen) == len(set(chosen))
    assert codes(screens[-1]) == codes(card.card(BUSY, WORLD, labels, menu, 10**6))


def test_what_is_chosen_is_marked_and_taken_back():
    """A label that a tip has is marked and its button removes it; one that it has not, adds it."""
    screen = card.card(replace(CASE, labels=("2",)), WORLD, LABELS, "label")

    assert [("label-1", False), ("unlabel-2", True)] == [(one.code, one.chosen) for one in screen.choices[:2]]


@pytest.mark.parametrize(
    ("argument", "menu"),
    [("", ("", 0)), ("label", ("label", 0)), ("label-2", ("label", 2)), ("label-x", ("label", 0)), ("no", ("", 0))],
)
def test_a_menus_code_is_read(argument: str, menu: tuple):
    """A code names a menu and its page; one that there is not is the card itself."""
    assert menu == card.menu_of(argument)


def test_where_several_are_chosen_the_menu_stays():
    """After a label, a category or a link its menu stays open, after anything else the card is closed."""
    acts = ("label", "unlabel", "category", "uncategory", "link", "unlink", "take", "forward")

    assert ["label", "label", "category", "category", "link", "link", "", ""] == list(map(card.menu_after, acts))


def test_where_the_channel_holds_no_content_the_card_says_how_to_read_it():
    """A redrawn card still says how the tip is read."""
    drawn = words(card.card(CASE, world(forwards_content=False), {}), CATALOGUES.of("id"))

    assert "bisik show K7QX-2M" in drawn


@pytest.mark.parametrize(("known", "left"), [(0, "sisa 7 hari"), (7, "hari terakhir"), (8, "sudah lewat")])
def test_the_seven_days_run_on_the_card(known: int, left: str):
    """A card that is redrawn counts the days anew, and with the term over the formal half is open again."""
    case = replace(CASE, known=(TODAY - timedelta(known)).isoformat())
    drawn = words(card.card(case, WORLD, LABELS), CATALOGUES.of("id"))

    assert left in drawn
    assert (known <= 7) == ("formil ✓" in drawn)


# History


@pytest.mark.parametrize("length", [0, 1, 10, 11, 35])
def test_history_is_paged_with_the_latest_first(language, length: int):
    """All that happened stands on the pages, the latest on the first."""
    happened = [Happened("2026-11-24", "take", f"N{n}.") for n in range(length)]
    screens = pages(lambda page: history(CASE, happened, page))
    drawn = "\n".join(words(screen, language) for screen in screens)
    positions = [drawn.index(f"N{n}.") for n in reversed(range(length))]

    assert sorted(positions) == positions
    assert {"menu"} == {codes(screen)[-1] for screen in screens}


def test_every_act_has_its_line_of_history(language):
    """Each word for an act, with to whom, why and of which kind, draws."""
    acts = [f"forward-{to}" for to in TARGETS] + [f"reject-{why}" for why in REASONS]
    acts += [f"{act}-{kind}" for act in ("category", "uncategory") for kind in CATEGORIES]
    acts += [name for name in ACTS if ACTS[name].takes in (("",), None)]
    happened = [Happened("2026-11-24", act, "Rina") for act in acts]

    assert all(words(screen, language) for screen in pages(lambda page: history(CASE, happened, page)))


# The queue

cases = st.lists(
    st.builds(
        lambda standing, claim, known: replace(
            CASE, standing=standing, claim=claim, known=(TODAY - timedelta(known)).isoformat(), to="bkn", reason="thin"
        ),
        st.sampled_from(Standing),
        st.sampled_from([("", ""), ("M1", "Rina"), ("M2", "Budi")]),
        st.integers(0, 30),
    ),
    max_size=40,
).map(lambda made: [replace(case, number=f"2222-{n:02}") for n, case in enumerate(made)])


@given(cases, st.sampled_from(Filter))
def test_the_queue_lists_every_open_tip_of_its_kind_once(found: list, which: Filter):
    """Pages together hold just the tips of the filter, the closed ones never, those that run out first at the front."""
    screens = pages(lambda page: board.queue(iter(found), RINA, which, WORLD, page))
    listed = [code.removeprefix("tip-") for screen in screens for code in codes(screen) if code.startswith("tip-")]
    by_number = {case.number: case for case in found}
    left = [card.days(by_number[number], WORLD) for number in listed]

    assert sorted(listed) == sorted(
        case.number for case in found if case.standing not in OVER and which.holds(case, RINA)
    )
    assert sorted(left, key=lambda days: (days < 0, abs(days))) == left
    assert all(len(screen.choices) <= CHOICES_MOST for screen in screens)


@pytest.mark.parametrize("which", Filter)
def test_the_queue_draws_and_leads_to_the_others(language, which: Filter):
    """The queue, full or empty, draws in each language, names its tips and offers the other filters."""
    found = [replace(CASE, number=f"2222-{n}", claim=("M1", "Rina") if n % 2 else ("", "")) for n in range(20, 40)]
    found += [replace(CASE, number="3333-33", standing=Standing.ASKING, claim=("M2", "Budi"))]
    full, empty = (board.queue(listed, RINA, which, WORLD) for listed in (found, []))
    labels = [language.draw(choice.label, PLAIN) for choice in full.choices]

    assert words(empty, language)
    assert {f"{one}-0" for one in Filter if one is not which} <= set(codes(full))
    assert all(0 < len(label) <= LABEL_MOST for label in labels)
    assert all(code.removeprefix("tip-") in words(full, language) for code in codes(full) if code.startswith("tip-"))


def test_a_tip_that_is_gone_is_told(language):
    """A number that there is not has its words."""
    assert words(board.no_tip(), language)


# The day's figures


def test_the_summary_holds_counts_alone():
    """The daily summary counts open tips and the days before, and names no tip, region or moderator."""
    found = [
        CASE,
        replace(CASE, claim=("M1", "Rina"), standing=Standing.ASKING, known="2026-11-18"),
        replace(CASE, standing=Standing.CLOSED),
    ]
    counted = {"received": 3, "forwarded": 1, "withdrawn": 1}
    lines = board.daily(found, {TODAY - timedelta(2): {}, TODAY - timedelta(1): counted}, WORLD)
    drawn = "\n".join(CATALOGUES.of("id").draw(line) for line in lines)

    assert (
        drawn
        == """\
Ringkasan harian
Masih terbuka: 2
Belum diambil: 1
Menunggu pelapor: 1
⏱ Batas 7 hari hampir habis: 1
22 November 2026: tidak ada yang baru
23 November 2026: 3 diterima, 1 diteruskan"""
    )


def test_the_summary_draws_in_every_language(language):
    """With every figure there is, and with none."""
    for counted in (dict.fromkeys(Standing, 1), {}):
        assert all(language.draw(line) for line in board.daily([], {TODAY: counted}, WORLD))


def test_an_admins_queue_is_their_own():
    """What an admin has taken is theirs in the queue as it is any moderator's."""
    mine = decide(CASE, "take", ADMIN).case

    assert "tip-K7QX-2M" in codes(board.queue([mine], ADMIN, Filter.MINE, WORLD))

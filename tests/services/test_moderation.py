"""Moderators at their desk: each act does what its table row says, once, by who may, and leads to nobody."""

from dataclasses import replace

import pytest
from desk import MODERATORS, tap
from office import CANARY, DEWI, SARI, keys, office_at
from staff import BOSS, BUDI, RINA, STRANGER, Staff

from bot.conversation.compose import CANNED, CANNED_MOST
from bot.conversation.errands import Changed, Errand, Faceless, Person, Pressed, Remarked, StaffCommand, Summoned
from bot.conversation.events import Arrival, Command, Commanded, Typed
from bot.conversation.retention import BAN_DAYS
from bot.conversation.speech import Moved, Shut, Unfit
from bot.services import forgetting, phrases
from bot.services.card import KIND
from bot.services.members import Members
from bot.services.phrases import Phrases
from storage import bans

MOVED = -1002
"""What the moderators' group becomes."""


@pytest.fixture
async def staff(tmp_path):
    async with office_at(tmp_path) as office:
        yield Staff(office)


def codes(screen) -> list[str]:
    return [choice.code for choice in screen.choices]


async def test_a_delivered_card_gets_its_buttons_where_it_stands(staff):
    """A card is posted once, and what it owes draws its buttons over it."""
    number = await staff.office.sends(SARI)
    await staff.office.works()
    card = await staff.card(number)
    chat, message, screen = staff.office.moderators.drawn[-1]

    assert (card.chat, card.message) == (chat, message)
    assert {"take", "ask", "menu-status", "note", "history"} <= set(codes(screen))
    assert 1 == sum(piece.kind == KIND for _, piece, _ in staff.office.moderators.posted)


async def test_the_second_to_press_is_told_who_was_first(staff):
    """Two moderators press at once: the first has the tip, the second reads whose it is, and the trail has one line."""
    number = await staff.office.sends(SARI)
    first, second = await staff.presses(RINA, number, "take"), await staff.presses(BUDI, number, "take")
    acts, broken = await staff.trail()

    assert ("act.take", "act.taken", "Rina") == (first.toast.key, second.toast.key, second.toast.values["name"])
    assert "Rina" == (await staff.case(number)).claim[1]
    assert (1, []) == (acts.count("take"), broken)


@pytest.mark.parametrize(
    ("codes", "standing", "told"),
    [
        (["check"], "checking", ["standing.checking"]),
        (["forward-bkn"], "forwarded", ["standing.forwarded"]),
        (["close"], "closed", ["standing.closed"]),
        (["reject-thin"], "rejected", ["standing.rejected"]),
        (["check", "close"], "closed", ["standing.checking", "standing.closed"]),
        (["take", "leave", "category-TEKANAN", "note"], "delivered", []),
    ],
)
async def test_each_act_moves_the_tip_and_its_reporter_reads_each_step(staff, codes, standing, told):
    """The tip stands where its row leads, and its reporter is told of each new standing, in order."""
    number = await staff.office.sends(SARI)
    said = len(staff.office.chats.said)
    for code in codes:
        await staff.presses(RINA, number, code)
    await staff.office.works()
    heard = [(chat, screen.lines[0].key) for chat, screen, _ in staff.office.chats.said[said:]]

    assert (standing, [(SARI, key) for key in told]) == ((await staff.case(number)).standing, heard)
    assert [] == (await staff.trail())[1]


async def test_a_press_that_comes_twice_is_done_once(staff):
    """An errand that the platform hands over again is answered quietly and leaves no second line."""
    number = await staff.office.sends(SARI)
    errand = Errand(77_000, MODERATORS, 1, RINA, Pressed(number, "check"))
    first, again = await staff.desk.handle(errand), await staff.desk.handle(errand)
    await staff.office.works()

    assert ("act.check", None) == (first.toast.key, again.toast)
    assert 1 == (await staff.trail())[0].count("check")


async def test_a_link_that_was_lost_is_given_again(staff):
    """A press for words that the platform hands over again brings a link that opens, like the first."""
    number = await staff.office.sends(SARI)
    errand = Errand(77_001, MODERATORS, 1, RINA, Pressed(number, "ask"))
    await staff.desk.handle(errand)
    again = await staff.desk.handle(errand)
    reply = await staff.office.desk.hears(RINA.user, Commanded(Command.START, again.opens), 1)

    assert ["compose.about", "compose.ask"] == keys(reply)


async def test_who_looks_waits_for_no_writer(staff):
    """Lists, cards, menus and the history are answered while something else is being written."""
    number = await staff.office.sends(SARI)
    looked = [Summoned(StaffCommand.QUEUE), Summoned(StaffCommand.TIP, number), Pressed("queue", "mine-0")]
    looked += [Pressed(number, code) for code in ("menu-status", "history-0")]
    async with staff.context.database.transaction():
        responses = [await staff.does(RINA, deed) for deed in looked]

    assert all(response.new or response.over for response in responses)


async def test_a_linked_tips_card_has_no_menu_open(staff):
    """The menu stays open where the link was made; the other tip's card is drawn as its moderators left it."""
    one, other = await staff.office.sends(SARI), await staff.office.sends(DEWI)
    await staff.presses(RINA, one, f"link-{other}")
    await staff.office.works()
    drawn = {
        screen.question: {choice.code for choice in screen.choices} for _, _, screen in staff.office.moderators.drawn
    }

    assert "take" in drawn[other]
    assert "take" not in drawn[one]


async def test_a_card_waits_for_a_chat_that_is_shut(staff):
    """A card that cannot be drawn now is drawn when the chat is open again."""
    number = await staff.office.sends(SARI)
    staff.office.moderators.redraws = [Shut("kicked")]
    await staff.presses(RINA, number, "take")
    waiting = await staff.office.works()
    await staff.office.works()

    assert ["card"] == waiting
    assert number == staff.office.moderators.drawn[-1][2].question


async def test_menus_change_nothing(staff):
    """Every menu and the history come back as what to draw, and the trail has no line of them."""
    number = await staff.office.sends(SARI)
    before = await staff.trail()
    menus = [await staff.presses(RINA, number, code) for code in ("menu-status", "menu-label", "menu", "history-0")]

    assert all(response.over and not response.toast for response in menus)
    assert before == await staff.trail()


async def test_who_asks_for_a_tip_in_private_reads_its_talk_and_notes(staff):
    """Question, answer and note come before the card in a chat of one's own, and never in the moderators' chat."""
    number = await staff.office.sends(SARI)
    await writes(staff, RINA, number, "ask", "Jam berapa?")
    await staff.office.works()
    await staff.office.answers(SARI, "Pukul 9.")
    await writes(staff, RINA, number, "note", "Sudah cek lokasi.")
    await staff.office.works()
    asked = Summoned(StaffCommand.TIP, number)
    own, group = await staff.does(BUDI, asked, private=True), await staff.does(BUDI, asked)
    staff.context.rules = replace(staff.context.rules, forwards_content=False)
    notice = await staff.does(BUDI, asked, private=True)

    assert ["thread.asked", "talk.answered", "talk.note"] == [line.key for line in own.first.lines]
    assert (own.new, None) == (group.new, group.first)
    assert None is notice.first


async def test_what_was_said_stays_when_a_copy_of_the_card_is_pressed(staff):
    """The talk is a message of its own, from which one writes; a press draws over the card's alone."""
    number = await staff.office.sends(SARI)
    await writes(staff, RINA, number, "ask", "Jam berapa?")
    shown = await staff.does(RINA, Summoned(StaffCommand.TIP, number), private=True)
    pressed = await staff.does(RINA, Pressed(number, "menu-status"), 3, private=True)
    wrote = await staff.does(RINA, Pressed(number, "ask"), 2, private=True)

    assert ["ask", "note"] == codes(shown.first)
    assert [line.key for line in shown.new.lines] == [line.key for line in pressed.over.lines]
    assert wrote.opens
    assert None is wrote.over


async def test_a_copy_of_the_card_is_redrawn_with_the_card(staff):
    """An act on a copy in a private chat draws the copy at once, and owes the card its redraw."""
    number = await staff.office.sends(SARI)
    await staff.office.works()
    shown = await staff.does(RINA, Summoned(StaffCommand.TIP, number.lower().replace("-", "")), private=True)
    response = await staff.does(RINA, Pressed(number, "take"), 3, private=True)
    drawn = len(staff.office.moderators.drawn)
    await staff.office.works()

    assert number == shown.new.question == response.over.question
    assert "leave" in codes(response.over)
    assert drawn + 1 == len(staff.office.moderators.drawn)


async def test_a_question_opens_the_private_chat_of_who_pressed_alone(staff):
    """Asking gives a code; it opens for who pressed, and the reporter reads what was confirmed."""
    number = await staff.office.sends(SARI)
    code = (await staff.presses(RINA, number, "ask")).opens
    stolen = await staff.office.desk.hears(BUDI.user, Commanded(Command.START, code), 1)
    opened = await staff.office.desk.hears(RINA.user, Commanded(Command.START, code), 1)
    check = await staff.office.desk.hears(RINA.user, Typed("Jam berapa?"), 2)
    await staff.office.desk.taps(RINA.user, check, "confirm", 3)
    await staff.office.works()

    assert ["link.spent"] == keys(stolen)
    assert ["compose.about", "compose.ask"] == keys(opened)
    assert ["Jam berapa?"] == staff.office.told(SARI)


async def test_a_tip_of_somebody_else_opens_no_question(staff):
    """Whoever wants to ask about a tip that another one works reads so at once."""
    number = await staff.office.sends(SARI)
    await staff.presses(RINA, number, "take")
    refused = await staff.presses(BUDI, number, "ask")

    assert ("act.taken", "") == (refused.toast.key, refused.opens)


async def test_a_chat_that_is_shut_is_told_to_moderators_until_it_takes_something_again(staff):
    """The card and who asks next say that the chat takes nothing, and no more once it took a question."""
    number = await staff.office.sends(SARI)
    staff.office.chats.outcomes = [Shut("blocked")]
    asked, reach = [], []
    for words in ("Jam berapa?", "Di aula mana?"):
        asked += await writes(staff, RINA, number, "ask", words)
        await staff.office.works()
        await staff.office.works("card")
        reach.append(staff.office.moderators.drawn[-1][2].lines[1].values["rows"][-1].key)

    assert ["act.ask", "asked.shut"] == asked
    assert ["card.reach.shut", "card.reach.here"] == reach
    assert ["Di aula mana?"] == staff.office.told(SARI)


async def test_a_link_that_is_used_up_takes_nothing_of_what_is_being_written(staff):
    """A moderator who follows it again reads how to get a new one, and what they have written stays."""
    number = await staff.office.sends(SARI)
    code = (await staff.presses(RINA, number, "ask")).opens
    hears = staff.office.desk.hears
    await hears(RINA.user, Commanded(Command.START, code), 1)
    written = await hears(RINA.user, Typed("Jam berapa?"), 2)
    again = await hears(RINA.user, Commanded(Command.START, code), 3)

    assert ["link.spent", *keys(written)] == keys(again)


async def test_a_card_that_was_deleted_by_hand_is_posted_again_when_its_tip_is_worked(staff):
    """The next act brings the card back, alone and as the tip is now; what deletes it at once ends that."""
    number = await staff.office.sends(SARI)
    await staff.office.works()
    moderators, old = staff.office.moderators, await staff.card(number)
    before = len(moderators.posted)
    moderators.redraws = [Unfit("gone")]
    await staff.does(RINA, Pressed(number, "take"), private=True)
    await staff.office.works()
    card, posted = await staff.card(number), [piece.kind for _, piece, _ in moderators.posted[before:]]
    _, message, drawn = moderators.drawn[-1]
    moderators.redraws = [Unfit("gone"), Unfit("gone")]
    await staff.does(RINA, Pressed(number, "leave"), private=True)
    await staff.office.works()

    assert ["card"] == posted
    assert card.message == message != old.message
    assert "card.claim" in [row.key for row in drawn.lines[1].values["rows"]]
    assert [KIND, KIND] == [piece.kind for _, piece, _ in moderators.posted[before:]]
    assert ([], []) == (staff.office.desk.owed, moderators.redraws)


async def test_a_card_whose_group_became_another_chat_is_posted_there_when_its_tip_is_worked(staff):
    """The next act brings the card into the new chat, alone, where it can be drawn and what follows replies to it."""
    number = await staff.office.sends(SARI)
    await staff.office.works()
    moderators = staff.office.moderators
    before = len(moderators.posted)
    moderators.redraws = [Moved(MOVED)]
    await staff.does(RINA, Pressed(number, "take"), private=True)
    await staff.office.works()
    card, posted = await staff.card(number), [piece.kind for _, piece, _ in moderators.posted[before:]]
    await staff.office.asks(number, "Jam berapa?")
    await staff.office.works()
    await staff.office.answers(SARI, "Pukul 9.")
    await staff.office.works()

    assert (["card"], MOVED) == (posted, card.chat)
    assert (MOVED, card.message) == moderators.drawn[-1][:2]
    assert card.message == moderators.posted[-1][2]


async def test_an_answer_replies_to_no_message_of_another_chat(staff):
    """In the new chat the old card's number may be that of any message: what comes before the card replies to none."""
    number = await staff.office.sends(SARI)
    await staff.office.asks(number, "Jam berapa?")
    await staff.office.works()
    await staff.context.route.follow(MOVED)
    await staff.office.answers(SARI, "Pukul 9.")
    await staff.office.works()
    answered = [(piece.kind, reply_to) for _, piece, reply_to in staff.office.moderators.posted]

    assert ("text", None) == answered[-1]


async def test_nobody_is_said_to_be_blocked_whose_address_went_though_the_card_must_not_show_it_yet(tmp_path):
    """Within a release delay the card goes on as before the switch, and a block says plainly that it cannot be done."""
    async with office_at(tmp_path, release_minutes=600) as office:
        staff = Staff(office)
        number = await office.sends(SARI)
        office.desk.clock.passes(minutes=601)
        await office.works()
        opened = await office.desk.hears(SARI, Commanded(Command.STATUS, office.receipts[0]), 30)
        await office.desk.taps(SARI, opened, "code", 31)
        shown = await staff.does(RINA, Summoned(StaffCommand.TIP, number))
        refused = await staff.presses(RINA, number, "block")
        case = await staff.case(number)

    assert "card.reach.here" == shown.new.lines[1].values["rows"][-1].key
    assert ("act.no_address", "") == (refused.toast.key, case.blocked)


async def test_a_sender_is_blocked_without_anyone_seeing_who(staff):
    """A block silences the chat for a while, and one without an address says plainly that it cannot be."""
    told, hidden = await staff.office.sends(CANARY), await staff.office.sends(DEWI, contact="code")
    done, refused = await staff.presses(RINA, told, "block"), await staff.presses(RINA, hidden, "block")
    async with staff.context.database.reading() as tx:
        silenced = await bans.known(tx, staff.context.secrets, [CANARY, DEWI], staff.context.today())

    assert ("act.block", "act.no_address") == (done.toast.key, refused.toast.key)
    assert {CANARY} == silenced
    assert (await staff.case(told)).blocked


async def test_a_wrong_block_is_taken_back(staff):
    """From the card of the tip the sender is heard again, and the card has no word of it."""
    number = await staff.office.sends(SARI)
    await staff.presses(RINA, number, "block")
    menu = (await staff.presses(RINA, number, "menu-block")).over
    freed = await staff.presses(RINA, number, "unblock")
    begun = await staff.office.desk.hears(SARI, Commanded(Command.REPORT), 40)

    assert {"block", "unblock"} <= set(codes(menu))
    assert "act.unblock" == freed.toast.key
    assert ("", False) == ((await staff.case(number)).blocked, "banned" in keys(begun))


async def test_a_block_ends_on_its_day(staff):
    """The day after it the sender is heard before any purge, and that night the card has no word of it any more."""
    number = await staff.office.sends(SARI)
    await staff.presses(RINA, number, "block")
    rows, heard = [], []
    for days in (BAN_DAYS, 1):
        staff.office.desk.clock.passes(days=days)
        heard.append("banned" not in keys(await staff.office.desk.hears(SARI, Commanded(Command.REPORT), 40)))
        await forgetting.purge(staff.context, staff.office.desk.owed.extend)
        await staff.office.works("card")
        rows.append({row.key for row in staff.office.moderators.drawn[-1][2].lines[1].values["rows"]})

    assert [False, True] == heard
    assert [True, False] == ["card.blocked" in one for one in rows]


async def test_two_tips_are_linked_on_both_cards(staff):
    """A link stands on both cases, and so does its end."""
    one, other = await staff.office.sends(SARI), await staff.office.sends(DEWI)
    await staff.presses(RINA, one, f"link-{other}")
    linked = (await staff.case(one)).linked, (await staff.case(other)).linked
    await staff.presses(BUDI, other, f"unlink-{one}")

    assert ((other,), (one,)) == linked
    assert ((), ()) == ((await staff.case(one)).linked, (await staff.case(other)).linked)
    assert "act.gone" == (await staff.presses(RINA, one, "link-2222-22")).toast.key


async def test_history_says_who_did_what(staff):
    """The history lists acts with names, the latest first, from what is sealed in the tip."""
    number = await staff.office.sends(SARI)
    for by, code in ((RINA, "check"), (RINA, "leave"), (BUDI, "close")):
        await staff.presses(by, number, code)
    rows = (await staff.presses(RINA, number, "history")).over.lines[1].values["rows"]

    assert ["past.close", "past.leave", "past.check", "past.deliver"] == [row.values["act"].key for row in rows]
    assert "Budi" == rows[0].values["name"].values["words"]


async def test_history_says_which_category_was_corrected_and_takes_nobody_for_the_reporter(staff):
    """A kind is named where it was added or removed, in the sealed history alone; a name never makes a reporter."""
    number = await staff.office.sends(SARI)
    for code in ("category-HADIR", "uncategory-AJAKAN"):
        await staff.presses(Person(RINA.user, "Pelapor"), number, code)
    rows = (await staff.presses(RINA, number, "history")).over.lines[1].values["rows"]
    acts, _ = await staff.trail()

    assert ["history.row", "history.row", "history.bot"] == [row.key for row in rows]
    assert ["category.AJAKAN", "category.HADIR"] == [row.values["act"].values["category"].key for row in rows[:2]]
    assert {"category", "uncategory"} <= set(acts)


async def test_a_button_of_a_tip_that_is_gone_says_so(staff):
    """After the reporter took the tip back, its buttons say that it is gone, and `/tip` as well."""
    number = await staff.office.sends(SARI)
    await staff.office.desk.hears(SARI, Commanded(Command.DELETE, staff.office.receipts[0]), 9)
    pressed = await staff.does(RINA, Pressed(number, "take"), 1)
    asked = await staff.does(RINA, Summoned(StaffCommand.TIP, number))

    assert ("act.gone", "act.gone") == (pressed.toast.key, asked.new.lines[0].key)


async def test_the_queue_is_paged_and_opens_its_tips(staff):
    """The queue lists what nobody has taken; its buttons turn it, and open a tip beside it."""
    one, other = await staff.office.sends(SARI), await staff.office.sends(DEWI)
    await staff.presses(RINA, one, "take")
    listed = (await staff.does(RINA, Summoned(StaffCommand.QUEUE), private=True)).new
    mine = (await staff.does(RINA, Pressed(listed.question, "mine-0"), 5, private=True)).over
    opened = (await staff.does(RINA, Pressed(listed.question, f"tip-{one}"), 5, private=True)).new

    assert [f"tip-{other}", f"tip-{one}"] == [codes(listed)[0], codes(mine)[0]]
    assert one == opened.question


async def test_the_queue_shows_what_was_changed_beside_the_bot(staff, tmp_path):
    """A tip that another process closes, or destroys, is on no list after it."""
    one, other = await staff.office.sends(SARI), await staff.office.sends(DEWI)
    before = codes((await staff.does(RINA, Summoned(StaffCommand.QUEUE))).new)
    async with office_at(tmp_path) as beside:
        await beside.closes(one)
        await beside.desk.hears(DEWI, Commanded(Command.DELETE, staff.office.receipts[1]), 9)
    after = codes((await staff.does(RINA, Summoned(StaffCommand.QUEUE))).new)

    assert {f"tip-{one}", f"tip-{other}"} <= set(before)
    assert not {f"tip-{one}", f"tip-{other}"} & set(after)


async def test_only_moderators_at_that_moment_act(staff):
    """A stranger, and who has left the chat, change nothing; admins can do all; who is named replaces the chat's."""
    number = await staff.office.sends(SARI)
    stranger = await staff.presses(STRANGER, number, "take")
    asked = await staff.does(STRANGER, Summoned(StaffCommand.QUEUE), private=True)
    taken = await staff.presses(RINA, number, "take")
    staff.chat.users = frozenset({BUDI.user})
    await staff.does(BUDI, Changed())
    left = await staff.presses(RINA, number, "close")
    admin = await staff.presses(BOSS, number, "leave")
    named = Members(staff.context, staff.chat, (STRANGER.user,))

    assert ("staff.nobody", None, "act.take") == (stranger.toast.key, asked, taken.toast.key)
    assert ("staff.nobody", "act.leave") == (left.toast.key, admin.toast.key)
    assert (True, False) == (bool(await named.actor(STRANGER)), bool(await named.actor(BUDI)))


async def test_who_is_no_moderator_any_more_holds_no_tip_and_opens_no_link(staff):
    """What they took is listed as free, and taken over; a link from before shows nothing of its tip."""
    number = await staff.office.sends(SARI)
    await staff.presses(RINA, number, "take")
    link = (await staff.presses(RINA, number, "ask")).opens
    before = codes((await staff.does(BUDI, Summoned(StaffCommand.QUEUE))).new)
    staff.chat.users = frozenset({BUDI.user})
    await staff.does(BUDI, Changed())
    after = codes((await staff.does(BUDI, Summoned(StaffCommand.QUEUE))).new)
    taken = await staff.presses(BUDI, number, "check")
    followed = await staff.office.desk.hears(RINA.user, Commanded(Command.START, link), 1)

    assert (False, True) == (f"tip-{number}" in before, f"tip-{number}" in after)
    assert ("act.check", "Budi") == (taken.toast.key, (await staff.case(number)).claim[1])
    assert not {"compose.about", "compose.ask"} & {*keys(followed)}


async def test_the_chat_is_asked_once_a_minute(staff):
    """Who administers the chat is asked once a minute; with no answer what is known stays, and it is asked sooner."""
    for _ in range(3):
        await staff.members.actor(RINA)
    first = staff.chat.asked
    staff.chat.users = None
    staff.context.now.passes(seconds=61)
    kept = [bool(await staff.members.actor(RINA)) for _ in range(3)]
    second = staff.chat.asked
    staff.context.now.passes(seconds=11)
    await staff.members.actor(RINA)

    assert (1, [True] * 3) == (first, kept)
    assert (2, 3) == (second, staff.chat.asked)


async def test_a_clock_that_is_put_back_keeps_nobody_a_moderator(staff):
    """What the chat was asked while the clock was ahead does not count when it is right again."""
    staff.context.now.passes(days=366)
    before = await staff.members.actor(RINA)
    staff.context.now.passes(days=-366)
    staff.chat.users = frozenset()

    assert before
    assert await staff.members.actor(RINA) is None


async def test_who_acts_as_a_chat_gets_an_explanation(staff):
    """An anonymous administrator is told why nothing happens, and nothing does."""
    response = await staff.does(RINA, Faceless())

    assert "staff.faceless" == response.toast.key == response.new.lines[0].key


async def test_moderators_ids_are_nowhere_in_the_files(tmp_path):
    """After a moderator's acts, question and note, their id stands nowhere in the database's files."""
    moderator = Person(CANARY + 1, "Kanari")
    async with office_at(tmp_path) as office:
        staff = Staff(office, named=(moderator.user,))
        number = await office.sends(SARI)
        async with office.context.database.transaction() as tx:
            label = await phrases.code_of(tx, office.context, Phrases.LABELS, "darurat")
        for code in ("take", "check", f"label-{label}", "block", "close"):
            await staff.presses(moderator, number, code)
        await office.works()
    held = b"".join(path.read_bytes() for path in tmp_path.glob("bisik.db*"))

    assert str(moderator.user).encode() not in held
    assert moderator.user.to_bytes(8, "big") not in held
    assert b"Kanari" not in held


async def writes(staff, by: Person, number: str, code: str, words: str):
    """Press what needs words, write them in the private chat and confirm; what is said then."""
    hears, taps = staff.office.desk.hears, staff.office.desk.taps
    opened = (await staff.presses(by, number, code)).opens
    await hears(by.user, Commanded(Command.START, opened), 1)
    return keys(await taps(by.user, await hears(by.user, Typed(words), 2), "confirm", 3))


async def offered(staff, by: Person, number: str) -> dict[str, str]:
    """The ready questions that somebody who asks is offered: words by code, none for those that are shipped."""
    opened = (await staff.presses(by, number, "ask")).opens
    shown = (await staff.office.desk.hears(by.user, Commanded(Command.START, opened), 1)).screens[-1]
    return {choice.code: str(choice.label.values.get("words", "")) for choice in shown.choices}


async def picks(staff, by: Person, number: str, *choices: str | Typed, at: str = "ask"):
    """Press what asks, or another button, then go on by these choices and words; the last reply."""
    opened = (await staff.presses(by, number, at)).opens
    reply = await staff.office.desk.hears(by.user, Commanded(Command.START, opened), 1)
    for one in choices:
        event = one if isinstance(one, Typed) else tap(reply, one)
        reply = await staff.office.desk.hears(by.user, event, 2)
    return reply


async def test_ready_questions_are_every_moderators_and_a_code_never_stands_for_another(staff):
    """One adds, another is offered it and removes it; what is added then has another code, over restarts too."""
    number = await staff.office.sends(SARI)
    kept = await picks(staff, RINA, number, Typed("Di aula mana?"), "keep")
    await staff.presses(RINA, number, "leave")
    before = await offered(staff, BUDI, number)
    dropped = await picks(staff, BUDI, number, "canned-1", "drop")
    await picks(staff, BUDI, number, "canned-when", "drop")
    await picks(staff, BUDI, number, Typed("Siapa panitianya?"), "keep")
    after = await offered(staff, BUDI, number)

    assert ("question.kept", "question.dropped") == (keys(kept)[0], keys(dropped)[0])
    assert {"canned-when": "", "canned-1": "Di aula mana?"}.items() <= before.items()
    assert {"canned-1", "canned-when"}.isdisjoint(after)
    assert "Siapa panitianya?" == after["canned-3"]
    assert [] == staff.office.told(SARI)


async def test_a_ready_question_that_was_removed_meanwhile_is_asked_as_it_was_shown(staff):
    """Whoever has its button on the screen asks what stands on it."""
    number = await staff.office.sends(SARI)
    await picks(staff, RINA, number, Typed("Di aula mana?"), "keep")
    reply = await picks(staff, BUDI, number, "canned-1")
    await picks(staff, RINA, number, "canned-1", "drop")
    await staff.office.desk.taps(BUDI.user, reply, "confirm", 3)
    await staff.office.works()

    assert ["Di aula mana?"] == staff.office.told(SARI)


async def test_only_so_many_questions_are_ready_as_fit_under_a_message(staff):
    """What does not fit any more is not kept, and who wanted it reads so."""
    number = await staff.office.sends(SARI)
    others = [await picks(staff, RINA, number, Typed(f"Yang mana, {n}?")) for n in range(CANNED_MOST)]
    replies = [
        await picks(staff, BUDI, number, Typed(f"Siapa, {n}?"), "keep") for n in range(CANNED_MOST - len(CANNED))
    ]
    full = await staff.office.desk.taps(RINA.user, others[-1], "keep", 3)

    assert {"question.kept"} == {keys(reply)[0] for reply in replies}
    assert "question.full" == keys(full)[0]


async def test_a_question_that_is_worded_anew_reaches_the_reporter_as_an_edit(staff):
    """The reporter's message is drawn over with the new words, and an answer still goes to the same tip."""
    number = await staff.office.sends(SARI)
    await writes(staff, RINA, number, "ask", "Jam brapa?")
    await staff.office.works()
    said = len(staff.office.chats.said)
    told = await writes(staff, RINA, number, "amend", "Jam berapa?")
    await staff.office.works()
    (chat, message, screen) = staff.office.chats.amended[-1]
    await staff.office.answers(SARI, "Pukul 9.")
    await staff.office.works()

    assert (["act.amend"], SARI, 1000 + said) == (told, chat, message)
    assert "Jam berapa?" == screen.lines[0].values["others"].values["words"]
    assert (said, 1) == (len(staff.office.chats.said), (await staff.case(number)).answers)


async def test_a_question_worded_anew_before_it_was_told_is_told_once(staff):
    """Where the first wording is still on its way, the reporter reads the second alone."""
    number = await staff.office.sends(SARI)
    await writes(staff, RINA, number, "ask", "Jam brapa?")
    await writes(staff, RINA, number, "amend", "Jam berapa?")
    await staff.office.works()

    assert (["Jam berapa?"], []) == (staff.office.told(SARI), staff.office.chats.amended)


async def test_a_legal_hold_has_a_reason_and_is_asked_for_by_admins(staff):
    """A moderator cannot ask for it; an admin writes why, and it stands on the card."""
    number = await staff.office.sends(SARI)
    refused = await staff.presses(RINA, number, "hold")
    told = await writes(staff, BOSS, number, "hold", "Diminta pengadilan.")

    assert ("act.admins", ["act.hold"]) == (refused.toast.key, told)
    assert 1 == len((await staff.case(number)).hold)


async def test_a_tip_is_linked_by_its_number(staff):
    """A number that is typed links both tips; one that is no tip's says so."""
    one, other = await staff.office.sends(SARI), await staff.office.sends(DEWI)
    wrong = await writes(staff, RINA, one, "newlink", "2222-22")
    linked = await writes(staff, RINA, one, "newlink", other.lower())

    assert (["act.gone"], ["act.link"]) == (wrong, linked)
    assert ((other,), (one,)) == ((await staff.case(one)).linked, (await staff.case(other)).linked)


async def test_a_tip_that_is_linked_to_itself_is_told_to_be_the_same(staff):
    """Its own number, typed to link it, changes nothing, and whoever typed it reads why."""
    number = await staff.office.sends(SARI)

    assert ["act.itself"] == await writes(staff, RINA, number, "newlink", number.lower())
    assert () == (await staff.case(number)).linked


async def remarks(staff, by: Person, number: str, words: str, message: int = 50, *, edits: bool = False):
    return await staff.does(by, Remarked((await staff.card(number)).message, words, edits), message)


async def test_a_remark_is_sent_when_its_author_confirms_it(staff):
    """Words under a card are offered; another one's press sends nothing, the author's does, once."""
    number = await staff.office.sends(SARI)
    offered = (await remarks(staff, RINA, number, "Jam berapa?")).new
    send = Pressed(offered.question, codes(offered)[0])
    other = await staff.does(BUDI, send, 51)
    sent, again = await staff.does(RINA, send, 51), await staff.does(RINA, send, 51)
    await staff.office.works()

    assert ("remark.not_yours", "act.ask", "act.unknown") == (other.toast.key, sent.toast.key, again.toast.key)
    assert ["Jam berapa?"] == staff.office.told(SARI)


@pytest.mark.parametrize("private", [False, True])
async def test_a_reply_to_a_copy_of_the_card_is_one_to_the_card(staff, private):
    """Words in reply to what `/tip` shows are offered for that tip, in the group and in a chat of one's own."""
    number = await staff.office.sends(SARI)
    copy = (await staff.does(RINA, Summoned(StaffCommand.TIP, number), private=private)).new
    offered = (await staff.does(RINA, Remarked(999, "Jam berapa?", about=copy.question), 50, private=private)).new
    await staff.does(RINA, Pressed(offered.question, codes(offered)[0]), 51, private=private)
    await staff.office.works()

    assert number == offered.lines[0].values["number"]
    assert ["Jam berapa?"] == staff.office.told(SARI)


async def test_chatter_never_reaches_a_reporter(staff):
    """What is dropped, left alone, or said under no tip is not sent."""
    number = await staff.office.sends(SARI)
    offered = (await remarks(staff, RINA, number, "Menurutku palsu.")).new
    await remarks(staff, BUDI, number, "Setuju.")
    nowhere = await staff.does(RINA, Remarked(999, "Selamat pagi."), 52)
    dropped = await staff.does(RINA, Pressed(offered.question, codes(offered)[1]), 51)
    await staff.office.works()

    assert (None, "remark.dropped") == (nowhere, dropped.over.lines[0].key)
    assert [] == staff.office.told(SARI)


async def test_who_talks_under_a_tip_of_somebody_else_is_refused_only_when_they_send(staff):
    """Chatter is offered like any words, signs alone by nothing; the press to send reads whose the tip is."""
    number = await staff.office.sends(SARI)
    await staff.presses(RINA, number, "take")
    offered, sign = [(await remarks(staff, BUDI, number, words)).new for words in ("Menurutku palsu.", "👍")]
    sent = await staff.does(BUDI, Pressed(offered.question, codes(offered)[0]), 51)
    await staff.office.works()

    assert ("remark.ask", None) == (offered.lines[1].key, sign)
    assert (["act.taken"], []) == ([line.key for line in sent.over.lines], staff.office.told(SARI))


async def test_what_was_begun_before_the_reporter_took_the_code_only_is_asked_all_the_same(staff):
    """A reply that waits to be confirmed, and a link to write, go on: their questions are read with the receipt."""
    number = await staff.office.sends(SARI)
    offered = (await remarks(staff, RINA, number, "Jam berapa?")).new
    link = (await staff.presses(RINA, number, "ask")).opens
    hears, taps, receipt = staff.office.desk.hears, staff.office.desk.taps, staff.office.receipts[0]
    await taps(SARI, await hears(SARI, Commanded(Command.STATUS, receipt), 4), "code", 5)
    confirmed = await staff.does(RINA, Pressed(offered.question, codes(offered)[0]), 51)
    await hears(RINA.user, Commanded(Command.START, link), 1)
    written = await taps(RINA.user, await hears(RINA.user, Typed("Di mana?"), 2), "confirm", 3)
    await staff.office.works()
    read = await hears(SARI, Commanded(Command.STATUS, receipt), 6)

    assert ("asked.code", ["asked.code"], []) == (confirmed.toast.key, keys(written), staff.office.told(SARI))
    assert ["standing.asking", "thread.asked", "thread.asked", "thread.ask"] == keys(read)


async def test_an_edit_of_a_remark_that_was_sent_reaches_the_reporter_as_an_edit(staff):
    """Editing what was sent edits the reporter's, and its author reads so; the same words again change nothing."""
    number = await staff.office.sends(SARI)
    offered = (await remarks(staff, RINA, number, "Jam brapa?")).new
    anew = (await remarks(staff, RINA, number, "Jam  brapa?", edits=True)).new
    await staff.does(RINA, Pressed(anew.question, codes(anew)[0]), 51)
    await staff.office.works()
    edited, same = [await remarks(staff, RINA, number, "Jam berapa?", edits=True) for _ in range(2)]
    await staff.office.works()

    assert codes(offered) != codes(anew)
    assert ["compose.about", "act.amend"] == [line.key for line in edited.new.lines]
    assert same.new is None
    assert "Jam berapa?" == staff.office.chats.amended[-1][2].lines[0].values["others"].values["words"]


@pytest.mark.parametrize("private", [False, True])
async def test_a_reply_edited_before_it_is_sent_is_offered_in_place_of_the_first(staff, private):
    """The button under the first wording sends nothing and goes, that under the last sends it, once."""
    number = await staff.office.sends(SARI)

    async def offers(words: str):
        deed = Remarked(999, words, edits=words != "Jam brapa?", about=number)
        return (await staff.does(RINA, deed, 50, private=private)).new

    async def sends(offered):
        return await staff.does(RINA, Pressed(offered.question, codes(offered)[0]), 51, private=private)

    first, second, same, third = [await offers(words) for words in ("Jam brapa?", "Jam?", "Jam?", "Jam brapa?")]
    pressed = [await sends(one) for one in (first, second, third)]
    again = await sends(first)
    await staff.office.works()

    assert same is None
    assert ["remark.edited", "remark.edited", "compose.about"] == [one.over.lines[0].key for one in pressed]
    assert "act.unknown" == again.toast.key
    assert ["Jam brapa?"] == staff.office.told(SARI)


async def test_a_moderators_reply_to_their_own_words_opens_no_reporters_talk(staff):
    """What was offered of a message in a chat of one's own is no question that can be answered."""
    number = await staff.office.sends(SARI)
    await staff.does(RINA, Remarked(999, "Jam berapa?", about=number), 50, private=True)
    arrival = Arrival(9_000, RINA.user, 52, Typed("Pukul tujuh."), reply_to=50)

    assert "check.reply" not in keys(await staff.office.desk.intake.handle(arrival))


async def test_words_under_a_file_are_not_offered(staff):
    """Who replies with a file reads that only words go, and nothing waits to be sent."""
    number = await staff.office.sends(SARI)
    told = (await staff.does(RINA, Remarked(999, "Ini sekolahnya?", about=number, attached=True), 50)).new

    assert ["remark.words_only"] == [line.key for line in told.lines]
    assert () == told.choices


async def test_tips_that_look_alike_are_named_on_both_cards(staff):
    """A second tip of the same matter stands on the first one's card and the first on its own, until one is closed."""
    one, other = await staff.office.sends(SARI), await staff.office.sends(DEWI)
    both = (await staff.case(one)).alike, (await staff.case(other)).alike
    for number in (one, other):
        await staff.presses(RINA, number, "close")
    third = await staff.office.sends(CANARY)

    assert (((other,), (one,)), ()) == (both, (await staff.case(third)).alike)


async def test_strangers_of_the_day_push_no_twin_off_a_card(staff):
    """Of many tips of one day and kind only those of the same accused name each other, whoever came first."""
    twin = "Andi Baso, Kepala SMP Negeri 2"
    strangers = ["Camat Binamu", "Lurah Empoang", "Kadis Sosial", "Satpol Rahman", "Guru Hasan"]
    numbers = [await staff.office.sends(100 + n, accused=who) for n, who in enumerate([twin, twin, *strangers])]
    one, other, *others = [(await staff.case(number)).alike for number in numbers]

    assert ((numbers[1],), (numbers[0],)) == (one, other)
    assert [()] * len(strangers) == others


async def test_tips_that_come_at_once_are_named_to_each_other_once(staff):
    """Both are sent before either is posted: each card has the other's number, and has it once."""
    for chat in (SARI, DEWI):
        review = await staff.office.desk.reaches_review(chat, contact="here", story="Ia mengajak kami memilih.")
        await staff.office.desk.taps(chat, review, "send", 9)
    await staff.office.works()
    alike = {number: case.alike for number, (_, case) in (await staff.office.cases()).items()}
    one, other = alike

    assert {one: (other,), other: (one,)} == alike


async def test_a_label_that_is_none_of_theirs_is_refused(staff):
    """A forged label's button changes nothing, and says that it is not valid."""
    number = await staff.office.sends(SARI)
    response = await staff.presses(RINA, number, "label-99")

    assert ("act.unknown", ()) == (response.toast.key, (await staff.case(number)).labels)


async def test_a_label_is_taken_out_of_the_set_where_labels_are_added(staff):
    """One of more labels than fit on a screen is picked and removed: set and card have it no more, the others stay."""
    number = await staff.office.sends(SARI)
    for n in range(1, 11):
        await picks(staff, RINA, number, Typed(f"Label {n}"), "confirm", at="newlabel")
    dropped = await picks(staff, BUDI, number, "page-1", "canned-10", "drop", at="newlabel")
    picked = await picks(staff, BUDI, number, "canned-2", "confirm", at="newlabel")
    card = (await staff.does(RINA, Summoned(StaffCommand.TIP, number))).new
    async with staff.context.database.reading() as tx:
        left = await phrases.labels(tx, staff.context)

    assert ("label.dropped", "act.already") == (keys(dropped)[0], keys(picked)[0])
    assert [f"Label {n}" for n in range(1, 10)] == [*left.values()]
    assert "Label 10" not in repr(card)


async def test_a_label_is_one_line_and_the_same_in_capitals(staff):
    """Line breaks are blanks, and what differs in capitals only is the label that is there."""
    number = await staff.office.sends(SARI)
    for words in ("Sangat\npenting", "sangat  PENTING"):
        last = await picks(staff, RINA, number, Typed(words), "confirm", at="newlabel")
    async with staff.context.database.reading() as tx:
        there = await phrases.labels(tx, staff.context)

    assert "act.already" == keys(last)[0]
    assert ["Sangat penting"] == [*there.values()]


async def test_a_tip_without_a_number_says_how_it_is_asked_for(staff):
    """`/tip` alone explains itself."""
    response = await staff.does(RINA, Summoned(StaffCommand.TIP, " "), private=True)

    assert ["tip.how"] == [line.key for line in response.new.lines]

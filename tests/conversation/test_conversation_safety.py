"""Before a tip goes, its reporter hears which of their own words could lead to them, and decides."""

import pytest
from reporter import STORY, Reporter

from bot.conversation.betrayal import Reader
from bot.conversation.effects import Submit
from bot.conversation.events import Typed

SARI = Reader("sari_w", ("Sari", "Wulandari"))
BETRAYING = "Saya bekerja di sana. Hubungi 0812-3456-7890."


def told(words: str, place: str = "story") -> Reporter:
    """A reporter at the review who said these words at a question."""
    reporter = Reporter(reader=SARI).reaches(place).types(words)
    return reporter.reaches("review")


def test_words_are_warned_of_when_they_are_typed():
    """The next question begins with the very words, and the answer is kept all the same."""
    reporter = Reporter(reader=SARI).reaches("story").types(BETRAYING)

    assert "betrayal.typed" in reporter.keys
    assert "“Saya bekerja”" in reporter.said
    assert BETRAYING == reporter.draft.text("story")


def test_sending_stops_once_to_show_what_was_found():
    """Send leads to the words by question; sending them as they are sends the tip."""
    reporter = told(BETRAYING).taps("send")

    assert ("safety", ()) == (reporter.at, reporter.step.effects)
    assert "“0812-3456-7890”" in reporter.said
    reporter.taps("anyway")
    assert (Submit(),) == reporter.step.effects


@pytest.mark.parametrize(
    ("words", "place"),
    [("Lihat https://youtu.be/a?si=aB3", "story"), ("https://vt.tiktok.com/ZSabc/", "evidence")],
)
def test_a_link_that_tells_who_shared_it_is_shown(words: str, place: str):
    """A mark in the story, and a short link given as evidence, are found before anything is sent."""
    assert "safety" == told(words, place).taps("send").at


@pytest.mark.parametrize("words", ["ya", "ok", "kirim", "Kirim apa adanya", "send", "benar"])
def test_no_word_sends_past_the_warning(words: str):
    """Where words were found that lead to the reporter, only the button below them sends: a second "kirim" does not."""
    reporter = told(BETRAYING).types("kirim", words)

    assert ("safety", ()) == (reporter.at, reporter.step.effects)


def test_what_was_found_can_be_changed_first():
    """From the last look an answer is changed, and the review sends at once when nothing is found any more."""
    reporter = told(BETRAYING).taps("send", "to-story").types(STORY)

    assert "review" == reporter.at
    reporter.taps("send")
    assert (Submit(),) == reporter.step.effects


def test_the_last_look_leads_back():
    """Back from the last look is the review, and nothing was sent."""
    reporter = told(BETRAYING).taps("send", "back")

    assert ("review", ()) == (reporter.at, reporter.step.effects)


def test_a_tip_without_traces_is_sent_without_another_question():
    """Who said nothing that leads to them is not asked again."""
    assert (Submit(),) == told(STORY).taps("send").step.effects


def test_naming_the_accused_raises_no_alarm():
    """The accused's name and NIP may stand in the story, also where the reporter bears the same name."""
    reporter = Reporter(reader=Reader("", ("Budi",))).reaches("accused").types("Budi Santoso, kepala dinas")
    reporter.reaches("story").types("Lalu Budi Santoso (NIP 198609262015051001) membagi uang.").reaches("review")
    reporter.taps("details", "to-nip").types("19860926 201505 1 001").taps("send")

    assert (Submit(),) == reporter.step.effects


def test_the_accuseds_number_beside_their_name_raises_no_alarm():
    """A NIP that is told with the accused, in whatever sentence, is theirs there and in the story."""
    told = Reporter(reader=SARI).reaches("accused").types("Kepala SMP Negeri 2, NIP 198609262015051001")
    asked = told.keys
    told.reaches("story").types("NIP 198609262015051001 ikut kampanye di lapangan kota.").reaches("review").taps("send")

    assert "betrayal.typed" not in asked
    assert (Submit(),) == told.step.effects


def test_naming_oneself_as_the_accused_is_warned_of():
    """At the question for the accused the reporter's own name is still a trace."""
    reporter = Reporter(reader=SARI).reaches("accused").types("Atasan dari Sari Wulandari, kepala dinas")

    assert "betrayal.typed" in reporter.keys


def test_a_note_beside_evidence_is_looked_at():
    """Words that came with a picture are part of the last look."""
    reporter = Reporter().reaches("evidence").sends_file(caption="foto dari meja saya")
    reporter.is_cleaned(reporter.fetched()).reaches("review").taps("send")

    assert "safety" == reporter.at
    assert "“meja saya”" in reporter.said


def test_a_picked_name_is_warned_of():
    """A name that was picked from a list of people is shown when it is typed."""
    reporter = Reporter().reaches("story")
    reporter.does(Typed("Tanya Ani soal itu, ia melihat semuanya di aula sekolah itu.", ("Ani",)))

    assert "“Ani”" in reporter.said


@pytest.mark.parametrize("place", ["accused", "place", "story"])
def test_nothing_of_the_check_is_kept(place: str):
    """The draft holds the answer and no word of what was found, nor the reporter's names."""
    reporter = Reporter(reader=SARI).reaches(place).types("di kantor saya bersama orang lain yang hadir")

    assert not {"sari", "wulandari", "sari_w"} & set(repr(reporter.draft).casefold().split("'"))

"""A tip's life: states only by the table, one moderator at a time, nothing twice."""

from dataclasses import replace

import pytest
from casework_world import ADMIN, BUDI, CASE, RINA
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.case import (
    BOT,
    OPEN,
    OVER,
    REASONS,
    REPORTER,
    TARGETS,
    Actor,
    Standing,
    from_json,
    standing_line,
    to_json,
)
from bot.conversation.casework import ACTS, CATEGORIES, Who, decide, heard, refusal

MODERATORS = (RINA, BUDI, ADMIN)
ACTORS = (*MODERATORS, REPORTER, BOT)
ARGUMENTS = ("", *TARGETS, *REASONS, *CATEGORIES, "1", "2", CASE.number, "2222-22")
FITTING = {"forward": TARGETS, "reject": REASONS, "category": CATEGORIES, "uncategory": CATEGORIES}

presses = st.tuples(st.sampled_from([*ACTS, "no-such"]), st.sampled_from(ACTORS), st.sampled_from(ARGUMENTS))
fitting = st.sampled_from([*ACTS]).flatmap(
    lambda name: st.tuples(
        st.just(name),
        st.sampled_from(ACTORS),
        st.sampled_from(FITTING.get(name, ("1",) if ACTS[name].takes is None else ("",))),
    )
)


def after(case, *acts):
    """What becomes of acts that are not refused."""
    for name, by, *argument in acts:
        case = decide(case, name, by, *argument).case
        assert case is not None
    return case


@given(st.lists(presses | fitting, max_size=30))
def test_a_tip_moves_only_by_the_table(pressed: list):
    """Whoever presses whatever, a standing is left only from where a row says and entered only where it leads."""
    case = CASE
    for name, by, argument in pressed:
        decision = decide(case, name, by, argument)
        moved = decision.case or case
        if moved.standing != case.standing:
            assert case.standing in ACTS[name].before
            assert moved.standing is ACTS[name].after
        case = moved


@given(st.lists(presses | fitting, max_size=30))
def test_a_claimed_tip_is_worked_by_nobody_else(pressed: list):
    """While a tip is open and claimed, nobody else moves it, takes it or corrects it; only an admin can free it."""
    case = CASE
    for name, by, argument in pressed:
        moved = decide(case, name, by, argument).case or case
        if case.standing in OPEN and case.claim[0] not in ("", by.pseudonym) and by in MODERATORS:
            assert (case.standing, case.categories, case.asked) == (moved.standing, moved.categories, moved.asked)
            assert moved.claim in (case.claim, ("", "")) if by.admin else moved.claim == case.claim
        case = moved


@given(st.lists(presses | fitting, max_size=30))
def test_doubled_presses_change_nothing(pressed: list):
    """An act that sets something does it once: pressed again at once it is refused, and the reporter hears nothing."""
    case = CASE
    for name, by, argument in pressed:
        first = decide(case, name, by, argument)
        case = first.case or case
        again = decide(case, name, by, argument)
        if first.case and not (ACTS[name].counts or ACTS[name].repeats):
            assert (None, None, "") == (again.case, again.tells, again.audit)


@given(st.lists(presses | fitting, max_size=30))
def test_what_is_refused_says_why_and_nothing_else(pressed: list):
    """A refused act has no audit line and no words for the reporter; one that is not has its audit line."""
    case = CASE
    for name, by, argument in pressed:
        decision = decide(case, name, by, argument)

        assert bool(decision.audit) == (decision.case is not None)
        assert decision.case is not None or decision.tells is None
        assert decision.toast.key.startswith("act.")
        assert decision.case is None or refusal(case, name, by, argument) is None
        case = decision.case or case


@given(st.lists(presses | fitting, max_size=30))
def test_the_reporter_hears_of_every_step_once(pressed: list):
    """Words to the reporter go out exactly where a row tells and the standing, or to whom, has changed."""
    case = CASE
    for name, by, argument in pressed:
        decision = decide(case, name, by, argument)
        if decision.case:
            changed = (case.standing, case.to) != (decision.case.standing, decision.case.to)

            assert (changed and ACTS[name].tells) == (decision.tells is not None)
        case = decision.case or case


@given(st.lists(fitting, max_size=30))
def test_a_case_is_kept_without_loss(pressed: list):
    """A case comes back from its bytes as it was, whatever has become of it."""
    case = CASE
    for name, by, argument in pressed:
        case = decide(case, name, by, argument).case or case

    assert case == from_json(to_json(case))


@pytest.mark.parametrize("name", [name for name, act in ACTS.items() if act.by is Who.WORKER and not act.addressed])
def test_the_second_to_press_is_told_who_was_first(name: str):
    """Of two who press the same at once the second reads the first one's name, and nothing happens twice."""
    argument = FITTING.get(name, ("",))[0]
    first = decide(CASE, name, RINA, argument)
    if first.case is None:
        first = decide(replace(CASE, categories=CATEGORIES), name, RINA, argument)
    second = decide(first.case, name, BUDI, argument)

    assert (RINA.pseudonym, RINA.name) == first.case.claim
    assert None is second.case
    assert "Rina" == second.toast.values["name"]


def test_the_claim_of_who_is_no_moderator_any_more_holds_nobody_up():
    """Any moderator goes on with such a tip, or releases it; while it is not known who is one, it stays theirs."""
    taken = decide(CASE, "take", RINA).case
    told, untold = replace(BUDI, peers=frozenset({BUDI.pseudonym})), replace(BUDI, peers=None)

    assert ("act.taken", "act.not_yours") == tuple(decide(taken, one, untold).toast.key for one in ("take", "leave"))
    assert BUDI.pseudonym == decide(taken, "ask", told).case.claim[0]
    assert "" == decide(taken, "leave", told).case.claim[0]
    assert "act.not_yours" == decide(CASE, "leave", told).toast.key


def test_a_claim_is_left_by_its_holder_or_an_admin():
    """Another moderator cannot release a tip, its holder and admins can, and then anybody may take it."""
    taken = after(CASE, ("take", RINA))

    assert "act.not_yours" == decide(taken, "leave", BUDI).toast.key
    assert ("", "") == after(taken, ("leave", RINA)).claim
    assert ("M2", "Budi") == after(taken, ("leave", ADMIN), ("take", BUDI)).claim
    assert None is decide(CASE, "leave", ADMIN).case


def test_what_was_taken_over_is_not_told_again():
    """A moderator who goes on with a released tip under the same standing tells the reporter nothing new."""
    checked = after(CASE, ("check", RINA), ("leave", RINA))
    again = decide(checked, "check", BUDI)

    assert "M2" == again.case.claim[0]
    assert None is again.tells


@pytest.mark.parametrize("close", [("close", RINA), ("reject", RINA, "thin")])
def test_a_closed_tip_is_reopened_first(close: tuple):
    """A button of a closed tip says how it stands and by whom; reopening brings it back, without its old reason."""
    closed = after(CASE, close)
    opened = decide(closed, "reopen", BUDI)

    for name in ("take", "leave", "check", "ask", "close"):
        refused = decide(closed, name, BUDI)
        assert (None, "act.already_by", "Rina") == (refused.case, refused.toast.key, refused.toast.values["name"])
    assert (Standing.CHECKING, "", "M2") == (opened.case.standing, opened.case.reason, opened.case.claim[0])
    assert None is not opened.tells
    assert "act.already" == decide(opened.case, "reopen", BUDI).toast.key


def test_questions_answers_and_notes_are_counted():
    """Every question, answer and note counts, an answer moves a tip on, and an addition leaves it where it is."""
    asked = after(CASE, ("ask", RINA), ("ask", RINA), ("note", BUDI))
    answered = after(asked, (heard(asked), REPORTER))
    added = after(answered, (heard(answered), REPORTER))

    assert (Standing.ASKING, 2, 0, 1) == (asked.standing, asked.asked, asked.answers, asked.notes)
    assert (Standing.CHECKING, 1) == (answered.standing, answered.answers)
    assert (Standing.CHECKING, 2) == (added.standing, added.answers)


@pytest.mark.parametrize("standing", Standing)
def test_a_reporter_is_never_refused(standing: Standing):
    """Whatever the standing, what a reporter writes is taken."""
    case = replace(CASE, standing=standing, to="bkn", reason="thin")

    assert None is refusal(case, heard(case), REPORTER)


def test_labels_links_and_categories_come_and_go():
    """Each is added once and removed once, by its own code, and the last category stays."""
    case = after(CASE, ("label", BUDI, "1"), ("label", RINA, "2"), ("unlabel", RINA, "1"), ("link", BUDI, "2222-22"))
    corrected = after(case, ("category", RINA, "TEKANAN"), ("uncategory", RINA, "FOTO"), ("uncategory", RINA, "MEDSOS"))

    assert (("2",), ("2222-22",)) == (case.labels, case.linked)
    assert () == after(case, ("unlink", BUDI, "2222-22")).linked
    assert ("TEKANAN",) == corrected.categories
    assert "act.last" == decide(corrected, "uncategory", RINA, "TEKANAN").toast.key


@pytest.mark.parametrize(
    ("name", "by", "argument"),
    [
        ("forward", RINA, "kpk"),
        ("reject", RINA, ""),
        ("take", RINA, "1"),
        ("label", RINA, ""),
        ("category", RINA, "NOSUCH"),
        ("no-such", RINA, ""),
        ("deliver", RINA, ""),
        ("answer", RINA, ""),
        ("take", REPORTER, ""),
        ("answer", BOT, ""),
        ("deliver", REPORTER, ""),
    ],
)
def test_old_and_forged_buttons_do_nothing(name: str, by: Actor, argument: str):
    """An act that there is not, for somebody else or about something else, is refused as unknown."""
    decision = decide(CASE, name, by, argument)

    assert (None, "act.unknown") == (decision.case, decision.toast.key)


@pytest.mark.parametrize(
    ("change", "said"),
    [({}, "act.reject"), ({"shut": True}, "rejected.shut"), ({"reachable": False}, "rejected.code")],
)
def test_who_refuses_a_tip_reads_where_its_reporter_reads_why(change, said):
    """That the reporter is told is said only where somebody is told."""
    assert said == decide(replace(CASE, **change), "reject", RINA, "thin").toast.key


def test_a_sender_is_blocked_only_where_there_is_an_address():
    """Without an address a tip says plainly that neither it nor its end can be done; otherwise each is done once."""
    blocked = decide(CASE, "block", RINA, day="2026-11-24")
    free = decide(blocked.case, "unblock", RINA)

    assert "act.no_address" == decide(replace(CASE, reachable=False), "block", RINA).toast.key
    assert "act.no_way_back" == decide(replace(blocked.case, reachable=False), "unblock", RINA).toast.key
    assert ("2026-11-24", "") == (blocked.case.blocked, free.case.blocked)
    assert None is decide(blocked.case, "block", RINA, day="2026-11-24").case
    assert None is decide(free.case, "unblock", RINA).case


def test_a_tip_knows_the_day_on_which_it_was_closed():
    """Closing and refusing set the day, reopening clears it, and no other act touches it."""
    closed = decide(CASE, "close", RINA, day="2026-11-24").case
    labelled = decide(closed, "label", BUDI, "1", "2026-11-30").case

    assert "2026-11-24" == labelled.closed == decide(CASE, "reject", RINA, "thin", "2026-11-24").case.closed
    assert "" == decide(labelled, "reopen", BUDI, day="2026-11-30").case.closed


def test_a_legal_hold_takes_two_admins():
    """One admin's request holds nothing, however often, two different ones do, and moderators cannot ask for it."""
    other = replace(ADMIN, pseudonym="A2")
    asked = after(CASE, ("hold", ADMIN))
    held = after(asked, ("hold", other))

    assert "act.admins" == decide(CASE, "hold", RINA).toast.key
    assert None is decide(asked, "hold", ADMIN).case
    assert (False, True) == (asked.held, held.held)


def test_a_legal_hold_ends_by_two_admins_too():
    """One admin's word ends no hold that is in force, and who holds anew objects; a mere request is dropped by one."""
    other = replace(ADMIN, pseudonym="A2")
    asked = after(CASE, ("hold", ADMIN))
    held = after(asked, ("hold", other))
    lifting = after(held, ("unhold", other))

    assert (True, ("A2",)) == (lifting.held, lifting.lift)
    assert None is decide(lifting, "unhold", other).case
    assert CASE == after(lifting, ("unhold", ADMIN)) == after(asked, ("unhold", other))
    assert held == after(lifting, ("hold", ADMIN))


def test_a_question_is_changed_by_who_works_the_tip():
    """Changing a question changes no case, has its audit line, and is its holder's alone."""
    asked = after(CASE, ("ask", RINA))
    amended = decide(asked, "amend", RINA)

    assert (asked, "amend") == (amended.case, amended.audit)
    assert "act.not_yours" == decide(asked, "amend", BUDI).toast.key


def test_the_audit_line_names_to_whom_and_why():
    """Hand-overs and refusals say to whom and why, and no other line says more than its act."""
    decisions = [
        decide(CASE, *press) for press in (("forward", RINA, "bkn"), ("reject", RINA, "spam"), ("label", RINA, "1"))
    ]

    assert ["forward-bkn", "reject-spam", "label"] == [decision.audit for decision in decisions]


def test_a_case_of_the_first_version_opens():
    """A summary that was written before there were cases opens as one that nobody has taken."""
    old = to_json(CASE).replace(b',"formal":true', b"").replace(b',"claim":["",""]', b"")
    case = from_json(old)

    assert (CASE.number, False, ("", "")) == (case.number, case.formal, case.claim)


def test_every_standing_is_open_or_over():
    """No standing is both, and none is neither."""
    assert frozenset(Standing) == OPEN | OVER
    assert not OPEN & OVER


def test_a_reporter_never_learns_of_another_tip():
    """A tip that was received before reads to its reporter as one that does not suffice, and to moderators as it is."""
    twice, thin = (decide(CASE, "reject", RINA, reason) for reason in ("twice", "thin"))

    assert thin.tells.values["why"] == twice.tells.values["why"]
    assert thin.tells.values["next"] == twice.tells.values["next"]
    assert "reason.twice" == standing_line(twice.case).values["reason"].key

"""The settings are complete, explained and checked as a whole, and no complaint repeats a value."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import settings
from bot.settings import NAMES, Settings, SettingsProblem

ROOT = Path(__file__).parent.parent
TOKEN = "4071:CanaryTokenAbcdef"
ENOUGH = {
    "BISIK_TELEGRAM_TOKEN": TOKEN,
    "BISIK_MODERATOR_CHAT_ID": "-1001234567890",
    "BISIK_ADMIN_IDS": "731980055, 731980056,731980055",
    "BISIK_OPERATOR_NAME": "Redaksi Contoh",
    "BISIK_OPERATOR_CONTACT": "redaksi@contoh.example",
    "BISIK_ELECTION": "Pilkada Jeneponto 2031",
}
# The table of the interface: other programs set these names, and rely on these defaults.
DEFAULTS = {
    "telegram_api_url": "https://api.telegram.org",
    "moderator_ids": (),
    "database_url": "sqlite:///data/bisik.db",
    "keyring": Path("keyring.json"),
    "archive_public_key": None,
    "archive_after": "closing",
    "forward": "full",
    "topics": False,
    "protect_content": True,
    "default_language": "id",
    "moderator_language": "id",
    "timezone": "Asia/Jakarta",
    "draft_hours": 72,
    "retention_days": 90,
    "backup_keep_days": 30,
    "release_delay_minutes": 0,
    "summary_hour": 8,
    "evidence_max_files": 10,
    "evidence_max_mb": 20,
    "health_file": None,
    "canary": False,
    "handover_second": True,
    "handover_guide": None,
}
WRONG = {
    "BISIK_TELEGRAM_TOKEN": ["canary", "12:", ":abc", "12:a b"],
    "BISIK_TELEGRAM_API_URL": [
        "http://canary.example", "ftp://127.0.0.1", "canary", "https://canary@api.example", "https://a.example/?canary",
        "http://[canary", "https://[canary]/", "http://127.0.0.1:canary",
    ],
    "BISIK_MODERATOR_CHAT_ID": ["1001234567890", "@canary", "0", "9" * 5000],
    "BISIK_ADMIN_IDS": ["@canary", "12 34", "-5", "0", "1;2", ",", "9" * 5000],
    "BISIK_MODERATOR_IDS": ["canary"],
    "BISIK_OPERATOR_NAME": ["canary\ncanary", "canary" * 100],
    "BISIK_OPERATOR_CONTACT": ["canary\x00"],
    "BISIK_ELECTION": ["canary\u202e"],
    "BISIK_DATABASE_URL": ["mysql://canary", "canary.db", "sqlite:///", "postgresql://"],
    "BISIK_ARCHIVE_AFTER": ["canary", "delivery"],
    "BISIK_FORWARD": ["canary"],
    "BISIK_TOPICS": ["canary"],
    "BISIK_PROTECT_CONTENT": ["canary"],
    "BISIK_DEFAULT_LANGUAGE": ["canary", "ms"],
    "BISIK_MODERATOR_LANGUAGE": ["ID"],
    "BISIK_TIMEZONE": ["canary", "../etc/passwd", "WIB"],
    "BISIK_DRAFT_HOURS": ["0", "721", "1.5", "canary"],
    "BISIK_RETENTION_DAYS": ["0"],
    "BISIK_BACKUP_KEEP_DAYS": ["0"],
    "BISIK_RELEASE_DELAY_MINUTES": ["-1", "1441"],
    "BISIK_SUMMARY_HOUR": ["24"],
    "BISIK_EVIDENCE_MAX_FILES": ["0", "31"],
    "BISIK_EVIDENCE_MAX_MB": ["21"],
    "BISIK_KEYRING": ["data/bisik.db"],
    "BISIK_CANARY": ["canary"],
    "BISIK_HEALTH_FILE": ["data/bisik.db", "./keyring.json", ".env", str(Path("keyring.json").absolute())],
}  # fmt: skip
NOWHERE = Path("no-such-file")


def _complaints(given_values: dict[str, str], env_file: Path = NOWHERE) -> tuple[str, ...]:
    with pytest.raises(SettingsProblem) as problem:
        settings.load(given_values, env_file)
    return problem.value.sentences


def test_what_must_be_set_is_enough_and_the_rest_has_its_default():
    """Six settings start a bot; every other one has the default of the interface."""
    loaded = settings.load(ENOUGH, NOWHERE)

    assert TOKEN == loaded.telegram_token.get_secret_value()
    assert -1001234567890 == loaded.moderator_chat_id
    assert (731980055, 731980056) == loaded.admin_ids
    assert DEFAULTS == {name: getattr(loaded, name) for name in DEFAULTS}
    assert {*ENOUGH, *(f"BISIK_{name.upper()}" for name in DEFAULTS)} == set(NAMES)


def test_nothing_set_names_each_thing_that_is_missing():
    """An empty environment gets one sentence for each setting that has no default."""
    complaints = _complaints({})

    assert sorted(ENOUGH) == [complaint.split()[0] for complaint in complaints]


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_is_named_but_not_repeated(name: str, value: str):
    """The sentence names the setting, says what to do in plain words, and shows nothing that was set."""
    (complaint,) = _complaints({**ENOUGH, name: value})

    assert name in complaint
    assert "canary" not in complaint.replace(name, "").lower()
    assert "9999" not in complaint
    assert "\n" not in complaint


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.text(min_size=1), min_size=1))
def test_no_value_breaks_the_reading(values: dict[str, str]):
    """Whatever stands in the environment, the answer is settings or sentences that repeat nothing long."""
    try:
        settings.load({**ENOUGH, **values}, NOWHERE)
    except SettingsProblem as problem:
        told = str(problem)

        assert not [value for value in values.values() if len(value) > 30 and value in told]
        assert TOKEN not in told


def test_a_mistyped_name_is_recognised():
    """A setting that does not exist is refused, with the one that was probably meant."""
    assert ("BISIK_SUMARY_HOUR is not a setting: did you mean BISIK_SUMMARY_HOUR?",) == _complaints(
        {**ENOUGH, "BISIK_SUMARY_HOUR": "8"}
    )
    assert ("BISIK_WHATEVERELSE is not a setting.",) == _complaints({**ENOUGH, "BISIK_WHATEVERELSE": "8"})


def test_an_empty_value_is_the_default():
    """What is set to nothing, or to blanks, counts as not set."""
    assert 72 == settings.load({**ENOUGH, "BISIK_DRAFT_HOURS": " "}, NOWHERE).draft_hours


def test_the_case_of_a_name_does_not_matter():
    """A name in small letters is the same setting, and is handed on in capitals."""
    given_values = {**ENOUGH, "bisik_draft_hours": "5"}

    assert 5 == settings.load(given_values, NOWHERE).draft_hours
    assert {**ENOUGH, "BISIK_DRAFT_HOURS": "5"} == settings.written(given_values, NOWHERE)


def test_a_fault_is_told_once():
    """Two ids that are wrong in the same way get one sentence."""
    assert 1 == len(_complaints({**ENOUGH, "BISIK_ADMIN_IDS": "0,0"}))


def test_a_blank_in_the_environment_leaves_the_file_its_say(tmp_path: Path):
    """What is empty in the environment is not given there, so the file's value holds."""
    (tmp_path / ".env").write_text("BISIK_DRAFT_HOURS=48\n")

    assert 48 == settings.load({**ENOUGH, "BISIK_DRAFT_HOURS": ""}, tmp_path / ".env").draft_hours


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8081", "http://localhost:1/", "http://[::1]:8081", "https://api.example/telegram", "http://127.9.9.9"],
)  # fmt: skip
def test_any_bot_api_server_can_be_used(url: str):
    """A simulator or a self-hosted server is named by its address, with plain http on this machine only."""
    assert url.rstrip("/") == settings.load({**ENOUGH, "BISIK_TELEGRAM_API_URL": url}, NOWHERE).telegram_api_url


def test_the_environment_goes_before_the_file(tmp_path: Path):
    """A setting in both places is taken from the environment, one in the file alone from there."""
    env_file = tmp_path / ".env"
    env_file.write_text("# a comment\n\nexport BISIK_SUMMARY_HOUR=5\nBISIK_DRAFT_HOURS='48'\nOTHER=1\n")
    loaded = settings.load({**ENOUGH, "BISIK_SUMMARY_HOUR": "6"}, env_file)

    assert (6, 48) == (loaded.summary_hour, loaded.draft_hours)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"BISIK_ELECTION='Pilkada\nBISIK_SUMMARY_HOUR=3\n", "Line 1"),
        (b"BISIK_SUMMARY_HOUR=3\nBISIK_ELECT", "Line 2"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_a_half_written_file_is_noticed(text: bytes, line: str, tmp_path: Path):
    """A file that was cut, or is no text, is refused with the line, not read as far as it goes."""
    (tmp_path / ".env").write_bytes(text)
    complaints = _complaints(ENOUGH, tmp_path / ".env")

    assert line in complaints[0]


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path: Path):
    """What cannot be opened gets a sentence, not a traceback."""
    assert "cannot be read" in _complaints(ENOUGH, tmp_path)[0]


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]))))
def test_what_is_written_is_read_back(values: dict[str, str]):
    """Quotes, dollar signs, hashes and backslashes of a value survive the file that `bisik init` writes."""
    lines = settings.parse(settings.render(values), ".env")

    assert values == {name: lines[name] for name in values}
    assert set(NAMES) == set(lines)


def test_the_example_names_every_setting_with_its_default_and_a_line_of_explanation():
    """`config.example.env` is exactly what the settings themselves say, so neither can gain or lose one alone."""
    example = (ROOT / "config.example.env").read_text("utf-8")

    assert settings.render({}) == example
    assert sorted(NAMES) == sorted(re.findall(r"^# \S.+\n(BISIK_\w+)=", example, re.MULTILINE))


def test_the_example_filled_in_starts_a_bot(tmp_path: Path):
    """Its defaults are accepted as they stand; only what is empty must be filled in."""
    (tmp_path / ".env").write_text(settings.render(ENOUGH))

    assert settings.load(ENOUGH, NOWHERE) == settings.load({}, tmp_path / ".env")


def test_settings_shown_by_mistake_show_nothing():
    """Neither text nor error of the settings holds the token, an id or an address."""
    loaded = settings.load(ENOUGH, NOWHERE)

    assert ["Settings()"] * 3 == [str(loaded), repr(loaded), f"{loaded}"]


def test_settings_by_keyword_ignore_the_environment():
    """A test, the demo or a benchmark builds settings without what its machine happens to set."""
    script = "from bot.settings import Settings; import sys; Settings(**eval(sys.argv[1]))"
    values = {name.removeprefix("BISIK_").lower(): value for name, value in ENOUGH.items()}
    environment = {"BISIK_DRAFT_HOURS": "canary", "BISIK_NO_SUCH_THING": "canary"}
    run = subprocess.run([sys.executable, "-c", script, repr(values)], cwd=ROOT, env=environment, check=False)

    assert 0 == run.returncode
    assert 72 == Settings.model_validate(values).draft_hours


@pytest.mark.parametrize(
    "pair",
    [
        {"BISIK_BACKUP_KEEP_DAYS": "15", "BISIK_RETENTION_DAYS": "14"},
        {"BISIK_DRAFT_HOURS": "49", "BISIK_RETENTION_DAYS": "2", "BISIK_BACKUP_KEEP_DAYS": "2"},
        {"BISIK_KEYRING": "canary", "BISIK_ARCHIVE_PUBLIC_KEY": "canary"},
        {"BISIK_DATABASE_URL": "sqlite:///canary", "BISIK_ARCHIVE_PUBLIC_KEY": "canary"},
        {"BISIK_DATABASE_URL": "sqlite:///data/../canary", "BISIK_KEYRING": "canary"},
        {"BISIK_HANDOVER_GUIDE": "canary", "BISIK_HEALTH_FILE": "canary"},
    ],
)
def test_settings_that_contradict_each_other_are_refused_in_one_sentence_that_names_both(pair: dict[str, str]):
    """Each alone is well; together they are refused at start."""
    (sentence,) = _complaints(ENOUGH | pair)

    assert [] == [name for name in list(pair)[:2] if name not in sentence]
    assert "canary" not in sentence

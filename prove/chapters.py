"""The chapters, in the order of the page."""

from prove import clock, crash, disk, floods, leaks, network, power, refusals, signs, soak, strange, timing
from prove.page import Chapter

CHAPTERS: tuple[Chapter, ...] = (
    Chapter("crash", "The bot's process is killed while people write to it.", "kills", 5, 1_000, crash.prove),
    Chapter(
        "power",
        "The power is cut at each write and each sync of database and keyring, whatever the disk had got to by then.",
        "power cuts",
        100,
        5_000,
        power.prove,
    ),
    Chapter("disk", "The disk is full, or another program locks the database.", "times", 2, 200, disk.prove),
    Chapter(
        "refusals",
        "Writes of the database fail, single ones and all for a while: the disk is full, read-only or broken.",
        "refused writes and syncs",
        5,
        150,
        refusals.prove,
    ),
    Chapter("clock", "The clock jumps by a day or a year, and is put right.", "jumps", 2, 40, clock.prove),
    Chapter(
        "network",
        "Answers are late, wrong, half or lost; 429 and 5xx; the bot is thrown out; another poller has its token; "
        "the moderators' group becomes a supergroup; in the end no name is found for an hour.",
        "changes of weather",
        20,
        1_000,
        network.prove,
    ),
    Chapter(
        "strange",
        "Updates made at random from the types of the Bot API, wrong in every way, and forged buttons.",
        "updates",
        500,
        20_000,
        strange.prove,
    ),
    Chapter("signs", "All of Unicode, said wherever something can be said.", "texts", 15, 200, signs.prove),
    Chapter(
        "floods",
        "A hostile reporter and a thousand strangers beside ten honest ones.",
        "strangers",
        100,
        1_000,
        floods.prove,
    ),
    Chapter(
        "leaks",
        "Unmistakable reporters and moderators go through everything, and are looked for in every byte left or sent.",
        "reporters",
        3,
        1_000,
        leaks.prove,
    ),
    Chapter("timing", "What an observer learns from when and how things are named.", "tips", 40, 400, timing.prove),
    Chapter(
        "soak",
        "One process: tips from the first word to the card, then questions and answers, 64 talks at a time.",
        "updates",
        4_000,
        100_000,
        soak.prove,
    ),
)

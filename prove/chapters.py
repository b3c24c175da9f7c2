"""The chapters, in the order of the page."""

from prove import crash, disk, floods, leaks, network, soak, strange, timing
from prove.page import Chapter

CHAPTERS: tuple[Chapter, ...] = (
    Chapter("crash", "The bot's process is killed while people write to it.", "kills", 12, 1_000, crash.prove),
    Chapter("disk", "The disk is full, or another program locks the database.", "times", 4, 200, disk.prove),
    Chapter(
        "network",
        "Answers are late, wrong, half or lost; 429 and 5xx; the bot is thrown out; another poller has its token.",
        "changes of weather",
        20,
        1_000,
        network.prove,
    ),
    Chapter(
        "strange",
        "Updates made at random from the types of the Bot API, wrong in every way, and forged buttons.",
        "updates",
        1_000,
        100_000,
        strange.prove,
    ),
    Chapter(
        "floods",
        "A hostile reporter and a thousand strangers beside ten honest ones.",
        "strangers",
        200,
        1_000,
        floods.prove,
    ),
    Chapter(
        "leaks",
        "Unmistakable reporters go through everything, and are looked for in every byte that is left or sent.",
        "reporters",
        4,
        1_000,
        leaks.prove,
    ),
    Chapter("timing", "What an observer learns from when and how things are named.", "tips", 40, 400, timing.prove),
    Chapter("soak", "One process, one update after another.", "updates", 20_000, 100_000, soak.prove),
)

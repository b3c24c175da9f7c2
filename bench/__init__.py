"""What an update costs, side by side in one run: this bot, its library bare, and what is usually made for the same.

    python -m bench            # as `make bench` calls it; --help for shorter or longer runs

A simulated Telegram with a crowd in it (`crowd`) runs in a process of its own and answers every request after 50 ms.
Each contestant (`contestants`) is a process of its own too, started anew for every repetition, and has the machine
to itself. The people write as fast as they are answered, so every update is a step of a conversation.

| contestant | keeps the answers | its requests |
|---|---|---|
| this bot | sealed in SQLite, on the disk before its answer, many in a commit | ours |
| no library | not at all | aiohttp alone: the floor |
| bare python-telegram-bot, side by side | not at all | ours |
| aiogram's FSM, side by side | in SQLite, on the disk before its answer, two commits an update | stock, and once ours |
| `ConversationHandler`, one after the other | in memory | stock, and once ours |
| the same with `PicklePersistence` | in a file after each update, not forced onto the disk | stock, and once ours |

With the same requests under two of them, what differs is how they are built and not what carries them.

The rule: only ratios between contestants of the same run say anything. Times depend on the machine; none is judged.
"""

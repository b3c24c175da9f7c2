"""What an update costs, side by side in one run: this bot, the bare library, and the usual bot made with it.

    python -m bench            # as `make bench` calls it; --help for shorter or longer runs

A simulated Telegram with a crowd in it (`crowd`) runs in a process of its own and answers every request after 50 ms.
Each contestant (`contestants`) is a process of its own too, started anew for every repetition, and has the machine
to itself. The people write as fast as they are answered, so every update is a step of a conversation.

The rule: only ratios between contestants of the same run say anything. Times depend on the machine; none is judged.
"""

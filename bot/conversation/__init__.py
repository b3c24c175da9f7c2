"""What is said next: the conversation as pure functions over plain data.

The rule of this room: no chat platform, language, clock, chance, disk or network. Today, the region table, each
language's words and a fresh number arrive in a `World`; what happened arrives as an event; what to say leaves as
screens, what to do as effects. The same arguments always give the same answer.
"""

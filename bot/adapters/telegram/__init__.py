"""Telegram: updates become events, screens become messages, tips become posts.

The rule of this room: it decides nothing. It knows the conversation's plain data and the words of each language,
never the storage or the services: whatever it has to call is handed in.
"""

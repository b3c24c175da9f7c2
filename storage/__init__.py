"""What must be kept, sealed, and how it is forgotten.

Plain functions that take the transaction first. They deal in bytes, numbers and words, know nothing of
conversation, chat platforms or the time of day, and never import `bot`.
"""

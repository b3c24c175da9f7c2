"""Evidence: bytes in, clean bytes and a removal report out.

Rule: touches neither disk nor network, judges a file by its content alone, and fails closed: what is not
understood, is locked, or still carries something when read again is refused, never passed on.
"""

from bot.evidence.model import CODES, REASONS, Cleaned, Code, Kind, Reason, Refused
from bot.evidence.pool import Cleaner
from bot.evidence.washing import clean_here

__all__ = ["CODES", "REASONS", "Cleaned", "Cleaner", "Code", "Kind", "Reason", "Refused", "clean_here"]

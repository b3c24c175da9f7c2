"""The chapters, in the order of the page."""

from prove.page import Chapter

CHAPTERS: tuple[Chapter, ...] = ()

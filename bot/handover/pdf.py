"""The sheet as a PDF: A4, numbered sections, a table of evidence, lines to sign, the tip's number on every page.

Rule: the same sheet gives the same bytes; any text is set, and what is long flows over pages.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from html import escape
from importlib.metadata import distribution
from io import BytesIO
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, HRFlowable, KeepTogether, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus.tables import Table

from bot.handover.letters import UNSHOWN, printable
from bot.handover.sheet import Section, Sheet

FONTS: Final = {"Sheet": "DejaVuSans.ttf", "Sheet-Bold": "DejaVuSans-Bold.ttf", "Sheet-Mono": "DejaVuSansMono.ttf"}
"""DejaVu comes with matplotlib: free, with the letters of most languages, and there wherever the program is."""
MARGIN: Final = 22 * mm
PADDING: Final = 6
"""What reportlab keeps free within a frame, in points."""
LEFT: Final = MARGIN + PADDING
WIDTH: Final = A4[0] - 2 * LEFT
LABEL: Final = 50 * mm
COLUMNS: Final = (8 * mm, 32 * mm, 28 * mm, 22 * mm, WIDTH - 90 * mm)
GREY: Final = HexColor("#8a8a8a")
SHADE: Final = HexColor("#eeeeee")


def _style(size: float, font: str = "Sheet", **more: Any) -> ParagraphStyle:
    return ParagraphStyle("", fontName=font, fontSize=size, leading=size * 1.42, splitLongWords=1, **more)


BODY: Final = _style(9.2)
LABELS: Final = _style(9.2, textColor=HexColor("#444444"))
HEADING: Final = _style(10, "Sheet-Bold", spaceBefore=9, spaceAfter=3)
STORY: Final = _style(9.4, spaceAfter=4)
SMALL: Final = _style(8, textColor=HexColor("#444444"), spaceAfter=3)
CELL: Final = _style(8.2)
SUM: Final = _style(7.4, "Sheet-Mono")
HEAD: Final = (
    _style(9, "Sheet-Bold", alignment=TA_RIGHT),
    _style(16, "Sheet-Bold", alignment=TA_CENTER),
    _style(11, alignment=TA_CENTER, spaceAfter=2),
    _style(8.4, alignment=TA_CENTER, textColor=HexColor("#444444"), spaceAfter=4),
)


def pdf(sheet: Sheet, footer: Callable[[int, int], str]) -> bytes:
    """Set a sheet; `footer` says which page of how many."""
    out = BytesIO()
    setter = _Setter(_letters())
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=18 * mm,
        bottomMargin=20 * mm,
        title=f"{sheet.head[1]} {sheet.number}",
        author="",
        invariant=1,  # no time of making, and no random id
    )
    flowing = list(setter.all(sheet))

    def canvas(*args: Any, **more: Any) -> Canvas:
        return _Numbered(sheet.number, footer, *args, **more)

    document.build(flowing, canvasmaker=canvas)
    return out.getvalue()


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    """Read the fonts, once; the code points that both have in which texts are set."""
    home = distribution("matplotlib")
    fonts = [
        TTFont(name, str(home.locate_file(f"matplotlib/mpl-data/fonts/ttf/{file}"))) for name, file in FONTS.items()
    ]
    for font in fonts:
        pdfmetrics.registerFont(font)
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts[:2]))


class _Setter:
    """Turns texts into what flows over pages; `lost` is true once a letter could not be shown."""

    def __init__(self, letters: frozenset[int]) -> None:
        self._letters, self._lost = letters, False

    def all(self, sheet: Sheet) -> Iterator[Flowable]:
        yield from (self._set(text, style) for text, style in zip(sheet.head, HEAD, strict=True))
        yield HRFlowable(width="100%", thickness=1, color=GREY, spaceBefore=2, spaceAfter=6)
        yield from (self._set(line, BODY) for line in sheet.addressee)
        yield Spacer(0, 5)
        yield self._set(sheet.nature, SMALL)
        for n, section in enumerate(sheet.sections, start=1):
            yield from self._section(n, section)
        yield from self._evidence(len(sheet.sections) + 1, sheet)
        yield from self._section(len(sheet.sections) + 2, sheet.closing)
        if self._lost:
            yield self._set(sheet.unshown, SMALL)
        yield self._signatures(sheet)

    def _set(self, text: str, style: ParagraphStyle) -> Paragraph:
        shown = printable(text, self._letters)
        self._lost = self._lost or (UNSHOWN in shown and UNSHOWN not in text)
        return Paragraph(escape(shown, quote=False).replace("\n", "<br/>"), style)

    def _section(self, n: int, section: Section) -> Iterator[Flowable]:
        yield CondPageBreak(24 * mm)
        yield self._set(f"{n}. {section.title}", HEADING)
        if section.rows:
            rows = [
                [self._set(f"{chr(ord('a') + place)}. {label}", LABELS), self._set(value, BODY)]
                for place, (label, value) in enumerate(section.rows)
            ]
            lines: list[tuple[Any, ...]] = [
                ("LINEBELOW", (0, 0), (-1, -1), 0.25, SHADE),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
            ]
            yield _table(rows, (LABEL, WIDTH - LABEL), lines)
        for paragraph in section.paragraphs:
            yield self._set(paragraph, STORY if not section.rows else SMALL)

    def _evidence(self, n: int, sheet: Sheet) -> Iterator[Flowable]:
        yield CondPageBreak(34 * mm)
        yield self._set(f"{n}. {sheet.evidence_title}", HEADING)
        if sheet.evidence:
            rows = [[self._set(text, CELL) for text in sheet.evidence_columns]]
            rows += [
                [
                    self._set(str(one.number), CELL),
                    self._set(one.name or "-", CELL),
                    self._set(one.kind, CELL),
                    self._set(_size(one.size), CELL),
                    self._set(_halved(one.sha256) or "-", SUM),
                ]
                for one in sheet.evidence
            ]
            grid: list[tuple[Any, ...]] = [
                ("GRID", (0, 0), (-1, -1), 0.4, GREY),
                ("BACKGROUND", (0, 0), (-1, 0), SHADE),
            ]
            yield _table(rows, COLUMNS, grid, repeat=1)
            yield Spacer(0, 4)
        yield from (self._set(text, SMALL) for text in sheet.evidence_paragraphs)

    def _signatures(self, sheet: Sheet) -> Flowable:
        title, initials, on = sheet.signing
        gap = WIDTH * 0.06
        blank: list[Flowable | str] = [""]
        rows = [
            [self._set(sheet.signed[0][0], LABELS), *blank, self._set(sheet.signed[1][0], LABELS)],
            [self._set(sheet.signed[0][1], BODY), *blank, self._set(sheet.signed[1][1], BODY)],
            [self._set(initials, LABELS), *blank, self._set(initials, LABELS)],
            [self._set(on, LABELS), *blank, self._set(on, LABELS)],
        ]
        lines: list[tuple[Any, ...]] = [
            ("LINEBELOW", (column, row), (column, row), 0.6, GREY) for column in (0, 2) for row in (2, 3)
        ]
        lines += [("BOTTOMPADDING", (0, 2), (-1, 3), 14), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
        side = (WIDTH - gap) / 2
        return KeepTogether([self._set(title, HEADING), _table(rows, (side, gap, side), lines)])


def _table(rows: list[list[Any]], widths: Iterable[float], style: list[tuple[Any, ...]], *, repeat: int = 0) -> Table:
    common = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 2)]
    return Table(rows, list(widths), repeatRows=repeat, splitInRow=1, hAlign="LEFT", style=[*common, *style])


def _size(size: int) -> str:
    """As people write it in Indonesian: `1,2 MB`, `340 kB`."""
    if not size:
        return "-"
    kilobytes = max(1, round(size / 1000))
    return f"{kilobytes} kB" if kilobytes < 1000 else f"{size / 1e6:.1f} MB".replace(".", ",")


def _halved(digest: str) -> str:
    """A sum on two lines, so that the column holds it."""
    return f"{digest[:32]}\n{digest[32:]}" if digest else ""


class _Numbered(Canvas):
    """Knows how many pages there are once all are set, and then draws each one's foot."""

    def __init__(self, number: str, footer: Callable[[int, int], str], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._number, self._footer = number, footer
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # the stubs leave it out

    def save(self) -> None:
        pages = list(self._pages)
        for page, state in enumerate(pages, start=1):
            self.__dict__.update(state)
            self.setFont("Sheet", 8)
            self.drawString(LEFT, 11 * mm, self._number)
            self.drawRightString(A4[0] - LEFT, 11 * mm, self._footer(page, len(pages)))
            super().showPage()
        super().save()

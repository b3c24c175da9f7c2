"""The process that draws one chart: JSON on standard input, a PNG on standard output.

The picture has a ground of its own, so that it reads the same in a light and in a dark chat, on a phone's width.
"""

import io
import json
import sys
import textwrap
from math import ceil
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

GROUND, INK, BAR, HIDDEN = "#17212b", "#e8edf2", "#5ea9dd", "#7f8b96"


NAMES = 8
"""So many names stand below upright bars at the most."""
TITLE = 52
"""Letters of the title that have room in a row."""


def paint(title: str, names: list[str], heights: list[int], written: list[str], *, upright: bool) -> bytes:
    """A chart of bars; what is not shown as a number is grey."""
    rows = textwrap.wrap(title, TITLE)
    height = (3.3 if upright else 1.1 + 0.36 * len(names)) + 0.3 * len(rows)
    figure = Figure(figsize=(6, height), dpi=160, facecolor=GROUND)
    figure.set_layout_engine("constrained")
    FigureCanvasAgg(figure)
    axes: Any = figure.add_subplot(facecolor=GROUND)
    colours = [BAR if text.isdecimal() else HIDDEN for text in written]
    (_stand if upright else _lie)(axes, names, heights, written, colours)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    figure.suptitle("\n".join(rows), x=0.01, ha="left", color=INK, fontsize=14)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _lie(axes: Any, names: list[str], heights: list[int], written: list[str], colours: list[str]) -> None:  # noqa: ANN401 - untyped there
    """Bars below one another, the first at the top."""
    bars = axes.barh(range(len(names)), heights, color=colours, height=0.7)
    axes.bar_label(bars, written, padding=4, color=INK, fontsize=11)
    axes.set_yticks(range(len(names)), names, color=INK, fontsize=11)
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.margins(x=0.12)


def _stand(axes: Any, names: list[str], heights: list[int], written: list[str], colours: list[str]) -> None:  # noqa: ANN401 - untyped there
    """Bars beside one another, the last named, and before it as many as have room."""
    bars = axes.bar(range(len(names)), heights, color=colours, width=0.8)
    axes.bar_label(bars, written, padding=3, color=INK, fontsize=11 if len(names) <= NAMES else 8)
    named = range(len(names))[:: -ceil(len(names) / NAMES)]
    axes.set_xticks(named, [names[n] for n in named], color=INK, fontsize=11)
    axes.set_yticks([])
    axes.margins(x=0.02, y=0.12)


if __name__ == "__main__":
    sys.stdout.buffer.write(paint(**json.load(sys.stdin)))

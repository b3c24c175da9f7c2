"""The process that draws one chart: JSON on standard input, a PNG on standard output.

The picture has a ground of its own, so that it reads the same in a light and in a dark chat, on a phone's width.
"""

import io
import json
import sys
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

GROUND, INK, BAR, HIDDEN = "#17212b", "#e8edf2", "#5ea9dd", "#7f8b96"


def paint(title: str, names: list[str], heights: list[int], written: list[str]) -> bytes:
    """Bars that lie below one another, the first at the top; what is not shown as a number is grey."""
    figure = Figure(figsize=(6, 1.4 + 0.36 * len(names)), dpi=160, facecolor=GROUND, layout="constrained")
    FigureCanvasAgg(figure)
    axes: Any = figure.add_subplot(facecolor=GROUND)
    colours = [BAR if text.isdecimal() else HIDDEN for text in written]
    bars = axes.barh(range(len(names)), heights, color=colours, height=0.7)
    axes.bar_label(bars, written, padding=4, color=INK, fontsize=11)
    axes.set_yticks(range(len(names)), names, color=INK, fontsize=11)
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.margins(x=0.12)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_title(title, color=INK, fontsize=14, loc="left", pad=12)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(paint(**json.load(sys.stdin)))

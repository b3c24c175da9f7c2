"""Who draws the services' charts: in one language, by the process of `bot.charts`."""

from bot.charts import Chart, ChartError, draw
from bot.conversation.figures import Bars
from bot.locales.catalogue import Catalogue


class Artist:
    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def paint(self, bars: Bars) -> bytes | None:
        """The chart as a PNG with its words in the catalogue's language; None where it was not drawn."""
        names, heights, written = zip(*bars.bars, strict=True)
        title = self._catalogue.draw(bars.title)
        try:
            drawn = [self._catalogue.draw(name) for name in names]
            return await draw(Chart(title, drawn, heights, written, bars.upright))
        except ChartError:
            return None

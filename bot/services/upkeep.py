"""What has to be done now and then: forgetting by term, the week's key, the database's log, the hourly counters."""

from collections.abc import Callable, Mapping

from bot.services import forgetting
from bot.services.context import Context
from bot.services.debts import Owe
from bot.services.intake import Intake

Report = Callable[[Mapping[str, int]], None]


class Upkeep:
    """`owe` is called with new debts; `report` gets the hour's counters, the log's only trace of what reporters do."""

    def __init__(self, context: Context, intake: Intake, owe: Owe, report: Report) -> None:
        self._context = context
        self._intake = intake
        self._owe = owe
        self._report = report

    async def hourly(self) -> None:
        """Everything here may be done twice, or late."""
        context, today = self._context, self._context.today()
        await context.database.begin_day(today, context.rules.backup_days)
        await self._intake.note_spoken()
        async with context.database.transaction() as tx:
            await forgetting.rows(tx, context)
        await forgetting.nightly(context, self._owe)
        await context.secrets.turn(context.database, today, context.rules.draft_hours)
        await context.database.checkpoint()
        counted, context.counters = dict(context.counters), type(context.counters)()
        self._report(counted)

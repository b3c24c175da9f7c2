"""Faults on demand: what goes wrong, in which method, how many times. Fetching a file counts as the method `download`.


| kind            | what happens                                               | carried out? |
|-----------------|------------------------------------------------------------|--------------|
| `flood`         | 429 with `retry_after` = `seconds`                         | no           |
| `server_error`  | 500 with Telegram's JSON                                   | no           |
| `bad_gateway`   | 502 with an HTML page                                      | no           |
| `refused`       | the connection is dropped before anything is done          | no           |
| `lost_response` | the connection is dropped without an answer                | yes          |
| `half_sent`     | half of the answer comes, then the connection is dropped   | yes          |
| `slow`          | the answer comes `seconds` later                           | yes          |
"""

from dataclasses import dataclass, field

KINDS = ("flood", "server_error", "bad_gateway", "refused", "lost_response", "half_sent", "slow")


@dataclass(slots=True)
class Fault:
    """One planned fault; `method` or `chat` None means any, `times` None means until removed."""

    kind: str
    method: str | None = None
    times: int | None = 1
    seconds: float = 1
    chat: int | None = None
    happened: int = 0

    def fits(self, method: str, chat: int | None) -> bool:
        named = self.method is None or self.method.lower() == method.lower()
        return named and self.chat in (None, chat)


@dataclass(slots=True)
class Faults:
    """The planned faults, the latency of every answer (seconds), and how wrong the server's clock is (seconds)."""

    latency: float = 0
    clock_skew: float = 0
    planned: list[Fault] = field(default_factory=list)

    def add(
        self,
        kind: str,
        method: str | None = None,
        times: int | None = 1,
        seconds: float = 1,
        chat: int | None = None,
    ) -> Fault:
        """Plan a fault and return it: `happened` counts, `remove` takes it back."""
        if kind not in KINDS:
            raise ValueError(f"no such fault: {kind}; there are {', '.join(KINDS)}")
        fault = Fault(kind, method, times, seconds, chat)
        self.planned.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        self.planned.remove(fault)

    def clear(self) -> None:
        self.planned.clear()
        self.latency = 0
        self.clock_skew = 0

    def next(self, method: str, chat: int | None = None) -> Fault | None:
        """The fault that this call meets, if any; a fault that has happened often enough is forgotten."""
        fault = next((fault for fault in self.planned if fault.fits(method, chat)), None)
        if fault is None:
            return None
        fault.happened += 1
        if fault.times is not None and fault.happened >= fault.times:
            self.planned.remove(fault)
        return fault

"""Workers: one file's misfortune is its own."""

import asyncio
import subprocess
from collections.abc import AsyncIterator

import evidence_files as files
import evidence_media as media
import evidence_office as office
import psutil
import pytest

from bot.evidence import Cleaner, Refused, pool


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "bot.evidence.worker" in child.cmdline()]


async def started() -> psutil.Process:
    """The first worker, as soon as the system lists it; it is still starting then."""
    while not (found := children()):  # noqa: ASYNC110 - the event is a line in the system's table
        await asyncio.sleep(0)
    return found[0]


@pytest.fixture
async def cleaner() -> AsyncIterator[Cleaner]:
    """Two workers with ordinary limits; afterwards none is left."""
    made = Cleaner()
    yield made
    await made.close()
    assert [] == children()


async def test_files_are_cleaned_side_by_side(cleaner: Cleaner):
    """Ten files go through two processes and come back each as itself."""
    photos = [files.phone_jpeg(image=files.picture(size=(40 + step, 30))) for step in range(10)]

    cleaned = await asyncio.gather(*(cleaner.clean(photo) for photo in photos))

    assert [40 + step for step in range(10)] == [item.width for item in cleaned]
    assert 2 == len(children())


async def test_a_refusal_says_its_reason(cleaner: Cleaner):
    """What the worker refuses is refused here with the same reason."""
    with pytest.raises(Refused) as refused:
        await cleaner.clean(b"MZ\x90\0 this runs")

    assert "unsupported" == refused.value.reason


async def test_a_file_beyond_the_memory_limit_takes_only_its_worker():
    """A picture that outgrows the limit is refused, and the next file is cleaned."""
    cleaner = Cleaner(workers=1, memory_mb=96)
    try:
        with pytest.raises(Refused):
            await cleaner.clean(files.large_png(channels=3))
        cleaned = await cleaner.clean(files.phone_jpeg())
    finally:
        await cleaner.close()

    assert "jpg" == cleaned.extension


async def test_a_file_beyond_its_time_is_refused():
    """A time too short for anything refuses with its reason, and leaves no process."""
    cleaner = Cleaner(workers=1, seconds=1e-9)
    with pytest.raises(Refused, match="timeout"):
        await cleaner.clean(files.large_png())
    left = children()
    await cleaner.close()

    assert [] == left


async def test_a_worker_that_is_killed_at_work_refuses_only_its_file():
    """The kernel's killer takes one file with its worker; the next file is cleaned."""
    cleaner = Cleaner(workers=1)
    doomed = asyncio.ensure_future(cleaner.clean(files.large_png()))
    (await started()).kill()
    with pytest.raises(Refused, match="crashed"):
        await doomed
    after = await cleaner.clean(files.phone_jpeg())
    await cleaner.close()

    assert after.extension == "jpg"
    assert children() == []


def test_a_worker_that_died_unasked_is_buried_with_what_it_did_not_read():
    """What waits in a broken pipe is let go with the worker, and is nobody's error."""
    worker = pool._Worker(memory_mb=256, seconds=60)
    worker._process.kill()  # which the system's table may not know by its command yet
    while worker.alive:
        pass

    refused = worker.ask(files.phone_jpeg())
    worker.bury()

    assert isinstance(refused, Refused)
    assert refused.reason == "crashed"
    assert children() == []


async def test_an_idle_worker_that_died_is_replaced(cleaner: Cleaner):
    """A worker lost between two files costs neither."""
    await cleaner.clean(files.phone_jpeg())
    (worker,) = children()
    worker.kill()
    worker.wait()

    assert "jpg" == (await cleaner.clean(files.phone_jpeg())).extension


async def test_a_cancelled_job_ends_its_worker(cleaner: Cleaner):
    """Whoever gives up on a file leaves no process at work on it."""
    job = asyncio.ensure_future(cleaner.clean(files.large_png()))
    await started()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job

    assert [] == children()


class Recorder:
    """Starts processes, and notes the environment of the last."""

    def __init__(self, start) -> None:
        self._start, self.environment = start, {}

    def __call__(self, command, *, env, **how) -> subprocess.Popen[bytes]:
        self.environment = env
        return self._start(command, env=env, **how)


async def test_a_worker_inherits_no_secret(cleaner: Cleaner, monkeypatch: pytest.MonkeyPatch):
    """The bot's environment, with its token, does not reach the process that opens strangers' files."""
    monkeypatch.setenv("BISIK_TELEGRAM_TOKEN", "123:canary")
    with monkeypatch.context() as patch:  # who has started it may not look into it any more
        patch.setattr(pool.subprocess, "Popen", started := Recorder(subprocess.Popen))
        await cleaner.clean(files.phone_jpeg())
    (worker,) = children()

    assert ["PYTHONPATH"] == list(started.environment)
    assert (0, 0) == worker.rlimit(psutil.RLIMIT_FSIZE)
    assert (0, 0) == worker.rlimit(psutil.RLIMIT_CORE)


async def test_a_closed_cleaner_takes_no_more():
    """After closing, once or twice, a file is an error of ours and does not wait forever."""
    cleaner = Cleaner()
    await cleaner.close()
    await cleaner.close()

    with pytest.raises(RuntimeError, match="closed"):
        await cleaner.clean(files.phone_jpeg())


async def test_every_sort_of_file_fits_a_workers_default_limits(cleaner: Cleaner):
    """Documents, films and pictures are cleaned within the limits that are set when nobody sets any."""
    made = [office.word(), media.film(), files.phone_heic(), b"Camat hadir."]

    cleaned = [await cleaner.clean(data) for data in made]

    assert [item.extension for item in cleaned] == ["docx", "mp4", "jpg", "txt"]


async def test_a_worker_that_hangs_at_the_end_of_the_bot_ends_by_itself():
    """When the pipe closes, the worker goes without being told."""
    worker = pool._Worker(512, 60)
    worker._process.stdin.close()

    assert worker._process.wait() == 0
    worker.bury()

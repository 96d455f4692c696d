"""Which files of tests run at the same time."""

from types import SimpleNamespace
from typing import Any

from tests.order import MAX_COMPUTING, WAITING, Scheduler

_WORKERS = 5
_WAITING, _COMPUTING = WAITING[:6], tuple(f"tests/test_{number}.py" for number in range(6))


class _Worker:
    """A worker, with the test that it runs."""

    shutting_down = False

    def __init__(self, id_: int) -> None:
        self.gateway = SimpleNamespace(id=id_)
        self.test = -1

    def send_runtest_some(self, tests: list[int]) -> None:
        self.test = tests[0]


class _Run:
    """A run of files with three tests each."""

    def __init__(self, *files: str) -> None:
        self._tests = [f"{file}::test_{number}" for file in files for number in range(3)]
        config: Any = SimpleNamespace(
            getvalue=lambda _: ["popen"] * _WORKERS, option=SimpleNamespace(loadscopereorder=False)
        )
        self._scheduler: Any = Scheduler(config)
        self._workers = [_Worker(number) for number in range(_WORKERS)]
        for worker in self._workers:
            self._scheduler.add_node(worker)
        for worker in self._workers:
            self._scheduler.add_node_collection(worker, self._tests)
        self._scheduler.schedule()

    @property
    def files(self) -> list[str]:
        """The file of each worker."""
        return [self._tests[worker.test].partition("::")[0] for worker in self._workers]

    def end_file_of(self, number: int) -> None:
        worker = self._workers[number]
        for test in range(worker.test, worker.test + 3):
            self._scheduler.mark_test_complete(worker, test)


def test_few_files_compute_beside_those_that_wait() -> None:
    run = _Run(*_COMPUTING, *_WAITING)
    waiting = _WORKERS - MAX_COMPUTING
    assert run.files == [*_COMPUTING[:MAX_COMPUTING], *_WAITING[:waiting]]
    run.end_file_of(0)
    assert run.files[0] == _COMPUTING[MAX_COMPUTING]
    run.end_file_of(_WORKERS - 1)
    assert run.files[-1] == _WAITING[waiting]


def test_all_workers_compute_when_no_file_that_waits_is_left() -> None:
    run = _Run(*_COMPUTING, _WAITING[0])
    assert run.files == [*_COMPUTING[:MAX_COMPUTING], _WAITING[0], *_COMPUTING[MAX_COMPUTING : _WORKERS - 1]]


def test_all_workers_wait_when_no_file_that_computes_is_left() -> None:
    assert _Run(_COMPUTING[0], *_WAITING).files == [_COMPUTING[0], *_WAITING[: _WORKERS - 1]]

from __future__ import annotations

import threading
import time

import pytest

from sim.errors import BackfireError, ConfigError, GraphError
from sim.study.execution.runner import RunFailure, available_cpus, checked_workers, run_in_order


def test_results_come_in_the_order_of_the_tasks_whatever_the_workers() -> None:
    def slow_first(task: int) -> int:
        time.sleep(0.02 if task == 0 else 0.0)
        return task * task

    wanted = [task * task for task in range(23)]
    for workers in (1, 2, 5):
        assert list(run_in_order(range(23), slow_first, workers=workers)) == wanted


def test_runs_are_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=10)
    assert list(run_in_order([1, 2], lambda task: meeting.wait() >= 0, workers=2)) == [True, True]


def test_a_failed_run_is_named_and_no_other_is_begun() -> None:
    begun = []

    def work(task: int) -> int:
        begun.append(task)
        if task == 3:
            raise ZeroDivisionError("by nought")
        time.sleep(0.005)
        return task

    with pytest.raises(RunFailure, match="replicate 3 failed: ZeroDivisionError: by nought") as caught:
        list(run_in_order(range(1000), work, workers=2, name=lambda task: f"replicate {task}"))
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert len(begun) < 20


def test_a_users_mistake_keeps_its_kind_and_gains_the_runs_name() -> None:
    def work(task: int) -> int:
        raise GraphError("network.path: line 3 is odd.")

    with pytest.raises(GraphError, match=r"line 3 is odd\. \(in run 0\)"):
        list(run_in_order([0], work, workers=1, name=lambda task: f"run {task}"))


def test_running_out_of_memory_stays_that() -> None:
    def work(task: int) -> int:
        raise MemoryError

    with pytest.raises(MemoryError):
        list(run_in_order([0], work, workers=1))


def test_few_results_are_held_at_a_time() -> None:
    ahead = []
    finished = []

    def work(task: int) -> int:
        finished.append(task)
        return task

    for taken, _ in enumerate(run_in_order(range(200), work, workers=2)):
        ahead.append(len(finished) - taken)
    assert max(ahead) <= 8


def test_leaving_early_begins_no_further_run() -> None:
    begun = []
    runs = run_in_order(range(1000), begun.append, workers=2)
    next(runs)
    runs.close()  # type: ignore[attr-defined]
    seen = len(begun)
    time.sleep(0.05)
    assert len(begun) == seen < 20


def test_tasks_are_drawn_as_they_are_needed() -> None:
    drawn = []
    tasks = (drawn.append(number) or number for number in range(1000))  # type: ignore[func-returns-value]
    runs = run_in_order(tasks, str, workers=2)
    assert next(runs) == "0"
    assert len(drawn) < 20
    runs.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("workers", [0, -1, True, 1.5, "2", 5000])
def test_workers_that_cannot_be_are_refused(workers: object) -> None:
    with pytest.raises(ConfigError, match="workers must"):
        checked_workers(workers)


def test_workers_default_to_the_processors_that_may_be_used() -> None:
    assert checked_workers(None) == available_cpus() >= 1
    assert issubclass(RunFailure, BackfireError)

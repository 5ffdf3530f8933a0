"""Run random small campaigns with every index checked: ``NUMBA_BOUNDSCHECK=1 python -m tests.checked_runs 40``.

Stores grow a line at a time, so that they are never larger than the engine itself asks for.
"""

from __future__ import annotations

import sys

import numba
import numpy as np
from hypothesis import HealthCheck, Phase, given, settings

from sim.engine.book import create_book, ints, open_book, write_place
from tests.engine_runs import many_replies_at_once, run, stores_of_one_line, world_of
from tests.reference.rounds_strategies import in_rounds
from tests.reference.strategies import Example, examples


@numba.njit
def element(book, place, index):
    return ints(book, place)[index]


def indices_are_checked() -> bool:
    """Tell whether an index beyond an array of a book is noticed (the next element is ours, too)."""
    memory = np.zeros(4, dtype=np.int32)
    book = create_book()
    write_place(book, 0, memory[:2])
    try:
        element(open_book(book), 0, 2)
    except IndexError:
        return True
    return False


def check(count: int) -> int:
    """Run ``count`` campaigns and as many in rounds, and one of many answers at once; return how often stores grew."""
    grown = 0

    often = settings(max_examples=count, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
                     suppress_health_check=list(HealthCheck))  # fmt: skip

    @often
    @given(examples())
    def every_index_lies_inside(example: Example) -> None:
        nonlocal grown
        with stores_of_one_line(grow_by_one=True) as sizes:
            run(world_of(example), example.replicate)
        grown += len(sizes)

    @often
    @given(in_rounds())
    def every_index_of_a_run_in_rounds_lies_inside(example: Example) -> None:
        run(world_of(example), example.replicate)

    every_index_lies_inside()
    every_index_of_a_run_in_rounds_lies_inside()
    with stores_of_one_line(grow_by_one=True):
        run(many_replies_at_once(), 0)
    return grown


if __name__ == "__main__":
    if not indices_are_checked():
        sys.exit("indices are not checked: set NUMBA_BOUNDSCHECK=1")
    print(f"stores grew {check(int(sys.argv[1]))} times; every index lay inside its array")

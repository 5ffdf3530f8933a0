"""Big work in parts, one thread each: kernels release the interpreter lock, and each part writes places of its own.

What a part computes does not depend on where parts begin and end, so no number of threads can change a result.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Result = TypeVar("Result")
WORTH_A_THREAD = 20_000
"""Rows below which a thread costs more than it saves."""


def threads() -> int:
    """Return how many threads are worth starting: the processors that this process may use, eight at most."""
    return min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def equal_parts(n: int) -> list[tuple[int, int]]:
    """Return equal ranges of ``n`` rows, one for each thread; one in all if there are few rows."""
    parts = threads() if n >= WORTH_A_THREAD else 1
    return [(n * part // parts, n * (part + 1) // parts) for part in range(parts)]


def even_parts(start: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return ranges of rows with about equally many edges, one for each thread.

    Parameters
    ----------
    start : int64[n + 1]
        Row starts.
    """
    n = start.shape[0] - 1
    marks = [int(np.searchsorted(start, start[-1] * high // max(n, 1))) for _, high in equal_parts(n)[:-1]]
    return list(zip([0, *marks], [*marks, n], strict=True))


def side_by_side(work: Callable[[int, int], Result], parts: list[tuple[int, int]]) -> list[Result]:
    """Return ``work(low, high)`` of each part, in their order."""
    if len(parts) == 1:
        return [work(*parts[0])]
    with ThreadPoolExecutor(len(parts), thread_name_prefix="part") as pool:
        return list(pool.map(lambda part: work(*part), parts))

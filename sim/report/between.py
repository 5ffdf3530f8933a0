"""Parts of the README that a command writes: what stands between two marks is replaced, all else is left."""

from __future__ import annotations


def put_between(page: str, block: str, begin: str, end: str) -> str:
    """Return the page with what stands between the marks replaced.

    Raises
    ------
    ValueError
        If the page does not hold each mark once, in order.
    """
    before, first, rest = page.partition(begin)
    _, last, after = rest.partition(end)
    if not first or not last or begin in after or end in after:
        raise ValueError(f"the page must hold {begin} and {end}, each once and in this order")
    return f"{before}{begin}\n\n{block}\n\n{end}{after}"

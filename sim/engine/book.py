"""The book of addresses: how compiled code finds a run's arrays.

Passing fifty arrays from function to function costs compiled code more than its work: each is seven
values with a reference count. So kernels pass one ``book``, int64[places, 3]: the address of each array and its
two lengths (the second is 0 for one dimension), and look up what they need when they begin.
Python keeps the arrays alive and the book true while a kernel runs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

from sim.compiled import kernel
from sim.engine.layout import PLACES

_WORD = ir.IntType(64)


def create_book() -> np.ndarray:
    """Return an empty book: int64[places, 3]."""
    return np.zeros((PLACES, 3), dtype=np.int64)


def write_place(book: np.ndarray, place: int, array: np.ndarray) -> None:
    """Note where an array lies (it must be contiguous, and be kept alive by the caller)."""
    if not array.flags.c_contiguous:
        raise ValueError(f"place {place} of the book must be contiguous")
    book[place] = (array.ctypes.data, array.shape[0], array.shape[1] if array.ndim == 2 else 0)


@kernel(inline=True, inner=True)
def is_given(book, place):
    """Tell whether there is an array at a place."""
    return book[place, 0] != 0


def _view(element: Any, dimensions: int) -> Any:
    """Return the compiled function that opens the array of a book at a place (a view, not counted)."""

    @intrinsic
    def view(typing_context, book, place):
        array_type = types.Array(element, dimensions, "C")

        def generate(context, builder, signature, arguments):
            lines = context.make_array(signature.args[0])(context, builder, arguments[0])
            first = builder.mul(context.cast(builder, arguments[1], signature.args[1], types.int64), _WORD(3))
            line = [
                builder.load(builder.gep(lines.data, [builder.add(first, _WORD(j))])) for j in range(1 + dimensions)
            ]
            size = context.get_abi_sizeof(context.get_data_type(element))
            strides = [_WORD(size)]
            if dimensions == 2:
                strides.insert(0, builder.mul(line[2], _WORD(size)))
            array = context.make_array(array_type)(context, builder)
            pointer = builder.inttoptr(line[0], context.get_data_type(element).as_pointer())
            populate_array(
                array, data=pointer, shape=cgutils.pack_array(builder, line[1:]),
                strides=cgutils.pack_array(builder, strides), itemsize=_WORD(size), meminfo=None,
            )  # fmt: skip
            return array._getvalue()

        return array_type(book, place), generate

    return view


ints = _view(types.int32, 1)
int_rows = _view(types.int32, 2)
real_rows = _view(types.float32, 2)
half_rows = _view(types.uint16, 2)
shorts = _view(types.int8, 1)
octets = _view(types.uint8, 1)
longs = _view(types.int64, 1)
words = _view(types.uint64, 1)
floats = _view(types.float64, 1)
float_rows = _view(types.float64, 2)

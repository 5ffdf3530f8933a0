"""The book of addresses: how compiled code finds a run's arrays.

Passing fifty arrays from function to function costs compiled code more than its work: each is seven
values with a reference count. So kernels pass the address of one ``book``, int64[places, 3]: the address of each
array and its two lengths (the second is 0 for one dimension), and look up what they need when they begin.
Python keeps book and arrays alive and the book unchanged while a kernel runs, so that the compiler may look up once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

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


def open_book(book: np.ndarray) -> np.int64:
    """Return what kernels take as ``book``: its address (the caller keeps the book alive)."""
    return np.int64(book.ctypes.data)


def _line(builder: Any, book: Any, place: Any, count: int) -> list[Any]:
    """Return the first ``count`` numbers of a line, loaded as what no kernel changes."""
    first = builder.gep(builder.inttoptr(book, _WORD.as_pointer()), [builder.mul(place, _WORD(3))])
    found = [builder.load(builder.gep(first, [_WORD(j)])) for j in range(count)]
    for load in found:
        load.set_metadata("invariant.load", builder.module.add_metadata([]))
    return found


@intrinsic
def is_given(typing_context, book, place):
    """Tell whether there is an array at a place."""

    def generate(context, builder, signature, arguments):
        at = context.cast(builder, arguments[1], signature.args[1], types.int64)
        (address,) = _line(builder, arguments[0], at, 1)
        return builder.icmp_unsigned("!=", address, _WORD(0))

    return types.boolean(types.int64, place), generate


@intrinsic
def address_of(typing_context, book, place):
    """Return where the array of a place lies."""

    def generate(context, builder, signature, arguments):
        at = context.cast(builder, arguments[1], signature.args[1], types.int64)
        return _line(builder, arguments[0], at, 1)[0]

    return types.int64(types.int64, place), generate


def _view(element: Any, dimensions: int) -> Any:
    """Return the compiled function that opens the array of a book at a place (a view, not counted)."""

    @intrinsic
    def view(typing_context, book, place):
        array_type = types.Array(element, dimensions, "C")

        def generate(context, builder, signature, arguments):
            at = context.cast(builder, arguments[1], signature.args[1], types.int64)
            line = _line(builder, arguments[0], at, 1 + dimensions)
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

        return array_type(types.int64, place), generate

    return view


ints = _view(types.int32, 1)
int_rows = _view(types.int32, 2)
real_rows = _view(types.float32, 2)
half_rows = _view(types.uint16, 2)
shorts = _view(types.int8, 1)
octets = _view(types.uint8, 1)
longs = _view(types.int64, 1)
long_rows = _view(types.int64, 2)
words = _view(types.uint64, 1)
word_rows = _view(types.uint64, 2)
floats = _view(types.float64, 1)
float_rows = _view(types.float64, 2)

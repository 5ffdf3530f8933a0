"""Sets of rows as bits: found in ascending order without sorting, and small enough to stay near the processor."""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


@intrinsic
def lowest_bit(typing_context, word):
    """Return the place (0 to 63, int64) of the lowest bit of a uint64 that is not 0."""

    def generate(context, builder, signature, arguments):
        place = builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))
        return context.cast(builder, place, types.uint64, types.int64)

    return types.int64(types.uint64), generate


@intrinsic
def prefetch_element(typing_context, array, index):
    """Hint that an element of a one-dimensional array will be read soon; changes no value, needs no bounds."""

    def generate(context, builder, signature, arguments):
        array_type = signature.args[0]
        values = context.make_array(array_type)(context, builder, arguments[0])
        place = cgutils.get_item_pointer(context, builder, array_type, values, [arguments[1]], wraparound=False)
        byte = ir.IntType(8).as_pointer()
        word = ir.IntType(32)
        function = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [byte, word, word, word]), "llvm.prefetch.p0"
        )
        builder.call(function, [builder.bitcast(place, byte), word(0), word(3), word(1)])
        return context.get_dummy_value()

    return types.void(array, types.intp), generate

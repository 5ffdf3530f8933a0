"""How compiled code calls the user's own rules: by address, so that the engine is compiled once for all of them.

Each own rule is compiled by itself (``sim.extensions.entries``) and found through the book, ``own``: int64[k, 2],
its address and that of its parameters. What such a rule gives back is checked before it moves anything: a run
whose rule fails goes on as if it had said nothing, and is refused when it ends.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from sim.compiled import kernel
from sim.engine.book import address_of, longs
from sim.engine.layout import COEF, FAULT, LEVELS, MARKS
from sim.extensions.entries import FAILED
from sim.reaction.actions import FOLLOW, IGNORE, SHARE_CAMPAIGN, SHARE_COUNTER, UNFOLLOW

REACTION_FAILED, NO_ACTION, NEWSROOM_FAILED, POLICY_FAILED, NOT_OPEN = 1, 2, 3, 4, 100
"""What ``marks[FAULT]`` says was wrong last in a run; ``NOT_OPEN`` plus the action, 0 if nothing was."""
_I, _D = types.int64, types.float64


def _lowered(context, builder, signature, arguments):
    """Call the function that lies at the first argument with the others; ``FAILED`` if it raises an error."""
    gives, takes = signature.return_type, signature.args[1:]
    kind = context.call_conv.get_function_type(gives, takes)
    function = builder.inttoptr(arguments[0], kind.as_pointer())
    status, result = context.call_conv.call_function(builder, function, gives, takes, arguments[1:])
    return builder.select(status.is_error, ir.Constant(ir.IntType(64), FAILED), result)


@intrinsic
def _call_reaction(
    typing_context, rule, coef, ask, own, grievance, support, extra_appeal, hold, draw, committed, sources_campaign,
    sources_counter, seen_campaign, seen_counter, acts, today, can_share_campaign, can_share_counter, follows,
):  # fmt: skip
    return _I(_I, _I, _I, _I, *[_D] * 5, *[_I] * 10), _lowered


# functions of their own around the next two would cost the first compilation more than they tell
@intrinsic
def call_newsroom(
    typing_context, rule, own, minute, newsroom, campaign, counter, first_trend, journalist_saw, pick_draw, lag_draw,
    pick_up, lag_median_minutes, lag_sigma,
):  # fmt: skip
    """Return what the user's newsroom gives, ``FAILED`` if it raises an error."""
    return _I(*[_I] * 8, *[_D] * 5), _lowered


@intrinsic
def call_policy(typing_context, rule, own, minute, campaign, counter, trending, moves_made, last_move):
    """Return the move that the user's policy gives, ``FAILED`` if it raises an error."""
    return _I(*[_I] * 8), _lowered


@kernel(inner=True)
def choose_own(
    book, own, grievance, support, extra_appeal, hold, committed,
    sources_campaign, sources_counter, seen_campaign, seen_counter, acts, today,
    can_share_campaign, can_share_counter, follows, draw,
):  # fmt: skip
    """Return the action that the user's rule takes (int64[2]: its addresses); otherwise as ``choose``."""
    action = _call_reaction(
        own[0], address_of(book, COEF), address_of(book, LEVELS), own[1],
        grievance, support, extra_appeal, hold, draw, committed,
        sources_campaign, sources_counter, seen_campaign, seen_counter, acts, today,
        can_share_campaign, can_share_counter, follows,
    )  # fmt: skip
    if action == IGNORE:
        return IGNORE
    if action < IGNORE or action > FOLLOW:
        longs(book, MARKS)[FAULT] = REACTION_FAILED if action == FAILED else NO_ACTION
        return IGNORE
    closed = (
        (action == SHARE_CAMPAIGN and not can_share_campaign)
        or (action == SHARE_COUNTER and not can_share_counter)
        or (action == UNFOLLOW and not follows)
        or (action == FOLLOW and follows)
    )
    if closed:
        longs(book, MARKS)[FAULT] = NOT_OPEN + action
        return IGNORE
    return action

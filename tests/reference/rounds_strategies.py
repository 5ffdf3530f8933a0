"""Random small graphs under the rules in rounds (docs/model.md 6.7)."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.reference.strategies import Example, one_of, real

ROUNDS = {
    "seed": one_of(0, 1, 2**63 - 1),
    "horizon_hours": one_of(1.0, 0.1, 0.05, 1 / 60),
    "reaction.rule": one_of("independent_cascade", "linear_threshold"),
    "reaction.transmission": st.one_of(real(0.0, 1.0), one_of(0.1, 0.3)),
    "reaction.threshold": st.one_of(real(0.0, 1.0), one_of(0.18, 0.2, 0.5, 1 / 3)),
    "reaction.threshold_spread": one_of("fixed", "uniform"),
    "reaction.initial_adopters": one_of(1, 1, 2, 5, 10_000),
    "reaction.initial": one_of("widest", "random"),
}


def in_rounds() -> st.SearchStrategy[Example]:
    """Return random small graphs under the rules in rounds; more rows than a line of bits holds, or fewer."""
    return st.builds(
        Example,
        values=st.fixed_dictionaries(ROUNDS),
        day=st.just("flat"),
        n=st.integers(1, 200),
        crowd=st.integers(0, 2**32),
        degree=st.integers(0, 12),
        pace=st.just(20.0),
        scrambled=st.booleans(),
        replicate=one_of(0, 1, 10**6),
    )

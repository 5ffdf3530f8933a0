"""When a row passes on what it sees under the rules in rounds (``docs/model.md`` 6.7).

Independent cascade: Kempe, Kleinberg & Tardos 2003 (doi:10.1145/956750.956769). Linear threshold: Watts 2002
(doi:10.1073/pnas.082090499).
"""

from __future__ import annotations

from sim.compiled import kernel


@kernel(inline=True)
def is_passed(draw, transmission):
    """Tell whether a message that lands is seen and passed on; ``draw`` in [0, 1), ``transmission`` in [0, 1]."""
    return draw < transmission


@kernel(inline=True)
def is_moved(heard, followed, threshold):
    """Tell whether a row joins in, having ``heard`` from that many of the ``followed`` rows (at least 1)."""
    return float(heard) / float(followed) >= threshold


@kernel(inline=True)
def own_threshold(threshold, is_uniform, draw):
    """Return a row's threshold: the same for all, or uniform from 0 to twice that; ``draw`` in [0, 1)."""
    return 2.0 * threshold * draw if is_uniform else threshold

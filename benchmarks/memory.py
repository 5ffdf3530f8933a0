"""How much memory this program has held at most, of its own.

The kernel's ``ru_maxrss`` survives ``exec``: a small program started by a large one would be called large. What the
kernel says of the address space itself (``VmHWM``) does not, and can be set back to what is held now.
"""

from __future__ import annotations

from pathlib import Path

_OWN = Path("/proc/self")


def peak_mb() -> float:
    """Return the most resident memory so far, or since :func:`forget_peak`, in MB (10**6 bytes)."""
    lines = (_OWN / "status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024 / 1e6


def forget_peak() -> None:
    """Let the peak begin anew from what is held now (Linux ``clear_refs``, value 5)."""
    (_OWN / "clear_refs").write_text("5", encoding="utf-8")

"""Where the command ``backfire`` begins: until there is something to clear away, Ctrl-C ends it without a word.

It must be imported by the installed command alone, since it changes what Ctrl-C does.
"""

import gc
import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def main() -> int:
    """Carry out the command of this process and return its exit code."""
    from sim.cli.main import main as carry_out

    code = carry_out()
    gc.freeze()  # half a second is spent on looking for what could be freed of a process that ends
    return code

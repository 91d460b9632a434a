"""What the person at the terminal reads."""

import os
import signal
import sys
import time

_STARTED = time.monotonic()


class Stop(Exception):
    """A failure to tell in one message, with the next step."""

    def __init__(self, message: str, next_step: str = ""):
        super().__init__(message)
        self.next_step = next_step


def say(text: str = "") -> None:
    print(text, flush=True)


def step(text: str) -> None:
    """One line of progress, with the time since the start."""
    say(f"[{time.monotonic() - _STARTED:5.0f} s] {text}")


def run(main) -> None:
    """Run a command; failures end with one message, never a stack trace."""
    _stop_on_signals()
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        print(f"\nError: {stop}", file=sys.stderr)
        if stop.next_step:
            print(f"Next step: {stop.next_step}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _stop_on_signals() -> None:
    """Ctrl-C, ``kill`` and a closed terminal all stop cleanly, once."""

    def stop(_number, _frame):
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup
        numbers.append(signal.SIGHUP)
    for number in numbers:
        signal.signal(number, stop)

"""How long calls may last, how far ahead they are planned."""

from odoo.tools import config

# Odoo ends a request after so many seconds (``limit_time_real``), and kills a worker of
# scheduled actions after as many (``limit_time_real_cron``). A scheduled action that waits for
# its last calls has two thirds left for the rest; so has a click, whose calls share one third.
SHARE = 3
LONGEST_CALL = 40
LONGEST_CLICK = 15  # a person looks at it; the rest is the scheduled actions'

# How far ahead the rate limiter gives turns, in seconds: a scheduled action takes those that
# come soon, and leaves the rest to other processes; a person who waits may go before it.
QUEUE_AHEAD = 2.0
CLICK_AHEAD = 5.0
RUN_AHEAD = 10.0  # what a run of a scheduled action may wait for


def seconds_of_a_call():
    """How long a call may last before Odoo ends the process that waits for it."""
    return _within_odoo(LONGEST_CALL, "limit_time_real", "limit_time_real_cron")


def seconds_of_a_click():
    """How long all the calls that a person waits for may last together."""
    return _within_odoo(LONGEST_CLICK, "limit_time_real")


def _within_odoo(most, *names):
    limits = [config[name] for name in names]
    # 0 is no limit, and a negative one is another's.
    return min([most, *(limit / SHARE for limit in limits if limit and limit > 0)])

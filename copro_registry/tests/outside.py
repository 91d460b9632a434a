"""What the tests take from outside the addon: the simulated registry, a measurement.

Both live beside the addon, in its repository. Where the addon is alone, as in an
integrator's Odoo, the tests that need them are skipped, and one warning says so.
"""

import logging
from pathlib import Path
from unittest import SkipTest

_logger = logging.getLogger(__name__)
BESIDE = ("bench", "simulator")
ALONE = (
    "The addon is alone: the tests that need its simulated registry are skipped. To run them "
    "too, put the folder of its repository on PYTHONPATH, with its requirements.txt installed."
)

try:
    import simulator
    from bench.readiness_job import fill, measure
    from simulator.authority import Authority
    from simulator.process import Simulator
    from simulator.proxy import SmallProxy
    from simulator.scripted import Said, registry
    from simulator.slow import KINDS, SlowServer
except ModuleNotFoundError as error:
    if error.name not in BESIDE:
        raise  # a package is missing, or something has moved: that is a fault
    _logger.warning(ALONE)
    IS_ALONE, KINDS, CONTRACTS = True, (), None
    fill = measure = Authority = Simulator = SmallProxy = SlowServer = Said = registry = None
else:
    IS_ALONE = False
    CONTRACTS = Path(simulator.__file__).parents[1] / "tests" / "data" / "contracts"

__all__ = [
    *("CONTRACTS", "KINDS", "Authority", "Simulator", "SlowServer", "SmallProxy"),
    *("Said", "fill", "measure", "needs_outside", "registry"),
]


def needs_outside() -> None:
    """Raises SkipTest where the addon is alone."""
    if IS_ALONE:
        raise SkipTest(ALONE)

"""What day it is, for the law: see the heart."""

from ..registry.today import FRANCE, today

__all__ = ["FRANCE", "today"]

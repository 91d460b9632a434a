"""What day it is, for the law: see the heart."""

from ..rnc.today import FRANCE, today

__all__ = ["FRANCE", "today"]

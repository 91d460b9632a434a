from odoo.tests import tagged

from .comparison_scenarios import ComparisonScenarios
from .scenarios import ScenarioCase


@tagged("post_install", "-at_install")
class TestComparisonXml(ComparisonScenarios, ScenarioCase):
    """The default profile: XML."""


@tagged("post_install", "-at_install")
class TestComparisonJson(ComparisonScenarios, ScenarioCase):
    """The second profile: JSON."""

    profile = "hypothetical-json"

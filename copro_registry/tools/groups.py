"""The groups of the addon that its code names."""

READER = "copro_registry.group_reader"
ADMINISTRATOR = "copro_registry.group_main_administrator"

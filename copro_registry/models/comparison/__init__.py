from . import copro_comparison, copro_comparison_scheduled, copro_comparison_line

from . import copro_comparison_line, copro_comparison_scheduled, copro_comparison

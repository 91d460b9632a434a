from . import copro_today

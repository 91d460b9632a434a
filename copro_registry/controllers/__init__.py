from . import batch_report, import_template

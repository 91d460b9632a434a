from . import (
    copro_upload_batch_line,
    copro_upload_batch_preview,
    copro_upload_batch_run,
    copro_upload_batch_progress,
    copro_upload_batch,
)

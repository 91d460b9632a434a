# The concerns first: the model lists them.
from . import (
    copro_transmission_freezing,
    copro_transmission_queue,
    copro_transmission_run,
    copro_transmission_outcome,
    copro_transmission_news,
    copro_transmission_message,
    copro_transmission_document,
    copro_transmission_proof,
    copro_transmission,
    copro_transmission_attempt,
)

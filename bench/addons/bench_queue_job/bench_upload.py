import base64
import json
import os
import threading

from odoo import fields, models

from bench.bare import Door

own = threading.local()


class BenchUpload(models.Model):
    """One file, one job: claimed, posted and recorded the way of queue_job.

    Its session is kept alive in each worker, which is more than most modules do.
    """

    _name = "bench.upload"
    _description = "Upload by queue_job"

    reference = fields.Char(required=True)
    payload = fields.Text(required=True)
    answer = fields.Binary(attachment=False)
    state = fields.Selection([("queued", "Queued"), ("received", "Received")], default="queued")

    def upload(self):
        door = Door(**json.loads(os.environ["COPRO_REGISTRY_BENCH_DOOR"]))
        if not hasattr(own, "session"):
            own.session = door.session()
        answer = door.post(own.session, self.reference, self.payload)
        self.write({"answer": base64.b64encode(answer), "state": "received"})

from odoo import http
from odoo.http import request

from .workbook import workbook

# A larger number is no identifier: PostgreSQL would raise an error.
ROUTE = f"/copro_registry/batch/<int(max={2**31 - 1}):batch_id>.xlsx"


class BatchReport(http.Controller):
    @http.route(ROUTE, type="http", auth="user")
    def report(self, batch_id):
        """The report of a batch that the user may see."""
        batch = request.env["copro.upload.batch"].browse(batch_id).exists()
        batch.check_access("read")
        if not batch:
            raise request.not_found()
        name = request.env._("Uploads %(batch)s", batch=batch.display_name)
        return workbook(batch._report_xlsx(), name)

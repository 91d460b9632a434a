from odoo import http
from odoo.http import content_disposition, request

# A larger number is no identifier: PostgreSQL would raise an error.
ROUTE = f"/copro_registry/batch/<int(max={2**31 - 1}):batch_id>.xlsx"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BatchReport(http.Controller):
    @http.route(ROUTE, type="http", auth="user")
    def report(self, batch_id):
        """The report of a batch that the user may see."""
        batch = request.env["copro.upload.batch"].browse(batch_id).exists()
        batch.check_access("read")
        if not batch:
            raise request.not_found()
        name = request.env._("Uploads %(batch)s.xlsx", batch=batch.display_name)
        headers = [
            ("Content-Type", XLSX),
            ("Content-Disposition", content_disposition(name.replace("/", "-"))),
        ]
        return request.make_response(batch._report_xlsx(), headers)

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request

MODELS = ("copro.condominium", "copro.mandate", "copro.exercise")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportTemplate(http.Controller):
    """The workbooks that the import screen offers, made from the fields as they are."""

    @http.route("/copro_registry/import_template/<string:name>", auth="user", readonly=True)
    def download(self, name):
        if name not in MODELS:
            raise NotFound()
        model = request.env[name]
        model.check_access("create")
        headers = [
            ("Content-Type", XLSX),
            ("Content-Disposition", content_disposition(f"{model._import_title()}.xlsx")),
        ]
        return request.make_response(model._import_workbook(), headers=headers)

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from .workbook import workbook

MODELS = ("copro.condominium", "copro.mandate", "copro.fiscal.year")


class ImportTemplate(http.Controller):
    """The workbooks that the import screen offers, made from the fields as they are."""

    @http.route("/copro_registry/import_template/<string:name>", auth="user", readonly=True)
    def download(self, name):
        if name not in MODELS:
            raise NotFound()
        model = request.env[name]
        model.check_access("create")
        return workbook(model._import_workbook(), model._import_title())

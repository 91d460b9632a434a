from odoo.http import content_disposition, request

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(content, name):
    """The answer that gives a workbook (bytes) to save as ``name``.xlsx."""
    headers = [
        ("Content-Type", MEDIA_TYPE),
        ("Content-Disposition", content_disposition(f"{name}.xlsx".replace("/", "-"))),
    ]
    return request.make_response(content, headers)

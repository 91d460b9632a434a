"""Parameters of sentences, as the user's language writes them."""

import re
from datetime import date

from odoo.tools import format_date

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def localised(env, params):
    """The heart gives dates as ISO texts: write them for the reader."""
    return {
        name: format_date(env, date.fromisoformat(text))
        if isinstance(text, str) and ISO_DATE.fullmatch(text)
        else text
        for name, text in dict(params).items()
    }

"""The heart: what the registry asks for, and how to speak to it.

Nothing below this line imports Odoo. A condominium is known here only as a
*dossier*: a nested dict keyed by the catalogue's item codes, holding plain Python
values (str, int, bool, Decimal, date, None, list, dict).
"""

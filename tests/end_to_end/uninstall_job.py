"""Uninstall the addon, in Odoo's shell, and tell what is left (``env`` is Odoo's)."""

import json

MODULE = "copro_registry"


def lost():
    """What the screen of confirmation says will be lost."""
    module = env["ir.module.module"].search([("name", "=", MODULE)])  # noqa: F821
    wizard = env["base.module.uninstall"].create({"module_ids": module.ids})  # noqa: F821
    return wizard.model_ids.mapped("model")


def left():
    """Tables, models, fields and records of the addon that are still there."""
    env.cr.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'copro%'")  # noqa: F821
    tables = [row[0] for row in env.cr.fetchall()]  # noqa: F821
    named = env["ir.model.data"].search([("module", "=", MODULE)])  # noqa: F821
    attachments = env["ir.attachment"].search([("res_model", "=like", "copro%")])  # noqa: F821
    return tables + named.mapped("complete_name") + attachments.mapped("name")


def works():
    """The screens that the addon had changed, and an ordinary record."""
    for model in ("res.company", "res.config.settings", "res.users", "res.partner"):
        env[model].get_views([(False, "form")])  # noqa: F821
    return env["res.partner"].create({"name": "Après"}).exists().name  # noqa: F821


told = lost()
env["ir.module.module"].search([("name", "=", MODULE)]).button_immediate_uninstall()  # noqa: F821
env.transaction.reset()  # noqa: F821
print("RESULT", json.dumps({"lost": told, "left": left(), "works": works()}))

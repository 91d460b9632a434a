from odoo import api, models
from odoo.exceptions import UserError

from ...rnc.seal import SealBroken
from ...tools.sealing import sealer, unseal

PREFIX = "sealed_"


class CoproSealedMixin(models.AbstractModel):
    """A record that holds sealed secrets, in fields whose names begin with ``sealed_``.

    Such a field is ``NO_ACCESS``: no user can read or write it, whatever the group. A
    seal is bound to its use (``_seal_use``): what was sealed for one record does not
    open for another.
    """

    _name = "copro.sealed.mixin"
    _inherit = "copro.protected.mixin"
    _description = "Holds sealed secrets"

    def _seal_use(self, name):
        """What the seal of the field ``name`` is bound to: bytes, the same for ever."""
        raise NotImplementedError

    def _seal(self, name, secret):
        self.ensure_one()
        self.sudo()[name] = sealer(self.env, make=True).seal(secret, self._seal_use(name))

    def _opens(self, name):
        """Whether there is a secret here, and this machine can open it."""
        try:
            return bool(unseal(self, name))
        except (SealBroken, UserError):
            return False

    # -- the command copro_registry_seal -----------------------------------------

    @api.model
    def _sealed(self):
        """Each secret that lasts: (record, field name). An import in progress does not."""
        for model in sorted(self.pool.descendants([self._name], "_inherit")):
            if self.env[model]._abstract or self.env[model]._transient:
                continue
            names = [name for name in self.env[model]._fields if name.startswith(PREFIX)]
            for name in names:
                sealed = self.env[model].sudo().search([(name, "!=", False)])
                yield from ((record, name) for record in sealed)

    @api.model
    def _check_all(self):
        """(how many secrets open, names of the records of the others)"""
        closed, done = [], 0
        for record, name in self._sealed():
            if record._opens(name):
                done += 1
            else:
                closed.append(record.display_name)
        return done, closed

    @api.model
    def _count_under_old_keys(self):
        """How many secrets are not sealed with the newest key."""
        ours = sealer(self.env)
        return sum(not ours.is_newest(record[name]) for record, name in self._sealed())

    @api.model
    def _rotate_all(self, who):
        """Seal every secret again with the newest key; the same result as ``_check_all``.

        ``who`` is the login of the person who runs the command, for the log.
        """
        ours, closed, done = sealer(self.env), [], 0
        for record, name in self._sealed():
            try:
                record[name] = ours.rotate(record[name])
                done += 1
            except SealBroken:
                closed.append(record.display_name)
        accounts = self.env["copro.declarant.account"].sudo()
        for account in accounts.search([("certificate_id", "!=", False)]):
            reader = account._main_administrators()[:1]
            account = account.with_context(lang=reader.lang or self.env.lang)
            account._log(
                account.env._("The private keys were sealed again by command (%(who)s).", who=who)
            )
        return done, closed

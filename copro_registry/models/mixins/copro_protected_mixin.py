from odoo import api, models
from odoo.api import NewId
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import ormcache

from ...tools.field_values import value_error


class CoproProtectedMixin(models.AbstractModel):
    """A record some of whose fields are not everybody's to write.

    ``readonly`` binds the screens only; a field says where it is declared that it binds
    every call too:

    * ``protected=True``: computed by Odoo, or given by the registry. Only code that called
      ``sudo()``, after its own control of access, writes it. What such code leaves out takes
      the default that the field declares, never the one of a context or of ``ir.default``:
      each user sets their own, and ``sudo()`` keeps the user. What is computed is computed.
    * ``fixed=True``: chosen when the record is made, and the same ever after.

    The fields that other addons add are left to them.
    """

    _name = "copro.protected.mixin"
    _description = "Fields that only the addon writes"

    @api.model
    def _valid_field_parameter(self, field, name):
        return name in ("protected", "fixed") or super()._valid_field_parameter(field, name)

    @api.model
    @ormcache("parameter")
    def _fields_with(self, parameter):
        """The names of the stored fields that are declared ``protected``, or ``fixed``."""
        return frozenset(
            name
            for name, field in self._fields.items()
            # One that is related, and not stored, has taken the parameter over.
            if field.store and getattr(field, parameter, False)
        )

    @api.model
    def default_get(self, names):
        protected = self._fields_with("protected")
        values = super().default_get([name for name in names if name not in protected])
        for name in protected.intersection(names):
            field = self._fields[name]
            if field.default:
                value = field.convert_to_cache(field.default(self), self, validate=False)
                values[name] = field.convert_to_write(value, self)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_protected(vals)
            self._check_given(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_protected(vals)
        self._check_given(vals)
        self._check_fixed(vals)
        return super().write(vals)

    def check_access(self, operation):
        """A button acts on what is saved. Raises UserError on anything else."""
        self._check_saved()
        return super().check_access(operation)

    def _check_saved(self):
        if not all(type(one) is int or isinstance(one, NewId) for one in self._ids):
            raise UserError(self.env._("This record is not saved: save it, then try again."))

    @api.model
    def _check_given(self, vals):
        """Raises ValidationError when a field cannot hold a value."""
        if self.env.su:
            return
        for name, value in vals.items():
            fault = name in self._fields and value_error(self.env, self._fields[name], value)
            if fault:
                label = self._label_of_field(name)
                raise ValidationError(
                    self.env._("“%(field)s”: %(fault)s", field=label, fault=fault)
                )

    @api.model
    def _check_protected(self, vals):
        """Raises AccessError when somebody names a protected field."""
        named = self._fields_with("protected").intersection(vals)
        if named and not self.env.su:
            raise AccessError(
                self.env._(
                    "“%(field)s” cannot be typed in: Odoo works it out, or the registry says it.",
                    field=self._label_of_field(min(named)),
                )
            )

    def _check_fixed(self, vals):
        """Raises AccessError when somebody changes what was chosen once."""
        for name in self._fields_with("fixed").intersection(vals):
            field = self._fields[name]
            chosen = field.convert_to_cache(vals[name], self, validate=False)
            if not self.env.su and any(
                field.convert_to_cache(record[name], record) != chosen for record in self
            ):
                raise AccessError(
                    self.env._(
                        "“%(field)s” cannot change: it is chosen when the record is made.",
                        field=self._label_of_field(name),
                    )
                )

    @api.model
    def _label_of_field(self, name):
        return self._fields[name]._description_string(self.env)

from odoo import models

CHANNEL = "copro.upload.batch_"
LONGEST_ID = 9


class IrWebsocket(models.AbstractModel):
    """Who may see a batch may follow its progress."""

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        return super()._build_bus_channel_list(self._with_batches(channels))

    def _with_batches(self, channels):
        """``channels``, where the names of batches become those that the user may see."""
        names = [name for name in channels if isinstance(name, str) and name.startswith(CHANNEL)]
        numbers = [name.removeprefix(CHANNEL)[:LONGEST_ID] for name in names]
        ids = [int(number) for number in numbers if number.isdecimal()]
        batches = self.env["copro.upload.batch"]
        seen = batches.search([("id", "in", ids)]) if ids and batches.has_access("read") else []
        return [name for name in channels if name not in names] + list(seen)

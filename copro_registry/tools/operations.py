"""The two calls about an upload: sending it, and asking what became of it.

The loop is the same for both (``copro.transmission.run``); what differs stands here.
"""

from odoo.tools import SQL

from ..rnc.states import ASKED


class Send:
    """Sending what is queued."""

    name = "send"
    cron = "copro_registry.ir_cron_send"
    # The predicate of the partial index that serves it: a claim reads the first rows of a
    # company in that index and nothing else, whatever the size of the table.
    due = SQL("state = 'queued' AND on_hold IS NOT TRUE")
    in_flight = ("sending",)  # states in which an outcome is still expected

    def ready(self, uploads):
        """Those that may leave now; the others wait, or are cancelled, with their batch."""
        return uploads._of_running_batches()

    def claim(self, uploads):
        uploads._claim_to_send()

    def fit(self, uploads):
        """Those written for the present technical parameters; the others are held."""
        return uploads - uploads._hold_what_is_for_another()

    def call(self, upload, client):
        return upload._call_to_send(client)

    def hold(self, uploads, reason):
        uploads._hold(reason)

    def explain(self, uploads, reason):
        uploads.write(uploads._fault(reason))


class Ask:
    """Asking about what the registry may have received: that changes nothing there.

    Two workers may ask the same at worst; a claim keeps them from doing so without need.
    """

    name = "ask"
    cron = "copro_registry.ir_cron_status"
    due = SQL("state IN ('received', 'unknown')")
    in_flight = ASKED

    def ready(self, uploads):
        return uploads

    def claim(self, uploads):
        uploads._claim_to_ask()

    def fit(self, uploads):
        return uploads

    def call(self, upload, client):
        return upload._call_to_ask(client)

    def hold(self, uploads, reason):
        """A question is simply asked later: what is known of the upload stays."""

    def explain(self, uploads, reason):
        """As `hold`."""


SEND, ASK = Send(), Ask()
OPERATIONS = (SEND, ASK)

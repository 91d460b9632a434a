import logging
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS
from odoo.tools import SQL, config

from ...rnc.claim_mark import FOLDER, last_claim, note_claim
from ...tools.database_identity import database_identity
from .copro_declarant_account_availability import HOLD_ACTIVITY

_logger = logging.getLogger(__name__)


class CoproDeclarantAccountSender(models.AbstractModel):
    """Which database sends: a copy, or one that was restored, does not by itself.

    The account remembers the database that it sends from. The last claim is noted outside
    of it: a database that does not know that claim has gone back to an earlier state.
    """

    _name = "copro.declarant.account.sender"
    _inherit = ["mail.thread", "mail.activity.mixin", "copro.protected.mixin"]
    _description = "Database that sends for a declarant account"

    sender_database = fields.Char(
        string="Database that sends",
        readonly=True,
        protected=True,
        copy=False,
        tracking=True,
        help="A copy of it, or what is restored from a backup, sends nothing until a main "
        "administrator confirms that it is the one that sends.",
    )
    sender_identity = fields.Char(readonly=True, protected=True, copy=False, groups=NO_ACCESS)
    # The last claim that this database did not know when it was confirmed.
    forgiven_claim = fields.Char(readonly=True, protected=True, copy=False, groups=NO_ACCESS)
    copy_message = fields.Char(compute="_compute_copy_message")

    @api.depends("sender_identity", "sender_database", "certificate_id", "next_certificate_id")
    @api.depends_context("lang")
    def _compute_copy_message(self):
        for account in self:
            account.copy_message = account._why_not_from_here()

    def _why_not_from_here(self):
        """Why this database does not send for this account, or False."""
        return self._held_from_here().get(self._origin, False)

    def _held_from_here(self):
        """{account: why this database does not send for it}.

        Everything is read now: another process may have made this database a moment ago.
        """
        able = self._origin.filtered(lambda a: a.certificate_id or a.next_certificate_id)
        if not able:
            return {}
        here, identity = database_identity(self.env)
        senders = able._read_senders()
        held = {a: a._why_held(here, identity, *senders[a.id]) for a in able}
        return {account: reason for account, reason in held.items() if reason}

    def _why_held(self, here, identity, there, remembered, forgiven):
        if remembered != identity:
            return self._copy_reason(here, there)
        try:
            mark = self._last_claim(identity)
        except UserError as error:
            return str(error)
        if not mark or str(mark) == forgiven or self._knows(*mark):
            return False
        return self.env._(
            "This database was put back to an earlier state (restored from a backup): it may "
            "have sent since what it still holds as queued. Nothing is sent nor asked until a "
            "main administrator confirms, in Configuration, Technical parameters, that it is the "
            "one that sends."
        )

    def _last_claim(self, identity):
        """(moment, id of the upload) of the last claim that was noted. Raises UserError."""
        try:
            return last_claim(*self._mark_of(identity))
        except OSError as error:
            _logger.warning("The last claim of account %s is not readable: %s", self.id, error)
            raise UserError(
                self.env._(
                    "What this database has sent last cannot be read: the folder %(folder)s of "
                    "Odoo's data folder must belong to the user that runs Odoo. Ask your "
                    "integrator.",
                    folder=FOLDER,
                )
            ) from None

    def _knows(self, moment, upload_id):
        """Whether the claim of an upload is written in this database.

        Another worker may have claimed since this transaction began: it is looked for anew.
        """
        self.env["copro.transmission"].flush_model(["claimed_at"])
        query = SQL(
            "SELECT FROM copro_transmission WHERE id = %s AND claimed_at >= %s", upload_id, moment
        )
        if self.env.execute_query(query):
            return True
        with self.env.registry.cursor() as cursor:
            cursor.execute(query)
            return bool(cursor.fetchall())

    def _copy_reason(self, here, there):
        if there and there != here:
            return self.env._(
                "This database (%(here)s) is a copy of %(there)s, or has been renamed. Nothing is "
                "sent nor asked until a main administrator confirms, in Configuration, Technical "
                "parameters, that it is the one that sends.",
                here=here,
                there=there,
            )
        return self.env._(
            "This database (%(here)s) was copied, restored from a backup, neutralised or moved. "
            "Nothing is sent nor asked until a main administrator confirms, in Configuration, "
            "Technical parameters, that it is the one that sends.",
            here=here,
        )

    def _read_senders(self):
        """{account id: (database that sends, its identity, claim that is forgiven)}"""
        self.flush_recordset(["sender_database", "sender_identity", "forgiven_claim"])
        query = SQL(
            "SELECT id, sender_database, sender_identity, forgiven_claim "
            "FROM copro_declarant_account WHERE id IN %s",
            tuple(self.ids),
        )
        return {account_id: row for account_id, *row in self.env.execute_query(query)}

    def _mark_of(self, identity):
        """(folder, name) of the file that notes the claims of this account."""
        return Path(config["data_dir"]), f"{identity}-{self.id}"

    def _note_claim(self, moment, upload):
        """Note, outside of the database, a claim that is on disk."""
        try:
            note_claim(*self._mark_of(self.sender_identity), moment, upload.id)
        except OSError:  # the next claim finds it too, and waits
            _logger.exception("The last claim of account %s is not noted", self.id)

    def _remember_sender(self):
        """This is the database that sends; what it may have sent before is asked about."""
        here, identity = database_identity(self.env)
        for account in self.sudo():
            account.write(
                {
                    "sender_database": here,
                    "sender_identity": identity,
                    "forgiven_claim": str(account._last_claim(identity)),
                }
            )

    # -- confirming ------------------------------------------------------------------

    def action_confirm_sender(self):
        """This database is the one that sends, in one's own name."""
        self.ensure_one()
        self._check_main_administrator()
        self.check_access("write")
        reason = self._why_not_from_here()
        if not reason:
            raise UserError(
                self.env._("This database is the one that sends already: reload the page.")
            )
        self._ask_first()
        self._remember_sender()
        self.sudo().activity_unlink([HOLD_ACTIVITY])
        self._log(
            self.env._("%(reason)s Confirmed: this database is the one that sends.", reason=reason)
        )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _ask_first(self):
        """What may have left, from here before or from elsewhere, is not sent unasked."""
        account = self.sudo()
        account.auto_annual = False
        account._pause_batches()
        queued = account._open_uploads(("state", "=", "queued"))
        queued._ask_before_sending()
        account._compare_what_is_registered()

    def _pause_batches(self):
        """What a batch has still to write may have left already under another reference."""
        batches = self.env["copro.upload.batch"]
        running = [("company_id", "=", self.company_id.id), ("state", "=", "running")]
        for batch in batches.search(running).filtered(lambda batch: batch._count_unprepared()):
            batch.action_pause()

    def _compare_what_is_registered(self):
        """Nothing else tells what was declared since, that this database does not know."""
        registered = self.env["copro.condominium"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("registration_number", "!=", False),
                ("affiliation_state", "not in", ("unaffiliated", "requested")),
            ]
        )
        self.env["copro.comparison"]._of(registered).state = "waiting"
        self.env.ref("copro_registry.ir_cron_compare")._trigger()

    @api.model
    def _notify_copies(self):
        """Notify the main administrators once; nothing else is written in a copy."""
        for account, reason in self._all_held_from_here().items():
            account._notify_uploads_held(reason)

    @api.model
    def _all_held_from_here(self):
        """As ``_held_from_here``, of every account that could send."""
        return self.search(self._with_certificate())._held_from_here()

import base64
import hashlib
import json
import logging
import tempfile
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config

from ..registry import contract
from ..registry.contract import BadArchive, ProfileError, unpack
from ..registry.profile_check import problems

_logger = logging.getLogger(__name__)

SEPARATOR = "@"  # between a name and its version here: no folder's name holds it


class CoproContractProfile(models.Model):
    """A contract profile that an administrator has loaded: checked, kept, never executed.

    Its files live in the database, so that every worker of every machine finds them; a
    folder of the data directory holds them unpacked, made again wherever it is missing.
    A profile never changes: another archive of the same name is another version.
    """

    _name = "copro.contract.profile"
    _inherit = "copro.protected.mixin"
    _description = "Contract profile"
    _order = "name, id desc"

    name = fields.Char(required=True, readonly=True, protected=True)
    contract_version = fields.Char(readonly=True, protected=True)
    status = fields.Char(
        string="Status as written",
        readonly=True,
        protected=True,
        help="As the profile says: hypothesis or verified.",
    )
    status_label = fields.Char(string="Status", compute="_compute_status_label")
    note = fields.Text(readonly=True, protected=True)
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True, protected=True)
    archive = fields.Binary(attachment=False, required=True, readonly=True, protected=True)
    archive_name = fields.Char(compute="_compute_archive_name")
    key = fields.Char(compute="_compute_key", store=True, protected=True, index=True)

    _sha256_uniq = models.Constraint(
        "UNIQUE(sha256)",
        "This very profile is loaded already: choose it in the technical parameters.",
    )

    @api.depends("status")
    @api.depends_context("lang")
    def _compute_status_label(self):
        known = {
            "hypothesis": self.env._("Working hypothesis"),
            "verified": self.env._("Verified at the registry"),
        }
        for profile in self:
            profile.status_label = known.get(profile.status, profile.status)

    @api.depends("name", "sha256")
    def _compute_key(self):
        for profile in self:
            profile.key = f"{profile.name}{SEPARATOR}{(profile.sha256 or '')[:8]}"

    @api.depends("name", "contract_version")
    def _compute_display_name(self):
        for profile in self:
            profile.display_name = f"{profile.name} {profile.contract_version or ''}".strip()

    @api.depends("name", "contract_version")
    def _compute_archive_name(self):
        for profile in self:
            profile.archive_name = f"{profile.name}-{profile.contract_version or 0}.zip"

    def _told_apart(self):
        """Two archives of the same name and version are two profiles."""
        return f"{self.display_name} ({self.sha256[:8]})"

    @api.model
    def _load(self, archive):
        """Check an archive (bytes) and keep it. Raises UserError with what is wrong."""
        try:
            files = unpack(archive)
        except BadArchive as refused:
            # The sentences are marked where the archive is read, in the heart.
            template = contract.MESSAGES[refused.code]
            raise UserError(self.env._(template, name=refused.name)) from None  # pylint: disable=gettext-variable
        manifest = self._checked(files)
        return self.create(
            {
                "name": manifest["name"],
                "contract_version": manifest["contract_version"],
                "status": manifest["status"],
                "note": manifest.get("note"),
                "sha256": hashlib.sha256(archive).hexdigest(),
                "archive": base64.b64encode(archive),
            }
        )

    @api.model
    def _checked(self, files):
        """The manifest of files that make a fit profile. Raises UserError."""
        with tempfile.TemporaryDirectory() as folder:
            _write(Path(folder), files)
            found = problems(Path(folder))
        if found:
            raise UserError(
                self.env._(
                    "This contract profile cannot be used:\n%(problems)s", problems="\n".join(found)
                )
            )
        manifest = json.loads(files["manifest.json"])
        if SEPARATOR in manifest["name"] or manifest["name"] in contract.known():
            raise UserError(
                self.env._(
                    "Give the profile a name of its own: “%(n)s” is taken.", n=manifest["name"]
                )
            )
        return manifest

    @api.model
    def _profile_of(self, key):
        """The profile of a key of ``copro.declarant.account.contract_profile``.

        Raises UserError when its folder, or its record, is there no more.
        """
        try:
            if SEPARATOR not in key:
                return contract.named(key)
            record = self.sudo().search([("key", "=", key)], limit=1)
            if not record:
                raise ProfileError("its record has been deleted")
            return contract.load(record._folder())
        except ProfileError as error:
            _logger.warning("Contract profile %s: %s", key, error)
            raise UserError(
                self.env._(
                    "The contract profile “%(name)s” is no longer installed. The main "
                    "administrator chooses another one in Configuration, Technical "
                    "parameters, or your administrator puts its files back.",
                    name=key,
                )
            ) from None

    def _folder(self):
        """Where the files stand unpacked; complete as soon as it exists."""
        self.ensure_one()
        root = Path(config["data_dir"]) / "copro_registry" / "contracts"
        folder = root / self.sha256
        if not folder.exists():
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryDirectory(dir=root) as made:
                content = Path(made) / "content"
                content.mkdir()
                _write(content, unpack(base64.b64decode(self.with_context(bin_size=False).archive)))
                self._put_in_place(content, folder)
        return folder

    @api.model
    def _put_in_place(self, content, folder):
        try:
            content.rename(folder)
        except OSError:
            if not folder.exists():  # else another worker was faster, with the same files
                raise


def _write(folder, files):
    for name, content in files.items():
        (folder / name).write_bytes(content)

import base64
import hashlib
import json
import logging
import tempfile
from collections import namedtuple
from datetime import date
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import config, ormcache

from ...rnc import contract
from ...rnc.codec import codec_for
from ...rnc.contract import BadArchive, ProfileError, unpack
from ...rnc.profile_check import problems
from ...tools.sentences import sentence

_logger = logging.getLogger(__name__)

MOST_VERSIONS = 10  # of one contract, one after the other
SEPARATOR = "@"  # between a name and its version here: no folder's name holds it
# What is asked of a loaded profile at each record: it never changes.
Kept = namedtuple("Kept", "id sha256 label problem")


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
    key = fields.Char(compute="_compute_key", help="What an account or an upload calls it")
    problem = fields.Text(
        string="Why it cannot be used",
        readonly=True,
        protected=True,
        help="Found when the profiles were checked again, after an upgrade of this software.",
    )

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
            profile.key = f"{profile.name}{SEPARATOR}{profile.sha256 or ''}"

    @api.depends("name", "contract_version")
    def _compute_display_name(self):
        for profile in self:
            profile.display_name = f"{profile.name} {profile.contract_version or ''}".strip()

    @api.depends("name", "contract_version")
    def _compute_archive_name(self):
        for profile in self:
            profile.archive_name = f"{profile.name}-{profile.contract_version or 0}.zip"

    def _distinct_label(self):
        """The label, with a digest: two archives may have the same name and version."""
        return f"{self.display_name} ({self.sha256[:8]})"

    @api.model_create_multi
    def create(self, vals_list):
        profiles = super().create(vals_list)
        self.env.registry.clear_cache()  # of ``_kept``
        return profiles

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """What an upload was written by explains it for ever."""
        for profile in self.sudo():
            # Older uploads do not say the version.
            used = [("contract_profile", "in", (profile.key, profile.name))]
            models = ("copro.declarant.account", "copro.transmission")
            if any(self.env[model].sudo().search_count(used, limit=1) for model in models):
                raise UserError(
                    self.env._(
                        "The contract profile “%(name)s” is in use, or uploads were written by "
                        "it: it stays, so that they can be read.",
                        name=profile.display_name,
                    )
                )
        self.env.registry.clear_cache()

    @api.model
    def _load(self, archive):
        """Check an archive (bytes) and keep it. Raises UserError with what is wrong."""
        try:
            files = unpack(archive)
        except BadArchive as refused:
            message = sentence(self.env, contract.MESSAGES, refused.code, name=refused.name)
            raise UserError(message) from None
        manifest = self._checked(files)
        return self.create(
            {
                "name": manifest["name"],
                "contract_version": manifest["contract_version"],
                "status": manifest["status"],
                "note": manifest.get("note"),
                "sha256": hashlib.sha256(archive).hexdigest(),
                "archive": base64.b64encode(archive),
                "problem": False,
            }
        )

    @api.model
    def _checked(self, files):
        """The manifest of files that make a fit profile. Raises UserError."""
        found = _problems(files)
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

    def _check_again(self):
        """After an upgrade: what is found wrong today with profiles loaded before."""
        for profile in self:
            try:
                found = _problems(profile._files())
            except BadArchive as refused:
                found = [str(refused)]
            profile.problem = "\n".join(found) or False
            if found:
                _logger.warning("Contract profile %s: %s", profile._distinct_label(), found)
        using = [("contract_profile", "in", self.mapped("key"))]
        self.env["copro.declarant.account"].sudo().search(using)._notify_unusable_contracts()

    # -- by key -------------------------------------------------------------------

    @api.model
    @ormcache("key")
    def _kept(self, key):
        """What is asked of the loaded profile of a key; None when there is none."""
        name, _separator, digest = key.partition(SEPARATOR)
        record = self.sudo().search([("name", "=", name), ("sha256", "=", digest)])
        if not record:
            return None
        return Kept(record.id, record.sha256, record._distinct_label(), record.problem)

    @api.model
    @ormcache("key", "on")
    def _in_force(self, key, on):
        """The key of what replaces the profile of ``key`` on the day ``on``: itself by default."""
        # A company loads a few profiles.
        # pylint: disable=no-search-all
        keys = [*contract.known(), *self.sudo().search([("problem", "=", False)]).mapped("key")]
        for _link in range(MOST_VERSIONS):
            name = key.partition(SEPARATOR)[0]
            later = [one for one in keys if self._replaces(one, name, on)]
            if not later:
                return key
            key = max(later, key=lambda one: self._readable(one).valid_from or date.min)
            keys = [one for one in keys if one != key]
        return key

    @api.model
    def _replaces(self, key, name, on):
        """Whether a profile is the later version of the one called ``name``, in force on ``on``."""
        try:
            profile = self._readable(key)
        except (UserError, BadArchive):  # whoever chooses it is told
            return False
        return profile.replaces == name and profile.in_effect(on)

    @api.model
    def _readable(self, key):
        """The profile of a key of ``copro.declarant.account.contract_profile``.

        It may be unfit for sending: it is read to show what was written by it. Raises UserError
        when its folder, or its record, is there no more.
        """
        try:
            if SEPARATOR not in (key or ""):
                return contract.named(key or "")
            kept = self._kept(key)
            if not kept:
                raise ProfileError("its record has been deleted")
            return contract.load(self._folder_of(kept))
        except ProfileError as error:
            _logger.info("Contract profile %s: %s", key, error)
            raise UserError(
                self.env._(
                    "The contract profile “%(name)s” is no longer installed. The main "
                    "administrator chooses another one in Configuration, Technical "
                    "parameters, or your administrator puts its files back.",
                    name=key,
                )
            ) from None

    @api.model
    def _profile_of(self, key):
        """The same, to send by it. Raises UserError when it is not fit for that."""
        profile = self._readable(key)
        kept = self._kept(key) if SEPARATOR in key else None
        try:
            found = kept and kept.problem
            codec_for(profile).prepare()
        except ProfileError as error:
            found = str(error)
        if found:
            raise UserError(
                self.env._(
                    "The contract profile “%(name)s” cannot be used any more, nothing is sent by "
                    "it. The main administrator loads a corrected one, then chooses it in "
                    "Configuration, Technical parameters.\n%(problems)s",
                    name=kept.label if kept else key,
                    problems=found,
                )
            )
        return profile

    # -- files --------------------------------------------------------------------

    def _files(self):
        """{file name: content}. Raises BadArchive."""
        return unpack(base64.b64decode(self.with_context(bin_size=False).archive))

    def _folder(self):
        """Where the files stand unpacked; complete as soon as it exists."""
        self.ensure_one()
        return self._folder_of(self)

    @api.model
    def _folder_of(self, kept):
        """The same, of a record or of what is kept of it."""
        root = Path(config["data_dir"]) / "copro_registry" / "contracts"
        folder = root / kept.sha256
        if not folder.exists():
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.TemporaryDirectory(dir=root) as made:
                content = Path(made) / "content"
                content.mkdir()
                _write(content, self.sudo().browse(kept.id)._files())
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
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)


def _problems(files):
    """What is wrong with the files of a profile, in words for an integrator."""
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder), files)
        return problems(Path(folder), is_named=False)

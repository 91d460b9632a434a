"""The sentence of each reason to refuse a profile's archive."""

from ..i18n import _

# Marked here, translated by the models.
# pylint: disable=prefer-env-translation

MESSAGES = {
    "NOT_A_ZIP": _("The file is not a zip archive that can be read."),
    "TOO_LARGE": _("The archive is too large: a profile holds a few small files."),
    "TOO_MANY": _("The archive holds too many files: a profile holds a few."),
    "BOMB": _("%(name)s: once decompressed, the archive is too large."),
    "PATH": _("%(name)s: the files must stand at the top of the archive, or in one folder."),
    "LINK": _("%(name)s: links and special files are refused."),
    "ENCRYPTED": _("%(name)s: encrypted archives are refused."),
    "KIND": _("%(name)s: only .json, .xsd, .md, .txt files and samples belong to a profile."),
    "TWICE": _("%(name)s stands twice in the archive."),
    "FOLDERS": _("The files of a profile must stand in one folder."),
    "NO_MANIFEST": _("There is no manifest.json: this is not a contract profile."),
}

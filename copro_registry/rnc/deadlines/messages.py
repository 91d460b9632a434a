"""The sentence of each duty, and the reason of those that no text dates.

``%(due)s``, ``%(closing)s`` and ``%(meeting)s`` are dates.
"""

from ..i18n import _

# Marked here, translated by the models.
# pylint: disable=prefer-env-translation

MESSAGES = {
    "ANNUAL": _("Annual update before %(due)s (fiscal year closed on %(closing)s)"),
    "ANNUAL_PLAIN": _("Annual update before %(due)s"),
    "MANDATE": _("Mandate until %(due)s"),
    "RENEWAL": _("Renewal to declare before %(due)s"),
    "SUCCESSOR": _("Successor to declare before %(due)s"),
    "ACCOUNTS": _("Accounts closed on %(closing)s to approve before %(due)s (contested date)"),
    "ACCOUNTS_TO_COME": _(
        "Accounts that close on %(closing)s to approve before %(due)s (contested date)"
    ),
    "ACCOUNTS_PAST": _("Accounts closed on %(closing)s: no approval is entered"),
    "ACCOUNTS_PLANNED": _(
        "Accounts closed on %(closing)s: the meeting of %(meeting)s is to approve them"
    ),
    "ACCOUNTS_LATE": _("Accounts closed on %(closing)s: late, no approval is entered"),
    "ACCOUNTS_NO_MEETING": _(
        "Accounts closed on %(closing)s: for the provisional administrator to approve"
    ),
    "FIRST": _("Dates of the first fiscal year to declare (no date in the law)"),
    "REGISTER": _("Not registered yet: to do (no date in the law)"),
    "REGISTER_SINCE": _("Not registered yet: the law asked for it before %(due)s"),
    "REGISTER_UNKNOWN": _(
        "Not registered yet: enter the date of the bylaws and the main lots to know since when "
        "it is asked for"
    ),
    "NO_HOUSING": _("Not registered: no lot is a dwelling, so that the law does not ask for it"),
    "REQUESTED": _("Affiliation requested: the registry is examining it"),
    "AFFILIATION_REFUSED": _("Affiliation refused: correct the request, then send it again"),
    "NOT_AFFILIATED": _(
        "Not affiliated to your account: nothing to declare. Request the affiliation if it is "
        "yours, archive it if it is not"
    ),
    "LEAVING": _("Your successor is declared: nothing more to declare"),
    "REFUSED": _("The last upload did not succeed: correct it, then send it again"),
    "CORRECTION": _(
        "Correction begun (fiscal year closed on %(closing)s): end it in the fiscal year, or "
        "upload it"
    ),
    "DISSOLVED": _("Disappearance to declare on the registry's site before %(due)s, then archive"),
    "DISSOLVED_NO_DATE": _(
        "Disappearance to declare on the registry's site (no date in the law), then archive"
    ),
    "DISSOLVED_UNKNOWN": _("Disappearance to declare: enter its date to know until when"),
    "NO_MANDATE": _("No mandate is known: enter it to know when it ends"),
    "NO_MANDATE_END": _("Mandate without end: enter its end to know the deadline"),
    "NO_MANDATE_NOW": _("No mandate covers today: enter its dates to know the deadline"),
    "NO_FISCAL_YEAR": _("No fiscal year is known: enter the last one that was declared"),
    "FISCAL_YEAR_DATES": _("A fiscal year has no possible dates: correct them to know what is due"),
    "ARCHIVED": _("Archived: nothing is followed"),
    "NOTHING": _("Nothing to declare"),
}

_ACCOUNTS = _(
    "No text gives a date for the approval of accounts. Six months after the closing is deduced "
    "from the meeting that votes the budget (loi 65-557, article 14-1), and contested; your "
    "technical parameters say from when it is late. Enter the date of the meeting in the fiscal "
    "year: the declaration is due two months after it (CCH R711-10)."
)
_REGISTER = _(
    "The law dates the registration of condominiums that existed on 31 December 2016 only "
    "(CCH L711-1). The notary registers those that came after, and no delay is given "
    "(CCH L711-4)."
)
REASONS = {
    "ACCOUNTS": _ACCOUNTS,
    "ACCOUNTS_TO_COME": _ACCOUNTS,
    "ACCOUNTS_PAST": _ACCOUNTS,
    "ACCOUNTS_PLANNED": _ACCOUNTS,
    "ACCOUNTS_LATE": _ACCOUNTS,
    "ACCOUNTS_NO_MEETING": _(
        "A provisional administrator may have all the powers of the general meeting, which is "
        "then not held (décret 67-223, article 7). No text gives a date."
    ),
    "FIRST": _(
        "While the first fiscal year is not approved, only its two dates are declared. When, "
        "apart from the registration, is not said."
    ),
    "REGISTER": _REGISTER,
    "REGISTER_SINCE": _REGISTER,
    "REGISTER_UNKNOWN": _REGISTER,
    "CORRECTION": _(
        "The registry has this fiscal year already. No delay is given for correcting it."
    ),
    "REQUESTED": _("No delay is given for the affiliation; until the answer, nothing can leave."),
    "DISSOLVED_NO_DATE": _("No delay is given for this kind of disappearance (CCH R711-20)."),
    # Added to those whose closing nobody has entered.
    "SUPPOSED": _(
        "The date of the closing is supposed: it follows the last fiscal year, or the closing "
        "day of the condominium. Correct it in the fiscal year where it was moved: how long "
        "that year lasts, no text says."
    ),
}

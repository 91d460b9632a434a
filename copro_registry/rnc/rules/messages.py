"""The sentence of each finding; %(item)s is the label of the item."""

from ..i18n import _

# Marked here, translated by the models.
# pylint: disable=prefer-env-translation

MESSAGES = {
    "MISSING": _("“%(item)s” is missing."),
    "NOT_TEXT": _("“%(item)s” must be a text."),
    "TOO_LONG": _("“%(item)s” is longer than %(maximum)s characters: shorten it."),
    "UNPRINTABLE": _("“%(item)s” holds a character that cannot be sent: %(character)s."),
    "NOT_YES_NO": _("“%(item)s” must be yes or no."),
    "NOT_INTEGER": _("“%(item)s” must be a whole number."),
    "NOT_AMOUNT": _("“%(item)s” must be an amount with two decimals at most."),
    "NEGATIVE": _("“%(item)s” cannot be negative."),
    "NEGATIVE_AMOUNT": _(
        "“%(item)s” cannot be negative: enter 0 where an indemnity, a credit note or a repayment "
        "exceeds the amount."
    ),
    "TOO_LARGE": _("“%(item)s” is too large: check the figure."),
    "NOT_DATE": _("“%(item)s” must be a date."),
    "IMPOSSIBLE_DATE": _("“%(item)s”: the year %(year)s is not possible."),
    "UNKNOWN_CODE": _("“%(value)s” is not a possible value of “%(item)s”: choose one of the list."),
    "NOT_LIST": _("“%(item)s” must be a list."),
    "BAD_NUMBER": _("“%(item)s” must be two letters and seven digits."),
    "BAD_POSTCODE": _("“%(item)s” must be five digits."),
    "BAD_INSEE": _("“%(item)s” must be five digits, such as 75115 (2A004 in Corsica)."),
    "BAD_SIRET": _("“%(item)s” is not a valid SIRET: check its 14 digits."),
    "BAD_PREFIX": _("“%(item)s” must be three digits, such as 000."),
    "BAD_SECTION": _("“%(item)s” must be two characters, such as AB or 0A."),
    "BAD_PARCEL": _("“%(item)s” must be four digits, such as 0012."),
    "BAD_RNB": _("“%(item)s” must be twelve letters and digits, such as PG46YY6YWCX8."),
    "TOO_SMALL": _("“%(item)s” must be at least %(minimum)s."),
    "FUTURE": _("“%(item)s”: %(day)s is still to come, check the date."),
    "LOTS_MAIN": _("There are more main lots (%(part)s) than lots in all (%(whole)s): check both."),
    "LOTS_HOUSING": _(
        "There are more housing lots (%(part)s) than main lots (%(whole)s): check both."
    ),
    "LOTS_SUM": _(
        "Main lots and parking lots make %(part)s, more than the lots in all "
        "(%(whole)s): check the three."
    ),
    "NO_HOUSING": _(
        "No lot is for housing: only a condominium with at least one dwelling lot "
        "must be registered."
    ),
    "OWN_PRINCIPAL": _("A secondary association cannot be its own principal."),
    "FISCAL_YEAR_DATES": _("The fiscal year ends before it starts: check its dates."),
    "FISCAL_YEAR_LENGTH": _("The fiscal year lasts more than eighteen months: check its dates."),
    "MEETING_EARLY": _(
        "The general meeting (%(meeting)s) cannot approve accounts that close on %(end)s."
    ),
    "MEETING_FUTURE": _("The general meeting has not been held yet (%(meeting)s)."),
    "FISCAL_YEAR_OPEN": _(
        "The fiscal year closes on %(end)s: only a closed fiscal year, approved by the "
        "general meeting, can be declared."
    ),
    "MANDATE_DATES": _(
        "The mandate ends (%(end)s) before it starts (%(start)s): check both dates."
    ),
    "MANDATE_LONG": _(
        "From %(start)s to %(end)s: a mandate cannot last more than three years "
        "(décret 67-223, article 28)."
    ),
    "MANDATE_ENDED": _("The mandate ended on %(end)s: add the present one."),
    "MANDATE_NOT_RENEWED": _(
        "The mandate ended on %(end)s: declare its renewal before any update, or add the "
        "present one."
    ),
    "MANDATE_OVERLAP": _(
        "The new mandate starts on %(start)s, before the end of the previous one (%(end)s): "
        "correct one or the other."
    ),
    "ADMINISTRATION": _(
        "A provisional administration is in progress: no mandate can be renewed meanwhile."
    ),
    "DOCUMENT_MISSING": _(
        "A supporting document is needed: join the signed contract, or the signed minutes of "
        "the general meeting."
    ),
    "NOT_A_FILE": _("“%(item)s” must be a file that is not empty."),
    "SUCCESSOR_UNKNOWN": _(
        "The registry finds the successor by their SIRET or by the e-mail of their account: give "
        "one of them."
    ),
    "BY_LAW": _(
        "A syndic by law, without election, has no end of mandate: none is asked for here. What "
        "the registry awaits is not known; if it refuses, enter in “%(item)s” the date that it "
        "asks for."
    ),
    "NOT_COOPERATIVE": _(
        "The profile of the account is cooperative, yet “%(item)s” is not ticked: is the "
        "association cooperative? Tick it, or correct the profile in the technical parameters."
    ),
    "MANDATE_FUTURE": _("The mandate only starts on %(start)s: enter the one in force as well."),
    "MANDATE_VOTE": _(
        "The mandate starts on %(start)s, before the general meeting that voted it "
        "(%(meeting)s): check both dates."
    ),
    "ADMINISTERED": _(
        "There is a provisional administration, yet the legal representative acts as a "
        "syndic: correct one or the other."
    ),
    "NOT_ADMINISTERED": _(
        "The legal representative acts as provisional administrator, yet no provisional"
        " administration is declared: correct one or the other."
    ),
    "LABELS_SUM": _(
        "The energy labels count %(labels)s buildings, the condominium has "
        "%(buildings)s: correct one or the other."
    ),
    "BUILDINGS_SUM": _(
        "%(described)s buildings are described, the condominium has %(buildings)s: "
        "correct one or the other."
    ),
    "PERIOD_YEAR": _(
        "The year %(year)s is not within the construction period: correct one or the other."
    ),
    "DEBTORS_AMOUNT": _(
        "%(debtors)s co-owners owe more than %(threshold)s € each, but only %(amount)s € are "
        "owed in all."
    ),
    "DEBTORS_NONE": _("Co-owners are in debt, but no amount is owed: check both."),
    "DEBTORS_LOTS": _(
        "There are more debtors (%(debtors)s) than lots (%(lots)s): check both. Joint owners of a "
        "lot count for one."
    ),
    "FIRST_CLOSED": _(
        "The first fiscal year closed on %(end)s: once the general meeting has approved it, untick "
        "“%(item)s” and enter its figures."
    ),
    "FIRST_AGAIN": _("This cannot be the first fiscal year: there is an earlier one."),
    "NOT_SMALL": _(
        "Simplified accounts are for five main lots at most, or a budget under 15 000 €: there "
        "are %(lots)s lots and %(amount)s € of charges."
    ),
    "NO_CHARGES": _(
        "A closed fiscal year without any current charge is surprising: check the figure."
    ),
    "CHANGED": _(
        "“%(item)s” went from %(old)s € to %(new)s €, more than %(percent)s %% of "
        "difference: check the figure."
    ),
    "JUMPED": _(
        "“%(item)s” went from %(old)s € to %(new)s €: the amounts (%(count)s of them) are at least "
        "%(times)s times those of the fiscal year before. A decimal mark was probably lost: "
        "correct the amounts. If they are right, tick “Amounts checked” on the fiscal year."
    ),
    "FIRST_AMOUNT": _(
        "“%(item)s”: %(amount)s € is surprising for %(lots)s main lots. Check the decimal mark of "
        "the amount, and the number of lots."
    ),
    "FISCAL_YEAR_DAY": _(
        "The fiscal year runs from %(start)s to %(end)s: a day seems to be missing, or to be one "
        "too many. Check both dates: most fiscal years run from 01/01 to 31/12."
    ),
    "OLD_DATE": _("“%(item)s”: %(day)s is surprisingly long ago. Check the year."),
    "STAFF_SIRET": _("An association that employs staff has a SIRET: enter it."),
    "INSEE_POSTCODE": _(
        "The INSEE code (%(insee)s) and the postcode (%(postcode)s) are not of the same"
        " department: check both."
    ),
    "BEYOND_STREET": _(
        "“%(value)s” in the address: the registry's base of addresses knows a number and a street. "
        "Write these alone; a building or a residence goes into the usual name."
    ),
    "POST_BOX": _(
        "“%(value)s” in the address: a post-office box is no place. Write the number and the "
        "street of the condominium."
    ),
    "NOT_TOWN": _(
        "“%(value)s”: write the name of the town alone, without CEDEX, brackets nor postcode."
    ),
    "WHOLE_TOWN": _(
        "The INSEE code %(insee)s is that of a whole city: addresses have that of their "
        "arrondissement, such as 75115. Check it."
    ),
    "PARCEL_TWICE": _("The same parcel is given twice: remove one."),
    "PARCEL_DEPARTMENT": _(
        "A parcel of the town %(insee)s is not of the department of the address: check its INSEE "
        "code."
    ),
    "SECTION_LETTER": _(
        "The section %(value)s begins with the letter O: check it. A section of one letter is "
        "written with the digit zero before it, such as 0A."
    ),
}

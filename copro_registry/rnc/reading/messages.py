"""The sentence of each refusal; %(value)s is what is written."""

from ..i18n import _

# Marked here, translated by the models.
# pylint: disable=prefer-env-translation

MESSAGES = {
    # numbers
    "NOT_NUMBER": _(
        "“%(value)s” is not a number: write it with digits, such as 41250,30. Leave the cell "
        "empty when it is not known."
    ),
    "NOT_WHOLE": _("“%(value)s” is not a whole number."),
    "THOUSANDS": _(
        "“%(value)s” can be read in two ways: is the mark for thousands or for decimals? Write "
        "it without a mark for thousands and with two decimals, such as 1234,00 or 1,23."
    ),
    "GROUPS": _(
        "“%(value)s”: its digits are not grouped by three. Check the number, and write it "
        "without spaces, such as 41250,30."
    ),
    "CUT": _("“%(value)s” seems to be cut after its mark: write the number in full."),
    "EXPONENT": _(
        "“%(value)s” is how a spreadsheet shortens a number, and figures may be lost: show the "
        "column as a number with two decimals, then save the file again."
    ),
    "DATE_AS_NUMBER": _("“%(value)s” is a date, where a number is expected."),
    # dates
    "NOT_DATE": _("“%(value)s” is not a valid date: write it day/month/year, such as 31/12/2025."),
    "SHORT_YEAR": _("“%(value)s”: write the year with four digits, such as 31/12/2025."),
    "DATE_ORDER": _(
        "“%(value)s” can be read as two different dates: write it day/month/year, such as "
        "31/12/2025."
    ),
    "SERIAL": _(
        "“%(value)s” is a spreadsheet's count of days: show the column as dates, then save the "
        "file again."
    ),
    "HOUR": _(
        "“%(value)s”: near midnight, the hour can belong to one day or to the next. Write the "
        "date alone, such as 31/12/2025."
    ),
    "WEEKDAY": _("“%(value)s”: this day of the week is not that of the date. Check the date."),
    # yes or no
    "NOT_YES_NO": _("“%(value)s” is neither yes nor no: write Oui or Non."),
    # texts
    "CELL_ERROR": _(
        "“%(value)s” is the error of a spreadsheet's cell: correct its formula, then save the file."
    ),
    # codes
    "CODE_EXPONENT": _(
        "“%(value)s” is how a spreadsheet shortens a long number, and figures may be lost: show "
        "the column as text, enter the code again, then save the file."
    ),
    "NOT_POSTCODE": _("“%(value)s” is not a postcode: five digits are expected, such as 01310."),
    "NOT_INSEE": _(
        "“%(value)s” is not an INSEE code: five digits are expected, such as 75115 (2A004 in "
        "Corsica)."
    ),
    "NOT_SIRET": _("“%(value)s” is not a SIRET: 14 digits are expected."),
    "SHORT_SIRET": _(
        "“%(value)s” has 13 digits: has a spreadsheet dropped a first 0, or is a digit missing? "
        "Enter the 14 digits of the SIRET."
    ),
    "SIREN": _("“%(value)s” has 9 digits: it is a SIREN. Enter the 14 digits of the SIRET."),
    "NOT_REGISTRATION_NUMBER": _(
        "“%(value)s” is not a registration number: two letters and seven digits are expected, "
        "such as AB1234567."
    ),
    "NOT_PREFIX": _("“%(value)s” is not the prefix of a parcel: three digits, such as 000."),
    "NOT_SECTION": _(
        "“%(value)s” is not a section of the cadastre: one or two characters, such as AB or 0A."
    ),
    "SECTION_LETTER": _(
        "“%(value)s” begins with the letter O: a section of one letter is written with the digit "
        "zero before it, such as 0A. Check the section."
    ),
    "NOT_PARCEL": _("“%(value)s” is not the number of a parcel: four digits, such as 0012."),
    "NOT_RNB": _(
        "“%(value)s” is not an RNB identifier: twelve letters and digits, such as PG46YY6YWCX8."
    ),
}

"""What is typed finds a place, however either is written."""

import pytest

from rnc.reading import search_key, search_words

PLACES = {
    "lilas": (
        "ZZ0000011",
        "0149",
        "Résidence Les Lilas",
        "5 place de l'Exemple",
        "35000",
        "Rennes",
    ),
    "denis": (
        "ZZ0000020",
        "",
        "SDC Saint-Denis",
        "12bis rue de l\u2019Église",
        "93200",
        "ST DENIS",
    ),
    "garden": ("", "17", "Beauséjour", "1 av. du Maquis Bât. A", "13001", "Marseille"),
    "ain": ("AB1234567", "", "Sacré-Cœur", "3 bd Sainte-Anne", "01000", "Bourg-en-Bresse"),
}
# (what is typed, what is found)
TYPED = [
    ("5 place de l\u2019exemple", "lilas"),
    ("5 place de l'exemple", "lilas"),
    ("place de lexemple", "lilas"),
    ("place de l exemple", "lilas"),
    ("exemple rennes", "lilas"),
    ("RÉNNES les lilas", "lilas"),
    ("beausejour", "garden"),
    ("Beause\u0301jour", "garden"),
    ("maquis bat", "garden"),
    ("avenue du maquis", "garden"),
    ("st denis", "denis"),
    ("saint denis", "denis"),
    ("Saint-Den", "denis"),
    ("12 bis eglise", "denis"),
    ("12bis rue d'eglise", "denis"),
    ("sacre coeur", "ain"),
    ("boulevard ste anne", "ain"),
    ("ZZ-0000011", "lilas"),
    ("zz 0000011", "lilas"),
    ("0000011", "lilas"),
    ("AB 123 4567", "ain"),
    ("ab123 45", "ain"),
    ("1234567", "ain"),
    ("35 000", "lilas"),
    ("0149", "lilas"),
    ("01", "lilas ain"),
    ("02", ""),
    ("17", "garden"),
    ("st", "denis ain"),
    ("lilas marseille", ""),
    ("%", None),
    (" - ", None),
]


@pytest.mark.parametrize(("typed", "found"), TYPED)
def test_typed(typed, found):
    ways = search_words(typed)
    if found is None:
        assert ways == []
        return
    keys = {name: search_key(*texts) for name, texts in PLACES.items()}
    matching = [
        name for name, key in keys.items() if any(all(word in key for word in way) for way in ways)
    ]
    assert matching == found.split()


def test_a_key_holds_nothing_that_a_pattern_could_mean():
    assert search_key("100 % _ \\ 'x'", "100") == " 100 x"
    assert search_key("", "  ") == ""
    for typed in ("100%", "a_b", "\\"):
        assert not any(
            mark in word for way in search_words(typed) for word in way for mark in "%_\\"
        )

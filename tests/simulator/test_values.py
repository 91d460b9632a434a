"""Values in every form, both ways, and documents with structs, lists and equalities."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from conftest import REST, SOAP
from simulator.layout import Layout
from simulator.paths import find
from simulator.profile import Profile
from simulator.tree_json import JsonTree
from simulator.tree_xml import XmlTree
from simulator.values import BadValue, to_plain, to_wire
from voices.shaped import profile_like

# item, its format, plain text, what travels in JSON
FORMS = [
    ("nb_lots_total", {}, "12", "12"),
    ("nb_lots_total", {"as": "number"}, "12", 12),
    ("nb_lots_total", {"grouping": "\u202f"}, "1234567", "1\u202f234\u202f567"),
    ("impayes", {}, "2410.55", "2410.55"),
    ("impayes", {"as": "number"}, "2410.55", 2410.55),
    ("impayes", {"as": "number", "unit": "cents"}, "2410.55", 241055),
    ("impayes", {"unit": "cents"}, "2410.55", "241055"),
    ("impayes", {"unit": "cents", "grouping": " "}, "2410.55", "241 055"),
    ("impayes", {"decimals": 2, "separator": ","}, "2410.50", "2410,50"),
    ("impayes", {"decimals": 2, "separator": ",", "grouping": "."}, "12410.50", "12.410,50"),
    ("impayes", {"as": "number", "unit": "cents"}, "-3.05", -305),
    ("longitude", {"as": "number", "unit": "cents"}, "-1.677793", -1.677793),
    ("date_reglement", {}, "1972-04-18", "1972-04-18"),
    ("date_reglement", {"format": "%d/%m/%Y"}, "1972-04-18", "18/04/1972"),
    ("date_reglement", {"format": "epoch", "zone": "Europe/Paris"}, "2026-05-01", 1777586400),
    ("date_reglement", {"format": "epoch_ms", "zone": "UTC"}, "2026-05-01", 1777593600000),
    (
        "date_reglement",
        {"format": "%Y-%m-%dT%H:%M:%S%z", "zone": "Europe/Paris"},
        "2026-05-01",
        "2026-05-01T00:00:00+0200",
    ),
    ("residence_service", {"yes": 1, "no": 0}, "oui", 1),
    ("residence_service", {"yes": "Y", "no": "N"}, "non", "N"),
    ("siret_syndicat", {"as": "number"}, "55210055400013", 55210055400013),
]


@pytest.fixture
def formatted(tmp_path):
    """``formatted(item, format)``: the profile, and the item."""

    def made(code: str, form: dict) -> tuple:
        def change(manifest: dict) -> None:
            manifest["formats"] = {code: form}

        profile = profile_like(REST, tmp_path / "rest-1.0", change)
        return profile, profile.item[code]

    return made


@pytest.mark.parametrize(("code", "form", "plain", "wire"), FORMS)
def test_a_value_travels_both_ways(formatted, code, form, plain, wire):
    profile, item = formatted(code, form)
    written = to_wire(profile, item, plain)
    assert (written, type(written)) == (wire, type(wire))
    read = Decimal(str(wire)) if isinstance(wire, float) else wire
    assert to_plain(profile, item, read, text=False) == plain
    as_text = str(read) if not isinstance(wire, str) else wire
    assert to_plain(profile, item, as_text, text=True) == plain, "as in XML, or in an address"


REFUSED = [
    ("nb_lots_total", {"as": "number"}, "12"),
    ("nb_lots_total", {"as": "number"}, True),
    ("nb_lots_total", {"as": "number"}, Decimal("12.0")),
    ("nb_lots_total", {}, 12),
    ("nb_lots_total", {}, "١٢"),
    ("nb_lots_total", {"grouping": " "}, "1234"),
    ("impayes", {"as": "number", "unit": "cents"}, Decimal("0.5")),
    ("impayes", {"decimals": 2}, "1.5"),
    ("impayes", {"separator": ","}, "1.50"),
    ("impayes", {"as": "number"}, Decimal("1e400")),
    ("date_reglement", {}, "20260501"),
    ("date_reglement", {"format": "%d/%m/%Y"}, "1/5/2026"),
    ("date_reglement", {"format": "epoch"}, "1777593600"),
    ("date_reglement", {"format": "epoch"}, 10**30),
    ("residence_service", {"yes": 1, "no": 0}, True),
    ("residence_service", {"yes": 1, "no": 0}, "1"),
    ("piece_contenu", {}, "not Base64!"),
    ("nom_usage", {}, {"fr": "x"}),
]


@pytest.mark.parametrize(("code", "form", "wire"), REFUSED)
def test_a_value_of_another_form_is_refused(formatted, code, form, wire):
    profile, item = formatted(code, form)
    with pytest.raises(BadValue):
        to_plain(profile, item, wire, text=False)


PARCEL = {
    "parcelles_code_insee": "35238",
    "parcelles_prefixe": "000",
    "parcelles_section": "AB",
    "parcelles_numero": "0012",
}
GROUPS = {
    "identification": {
        "numero_immatriculation": "ZZ0000001",
        "nom_usage": "Les Tilleuls",
        "adresse_reference": {
            "adresse_reference_numero_voie": "1 rue de l'Exemple",
            "adresse_reference_code_postal": "35000",
            "adresse_reference_commune": "Rennes",
        },
        "adresses_complementaires": ["3 rue A", "5 rue B"],
        "parcelles": [PARCEL, {**PARCEL, "parcelles_numero": "0013"}],
        "nb_lots_total": "12",
    },
    "finance": {"impayes": "2410.55", "fonds_travaux": "6000.00"},
}
MEMBERS = [
    {"adresses_complementaires": "l:Autre", "parcelles": "l:Parcelle"},
    {"adresses_complementaires": "l:Autre/l:Ligne", "parcelles": "l:Cadastre/l:Parcelle"},
]


def _layout(source: Path, folder: Path, members: dict, names: dict, xml: bool) -> Layout:
    def change(manifest: dict) -> None:
        manifest["wire"]["members"] = members
        manifest["services"]["WS3"]["names"] = names

    return Layout(profile_like(source, folder / source.name, change).services["WS3"], xml=xml)


@pytest.mark.parametrize("members", MEMBERS)
@pytest.mark.parametrize("names", [{}, {"parcelles": ".", "adresse_reference": "."}], ids=str)
def test_a_dossier_in_xml_is_read_as_it_was_written(tmp_path, members, names):
    layout = _layout(SOAP, tmp_path, members, names, xml=True)
    told = ("urn:registre:1.0", {"l": "urn:registre:lieu"})
    tree = XmlTree(etree.Element("{urn:registre:1.0}Dossier"), *told)
    layout.write(tree.root, GROUPS)
    again = XmlTree(etree.fromstring(etree.tostring(tree.root.element)), *told)
    assert layout.read(again.root) == (GROUPS, [])
    assert not [*again.unread()]
    path = "Comptes/Montant[@poste='impayes']"
    assert find(again.root, path).take() == "2410,55"


@pytest.mark.parametrize("members", [{}, {"adresses_complementaires": "label/fr"}], ids=str)
@pytest.mark.parametrize("names", [{}, {"adresse_reference": ".", "nom_usage": "a~1b~0c"}], ids=str)
def test_a_dossier_in_json_is_read_as_it_was_written(tmp_path, members, names):
    layout = _layout(REST, tmp_path, members, names, xml=False)
    tree = JsonTree()
    layout.write(tree.root, GROUPS)
    again = JsonTree(json.loads(json.dumps(tree.document), parse_float=Decimal))
    assert layout.read(again.root) == (GROUPS, [])
    assert not [*again.unread()]
    assert again.document["number"] == "ZZ0000001", "from where the dossier stands"
    assert {"kind": "unpaid", "cents": 241055} in again.document["accounts"]["amounts"]
    assert "a/b~c" in again.document["identity"] or not names


def test_what_is_absent_travels_as_the_contract_says(tmp_path):
    def change(manifest: dict) -> None:
        manifest["formats"] |= {"type_syndicat": {"absent": "empty"}}

    profile = profile_like(REST, tmp_path / "rest-1.0", change)
    tree = JsonTree()
    layout = Layout(profile.services["WS3"], xml=False)
    layout.write(tree.root, {"identification": {"nb_lots_total": "12"}})
    identity = tree.document["identity"]
    assert identity == {"name": None, "type_syndicat": "", "lots": {"total": 12}}
    assert layout.read(tree.root) == ({"identification": {"nb_lots_total": "12"}}, [])


@pytest.mark.parametrize("source", [REST, SOAP], ids=lambda folder: folder.name)
def test_each_code_of_a_profile_comes_back(source):
    profile = Profile(source)
    for item in profile.item.values():
        for code in profile.nomenclatures.get(item.nomenclature, ()) if item.type == "enum" else ():
            wire = to_wire(profile, item, code)
            assert to_plain(profile, item, wire, text=False) == code


def test_a_struct_of_which_everything_travels_elsewhere_is_nothing(tmp_path):

    profile = profile_like(REST, tmp_path / "rest-1.0", lambda manifest: None)
    profile.names["piece"] = "."
    tree = JsonTree({"holder": {"date_debut_mandat": "01.05.2026"}})
    found = Layout(profile.services["WS6"], xml=False).read(tree.root)
    assert found == ({"representation": {"date_debut_mandat": "2026-05-01"}}, [])

"""The lists that French syndics have are understood as they come."""

import csv
from datetime import date
from io import StringIO

from odoo.tests import tagged

from ..tools.usual_headers import HEADERS, field_of, written
from .import_case import CSV, PROPOSED, XLSX, ImportCase, as_xlsx

# {header: path} of lists that were met, or that programs export.
CABINET = {
    "Code": "internal_reference",
    "Immeuble": "name",
    "Adresse": "street",
    "CP": "zip",
    "Ville": "city",
    "Nb lots": "lot_count",
    "Nb lots principaux": "main_lot_count",
    "Nb lots habitation": "housing_lot_count",
    "Parkings": "parking_lot_count",
    "Date RCP": "bylaws_date",
    "N° registre": "registration_number",
    "Gestionnaire": "user_id",
    "Fin de mandat": "mandate_ids/end_date",
    "Clôture": "fiscal_year_ids/end_date",
}
SPREADSHEET = {
    "N° IMMAT.": "registration_number",
    "RÉFÉRENCE": "internal_reference",
    "NOM DE LA COPROPRIÉTÉ": "name",
    "ADRESSE 1": "street",
    "CODE POSTAL": "zip",
    "COMMUNE": "city",
    "NOMBRE TOTAL DE LOTS": "lot_count",
    "NBRE DE LOTS PRINCIPAUX": "main_lot_count",
    "LOTS STATIONNEMENT": "parking_lot_count",
    "DATE DU RÈGLEMENT": "bylaws_date",
    "OBSERVATIONS": "note",
    "SOLDE BANQUE": None,
    "TÉLÉPHONE GARDIEN": None,
}
OPEN_FILE = {
    "numero_immatriculation": "registration_number",
    "nom_usage_copropriete": "name",
    "adresse_reference": None,
    "numero_voie_adresse": "street",
    "code_postal_adresse": "zip",
    "commune_adresse": "city",
    "date_reglement_copropriete": "bylaws_date",
    "nombre_total_lots": "lot_count",
    "nombre_lots_habitation_bureaux_commerces": "main_lot_count",
    "nombre_lots_habitation": "housing_lot_count",
    "nombre_lots_stationnement": "parking_lot_count",
    "periode_construction": "construction_period",
    "code_officiel_commune": None,
}
SLUGS = {
    "numero_d_immatriculation": "registration_number",
    "nom_d_usage_de_la_copropriete": "name",
    "numero_et_voie_adresse_de_reference": "street",
    "code_postal_adresse_de_reference": "zip",
    "commune_adresse_de_reference": "city",
    "date_du_reglement_de_copropriete": "bylaws_date",
    "nombre_total_de_lots": "lot_count",
    "nombre_de_lots_a_usage_d_habitation": "housing_lot_count",
    "nombre_de_lots_de_stationnement": "parking_lot_count",
}
YEARS = {
    "Code immeuble": "condominium_id",
    "Début exercice": "start_date",
    "Date de clôture": "end_date",
    "Date AG": "meeting_date",
    "Charges courantes": "current_charges",
    "Travaux": "works_charges",
    "Dettes fournisseurs": "supplier_debts",
    "Impayés": "unpaid_amount",
    "Nb débiteurs": "debtor_count",
    "Fonds travaux": "works_fund",
}
MANDATES = {"N° RNC": "condominium_id", "Début de mandat": "start_date", "Échéance": "end_date"}
LISTS = [
    ("copro.condominium", CABINET),
    ("copro.condominium", SPREADSHEET),
    ("copro.condominium", OPEN_FILE),
    ("copro.condominium", SLUGS),
    ("copro.fiscal.year", YEARS),
    ("copro.mandate", MANDATES),
]
ROWS = [
    ["0149", "Les Lilas", "5 place de l'Église", "1000", "Bourg-en-Bresse", "42", "30", "28"]
    + ["12", "18/04/1972", "AB 123 4567", "", "30/06/2027", "31/12/2025"],
    ["0150", "", "7 rue du Bac", "35000", "Rennes", "1 234", "", "", "0", "", "", "", "", ""],
]


@tagged("post_install", "-at_install")
class TestUsualHeaders(ImportCase):
    def preview(self, model, headers, rows, kind=CSV):
        if kind == XLSX:
            content = as_xlsx(headers, rows)
        else:
            stream = StringIO()
            csv.writer(stream, delimiter=";").writerows([headers, *rows])
            content = stream.getvalue().encode("cp1252")
        values = {"res_model": model, "file": content, "file_type": kind, "file_name": "liste"}
        wizard = self.model("base_import.import").create(values)
        return wizard, wizard.parse_preview(dict(PROPOSED), count=10)

    def paths(self, preview):
        found = (preview["matches"].get(rank) for rank in range(len(preview["headers"])))
        return ["/".join(path) if path else None for path in found]

    def test_the_headers_of_lists(self):
        for model, known in LISTS:
            with self.subTest(model=model, headers=list(known)[:3]):
                cells = ["AB1234567" if "mm" in header else "a" for header in known]
                _wizard, preview = self.preview(model, list(known), [cells])
                self.assertEqual(dict(zip(known, self.paths(preview), strict=True)), known)

    def test_a_cabinet_s_list_from_the_file_to_the_records(self):
        for kind in (CSV, XLSX):
            with self.subTest(kind), self.env.cr.savepoint() as undo:
                wizard, preview = self.preview("copro.condominium", list(CABINET), ROWS, kind)
                paths = self.paths(preview)
                self.assertEqual(paths, list(CABINET.values()))
                told = wizard.execute_import(
                    paths, [header.lower() for header in CABINET], preview["options"]
                )
                self.assertFalse(told["messages"])
                lilas, bac = self.env["copro.condominium"].browse(told["ids"])
                self.assertEqual(lilas.street, "5 place de l'Église")
                self.assertEqual((lilas.zip, lilas.registration_number), ("01000", "AB1234567"))
                self.assertEqual((lilas.internal_reference, lilas.lot_count), ("0149", 42))
                self.assertEqual(lilas.bylaws_date, date(1972, 4, 18))
                self.assertEqual(lilas.mandate_ids.end_date, date(2027, 6, 30))
                self.assertEqual(lilas.fiscal_year_ids.end_date, date(2025, 12, 31))
                self.assertEqual((bac.name, bac.lot_count), ("7 rue du Bac, Rennes", 1234))
                self.assertEqual((lilas | bac).user_id, self.manager, "whoever imports them")
                undo.rollback()

    def test_immeuble_is_a_code_when_its_cells_are_figures(self):
        headers = ["Immeuble", "Nom", "Adresse"]
        _wizard, preview = self.preview("copro.condominium", headers, [["149", "A", "B"]])
        self.assertEqual(self.paths(preview), ["internal_reference", "name", "street"])
        _wizard, preview = self.preview("copro.condominium", headers, [["Lilas", "A", "B"]])
        self.assertEqual(self.paths(preview), [None, "name", "street"])

    def test_what_was_chosen_before_is_chosen_again(self):
        self.env["base_import.mapping"].create(
            {"res_model": "copro.condominium", "column_name": "code", "field_name": "note"}
        )
        _wizard, preview = self.preview("copro.condominium", ["Code", "Nom"], [["1", "A"]])
        self.assertEqual(self.paths(preview), ["note", "name"])

    def test_other_models_are_read_as_odoo_reads_them(self):
        _wizard, preview = self.preview("res.partner", ["Code", "Nom"], [["x", "A"]])
        self.assertNotIn("internal_reference", self.paths(preview))

    def test_only_what_matters_is_offered(self):
        for model in ("copro.condominium", "copro.mandate", "copro.fiscal.year"):
            tree = self.model("base_import.import").get_fields_tree(model)
            offered = [field["name"] for field in tree]
            known = {"id", *self.env[model]._import_choices()}
            self.assertLessEqual(set(offered), known)
            self.assertLessEqual(set(self.env[model]._import_columns()), set(offered))
            for field in tree:
                below = {one["name"] for one in field["fields"]}
                self.assertFalse(below & {"condominium_id", "message_ids", "company_id"})
        names = {
            field["name"]
            for field in self.model("base_import.import").get_fields_tree("copro.condominium")
        }
        self.assertFalse(names & {"message_ids", "activity_ids", "search_key", "active"})

    def test_no_header_is_of_two_fields_nor_the_label_of_another(self):
        for model, known in HEADERS.items():
            labels = {
                written(described["string"]): name
                for name, described in self.model(model).fields_get(attributes=["string"]).items()
            }
            seen = {}
            for path, headers in known.items():
                for header in headers.split(","):
                    said = written(header)
                    self.assertTrue(said, header)
                    self.assertEqual(seen.setdefault(said, path), path, header)
                    if said in labels and labels[said] in self.env[model]._import_columns():
                        self.assertEqual(path, labels[said], header)

    def test_words_that_say_nothing_more(self):
        for header in ("Nbre de lots (principaux)", "NB LOTS PRINCIPAUX", "nombre_lots_principaux"):
            path, _distance = field_of("copro.condominium", header, False)
            self.assertEqual(path, "main_lot_count")
        self.assertEqual(field_of("copro.condominium", "°", False), (None, 1))


@tagged("post_install", "-at_install")
class TestWhatALineLacks(ImportCase):
    """Said in French, before the database says it in English."""

    def load(self, columns, *rows, model="copro.condominium"):
        return self.model(model).load(list(columns), [list(row) for row in rows])

    def test_a_line_without_a_name_is_named_by_what_it_has(self):
        columns = ["internal_reference", "name", "street", "city"]
        told = self.load(columns, ["7", "", "1 rue du Bac", ""], ["8", "", "", ""])
        self.assertFalse(told["messages"])
        made = self.env["copro.condominium"].browse(told["ids"])
        self.assertEqual(made.mapped("name"), ["1 rue du Bac", "8"])

    def test_what_cannot_be_guessed_is_asked_for(self):
        for model, columns, row, label in (
            ("copro.condominium", ["zip", "lot_count"], ["35000", "3"], "Nom d'usage"),
            ("copro.mandate", ["end_date"], ["30/06/2027"], "Copropriété"),
            ("copro.fiscal.year", ["end_date"], ["31/12/2025"], "Copropriété"),
        ):
            with self.subTest(model):
                told = self.load(columns, row, model=model)
                self.assertFalse(told["ids"])
                [message] = told["messages"]
                self.assertIn(label, message["message"])
                self.assertRegex(message["message"], r"«\s.+\s» manque")

    def test_a_line_below_a_condominium_too(self):
        columns = ["name", "parcel_ids/section", "parcel_ids/number"]
        told = self.load(columns, ["Lilas", "AB", "12"])
        self.assertFalse(told["ids"])
        self.assertRegex(told["messages"][0]["message"], "manque")

    def test_an_empty_cell_leaves_what_there_is_by_default(self):
        columns = [
            "name",
            "association_type",
            "user_id",
            "mandate_ids/capacity",
            "mandate_ids/end_date",
        ]
        told = self.load(columns, ["Lilas", "", "", "", "30/06/2027"])
        self.assertFalse(told["messages"])
        made = self.env["copro.condominium"].browse(told["ids"])
        self.assertEqual(made.association_type, "principal")
        self.assertEqual(made.user_id, self.manager)
        self.assertEqual(made.mandate_ids.capacity, "mandat_syndic")

    def test_the_reference_of_other_software_names_a_condominium(self):
        lilas = self.condominium("Lilas", internal_reference="0149", fiscal_year_ids=[])
        told = self.load(["internal_reference", "city"], ["0149", "Vern"])
        self.assertEqual((told["ids"], lilas.city), (lilas.ids, "Vern"))
        told = self.load(["internal_reference", "registration_number"], ["0149", "ZZ0000901"])
        self.assertEqual((told["ids"], lilas.registration_number), (lilas.ids, "ZZ0000901"))
        columns = ["condominium_id", "start_date", "end_date"]
        told = self.load(columns, ["0149", "2025-01-01", "2025-12-31"], model="copro.fiscal.year")
        self.assertFalse(told["messages"])
        self.assertEqual(lilas.fiscal_year_ids.ids, told["ids"])

    def test_a_registered_one_is_not_taken_for_another_of_its_reference(self):
        lilas = self.condominium(
            "Lilas", internal_reference="0149", registration_number="ZZ0000902"
        )
        columns = ["internal_reference", "registration_number", "name"]
        told = self.load(columns, ["0149", "ZZ0000903", "Autre"])
        self.assertFalse(told["messages"])
        self.assertNotEqual(told["ids"], lilas.ids)
        told = self.load(["internal_reference", "city"], ["0149", "Vern"])
        self.assertIn("2", told["messages"][0]["message"])

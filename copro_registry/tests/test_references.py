from odoo.tests import tagged

from .import_case import CSV, XLSX, ImportCase

FIGURE = "current_charges"


@tagged("post_install", "-at_install")
class TestReferences(ImportCase):
    """A file says of which condominium it speaks exactly, or its line is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        empty = {"mandate_ids": [], "fiscal_year_ids": []}
        cls.lilas = cls.condominium("Les Lilas", registration_number="ZZ0000901", **empty)
        cls.twins = cls.condominium("Les Roses", **empty) | cls.condominium("Les Roses", **empty)
        cls.archived = cls.condominium("Les Iris", registration_number="ZZ0000902", **empty)
        cls.archived.active = False
        cls.other = cls.env["res.company"].create({"name": "Autre Cabinet"})
        cls.theirs = cls.condominium(
            "Chez Eux", registration_number="ZZ0000903", company_id=cls.other.id, **empty
        )
        cls.same_number = cls.condominium(
            "Les Lilas d'Eux", registration_number="ZZ0000901", company_id=cls.other.id, **empty
        )

    def rows(self, *references):
        return [[told, "31/12/2024", "41250,30"] for told in references]

    def each_way(self, rows):
        columns = ["condominium_id", "end_date", FIGURE]
        yield from self.ways_in("copro.fiscal.year", columns, rows)

    def check_refused(self, *references):
        for way, run in self.each_way(self.rows("ZZ0000901", *references)):
            with self.subTest(way=way):
                result = run()
                told = [(m["rows"]["from"], m["type"]) for m in result["messages"]]
                wanted = [(rank, "error") for rank in range(1, len(references) + 1)]
                self.assertEqual((told, result["ids"]), (wanted, False))
                self.assertFalse(self.env["copro.fiscal.year"].search([(FIGURE, "=", 41250.30)]))

    def check_found(self, reference, condominium):
        for way, run in self.each_way(self.rows(reference)):
            with self.subTest(way=way, reference=reference):
                result = run()
                self.assertEqual(result["messages"], [])
                fiscal_year = self.env["copro.fiscal.year"].browse(result["ids"])
                self.assertEqual(fiscal_year.condominium_id, condominium)
                fiscal_year.unlink()

    def test_what_names_none_or_several_is_refused(self):
        self.check_refused("Rennes", "35000", "Lilas", "Les Roses", "les lilas", "Inconnue")

    def test_archived_or_of_another_company_is_refused(self):
        self.check_refused("Les Iris", "ZZ0000902", "Chez Eux", "ZZ0000903", "ZZ0000909")

    def test_a_number_with_another_name_is_refused(self):
        self.check_refused("ZZ0000901 · Les Roses")

    def test_a_number_or_an_exact_name_is_found(self):
        for reference in ("ZZ0000901", "zz 0000-901", "Les Lilas", "ZZ0000901 · Les Lilas"):
            self.check_found(reference, self.lilas)

    def test_the_current_company_comes_first(self):
        self.manager.company_ids += self.other
        both = {"allowed_company_ids": (self.company + self.other).ids}
        model = self.model("copro.fiscal.year").with_context(**both)
        columns = ["condominium_id", "end_date"]
        result = model.load(columns, [["ZZ0000901", "31/12/2024"], ["ZZ0000903", "31/12/2024"]])
        self.assertEqual(result["messages"], [])
        fiscal_years = self.env["copro.fiscal.year"].browse(result["ids"])
        self.assertEqual(fiscal_years.condominium_id, self.lilas + self.theirs)

    def test_no_condominium_is_made_from_a_name(self):
        options = {"name_create_enabled_fields": {"condominium_id": True}}
        columns = ["condominium_id", "end_date"]
        rows = [["Inconnue", "31/12/2024"]]
        result = self.screen("copro.fiscal.year", columns, rows, options=options)
        self.assertEqual([m["type"] for m in result["messages"]], ["error"])
        self.assertFalse(self.env["copro.condominium"].search([("name", "=", "Inconnue")]))

    def test_lines_that_the_user_skips(self):
        options = {"import_skip_records": ["condominium_id"]}
        columns = ["condominium_id", "end_date"]
        rows = [["Les Roses", "31/12/2024"], ["Les Lilas", "31/12/2024"]]
        result = self.screen("copro.fiscal.year", columns, rows, options=options)
        fiscal_years = self.env["copro.fiscal.year"].browse(result["ids"])
        self.assertEqual(fiscal_years.condominium_id, self.lilas)

    def test_a_person_by_exact_name(self):
        twin = self._user("main_administrator", self.other)
        twin.name = self.manager.name = "Marie Martin"
        twin.company_ids += self.company
        unknown = [["Une", "Marie"], ["Deux", "Marie Martin"]]
        result = self.model("copro.condominium").load(["name", "user_id"], unknown)
        told = [(m["rows"]["from"], m["type"]) for m in result["messages"]]
        self.assertEqual(told, [(0, "error"), (1, "error")])
        twin.name = "Marie Durand"
        result = self.model("copro.condominium").load(
            ["name", "user_id"], [["Trois", "Marie Martin"]]
        )
        self.assertEqual(self.env["copro.condominium"].browse(result["ids"]).user_id, self.manager)

    def test_a_company_by_exact_name(self):
        columns = ["name", "company_id"]
        for name in ("Cabinet", "Autre Cabinet"):
            result = self.model("copro.condominium").load(columns, [["Une", name]])
            self.assertFalse(result["ids"])
            self.assertEqual(result["messages"][0]["type"], "error")

    def test_a_line_is_not_taken_from_another_condominium_by_its_name(self):
        dates = {"start_date": "2024-01-01", "end_date": "2024-12-31"}
        fiscal_year = self.env["copro.fiscal.year"].create(
            {"condominium_id": self.lilas.id, **dates}
        )
        columns = ["name", "fiscal_year_ids"]
        for way, run in self.ways_in(
            "copro.condominium", columns, [["Voleuse", fiscal_year.display_name]]
        ):
            with self.subTest(way=way):
                self.assertFalse(run()["ids"])
                self.assertEqual(fiscal_year.condominium_id, self.lilas)


@tagged("post_install", "-at_install")
class TestRoundTrip(ImportCase):
    """What is exported is read back: found, unchanged, and nothing is due."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager.group_ids += cls.env.ref("base.group_allow_export")
        cls.registered = cls.condominium("Les Lilas", registration_number="ZZ0000901")
        cls.registered.fiscal_year_id.sudo().declared_on = "2025-01-15"
        cls.registered.mandate_ids.declared_on = "2025-01-15"
        cls.nameless = cls.condominium("Les Roses", parcel_ids=[(0, 0, cls.parcel())])

    @classmethod
    def parcel(cls):
        return {"insee_code": "35238", "section": "AB", "number": "0012"}

    def exported(self, records, columns):
        records = records.with_user(self.manager).with_context(lang="fr_FR")
        return records.export_data(columns)["datas"]

    def check_back(self, records, columns):
        """Each way, twice: the same records, with the same values."""
        before = self.exported(records, columns)
        fingerprints = [record._dossier_parts() for record in records]
        counted = {name: self.env[name].search_count([]) for name in self.counted}
        rows = [[str(v) if not isinstance(v, str | bool) else v for v in row] for row in before]
        rows = [["" if v is False else v for v in row] for row in rows]
        for way, run in [*self.ways_in(records._name, columns, rows)] * 2:
            with self.subTest(way=way, columns=columns):
                result = run()
                self.assertEqual(result["messages"], [])
                self.assertEqual(sorted(result["ids"]), sorted(records.ids))
                self.assertEqual(self.exported(records, columns), before)
        self.env.invalidate_all()
        self.assertEqual([record._dossier_parts() for record in records], fingerprints)
        now = {name: self.env[name].search_count([]) for name in self.counted}
        self.assertEqual(now, counted)

    counted = (
        "copro.condominium",
        "copro.fiscal.year",
        "copro.mandate",
        "copro.parcel",
        "copro.building",
    )

    def test_fiscal_years(self):
        fiscal_years = (self.registered | self.nameless).fiscal_year_ids
        figures = [
            "start_date",
            "end_date",
            "meeting_date",
            FIGURE,
            "unpaid_amount",
            "debtor_count",
        ]
        figures += ["works_fund", "has_staff", "is_first"]
        self.check_back(fiscal_years, ["id", "condominium_id/id", *figures])
        self.check_back(fiscal_years, ["condominium_id", *figures])
        self.assertEqual(set(fiscal_years.mapped("state")), {"declared", "approved"})

    def test_mandates(self):
        mandates = (self.registered | self.nameless).mandate_ids
        names = [
            "capacity",
            "start_date",
            "end_date",
            "meeting_date",
            "is_provisional",
            "declared_on",
        ]
        self.check_back(mandates, ["id", "condominium_id/id", *names])
        self.check_back(mandates, ["condominium_id", *names])

    def test_condominiums(self):
        both = self.registered | self.nameless
        names = ["registration_number", "name", "street", "zip", "city", "bylaws_date"]
        names += ["lot_count", "lift_count", "heating_type", "is_cooperative", "user_id"]
        lines = ["fiscal_year_ids/end_date", f"fiscal_year_ids/{FIGURE}", "mandate_ids/start_date"]
        lines += ["parcel_ids/insee_code", "parcel_ids/section", "parcel_ids/number"]
        lines += ["building_ids/name", "building_ids/floor_count"]
        due = both.mapped("service_due")
        self.check_back(both, ["id", *names])
        self.check_back(both, names)
        self.check_back(both, [*names, *lines])
        self.assertEqual(both.mapped("service_due"), due)

    def test_workbook_of_numbers_and_dates(self):
        fiscal_year = self.registered.fiscal_year_ids
        columns = ["condominium_id", "end_date", FIGURE]
        rows = self.exported(fiscal_year, columns)
        result = self.screen("copro.fiscal.year", columns, rows, XLSX)
        self.assertEqual((result["messages"], result["ids"]), ([], fiscal_year.ids))

    def test_a_change_of_what_is_declared_is_told(self):
        columns = ["condominium_id", "end_date", FIGURE]
        [row] = self.exported(self.registered.fiscal_year_ids, columns)
        rows = [[*map(str, row[:2]), "52,00"]]
        for way, run in self.ways_in("copro.fiscal.year", columns, rows):
            with self.subTest(way=way):
                result = run()
                self.assertFalse(result["ids"])
                self.assertIn("déclaré", result["messages"][0]["message"])

    def test_the_same_line_twice_is_told(self):
        for model, columns, row in (
            ("copro.condominium", ["name", "street"], ["Les Iris", "3 rue des Iris"]),
            ("copro.condominium", ["registration_number", "name"], ["ZZ0000905", "Les Iris"]),
            ("copro.fiscal.year", ["condominium_id", "end_date"], ["ZZ0000901", "31/12/2019"]),
        ):
            for way, run in self.ways_in(model, columns, [row, row]):
                with self.subTest(model=model, way=way):
                    result = run()
                    self.assertFalse(result["ids"])
                    self.assertIn(1, [m["rows"]["from"] for m in result["messages"]])

    def test_the_same_line_twice_below_a_condominium_is_told(self):
        columns = ["name", "fiscal_year_ids/end_date", f"fiscal_year_ids/{FIGURE}"]
        rows = [["Les Iris", "31/12/2019", "1,00"], ["", "31/12/2019", "2,00"]]
        for way, run in self.ways_in("copro.condominium", columns, rows):
            with self.subTest(way=way):
                result = run()
                self.assertFalse(result["ids"])
                self.assertIn("31", result["messages"][0]["message"])

    def test_a_number_comes_to_who_had_none(self):
        columns = ["registration_number", "name", "street", "zip", "city"]
        row = ["ZZ0000909", "Les Roses", "Les Roses", "35000", "Rennes"]
        result = self.screen("copro.condominium", columns, [row], CSV)
        self.assertEqual((result["messages"], result["ids"]), ([], self.nameless.ids))
        self.assertEqual(self.nameless.registration_number, "ZZ0000909")

    def test_what_a_file_leaves_out(self):
        """A condominium has somebody in charge, and a name: its address."""
        columns = ["street", "city", "user_id"]
        result = self.screen("copro.condominium", columns, [["5 rue Vide", "Rennes", ""]])
        self.assertEqual(result["messages"], [])
        condominium = self.env["copro.condominium"].browse(result["ids"])
        self.assertEqual(condominium.user_id, self.manager)
        self.assertEqual(condominium.name, "5 rue Vide, Rennes")
        result = self.screen("copro.condominium", columns, [["5 rue Vide", "Rennes", ""]])
        self.assertEqual((result["messages"], result["ids"]), ([], condominium.ids))

"""What the tests outside Odoo share: a registry, declarants, a valid dossier."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from rnc import contract
from rnc.certificate import read
from rnc.client import Client, Declarant
from rnc.transport import Channel, client_context
from simulator.authority import Authority, Issued
from simulator.process import Simulator

SIREN = "999000011"
OTHER_SIREN = "552100554"
ORGANISATION = "Cabinet Fictif"
NUMBER, EMAIL = "T0000001", "registre@cabinet-fictif.example"
REFORM = date(2027, 2, 21)  # décret 2025-831 of 19 August 2025
BITS = 2048  # quicker to make than what the RGS advises


SHIPPED = ("hypothetical-2.0.1", "hypothetical-json")
# Written from docs/en/contract-profile.md alone, as a new integrator would.
BY_THE_BOOK = Path(__file__).parent / "data" / "contracts" / "atelier-1.0"
FLAT_JSON = BY_THE_BOOK.parent / "prefecture-3.1"
REST, SOAP = BY_THE_BOOK.parent / "rest-1.0", BY_THE_BOOK.parent / "soap-1.0"


@pytest.fixture(scope="session", params=SHIPPED)
def profile(request):
    """The same tests under each shipped profile, with no difference in code."""
    return contract.named(request.param)


@pytest.fixture(scope="session")
def rest():
    return contract.load(REST)


@pytest.fixture(scope="session")
def soap():
    return contract.load(SOAP)


@dataclass
class Desk:
    """A running simulator, and what a declarant needs to call it."""

    simulator: Simulator
    authority: Authority
    identity: Issued
    profile: contract.Profile

    def client(self, identity: Issued | None = None, **changes) -> Client:
        """A client with the declared certificate, or with another identity."""
        identity = identity or self.identity
        bundle = read([identity.certificate, identity.key])
        context = client_context(
            bundle.public_pem(),
            bundle.key_bytes(),
            changes.get("authority", self.authority.pem),
        )
        return self._client(context, **changes)

    def anonymous(self) -> Client:
        return self._client(client_context(None, None, self.authority.pem))

    def _client(self, context, url=None, number=NUMBER, email=EMAIL, **_others) -> Client:
        channel = Channel(context, self.profile.limits)
        url = url or self.simulator.url
        return Client(self.profile, url, Declarant(number, email), channel)

    def open_account(self, number: str, email: str, siren: str, organisation: str) -> Issued:
        """An account on the registry's site, and its declared certificate."""
        identity = self.authority.client(siren, organisation, bits=BITS)
        self.simulator.control.open_account(
            number=number,
            email=email,
            profile="professionnel",
            organisation=organisation,
            siren=siren,
        )
        self.simulator.control.declare_certificate(number, identity.certificate)
        return identity


@contextmanager
def running_desk(folder: Path, profile: contract.Profile):
    """A simulator that speaks ``profile``, and a declarant whom it knows."""
    with Simulator(folder, "--profile", str(profile.folder)) as simulator:
        made = Desk(simulator, simulator.authority, None, profile)
        made.identity = made.open_account(NUMBER, EMAIL, SIREN, ORGANISATION)
        yield made


@pytest.fixture(scope="session")
def desk(tmp_path_factory, profile):
    with running_desk(tmp_path_factory.mktemp("simulator"), profile) as made:
        yield made


@pytest.fixture(autouse=True)
def no_fault_left(request):
    yield
    if "desk" in request.fixturenames:
        control = request.getfixturevalue("desk").simulator.control
        control.clear_faults()
        control.set_acceptance("immediate")


_STREETS = iter(range(1, 10_000))


def a_dossier(today: date | None = None, **changes) -> dict:
    """A dossier that the registry accepts, at an address of its own."""
    today = today or date.today()
    end = date(today.year - 1, 12, 31)
    dossier = {
        "nom_usage": "Résidence d'essai",
        "adresse_reference": {
            "adresse_reference_numero_voie": f"{next(_STREETS)} rue de l'Exemple",
            "adresse_reference_code_postal": "35000",
            "adresse_reference_commune": "Rennes",
        },
        "date_reglement": date(1972, 4, 18),
        "residence_service": False,
        "syndicat_cooperatif": False,
        "type_syndicat": "principal",
        "nb_lots_total": 12,
        "nb_lots_principaux": 8,
        "nb_lots_habitation": 8,
        "nb_lots_stationnement": 4,
        "numero_teledeclarant": NUMBER,
        "email_teledeclarant": EMAIL,
        "cadre_intervention": "mandat_syndic",
        "representant": {"representant_raison_sociale": ORGANISATION},
        "date_debut_mandat": today - timedelta(days=100),
        "date_fin_mandat": today + timedelta(days=500),
        "nb_arretes_sante_publique": 0,
        "nb_arretes_peril": 0,
        "nb_arretes_equipements": 0,
        "mandat_ad_hoc": False,
        "administration_provisoire": "non",
        "premier_exercice": False,
        "date_debut_exercice": date(end.year, 1, 1),
        "date_fin_exercice": end,
        "date_ag_approbation": min(end + timedelta(days=90), today),
        "charges_operations_courantes": Decimal("41250.30"),
        "charges_travaux_exceptionnels": Decimal("0"),
        "dettes_fournisseurs": Decimal("1820.00"),
        "impayes": Decimal("2410.55"),
        "nb_coproprietaires_debiteurs": 2,
        "fonds_travaux": Decimal("6000"),
        "presence_personnel": False,
        "nb_batiments": 1,
        "periode_construction": "DE_1961_A_1974",
        "type_chauffage": "individuel",
        "nb_ascenseurs": 1,
        **_after_the_reform(),
    }
    return {**dossier, **changes}


def _after_the_reform() -> dict:
    """The items of 21 February 2027, sent only when they are in effect."""
    building = {"batiment_nb_etages": 4, "batiment_presence_ventilation": False}
    return {
        "batiments": [building],
        "nature_chauffage": "individuel",
        "systeme_chauffage": "chaudière",
        "presence_ecs": False,
        "projet_ppt_ordre_du_jour": False,
        "ppt_adopte": False,
    }


def days_ago(days: int) -> datetime:
    return datetime.now(timezone.utc) - timedelta(days=days)

"""What the tests of the shapes of contracts share."""

from dataclasses import replace
from datetime import date

from conftest import a_dossier
from rnc.client import Client
from rnc.contract.service import service
from rnc.requests import Declarant
from rnc.transport import Channel, client_context

TODAY = date(2026, 3, 1)
OURS = "6b1f5f0e-0000-4000-8000-000000000001"
TOLD = {"reference": OURS, "registration_number": "AB1234567"}
PIECE = {"piece_type": "pv_ag", "piece_nom": "pv à signer.pdf", "piece_contenu": b"%PDF-1.4\0\xff"}
PROBLEM = "application/problem+json"
ENVELOPE = "http://www.w3.org/2003/05/soap-envelope"
FAULT = """<env:Envelope xmlns:env="http://www.w3.org/2003/05/soap-envelope"><env:Body><env:Fault>
<env:Code><env:Value>env:{code}</env:Value></env:Code><env:Reason><env:Text>Refusé</env:Text>
</env:Reason><env:Detail>{detail}</env:Detail></env:Fault></env:Body></env:Envelope>"""
ANOMALY = """<Anomalies xmlns="urn:registre:1.0">
<Anomalie code="MANDATE_OVERLAP" chemin="date_debut_mandat">
<Valeur>2026-01-01</Valeur><Texte>Trop tôt</Texte></Anomalie></Anomalies>"""


def client_of(profile, url: str, pem: bytes) -> Client:
    channel = Channel(client_context(None, None, pem), profile.limits)
    return Client(profile, url, Declarant("T0000001", "registre@cabinet.example"), channel)


def with_service(profile, code, **data):
    described = {"method": "GET", "path": code.lower(), **data}
    made = service(code, described, profile.wire, {})
    return replace(profile, services={**profile.services, code: made})


def a_mandate(**changes):
    """A dossier with a supporting document."""
    return a_dossier(TODAY, piece=PIECE, **changes)

"""The path to the first upload, as the registry's memo orders it.

I to III and C (its step IV) happen on the registry's site, A and B with the editor and the
provider, V to VII in the software. The screen numbers them from 1 to 9.
"""

from dataclasses import dataclass

from .i18n import _

# Marked here, translated by the models.
# pylint: disable=prefer-env-translation

SITE = "https://www.registre-coproprietes.gouv.fr/"

PLACES = {
    "site": _("On the registry's site"),
    "provider": _("With a certificate provider"),
    "software": _("Here"),
}


@dataclass(frozen=True)
class Step:
    """``evidence`` names what shows that it is done; ``is_ticked`` when it may take long to
    come, and a person may say it before.

    ``link`` is an address, or "providers" for the list that the account gives.
    """

    place: str
    title: str
    explanation: str
    evidence: str
    link: str = ""
    is_ticked: bool = False


STEPS = {
    "I": Step(
        "site",
        _("Create the declarant account"),
        _(
            "On the registry's site, create the account of the declarant: professional, "
            "volunteer or cooperative. The certificate may be declared at once, or later "
            "(step 6)."
        ),
        "connection",
        SITE,
        is_ticked=True,
    ),
    "II": Step(
        "site",
        _("Activate the account"),
        _(
            "Choose the password, then activate the account with the code that comes by "
            "post: within two months, or it has to be created again."
        ),
        "connection",
        SITE,
        is_ticked=True,
    ),
    "III": Step(
        "site",
        _("Note the number and the e-mail, attach the condominiums"),
        _(
            "Sign in, note the declarant number and e-mail, enter them on this screen. Ask "
            "for the affiliation of the condominiums that are registered already."
        ),
        "identity",
        SITE,
    ),
    "A": Step(
        "software",
        _("Check with the editor"),
        _(
            "The software must know how to send data to the registry, and needs the "
            "certificate with its private key: a PKCS#12 file (.p12, .pfx), or PEM."
        ),
        "addon",
    ),
    "B": Step(
        "provider",
        _("Obtain the certificate"),
        _(
            "Order an “authentification serveur client” certificate, RGS one star at least, "
            "for enterprises, with your SIREN: neither a personal one, nor an “SSL serveur” "
            "one. One that you hold already fits if it meets these points: the diagnosis at its "
            "import says so. The list of providers changes: ask them, with your "
            "integrator's help. The request (CSR) can be made here: its private key then "
            "never leaves."
        ),
        "certificate",
        "providers",
        is_ticked=True,
    ),
    "C": Step(
        "site",
        _("Declare the certificate"),
        _(
            "On the site, as the main administrator of the account: “Mon établissement” → "
            "“paramètres techniques pour les webservices” → “Importer certificat” → attach "
            "the public certificate (.pem, without its key) → “valider”. This screen offers "
            "that file once the certificate is installed (step 7). The site checks the SIREN "
            "of the certificate; its home page then says that the certificate is saved."
        ),
        "connection",
        SITE,
        is_ticked=True,
    ),
    "V": Step(
        "software",
        _("Install the certificate and its private key"),
        _(
            "The certificate is checked before it is installed, and its private key is sealed "
            "at once."
        ),
        "certificate",
    ),
    "VI": Step(
        "software",
        _("Set the parameters, test the connection"),
        _(
            "Enter the declarant number, the e-mail and the environment, then test the "
            "connection: each stage is checked, and nothing changes at the registry."
        ),
        "connection",
    ),
    "VII": Step(
        "software",
        _("Upload a first condominium"),
        _(
            "Open a condominium, complete what is asked for, upload it to the registry. The "
            "registration number comes back on its form."
        ),
        "upload",
    ),
}

"""The sentence of each reading error and of each verdict."""

from ..i18n import _

# Marked here, translated by the models.
# pylint: disable=prefer-env-translation

MESSAGES = {
    "EMPTY": _("Choose a file: a PEM certificate and its key, or a PKCS#12 (.p12, .pfx)."),
    "TOO_LARGE": _("This file is far too large to be a certificate."),
    "NOT_PEM": _("This file is neither a PEM certificate nor a PKCS#12 file."),
    "UNREADABLE": _("This certificate cannot be read. Check the file and the passphrase."),
    "PASSPHRASE_NEEDED": _("The private key is protected: type its passphrase."),
    "WRONG_PASSPHRASE": _("The passphrase does not open this file."),
    "UNSUPPORTED_KEY": _("This kind of key is not supported: RSA or EC is needed."),
    "LEGACY_PKCS12": _(
        "This PKCS#12 file uses an obsolete encryption (RC2). Convert it with: openssl "
        "pkcs12 -legacy -in old.p12 -out certificate.pem, then import the PEM file."
    ),
    "TWO_KEYS": _("The files hold two different private keys: give one only."),
    "NO_CERTIFICATE": _("A private key, but no certificate: add the certificate's file."),
    "SEVERAL_CERTIFICATES": _(
        "The files hold several certificates of holders: give one only, with its chain."
    ),
    "IS_CA": _("This is a certification authority's certificate, not yours."),
    "PERSONAL_CERTIFICATE": _(
        "This is a personal certificate. The registry wants one issued to the organisation."
    ),
    "NO_SIREN": _(
        "No SIREN found in this certificate (OU “0002 …” or organizationIdentifier). "
        "Ask the provider for an RGS certificate."
    ),
    "BAD_SIREN": _("The SIREN in this certificate (%(siren)s) is not valid."),
    "NO_DECLARANT_SIREN": _(
        "The certificate carries SIREN %(siren)s; enter the SIREN of the declarant "
        "account to compare."
    ),
    "SIREN_MISMATCH": _("The certificate carries SIREN %(a)s; your account is for %(b)s."),
    "SIREN_OK": _("SIREN %(siren)s is the declarant's (%(place)s)."),
    "OTHER_ESTABLISHMENT": _("The certificate is for another establishment (%(siret)s)."),
    "NO_EKU": _(
        "This certificate does not say it may authenticate a client. The registry might refuse it."
    ),
    "USAGE_OK": _("It may authenticate a client."),
    "SERVER_CERTIFICATE": _(
        "This is an “SSL serveur” certificate. Order an “authentification serveur client” one."
    ),
    "NOT_YET_VALID": _("This certificate is valid only from %(date)s."),
    "EXPIRED": _(
        "This certificate expired on %(date)s. Order a new one and declare it on the site."
    ),
    "EXPIRES_SOON": _("Expires on %(date)s: order the next one and declare it before that day."),
    "VALID": _("Valid until %(date)s."),
    "LONG_VALIDITY": _("RGS certificates last three years at most."),
    "WEAK": _("This certificate uses obsolete cryptography."),
    "SMALL_KEY": _("RSA 3072 or more is the present practice."),
    "KEY_SIZE_OK": _("%(kind)s key of %(bits)s bits."),
    "OTHER_KEY": _("This kind of key is unusual: the registry may refuse it."),
    "SELF_SIGNED": _("This certificate is signed by itself: no authority vouches for it."),
    "NO_CHAIN": _(
        "The certificate of the issuer is missing (%(issuer)s). Add the chain given by "
        "the provider: the registry may need it."
    ),
    "CHAIN_OK": _("The chain holds %(count)s certificate(s) of authorities."),
    "KEY_MISSING": _("The private key is missing: add its file."),
    "KEY_MISMATCH": _("The private key does not match this certificate."),
    "KEY_OK": _("The private key matches the certificate."),
}

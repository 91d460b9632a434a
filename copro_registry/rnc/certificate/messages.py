"""The sentence of each reading error and of each check, and the topics of the sheet."""

from ..i18n import _

# Marked here, translated by the models.
# pylint: disable=prefer-env-translation

TOPICS = {
    "holder": _("Holder"),
    "siren": _("SIREN"),
    "issuer": _("Issuer"),
    "policy": _("Level and policy"),
    "usage": _("Extended key usage"),
    "key_usage": _("Key usage"),
    "validity": _("Validity"),
    "strength": _("Key size"),
    "chain": _("Chain"),
    "key": _("Private key"),
    "file": _("File"),
}

MESSAGES = {
    "EMPTY": _("Choose a file: a PEM certificate and its key, or a PKCS#12 (.p12, .pfx)."),
    "TOO_LARGE": _(
        "This file is far too large to be a certificate: choose the one that the provider sent."
    ),
    "NOT_PEM": _(
        "This file is neither a PEM certificate nor a PKCS#12 file: choose a .pem, .crt, .p12"
        " or .pfx."
    ),
    "REQUEST": _(
        "This is a certificate request, not a certificate: import the file that the "
        "provider sent in answer to it."
    ),
    "DOCUMENT": _(
        "This is a document or an image, not a certificate: choose the .pem, .crt, .p12 or .pfx"
        " file that the provider sent with it."
    ),
    "ARCHIVE": _(
        "This is an archive: open it, and choose the certificate's file (.pem, .crt, .p12, "
        ".pfx) that it holds."
    ),
    "WEB_PAGE": _(
        "This is a web page, not a certificate: the download did not work. Sign in on the "
        "provider's site, and download the certificate again."
    ),
    "MAIL": _(
        "This is an e-mail, not a certificate: open it, save the file that is attached to it,"
        " and choose that one."
    ),
    "JAVA_STORE": _(
        "This is a Java keystore (.jks). Convert it with: keytool -importkeystore "
        "-srckeystore old.jks -destkeystore new.p12 -deststoretype PKCS12, then import the "
        ".p12 file."
    ),
    "OTHER_TOOL_KEY": _(
        "This is a key of another tool (SSH, PuTTY, PGP), not a certificate: choose the "
        "certificate that the provider sent, and the key with which it was ordered."
    ),
    "ENVELOPED": _(
        "This is an encrypted message (.p7m), not a certificate: open it with your mail "
        "software, and choose the file that it holds."
    ),
    "PUBLIC_KEY": _(
        "This is a public key alone, not a certificate: choose the certificate that the "
        "provider sent."
    ),
    "REVOKED_LIST": _(
        "This is an authority's list of revoked certificates (.crl), not a certificate: "
        "choose the one that the provider sent."
    ),
    "TRUNCATED": _(
        "This file is cut: its end is missing. Copy it or download it again, whole, up to the"
        " last line."
    ),
    "LEGACY_CIPHER": _(
        "The passphrase does not open this key, or its cipher, which is old (%(cipher)s), is "
        "not supported here. Type it again; if it is right, convert the key (openssl pkey "
        "-provider legacy -provider default -in old.key -aes256 -out new.key), then import "
        "the new one."
    ),
    "MALFORMED": _(
        "This certificate is damaged or does not follow the standard, and cannot be read: "
        "download it again; if it stays so, ask the provider to issue it again."
    ),
    "KEY_UNREADABLE": _(
        "The private key is damaged and cannot be read: export it again where it was made."
    ),
    "UNSUPPORTED_CIPHER": _(
        "The private key is encrypted with a cipher that is not supported here (%(cipher)s). "
        "Convert it with: openssl pkey -provider legacy -provider default -in old.key "
        "-aes256 -out new.key, then import the new file."
    ),
    "UNREADABLE": _("This certificate cannot be read. Check the file and the passphrase."),
    "PASSPHRASE_NEEDED": _("The private key is protected: type its passphrase."),
    "WRONG_PASSPHRASE": _("The passphrase does not open this file: type it again."),
    "UNSUPPORTED_KEY": _("This kind of key is not supported: RSA or EC is needed."),
    "LEGACY_PKCS12": _(
        "This PKCS#12 file uses an encryption that is not supported here (%(cipher)s). "
        "Convert it with: openssl pkcs12 -legacy -in old.p12 -out certificate.pem, then "
        "import the PEM file."
    ),
    "TOO_MANY_TURNS": _(
        "This file would take far too long to open, as no provider makes them: ask the provider "
        "for it again."
    ),
    "TWO_KEYS": _("The files hold two different private keys: give one only."),
    "NO_CERTIFICATE": _("A private key, but no certificate: add the certificate's file."),
    "SEVERAL_CERTIFICATES": _(
        "The files hold several certificates, and nothing tells which one is yours: choose it "
        "in the list below."
    ),
    "OTHERS_LEFT": _(
        "The files hold other certificates too, which are left out: %(others)s. If one of "
        "them is the right one, choose it in the list below."
    ),
    "HOLDER_OK": _("Issued to the organisation “%(organisation)s”."),
    "NO_ORGANISATION": _(
        "This certificate names no organisation: order one issued to your organisation, not "
        "to a person."
    ),
    "IS_CA": _(
        "This is a certification authority's certificate, not yours: add the one issued to "
        "your organisation."
    ),
    "PERSONAL_CERTIFICATE": _(
        "This is a personal certificate. The registry wants one issued to the organisation."
    ),
    "NO_SIREN": _(
        "No SIREN found in this certificate (OU “0002 …” or organizationIdentifier). "
        "Ask the provider for an RGS certificate."
    ),
    "TWO_SIREN": _(
        "Two places of this certificate disagree (%(numbers)s). Ask the provider to issue it again."
    ),
    "BAD_SIREN": _(
        "The SIREN in this certificate (%(siren)s) is not valid. Ask the provider to issue it"
        " again."
    ),
    "NO_DECLARANT_SIREN": _(
        "The certificate carries SIREN %(siren)s; the SIREN of the account is empty. Cancel, "
        "enter it above the tabs of the technical parameters, then import again."
    ),
    "SIREN_MISMATCH": _(
        "The certificate carries SIREN %(a)s; your account is for %(b)s. Import your "
        "organisation's certificate, or correct the SIREN of the account."
    ),
    "SIREN_OK": _("SIREN %(siren)s is the declarant's."),
    "SIREN_UNUSUAL": _(
        "The SIREN stands in an unusual place (%(place)s): check with the provider that "
        "the registry reads it there."
    ),
    "OTHER_ESTABLISHMENT": _(
        "The certificate is for another establishment (%(siret)s). Check that the registry "
        "knows it under the SIREN of the account."
    ),
    "ISSUER_OK": _("Issued by %(issuer)s."),
    "UNTRUSTED": _(
        "The issuer (%(issuer)s) is not in the list of configured authorities. Check "
        "that it delivers RGS certificates."
    ),
    "POLICY_OK": _("%(name)s, RGS %(stars)s (%(identifiers)s)."),
    "POLICY_LEVEL_UNKNOWN": _(
        "%(name)s (%(identifiers)s): its level is not in the table of policies. Check "
        "with the provider that it is RGS one star at least."
    ),
    "POLICY_UNKNOWN": _(
        "The policy of this certificate (%(identifiers)s) is not in the table of "
        "policies. Check with the provider that it is RGS one star at least."
    ),
    "NO_POLICY": _(
        "This certificate states no certification policy: an RGS certificate states one. "
        "Check with the provider."
    ),
    "ADMINISTRATION_ONLY": _(
        "This certificate is for administrations only. Order one for enterprises."
    ),
    "NO_EKU": _(
        "This certificate does not say it may authenticate a client, and the registry might "
        "refuse it. Check with the provider."
    ),
    "USAGE_OK": _("It may authenticate a client."),
    "SERVER_CERTIFICATE": _(
        "This is an “SSL serveur” certificate. Order an “authentification serveur client” one."
    ),
    "SEAL_CERTIFICATE": _(
        "This is a seal certificate (“cachet”): it signs documents, and authenticates nobody "
        "on a connection. Order an “authentification serveur client” one."
    ),
    "ANY_USAGE": _(
        "This certificate says “any usage” (anyExtendedKeyUsage), and not that it may "
        "authenticate a client: servers refuse it. Order an “authentification serveur "
        "client” one."
    ),
    "OTHER_USAGE": _(
        "This certificate is made for another usage (%(usages)s), and may not authenticate a "
        "client. Order an “authentification serveur client” one."
    ),
    "KEY_USAGE_OK": _(
        "The key serves for signature or for key agreement, as the RGS profile of a client wants."
    ),
    "KEY_USAGE_UNUSUAL": _(
        "The usages of the key are not those of the RGS profile of a client (signature, or "
        "key agreement), and the registry might refuse it. Check with the provider."
    ),
    "NO_KEY_USAGE": _(
        "This certificate does not say what its key may do; the RGS wants it to. Check with "
        "the provider."
    ),
    "NOT_YET_VALID": _(
        "This certificate is valid only from %(date)s: until that day, keep the present one."
    ),
    "EXPIRED": _(
        "This certificate expired on %(date)s. Order a new one and declare it on the site."
    ),
    "EXPIRES_SOON": _("Expires on %(date)s: order the next one and declare it before that day."),
    "EXPIRY_ACCEPTED": _("Expired; used all the same by decision of %(who)s on %(date)s."),
    "VALID": _("Valid from %(start)s until %(date)s."),
    "LONG_VALIDITY": _(
        "RGS certificates last three years at most. Check with the provider that this is one."
    ),
    "WEAK": _(
        "This certificate uses obsolete cryptography: its %(kind)s key has only %(bits)s "
        "bits. Order a new one."
    ),
    "WEAK_SIGNATURE": _(
        "This certificate uses obsolete cryptography: it is signed with %(algorithm)s. Order "
        "a new one."
    ),
    "UNKNOWN_SIGNATURE": _(
        "This certificate is signed by an algorithm that is not known here, and the registry "
        "may refuse it. Check with the provider."
    ),
    "SMALL_KEY": _(
        "%(kind)s key of %(bits)s bits. For the next certificate, choose RSA 3072 or more: it"
        " is the present practice."
    ),
    "KEY_SIZE_OK": _("%(kind)s key of %(bits)s bits."),
    "OTHER_KEY": _(
        "This kind of key is unusual, and the registry may refuse it. Prefer RSA for the next"
        " certificate."
    ),
    "SELF_SIGNED": _(
        "This certificate is signed by itself: no authority vouches for it. Order one from an"
        " RGS-qualified provider."
    ),
    "NO_CHAIN": _(
        "The certificate of the issuer is missing (%(issuer)s). Add the chain given by "
        "the provider: the registry may need it."
    ),
    "CHAIN_OK": _("The chain goes up to: %(names)s."),
    "CHAIN_EXPIRED": _(
        "The certificate of an authority of the chain has expired (%(issuer)s). Ask the "
        "provider for the present chain."
    ),
    "KEY_MISSING": _(
        "The private key is missing: add its file. If the request was made in Odoo, the "
        "key is here already: import the certificate issued for that request."
    ),
    "KEY_MISMATCH": _(
        "The private key does not match this certificate: add the key with which this "
        "certificate was ordered."
    ),
    "KEY_OK": _("The private key matches the certificate."),
}

"""What a certificate is made for, as its extensions say."""

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

CLIENT = ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string
SERVER = ExtendedKeyUsageOID.SERVER_AUTH.dotted_string
ANY = "2.5.29.37.0"
# What signs documents: of the RFC 9336, of Microsoft, of Adobe; mail.
SEALING = {
    "1.3.6.1.5.5.7.3.36": "documentSigning",
    "1.3.6.1.4.1.311.10.3.12": "documentSigning (Microsoft)",
    "1.2.840.113583.1.1.5": "documentSigning (Adobe)",
    "1.3.6.1.5.5.7.3.4": "emailProtection",
}
NAMES = {
    **SEALING,
    "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning",
    "1.3.6.1.4.1.311.20.2.2": "smartcardLogon",
}
STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")  # qcStatements, ETSI EN 319 412-5
SEAL_TYPE = bytes.fromhex("060704008e46010602")  # QcType: eseal, 0.4.0.1862.1.6.2


def made_for(certificate: x509.Certificate) -> str:
    """A key of MESSAGES: USAGE_OK, NO_EKU, or what it is instead."""
    usages = usages_of(certificate)
    if CLIENT in usages:
        return "USAGE_OK"
    if _is_sealed_type(certificate) or (usages and set(usages) <= SEALING.keys()):
        return "SEAL_CERTIFICATE"
    if not usages:
        return "SEAL_CERTIFICATE" if _only_signs_documents(certificate) else "NO_EKU"
    if SERVER in usages:
        return "SERVER_CERTIFICATE"
    return "ANY_USAGE" if ANY in usages else "OTHER_USAGE"


def usages_of(certificate: x509.Certificate) -> list[str]:
    """Dotted; empty when the certificate says nothing of it."""
    found = extension(certificate, x509.ExtendedKeyUsage)
    return [one.dotted_string for one in found or ()]


def names_of(certificate: x509.Certificate) -> list[str]:
    return [NAMES.get(one, one) for one in usages_of(certificate)]


def extension(certificate: x509.Certificate, kind):
    """The value of an extension; None when it is absent."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _only_signs_documents(certificate: x509.Certificate) -> bool:
    usage = extension(certificate, x509.KeyUsage)
    return bool(usage and usage.content_commitment and not usage.digital_signature)


def _is_sealed_type(certificate: x509.Certificate) -> bool:
    try:
        found = certificate.extensions.get_extension_for_oid(STATEMENTS).value
    except x509.ExtensionNotFound:
        return False
    return SEAL_TYPE in getattr(found, "value", b"")

"""Signatures by the key of the client certificate, which is never given."""

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from ..certificate import PrivateKey

ALGORITHMS = {"sha256": hashes.SHA256, "sha384": hashes.SHA384, "sha512": hashes.SHA512}


class Signer:
    """``certificate`` is PEM, the leaf first."""

    __slots__ = ("_key", "certificate")

    def __init__(self, certificate: bytes, key: PrivateKey):
        self.certificate = certificate
        self._key = key

    def sign(self, content: bytes, algorithm: str = "sha256") -> bytes:
        """RSA with PKCS#1 v1.5, or ECDSA in DER. Raises KeyError of another algorithm."""
        digest = ALGORITHMS[algorithm]()
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(content, ec.ECDSA(digest))
        return self._key.sign(content, padding.PKCS1v15(), digest)

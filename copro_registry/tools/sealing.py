"""Opening what is sealed.

These are functions, never methods: a server action or a template, whose author may call any
method as the superuser, cannot reach them.
"""

from pathlib import Path

from cryptography.hazmat.primitives import serialization

from odoo.exceptions import UserError
from odoo.tools import config

from ..rnc.seal import SealBroken, Sealer, SealingKeyError


def sealer(env, *, make=False):
    """The Sealer of this machine. Raises UserError when the sealing key cannot be used.

    ``make`` makes the key when there is none: for a caller that is about to seal.
    """
    try:
        return Sealer.at(Path(config["data_dir"]), make=make)
    except SealingKeyError as error:
        messages = {
            "SEALING_KEY_MISSING": env._(
                "The sealing key (%(place)s) is missing: put it back from its backup, or import "
                "the certificate and its key again.",
                place=error.place,
            ),
            "SEALING_KEY_UNREADABLE": env._(
                "The sealing key (%(place)s) cannot be read or written: its file and its folder "
                "must belong to the user that runs Odoo. Ask your integrator.",
                place=error.place,
            ),
            "SEALING_KEY_MALFORMED": env._(
                "The sealing key (%(place)s) is not readable: ask your integrator.",
                place=error.place,
            ),
            "SEALING_KEY_EXPOSED": env._(
                "The sealing key (%(place)s) can be read by others: its file must "
                "have mode 0600. Ask your integrator.",
                place=error.place,
            ),
        }
        raise UserError(messages[error.code]) from None


def unseal(record, name):
    """The secret, in clear (bytes); empty when there is none. Raises SealBroken, UserError."""
    record.ensure_one()
    sealed = record.sudo().with_context(bin_size=False)[name]  # a form asks for sizes
    return sealer(record.env).open(sealed, record._seal_use(name)) if sealed else b""


def private_key_of(certificate):
    """The key of a copro.certificate, PKCS#8 DER, in clear. Raises UserError when it is closed."""
    try:
        key = unseal(certificate, "sealed_key")
    except SealBroken:
        key = b""
    if not key:
        raise UserError(
            certificate.env._(
                "The private key cannot be opened here: this database was copied or "
                "restored without its sealing key (%(place)s). Put the sealing key "
                "back, or import the certificate and its key again.",
                place=sealer(certificate.env).place,
            )
        )
    return key


def private_key_of_request(request):
    """The key object of a copro.certificate.request. Raises SealBroken, also when it is lost."""
    key = unseal(request, "sealed_key")
    if not key:
        raise SealBroken()
    return serialization.load_der_private_key(key, None)

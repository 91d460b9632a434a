"""The sentence of each failure: what happened, and what to do."""

from ..i18n import _

# Marked here, translated by the models.
# pylint: disable=prefer-env-translation

MESSAGES = {
    "CLIENT_CERTIFICATE_MISSING": _(
        "The registry asked for a client certificate and received none. Install the "
        "certificate in the technical parameters."
    ),
    "NOT_ASKED": _(
        "The registry's contract has no way to ask what became of this upload: once its e-mail "
        "has come, enter the registration number on the condominium, or close the upload."
    ),
    "NOT_ADDRESSED": _(
        "The address of this call needs “%(name)s”, which is not known: nothing was sent. Ask "
        "your integrator to look at the contract profile."
    ),
    "NOT_ADAPTED": _(
        "The adapter of the contract profile failed: nothing was sent. Ask your integrator to "
        "look at the server's log. It will be tried again."
    ),
    "DOCUMENT_NOT_NAMED": _(
        "The registry took the document without giving its identifier: nothing else was sent. Ask "
        "your integrator where the contract profile reads it."
    ),
    "DOCUMENT_NOT_TAKEN": _(
        "The registry has the declaration, and did not confirm that it has the supporting "
        "document: check on its site, and send the document there if it is missing."
    ),
    "CLIENT_CERTIFICATE_UNKNOWN_AUTHORITY": _(
        "The registry does not know the authority that issued the client certificate. "
        "Check that it is an RGS certificate declared in “Mon établissement”."
    ),
    "CLIENT_CERTIFICATE_EXPIRED": _(
        "The registry refuses the client certificate: it has expired. Install the new "
        "one and declare it in “Mon établissement”."
    ),
    "CLIENT_CERTIFICATE_REVOKED": _(
        "The registry refuses the client certificate: it has been revoked. Ask its "
        "issuer for a new one."
    ),
    "CLIENT_CERTIFICATE_REFUSED": _(
        "The registry refuses the client certificate. Check that it is an "
        "“authentification serveur client” certificate, RGS one star at least."
    ),
    "SERVER_CERTIFICATE_UNTRUSTED": _(
        "The server's certificate was not issued by a trusted authority: nothing was "
        "sent. Check the address in the technical parameters; if it is right, warn "
        "your integrator."
    ),
    "SERVER_CERTIFICATE_EXPIRED": _(
        "The server's certificate has expired or is not valid yet: nothing was sent. "
        "Check this machine's clock, or wait for the registry to renew it."
    ),
    "SERVER_CERTIFICATE_OTHER_NAME": _(
        "The server's certificate is for another name: nothing was sent. Check the "
        "address in the technical parameters."
    ),
    "TLS_HANDSHAKE": _(
        "The registry broke off the secure connection before anything was sent. Check "
        "the client certificate."
    ),
    "TLS_VERSION": _(
        "The server does not offer TLS 1.2 or newer: nothing was sent. Check the "
        "address in the technical parameters."
    ),
    "NOT_TLS": _("The server does not speak HTTPS: check the address and the port."),
    "TLS_FAILURE": _(
        "The secure connection failed. Check the address in the technical parameters, "
        "then warn your integrator."
    ),
    "PROXY_UNREACHABLE": _(
        "The proxy cannot be reached: nothing was sent. Check its address in the technical "
        "parameters."
    ),
    "PROXY_SILENT": _(
        "The proxy did not open the way to the registry in time: nothing was sent. It will be "
        "tried again."
    ),
    "PROXY_AUTHENTICATION": _(
        "The proxy asks for a user name and a password, which Odoo does not give: nothing was "
        "sent. Ask whoever runs the proxy to let this machine through to the registry."
    ),
    "PROXY_REFUSED": _(
        "The proxy refuses to open the way to the registry (status %(status)s): nothing was "
        "sent. Ask whoever runs the proxy to let this machine through to the registry."
    ),
    "PROXY_UNREADABLE": _(
        "What answers at the proxy's address is no HTTP proxy: nothing was sent. Check the "
        "address in the technical parameters."
    ),
    "NAME_UNKNOWN": _(
        "The registry's name cannot be resolved: check the network and the address in "
        "the technical parameters."
    ),
    "CONNECTION_REFUSED": _(
        "The registry cannot be reached: the connection was refused. It will be tried again."
    ),
    "UNREACHABLE": _("The registry cannot be reached: check the network."),
    "CONNECT_TIMEOUT": _(
        "The registry did not answer the connection in time. It will be tried again."
    ),
    "NO_ANSWER": _(
        "The registry received the file but did not answer in time. It will be asked "
        "what became of it; nothing is sent twice."
    ),
    "CUT": _(
        "The connection was cut before the answer. The registry will be asked what "
        "became of it; nothing is sent twice."
    ),
    "TOO_SLOW": _("The answer took too long. The registry will be asked what became of the file."),
    "TOO_LARGE": _(
        "The answer was too large to be read. The registry will be asked what became of the file."
    ),
    "TOO_MANY_CALLS": _("The registry asks to slow down. It will be tried again later."),
    "UNAVAILABLE": _("The registry is unavailable. It will be tried again later."),
    "REDIRECTED": _(
        "The server sends to another address, which is not followed: check the address "
        "in the technical parameters. The registry will be asked what became of the file."
    ),
    "SERVER_ERROR": _(
        "The registry had an internal error. It will be asked what became of the file."
    ),
    "UNREADABLE": _(
        "The registry's answer cannot be read. It will be asked what became of the file."
    ),
    "QUESTION_REFUSED": _(
        "The registry refused the question (HTTP %(status)s), and says nothing of the file. It "
        "will be asked again."
    ),
    "LIST_CUT": _(
        "The registry's list does not end, or goes on at another address: it is not complete. "
        "Paste the numbers from the registry's site, and ask your integrator to look at the "
        "contract profile."
    ),
    "ABOUT_ANOTHER": _(
        "The registry's answer is about another request or another condominium: it is not "
        "believed. The registry will be asked what became of the file."
    ),
    "NOT_IN_TIME": _("The registry is slow: this upload waited its turn, and will be tried again."),
    "INTERRUPTED": _(
        "An internal error interrupted the call: your administrator finds it in the log. "
        "The registry will be asked what became of the file."
    ),
    "ADAPTER": _("Nothing was sent: %(detail)s It will be tried again."),
    "ADAPTER_UNANSWERED": _(
        "Nothing was sent: what the adapter of the contract profile asks first got no answer. "
        "It will be tried again."
    ),
    "UNEXPECTED": _(
        "The registry answered something unexpected (status %(status)s): warn your integrator."
    ),
}

# The same events when something is read: no file was sent, and nothing is tried again.
READING_MESSAGES = {
    **MESSAGES,
    "CONNECTION_REFUSED": _("The server refuses the connection: check the address and the port."),
    "NO_ANSWER": _("The registry did not answer in time. Try again later."),
    "CUT": _("The connection was cut before the answer. Try again later."),
    "TOO_SLOW": _("The answer took too long. Try again later."),
    "TOO_LARGE": _("The answer was too large to be read: check the address."),
    "TOO_MANY_CALLS": _("The registry asks to slow down. Try again later."),
    "UNAVAILABLE": _("The registry is unavailable. Try again later."),
    "REDIRECTED": _(
        "The server sends to another address, which is not followed: check the address "
        "in the technical parameters."
    ),
    "PROXY_SILENT": _("The proxy did not open the way to the server in time. Try again later."),
    "SERVER_ERROR": _("The registry had an internal error. Try again later."),
    "UNREADABLE": _(
        "The answer is not a document of the contract profile: check the address, and "
        "the contract profile."
    ),
    "ABOUT_ANOTHER": _(
        "The registry's answer is about another condominium: nothing of it was kept. Check the "
        "registration number, then warn your integrator."
    ),
    "CONNECT_TIMEOUT": _("The registry did not answer the connection in time. Try again later."),
    "NOT_IN_TIME": _(
        "Other calls of this account, or a slow registry, left no time for this one. Try again "
        "in a moment."
    ),
    "INTERRUPTED": _(
        "An internal error interrupted the call: your administrator finds it in the log."
    ),
}

"""Codes kept in the database have a sentence for ever."""

import re

from .localised import localised

LOCAL = "LOCAL"  # the code of a fault of ours, whose sentence is kept beside it
PLACEHOLDER = re.compile(r"%\((\w+)\)")


def sentence(env, table, code, /, **params):
    """The sentence of a code, in the user's language.

    The sentences are marked where the codes stand, in the heart: ``table`` is one of its
    ``MESSAGES``. A code that this version does not know, or that came with other parameters,
    was kept by another one: it is told as it is.
    """
    template = table.get(code)
    if template is None or set(PLACEHOLDER.findall(template)) - params.keys():
        return env._(
            "Code %(code)s: this version of the software has no sentence for it. Ask your "
            "integrator.",
            code=code or "–",
        )
    return env._(template, **localised(env, params))  # pylint: disable=gettext-variable

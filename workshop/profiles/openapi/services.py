"""Which operation of a description is which service: by words, verb, address and document."""

import re
from dataclasses import dataclass, field

from ..shape import merged
from .document import Description, Leaf, Operation
from .items import guesses
from .words import meanings, plain_text

SURE, DOUBTFUL, MARGIN = 0.5, 0.28, 0.06
SENT = ("WS1", "WS2_STANDARD", "WS2_ANNUAL", "WS4", "WS5", "WS6", "WS7")
ASKED = ("WS3", "STATUS", "ATTESTATION", "LIST")
ALL = (*SENT, *ASKED, "DOCUMENT")
FORMS = ("json", "xml", "multipart")
# Forms of what is told of an operation, each with what it weighs for a service.
SIGNS = {
    "WS1": {
        r"immatricul|regist(er|ration)": 0.5,
        r"initial|first|premiere?|nouvel|new\b|create|creat|declare": 0.35,
        r"\bws ?1\b": 1.0,
    },
    "WS2_STANDARD": {
        r"mise a jour|\bmaj\b|updat|modif|amend|patch|correct": 0.5,
        r"standard|partial|partiel|anytime|identification|data|donnees": 0.3,
        r"annu|exercice|account|financ|fiscal|compt": -0.4,
        r"mandat|success|manager": -0.3,
        r"\bws ?2\b": 0.6,
    },
    "WS2_ANNUAL": {
        r"annu|yearly": 0.5,
        r"exercice|accounts|financ|fiscal|comptes|clos|figures": 0.45,
        r"\bws ?2\b": 0.4,
    },
    "WS3": {
        r"telecharg|download|consult|fetch|read|\bget\b|lire|lecture|retriev|obtain|obtenir": 0.4,
        r"dossier|donnees|data|fiche|record|details?": 0.3,
        r"attestation|certificat|statut|status|suivi|liste?\b|search": -0.4,
        r"\bws ?3\b": 1.0,
    },
    "WS4": {
        r"rattach|affiliat|attach(ment)? request|claim|link|take over|takeover|reprise": 0.6,
        r"demande|request|ask": 0.2,
        r"confirm|accept": -0.4,
        r"piece|fichier|upload": -0.1,
        r"\bws ?4\b": 1.0,
    },
    "WS5": {
        r"success|handover|hand over|resign|cessation|terminat|relinquish|depart|outgoing": 0.6,
        r"declar|fin de mandat|end of|ends? the": 0.25,
        r"\bws ?5\b": 1.0,
    },
    "WS6": {
        r"renouvel|renew|prolong|extend|extension|reconduct": 0.7,
        r"mandat|term\b|appointment": 0.25,
        r"\bws ?6\b": 1.0,
    },
    "WS7": {
        r"confirm|accept|acknowledg|valid(er|ate|ation)": 0.6,
        r"rattach|affiliat|attach|predecess|declaration|takeover|take over|mandat": 0.3,
        r"\bws ?7\b": 1.0,
    },
    "STATUS": {
        r"status|statut|suivi|follow|track|etat|state\b|progress|avancement|poll|what became": 0.6,
        r"demande|declaration|request|submission|depot|upload|filing|receipt|ticket|operation": 0.3,
    },
    "ATTESTATION": {r"attestation|certificat|proof|recepisse": 0.7, r"pdf|download|telecharg": 0.2},
    "LIST": {
        r"list|search|recherch|portfolio|portefeuille|\ball\b|parc\b": 0.6,
        r"page|cursor": 0.2,
    },
    "DOCUMENT": {
        r"piece|justificati|supporting|document|attachment|evidence|fichier|file\b": 0.5,
        r"upload|depos|add|ajout|join|transm": 0.2,
    },
}
TOLD = (1.0, 0.8, 0.35, 0.3)  # operationId, summary, description, tags
VERBS = {
    **dict.fromkeys(ASKED, {"GET": 0.15, "POST": -0.2}),
    "WS1": {"POST": 0.15, "PUT": 0.05},
    "WS2_STANDARD": {"PATCH": 0.2, "PUT": 0.15, "POST": 0.05},
    "WS2_ANNUAL": {"PUT": 0.15, "PATCH": 0.1, "POST": 0.1},
    "WS4": {"POST": 0.15, "PUT": 0.1},
    "WS5": {"DELETE": 0.15, "POST": 0.1, "PUT": 0.1, "PATCH": 0.05},
    "WS6": {"POST": 0.1, "PUT": 0.1, "PATCH": 0.1},
    "WS7": {"PUT": 0.1, "POST": 0.1, "PATCH": 0.1},
    "DOCUMENT": {"POST": 0.1, "PUT": 0.1},
}
# Items that only some documents hold.
MARKS = {
    "WS1": ("nom_usage", "date_fin_exercice", "date_debut_mandat", "nb_lots_total"),
    "WS2_STANDARD": ("nom_usage", "nb_lots_total", "nb_ascenseurs", "!date_fin_exercice"),
    "WS2_ANNUAL": ("date_fin_exercice", "impayes", "dettes_fournisseurs", "!date_debut_mandat"),
    "WS4": ("date_debut_mandat", "representant_siret", "piece_contenu", "!successeur_siret"),
    "WS5": ("successeur_siret", "successeur_adresse", "successeur_email", "date_fin_mandat"),
    "WS6": ("date_fin_mandat_precedent", "piece_contenu", "date_debut_mandat"),
    "WS7": ("date_debut_mandat", "cadre_intervention", "!piece_contenu", "!successeur_siret"),
}
NUMBER = r"immatric|registration|condominium|copropriete|numero|coownership"


@dataclass
class Found:
    """The operation of a service; ``rivals`` are other operations that it might be."""

    service: str
    operation: Operation
    score: float
    rivals: list[str] = field(default_factory=list)
    is_sure: bool = True


def found_services(description: Description) -> dict[str, Found]:
    """{service: what was found}; each operation is one service at most."""
    operations = list(description.operations())
    recognised = {one: frozenset(_recognised(description, one)) for one in operations}
    scores = {
        (code, one): value
        for code in ALL
        for one in operations
        if (value := _score(code, one, recognised[one])) >= DOUBTFUL
    }
    found: dict[str, Found] = {}
    for (code, one), value in sorted(scores.items(), key=lambda pair: -pair[1]):
        if code not in found and one not in {kept.operation for kept in found.values()}:
            found[code] = Found(code, one, value)
    for code, kept in found.items():
        taken = {other.operation for name, other in found.items() if name != code}
        free = {o: v for (c, o), v in scores.items() if c == code and o not in taken}
        rivals = sorted((o for o in free if o != kept.operation), key=lambda o: -free[o])
        kept.rivals = [one.title for one in rivals][:3]
        next_best = free[rivals[0]] if rivals else 0.0
        kept.is_sure = kept.score >= SURE and kept.score - next_best >= MARGIN
    return found


def _score(code: str, operation: Operation, recognised: frozenset[str]) -> float:
    if (operation.method == "GET") != (code in ASKED) and code not in ("WS3", "LIST"):
        return 0.0
    told = sum(
        weight * max(_sign(sign, text) * share for text, share in _texts(operation))
        for sign, weight in SIGNS[code].items()
    )
    address = _address(code, operation)
    verb = VERBS[code].get(operation.method, 0.0)
    return min(1.0, told * 0.6 + verb + address + _document(code, recognised) * 0.3)


def _sign(sign: str, text: str) -> float:
    return 1.0 if re.search(sign, text) else 0.0


def _texts(operation: Operation) -> list[tuple[str, float]]:
    texts = [(plain_text(text), share) for text, share in zip(operation.texts, TOLD, strict=True)]
    return [*texts, (plain_text(re.sub(r"\{[^}]*\}", " ", operation.path)), 0.9)]


def _address(code: str, operation: Operation) -> float:
    """What the parameters of the address say."""
    names = re.findall(r"\{([^}]*)\}", operation.path)
    if code == "WS1":
        return -0.25 if names else 0.15
    if code == "LIST":
        return -0.4 if names else 0.25
    if code in ("STATUS", "ATTESTATION", "DOCUMENT"):
        return 0.1 if names else -0.1
    ends = operation.path.rstrip("/").endswith("}")
    if code == "WS3":
        return (0.2 if ends else 0.0) if names else -0.2
    if code == "WS2_STANDARD" and ends:
        return 0.2
    return 0.1 if names else -0.05


def _document(code: str, recognised: frozenset[str]) -> float:
    marks = MARKS.get(code)
    if not marks or not recognised:
        return 0.0
    present = [mark for mark in marks if not mark.startswith("!")]
    absent = [mark[1:] for mark in marks if mark.startswith("!")]
    share = sum(mark in recognised for mark in present) / len(present)
    return share - 0.5 * sum(mark in recognised for mark in absent)


def _recognised(description: Description, operation: Operation) -> list[str]:
    """The items that its document seems to hold."""
    leaves = request_leaves(description, operation)
    return list(guesses(leaves, [code for code, item in merged().items() if item.declared]))


def request_leaves(description: Description, operation: Operation) -> list[Leaf]:
    """Those of all that is sent."""
    body = description.followed(operation.described.get("requestBody", {}))
    _media_type, content = best_content(body.get("content"))
    return description.leaves(content.get("schema", {}))


def best_content(content) -> tuple[str, dict]:
    """Of several media types, the one that a profile says best."""
    if not isinstance(content, dict) or not content:
        return "", {}
    rank = {name: next((i for i, f in enumerate(FORMS) if f in name), 9) for name in content}
    best = min(content, key=lambda name: rank[name])
    described = content[best]
    return best, described if isinstance(described, dict) else {}


def is_number(name: str, texts: str) -> bool:
    """Whether a parameter seems to be the registration number."""
    return bool(re.search(NUMBER, plain_text(f"{name} {texts}").replace(" ", ""))) or bool(
        meanings(name) & {"immatriculation"}
    )

"""What was understood of an answer, in the syndic's words."""

from functools import cache
from string import Formatter

from rnc.client import ANSWERED, REJECTED, RETRYABLE, Outcome
from rnc.connection_test import MESSAGES, TOPICS, Step
from rnc.items import item_or_code
from rnc.transport import READING_MESSAGES

from ...paths import ADDON

STATES = {
    "received": "Reçu\u00a0: le registre l'examine.",
    "accepted": "Accepté\u00a0: le registre l'a enregistré.",
}


@cache
def _french() -> dict[str, str]:
    """The addon's own translations, so that the words are those of the screens."""
    import polib

    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(ADDON / "i18n" / "fr.po"))}


def french(text: str) -> str:
    return _french().get(text) or text


def outcome_words(outcome: Outcome) -> str:
    if outcome.kind == ANSWERED:
        return _answered(outcome)
    if outcome.kind == REJECTED:
        sentences = [_refusal(outcome, one) for one in outcome.answer.refusals]
        about = {"caller": "Refusé, à cause du compte", "reference": "Jamais reçu"}
        told = about.get(outcome.concerns, "Refusé")
        return f"{told}\u00a0: {' '.join(sentences) or 'sans raison donnée.'}"
    told = "Non envoyé" if outcome.kind == RETRYABLE else "Sans réponse connue"
    template = french(READING_MESSAGES.get(outcome.code, outcome.code))
    return f"{told}\u00a0: {template % dict(outcome.params)}"


def _answered(outcome: Outcome) -> str:
    answer = outcome.answer
    is_read = bool(answer.dossier or answer.members)
    told = [] if is_read else [STATES.get(answer.status, answer.status)]
    if answer.registration_number:
        told.append(f"Numéro\u00a0: {answer.registration_number}.")
    if answer.registry_reference:
        told.append(f"Identifiant du registre\u00a0: {answer.registry_reference}.")
    if answer.attestation:
        told.append(f"Attestation\u00a0: {len(answer.attestation)} octets.")
    if answer.dossier:
        told.append(f"Dossier\u00a0: {len(answer.dossier)} données lues.")
    if answer.members:
        told.append(f"{len(answer.members)} copropriétés sur cette page.")
    return " ".join(told)


def _refusal(outcome: Outcome, refusal) -> str:
    template = outcome.profile.error_sentence(refusal.code)
    if template is None:
        told = (refusal.detail or "sans explication").rstrip(".")
        return f"[{refusal.code}, absent d'errors.json] {told}."
    label = item_or_code(refusal.item).label_fr if refusal.item else ""
    values = {"item": label, "value": refusal.value or "", "detail": refusal.detail or ""}
    known = {name for _t, name, *_r in Formatter().parse(template) if name}
    told = template.format(**{name: values.get(name, "") for name in known})
    return f"[{refusal.code}] {told}"


def step_words(step: Step) -> str:
    """A line of the connection test."""
    sentence = french(MESSAGES[step.code]) % dict(step.params)
    return f"{french(TOPICS[step.topic])}\u00a0: {sentence}"

"""Names and sentences as words that can be compared: French, English, whatever the case."""

import re
import unicodedata
from functools import cache

CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Says nothing of what is meant.
EMPTY = set(
    "a an and as at au aux be by ce cet cette co copropriete copropriété condominium d dans de des "
    "du en est et for from if in is it its l la le les of on ou or par pour qui que s se si sont "
    "sur that the this to un une with y value valeur data donnee field champ the code string "
    "number_of info information informations block bloc section_of".split()
)
# Each line: words of one meaning, the first its name.
_ALIKE = """
lot unit
habitation housing dwelling logement residential flat apartment appartement
stationnement parking garage
principal main primary
secondaire secondary
total overall ensemble totaux
nombre nb nbr number count qty quantity quantite num
numero no nr number identifier identifiant id ref
montant amount sum somme balance
date day jour on
debut start begin beginning opening ouverture from first_day since
fin end ending closing cloture close until to expiry expiration last_day
mandat mandate term appointment tenure
exercice accounting fiscal financial year_end period periode
annee year
periode period era
commune town city ville municipality localite
postal postcode zip cp postcode zipcode
voie street rue road
adresse address location
complementaire additional other autre secondary supplementary extra
batiment building immeuble block
ascenseur lift elevator
chauffage heating heat
urbain district network reseau
energie energy fuel combustible
impaye unpaid arrear overdue outstanding
debiteur debtor owing late
fournisseur supplier creditor vendor payable
dette debt owed payable liability
fond fund reserve
travaux work renovation
charge expense cost charges expenditure
courant current operating ordinary running
exceptionnel exceptional extraordinary special
operation transaction
personnel staff employee salarie employe personnel
arrete order decree injunction
peril danger hazard unsafe
sante health salubrite insalubrite insalubrity sanitary unfit
equipement equipment facility installation
adhoc hoc
provisoire provisional temporary interim
administration administrator administrateur receivership
cooperatif cooperative coop
syndicat association syndicate union_of_owners
reglement bylaw regulation rule bylaws
prefixe prefix
section section
parcelle parcel plot cadastre cadastral cadastrale lot_cadastral
nom name denomination surname lastname family
usage usual common trade
raison company corporate legal business enterprise organisation organization
sociale company corporate business name
prenom firstname given forename first
civilite title salutation courtesy
email mail courriel
telephone phone tel
piece document attachment justificatif supporting evidence file
type kind category categorie sort
contenu content base64 binary bytes pdf
construction build built
achevement completion completed finished
declarant teledeclarant filer declarer
premier first initial
approbation approval approved approuvant approuve
assemblee meeting ag agm assembly general_meeting
etiquette label rating
classe class grade
etage floor storey story level
ventilation ventilation vmc
ecs hotwater dhw sanitaire eau chaude water hot
systeme system
nature nature
representant representative agent holder
successeur successor incoming next
precedent previous former prior
cadre capacity quality qualite framework scope
syndic manager syndic
residence residence serviced
service serviced service services
immatriculation registration registered
ordonnance judgment ruling
carence default insolvency carence
principal main
provision provision
budget budget
previsionnel provisional forecast budgeted
presence presence present has
irve charging charger ev recharge
diagnostic diagnostic survey diagnosis
structurel structural
decision decision
indigne unfit indecent
ppt works_plan multiyear pluriannuel
adopte adopted
projet draft project
ordre agenda
isolation insulation
plancher floor
menuiserie joinery windows
longitude longitude lon lng
latitude latitude lat
ign ign
derniere last latest
maj update updated modification
statut status state etat
ape naf activity
determine determined known rated
dissolution disappearance
asl asl
aful aful
union union
habitat housing
sommes sum
restant remaining
cle key
"""
_PHRASES = {
    r"\bad[ -]?hoc\b": "adhoc",
    r"\bassemblee generale\b": "assemblee",
    r"\bgeneral meeting\b": "assemblee",
    r"\beau chaude( sanitaire)?\b": "ecs",
    r"\b(domestic )?hot ?water\b": "ecs",
    r"\be ?mail\b": "email",
    r"\bmulti ?year works plan\b": "ppt",
    r"\bplan pluriannuel( de travaux)?\b": "ppt",
    r"\blast ?name\b": "surname",
    r"\bfirst ?name\b": "prenom",
    r"\bpost ?code\b": "postal",
    r"\bfiscal year|financial year|accounting period\b": "exercice",
    r"\braison sociale\b|\bcompany name\b": "raison",
    r"\bnsp\b|\b(ne sait pas|non connue?|not known|unknown|inconnue?)\b": "inconnu",
    r"\bnd\b": "indetermine",
    r"\bnon determine\b|\bnot (determined|rated)\b": "indetermine",
}


@cache
def _meanings() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _ALIKE.split("\n"):
        alike = line.split()
        for word in alike:
            found.setdefault(_stem(word), set()).add(_stem(alike[0]))
    return {word: frozenset(names) for word, names in found.items()}


@cache
def words(text: str) -> tuple[str, ...]:
    """The words of a name or a sentence, without accents, case or plural."""
    plain = plain_text(text)
    for form, meant in _PHRASES.items():
        plain = re.sub(form, meant, plain)
    *others, last = plain.split() or [""]
    kept = [one for one in others if one not in EMPTY]
    # The letter of a class is no article.
    kept += [last] if last and (last not in EMPTY or len(last) == 1) else []
    return tuple(_stem(one) for one in kept)


def plain_text(text: str) -> str:
    spaced = CAMEL.sub(" ", text)
    letters = unicodedata.normalize("NFKD", spaced)
    letters = "".join(one for one in letters if not unicodedata.combining(one))
    return " ".join(re.split(r"[^a-z0-9]+", letters.lower())).strip()


@cache
def meanings(text: str) -> frozenset[str]:
    """What its words mean: the same in both languages."""
    known = _meanings()
    return frozenset(name for word in words(text) for name in known.get(word, {word}))


def _stem(word: str) -> str:
    if len(word) > 4 and word.endswith("aux"):
        return f"{word[:-3]}al"
    return word[:-1] if len(word) > 3 and word.endswith(("s", "x")) else word

"""Run in Odoo's shell: an account with its certificate, and a queued portfolio."""

import base64
import json
import os
import sys
from datetime import date
from pathlib import Path

from dateutil.relativedelta import relativedelta

sys.path.append(os.environ["PYTHONPATH"].rpartition(os.pathsep)[2])

from simulator.authority import Authority  # noqa: E402
from simulator.control import Control  # noqa: E402

PLANT = json.loads(os.environ["COPRO_REGISTRY_PLANT"])
COUNT, REFUSED_EVERY = map(int, json.loads(os.environ["COPRO_REGISTRY_ARGUMENTS"]))
SIREN, NUMBER, EMAIL = "999000011", "T0000001", "registre@cabinet-fictif.example"
BATCH = 500


CONTROL = Control(PLANT["control"])


def open_account():
    authority = Authority.open(Path(PLANT["state"]))
    identity = authority.client(SIREN, "Cabinet Fictif", bits=2048)
    who = {"number": NUMBER, "email": EMAIL, "siren": SIREN, "organisation": "Cabinet Fictif"}
    CONTROL.open_account(profile="professionnel", **who)
    CONTROL.declare_certificate(NUMBER, identity.certificate)
    account = env["copro.declarant.account"].create(  # noqa: F821
        {
            **who,
            "siret": f"{SIREN}00018",
            "url": PLANT["url"],
            "environment": "simulator",
            "contract_profile": PLANT["profile"],
            "authority_pem": authority.pem.decode(),
        }
    )
    # The superuser may set parameters, not import a key: only the group may.
    env.ref("base.user_admin").group_ids += env.ref(  # noqa: F821
        "copro_registry.group_main_administrator"
    )
    administrator = env(user=env.ref("base.user_admin"))  # noqa: F821
    wizard = administrator["copro.certificate.import"].create(
        {
            "account_id": account.id,
            "certificate_file": base64.b64encode(identity.certificate),
            "key_file": base64.b64encode(identity.key),
        }
    )
    wizard.action_import()


def hire():
    """A manager who has asked for an e-mail at each refusal."""
    groups = env.ref("copro_registry.group_manager") + env.ref("base.group_user")  # noqa: F821
    return env["res.users"].create(  # noqa: F821
        {
            "name": "Camille Fictif",
            "login": "camille",
            "email": "camille@cabinet-fictif.example",
            "group_ids": [(6, 0, groups.ids)],
            "copro_mail_refusals": True,
        }
    )


def street(rank):
    return f"{rank % 9000 + 1} rue de l'Exemple {rank // 9000}"


def refuse(ranks):
    """The registry does not know these addresses: its keys have no punctuation."""
    for rank in ranks:
        line = street(rank).replace("'", " ").casefold()
        CONTROL.refuse_address(f"{line} 35000 rennes")


def values(rank):
    today = date.today()
    fiscal_year = {
        "start_date": today + relativedelta(months=-27, day=1),
        "end_date": today + relativedelta(months=-16, day=31),
        "meeting_date": today + relativedelta(months=-12),
        "current_charges": 41250.30 + rank,
        "works_charges": 0,
        "supplier_debts": 1820,
        "unpaid_amount": 2410.55,
        "debtor_count": 2,
        "works_fund": 6000,
    }
    mandate = {
        "start_date": today + relativedelta(months=-6),
        "end_date": today + relativedelta(months=12),
    }
    return {
        "name": f"Résidence {rank}",
        "user_id": IN_CHARGE[rank % 2].id,
        "street": street(rank),
        "zip": "35000",
        "city": "Rennes",
        "bylaws_date": date(1972, 4, 18),
        "lot_count": 12,
        "main_lot_count": 8,
        "housing_lot_count": 8,
        "parking_lot_count": 4,
        "building_count": 1,
        "construction_period": "DE_1961_A_1974",
        "heating_type": "individuel",
        "lift_count": 0,
        "mandate_ids": [(0, 0, mandate)],
        "fiscal_year_ids": [(0, 0, fiscal_year)],
        "building_ids": [(0, 0, {"name": "A", "floor_count": 3, "has_ventilation": "non"})],
        "heating_nature": "individuel",
        "heating_system": "chaudière",
        "hot_water": "non",
        "works_plan_on_agenda": "non",
        "works_plan_adopted": "non",
    }


def queue(ranks):
    quiet = env["copro.condominium"].with_context(tracking_disable=True)  # noqa: F821
    portfolio = quiet.create([values(rank) for rank in ranks])
    for condominium in portfolio:
        _transmission, reason = condominium._queue_upload()
        if reason:
            raise SystemExit(reason)
    env.cr.commit()  # noqa: F821
    env.invalidate_all()  # noqa: F821


open_account()
IN_CHARGE = (env.ref("base.user_admin"), hire())  # noqa: F821
if REFUSED_EVERY:
    refuse(range(REFUSED_EVERY, COUNT + 1, REFUSED_EVERY))
for start in range(1, COUNT + 1, BATCH):
    queue(range(start, min(start + BATCH, COUNT + 1)))

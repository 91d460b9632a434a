"""The main job of the demo, run inside Odoo's shell (``env`` is Odoo's).

Three acts, each through the server action that the button calls: initial
registration of the portfolio, standard update of what was corrected, annual update
of the fiscal years approved since.
"""

import base64
import os
import sys
from datetime import date
from pathlib import Path

from dateutil.relativedelta import relativedelta

sys.path.append(os.environ["PYTHONPATH"].rpartition(os.pathsep)[2])

from simulator.authority import Authority, write_private  # noqa: E402
from simulator.control import Control  # noqa: E402

MODULE = "copro_registry"
STATE = Path(os.environ["COPRO_REGISTRY_SIMULATOR_STATE"])
CORRECTED = ("exemple", "justine", "fictives", "quai")
APPROVED = ("lowendal", "exemple", "filaos", "maquis")


def as_user(name):
    return env(user=env.ref(f"{MODULE}.{name}"), context={"lang": "fr_FR", "tz": "UTC"})  # noqa: F821


manager, administrator = as_user("user_manager"), as_user("user_administrator")


def commit():
    manager.cr.commit()


def spare_the_first_chat():
    """OdooBot greets each new user in a window laid over the forms: not in a demo."""
    users = manager.user | administrator.user | manager.ref(f"{MODULE}.user_reader")
    users |= manager.ref("base.user_admin")
    if "odoobot_state" in users._fields:
        users.sudo().odoobot_state = "disabled"
    commit()


# -- the account: as an administrator would ----------------------------------


def set_up_the_account():
    account = administrator.ref(f"{MODULE}.account_demo")
    identity = client_identity()
    control = Control(os.environ["COPRO_REGISTRY_SIMULATOR_CONTROL"])
    control.open_account(
        number=account.number,
        email=account.email,
        profile=account.profile,
        organisation=account.organisation,
        siren=account.siren,
    )
    control.declare_certificate(account.number, identity[0])
    account.write(
        {
            "url": os.environ["COPRO_REGISTRY_SIMULATOR_URL"],
            "authority_pem": (STATE / "ca.pem").read_text(),
        }
    )
    if not is_installed(account, identity[0]):
        import_certificate(account, identity)
    commit()


def client_identity():
    """The declarant's certificate and key: made once, kept beside the simulator."""
    certificate, key = STATE / "client.pem", STATE / "client.key"
    if not certificate.exists():
        issued = Authority.open(STATE).client("999000011", "Cabinet Fictif SA")
        write_private(key, issued.key)
        certificate.write_bytes(issued.certificate)
    return certificate.read_bytes(), key.read_bytes()


def is_installed(account, certificate):
    return bool(account.certificate_id) and account.certificate_id.pem.encode() == (
        certificate + (STATE / "ca.pem").read_bytes()
    )


def import_certificate(account, identity):
    certificate, key = identity
    chain = certificate + (STATE / "ca.pem").read_bytes()
    wizard = administrator["copro.certificate.import"].create(
        {
            "account_id": account.id,
            "certificate_file": base64.b64encode(chain),
            "key_file": base64.b64encode(key),
        }
    )
    wizard.action_import()
    if wizard.exists().is_refused:
        raise SystemExit("the demo certificate was refused")


# -- the acts: as a manager would --------------------------------------------


def condominiums(names=None):
    if names is None:
        return manager["copro.condominium"].search([])
    refs = [manager.ref(f"{MODULE}.condominium_{name}") for name in names]
    return manager["copro.condominium"].union(*refs)


def upload(records):
    """The two clicks, then the scheduled actions that the demo does not wait for."""
    before = {r.id: r.transmission_id.id for r in records}
    action = manager.ref(f"{MODULE}.action_server_upload").sudo().with_user(manager.user)
    context = {"active_model": records._name, "active_ids": records.ids}
    preview = action.with_context(**context, active_id=records[:1].id).run()
    # Somebody insists on what is only to be checked: an address with the name of a building.
    manager["copro.upload.batch"].browse(preview["res_id"]).action_start_all()
    commit()
    for cron in ("ir_cron_prepare", "ir_cron_send", "ir_cron_status"):
        manager.ref(f"{MODULE}.{cron}").sudo().method_direct_trigger()
        commit()
    manager.invalidate_all()
    for record in records:
        tell(record, record.transmission_id.id != before[record.id])


def tell(record, sent):
    services = dict(
        manager["copro.transmission"]._fields["service"]._description_selection(manager)
    )
    last = record.transmission_id
    if sent:
        what = services[last.service]
        result = (
            last.message or dict(last._fields["state"]._description_selection(manager))[last.state]
        )
    else:
        what = "Rien envoyé"
        _nothing, result = record._queue_upload()
    number = record.registration_number or "—"
    name = f"{record.name[:40]:40}"
    print(f"  {number:9}  {name}  {what:25}  {' '.join(result.split())}", flush=True)


def correct():
    """A syndic corrects a number of lots."""
    records = condominiums(CORRECTED)
    for record in records:
        note = "Stationnements corrigés pour la démonstration."
        if note not in (record.note or ""):
            record.write(
                {
                    "parking_lot_count": record.parking_lot_count + 1,
                    "lot_count": record.lot_count + 1,
                    "note": f"{record.note or ''}\n{note}".strip(),
                }
            )
    commit()
    return records


def approve():
    """The general meetings approve the next fiscal year."""
    records = condominiums(APPROVED)
    today = date.today()
    for record in records:
        if len(record.fiscal_year_ids) > 1:
            continue
        last = record.fiscal_year_ids[:1]
        last.copy(
            {
                "start_date": last.end_date + relativedelta(days=1),
                "end_date": last.end_date + relativedelta(months=12, day=31),
                "meeting_date": today - relativedelta(months=1),
                "current_charges": round(last.current_charges * 1.04, 2),
            }
        )
    commit()
    return records


spare_the_first_chat()
set_up_the_account()
print("Immatriculation initiale (WS1)")
upload(condominiums())
print("\nMise à jour standard (WS2), après une correction")
upload(correct())
print("\nMise à jour annuelle (WS2), après approbation des comptes")
upload(approve())
open_ones = manager["copro.transmission"].search_count(
    [("state", "in", ("queued", "sending", "received", "unknown", "failed"))]
)
if open_ones:
    raise SystemExit(f"{open_ones} uploads have not ended")

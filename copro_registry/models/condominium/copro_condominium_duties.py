from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...rnc import deadlines
from ...rnc.deadlines import KINDS
from ...rnc.today import today
from ...tools.groups import READER
from ...tools.in_parts import attempt
from ...tools.sentences import sentence
from ..comparison.copro_comparison import ACTIVITY as COMPARISON
from ..transmission.copro_transmission_news import ACTIVITY as UPLOAD

ACTIVITIES = {kind: f"copro_registry.mail_activity_{kind}" for kind in KINDS}
ALL = (*ACTIVITIES.values(), UPLOAD, COMPARISON)
LOST = ("unaffiliated", "leaving")


class Duty(NamedTuple):
    """Something to do about a condominium, and the activity that says so."""

    activity: str  # XML id of its type
    due: date | None  # None: whenever
    words: Callable  # of the person: {summary, note}, in their language


class CoproCondominiumDuties(models.AbstractModel):
    """As long as something is to be done, somebody who is there has its activity.

    An activity is a person's, and goes with them; a duty is the condominium's. Each night
    what nobody has any more is given to somebody who is there now.
    """

    _name = "copro.condominium.duties"
    _inherit = "copro.protected.mixin"
    _description = "Activities of a condominium"

    # -- the person in charge ---------------------------------------------------------

    @api.model
    def _default_person(self):
        """The user who creates it, unless it is Odoo itself."""
        return self.env.user.filtered(lambda user: user.active and not user.share)

    @api.constrains("user_id")
    def _check_person(self):
        # Constraints are called by ``sudo()``; nothing is said of a company that is not entered.
        self.sudo(False).check_access("read")
        for condominium in self.filtered("user_id"):
            if not condominium._is_present(condominium.user_id):
                raise ValidationError(
                    self.env._(
                        "%(person)s cannot be in charge of “%(condominium)s”: choose somebody "
                        "who works in its company and logs in to Odoo.",
                        person=condominium.user_id.sudo().name,
                        condominium=condominium.name,
                    )
                )

    def _person_in_charge(self, *others):
        """The person in charge, else one of ``others``, else a main administrator.

        Never somebody who has left, nor Odoo itself: nobody would see it.
        """
        self.ensure_one()
        account = self._account()
        asked = (self.user_id, *others, self.create_uid)
        present = [person for person in asked if self._is_present(person)]
        present += account._main_administrators() if account else []
        if present:
            return present[0]
        # Nobody at all is there: it is somebody's of this company nevertheless, or nobody's.
        asked = self.user_id | self.create_uid
        return asked.filtered(lambda one: self.company_id in one.sudo().company_ids)[:1]

    def _is_present(self, person):
        """Whether they would see what they are told: they work there, and have the right."""
        someone = person.sudo()
        works_here = someone.active and not someone.share and self.company_id in someone.company_ids
        return works_here and someone.has_group(READER)

    # -- what is to be done ---------------------------------------------------------

    def _is_in_use(self):
        return self.active and self.company_id.active

    def _duties(self, reminders):
        """What is to be done, and worth an activity: these, and what no deadline says."""
        if not self._is_in_use():
            return []
        duties = [self._duty_of(one) for one in reminders]
        upload = self.transmission_id
        if upload._awaits_a_person():
            duties.append(Duty(UPLOAD, None, upload._words_for_a_person))
        if self.difference_count and self.affiliation_state != "unaffiliated":
            duties.append(Duty(COMPARISON, None, self._words_of_differences))
        return duties

    def _duty_of(self, deadline):
        def words(person):
            speaking = self.with_context(lang=person.lang or self.env.lang)
            summary = sentence(speaking.env, deadlines.MESSAGES, deadline.code, **deadline.params)
            return {"summary": summary, "note": deadline.law}

        return Duty(ACTIVITIES[deadline.kind], deadline.due, words)

    # -- who has it -------------------------------------------------------------------

    def _assign_duties(self):
        """Give what nobody has to somebody who is there."""
        now = today()
        held = self._activities(self._types_used()).grouped("res_id")
        nobody = self.env["mail.activity"].sudo()
        for condominium in self:
            activities = held.get(condominium.id, nobody)
            reminders = condominium._reminders(now)
            for duty in condominium._duties(reminders):
                condominium._assign_duty(duty, activities)
            condominium.sudo().notified_deadlines = [one.key for one in reminders] or False

    def _assign_duty(self, duty, activities):
        mine = activities.filtered(lambda one: self._matches(one, duty))
        if any(self._is_present(one.user_id) for one in mine):
            return
        person = self._person_in_charge()
        values = {"user_id": person.id, **duty.words(person)}
        if not mine:
            # A click may ask for silence; what is to be done is never silenced.
            speaking = self.sudo().with_context(mail_activity_automation_skip=False)
            speaking.activity_schedule(duty.activity, date_deadline=duty.due, **values)
        elif person not in mine.user_id:  # else nobody at all is there
            mine[0].write(values)

    def _matches(self, activity, duty):
        """Whether an activity is the one of a duty."""
        same_day = not duty.due or activity.date_deadline == duty.due
        return same_day and activity.activity_type_id == self._type_of(duty.activity)

    def _reassign_activities(self):
        """What is to be done follows the person in charge."""
        now = today()
        for activity in self._activities(self._own_types()):
            condominium = self.browse(activity.res_id)
            person = condominium._person_in_charge()
            if activity.user_id == person:
                continue
            duties = condominium._duties(condominium._reminders(now))
            same = [duty for duty in duties if self._matches(activity, duty)]
            words = same[0].words(person) if same else {}
            activity.write({"user_id": person.id, **words})

    def _close_done_activities(self):
        """Close the activities of what has been done since, or is not ours to do any more."""
        now = today()
        for activity in self._activities(self._own_types()):
            condominium = self.browse(activity.res_id)
            duties = condominium._duties(condominium._reminders(now))
            if any(self._matches(activity, duty) for duty in duties):
                continue
            is_ours = condominium._is_in_use() and condominium.affiliation_state != "unaffiliated"
            # Closing it never keeps from what closes it.
            attempt(activity, lambda one, ours=is_ours: one.action_done() if ours else one.unlink())

    def _activities(self, types):
        """The activities of ``types`` of these condominiums, of every person."""
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("activity_type_id", "in", types.ids),
            ("automated", "=", True),
        ]
        return self.env["mail.activity"].sudo().search(domain)

    @api.model
    def _own_types(self):
        """Those of the addon that nobody has deleted."""
        types = self.env["mail.activity.type"]
        return types.concat(*(self.env.ref(xmlid, False) or types for xmlid in ALL))

    @api.model
    def _types_used(self):
        return self._own_types().union(*(self._type_of(xmlid) for xmlid in ALL))

    @api.model
    def _type_of(self, xmlid):
        """As ``activity_schedule`` does where somebody has deleted ours."""
        return self.env.ref(xmlid, False) or self._default_activity_type()

    # -- what nobody has ----------------------------------------------------------------

    @api.model
    def _without_assignee(self):
        """Those with something to do that nobody who is there has any more."""
        self.env.flush_all()
        present = (
            self.env["res.users"]
            .sudo()
            .search(
                [
                    ("share", "=", False),
                    ("all_group_ids", "in", self.env.ref(READER).id),
                ]
            )
        )
        query = SQL(
            """
            SELECT condominium.id
              FROM copro_condominium condominium
              JOIN res_company company ON company.id = condominium.company_id
         LEFT JOIN copro_transmission upload ON upload.id = condominium.transmission_id
        CROSS JOIN LATERAL (SELECT
                   CASE WHEN jsonb_typeof(condominium.notified_deadlines) = 'array'
                        THEN jsonb_array_length(condominium.notified_deadlines) ELSE 0 END
                   + COALESCE(upload.needs_person, false)::int
                   + (COALESCE(condominium.difference_count, 0) > 0
                      AND condominium.affiliation_state IS DISTINCT FROM 'unaffiliated')::int
                   AS count) duties
             WHERE condominium.active AND company.active AND duties.count > 0
               AND duties.count > (
                   SELECT count(*)
                     FROM mail_activity activity
                     JOIN res_company_users_rel works
                       ON works.user_id = activity.user_id AND works.cid = company.id
                    WHERE activity.res_model = %(model)s
                      AND activity.res_id = condominium.id
                      AND activity.active
                      AND activity.activity_type_id = ANY(%(types)s)
                      AND activity.user_id = ANY(%(present)s))
            """,
            model=self._name,
            types=self._types_used().ids,
            present=present.ids,
        )
        return self.browse([row[0] for row in self.env.execute_query(query)])

"""How long a person waits, whatever the server does; by which way calls leave; how many."""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.sql_db import db_connect
from odoo.tests import tagged
from odoo.tools import config

from ..models.declarant import copro_declarant_account_rate_limiter as rate_limiter
from ..models.transmission.copro_transmission_queue import SEND
from ..models.transmission.copro_transmission_run import _send_one
from ..tools import time_limits
from .common import RegistryCase
from .outside import KINDS, SlowServer, SmallProxy

CLICK = 2.0
# What a busy machine may add: the promise of 20 seconds has 5 for what is no call.
SLACK = 5.0


@tagged("post_install", "-at_install")
class TestClick(RegistryCase):
    """A click ends in its time, and what it has cut is asked about."""

    def slow(self, kind):
        """A slow server in the place of the registry."""
        server = SlowServer(Path(tempfile.mkdtemp()), kind, late=CLICK * 0.9)
        self.account.write(
            {"url": server.url, "authority_pem": server.authority.pem.decode("ascii")}
        )
        return server

    def timed(self, action):
        started = time.monotonic()
        with patch.object(time_limits, "LONGEST_CLICK", CLICK):
            action()
        self.assertLess(time.monotonic() - started, CLICK + SLACK)

    def queued(self, street):
        condominium = self.condominium(street)
        return self.env["copro.transmission"]._queue(condominium, "WS1", fields.Date.today())

    def test_what_a_click_may_last(self):
        with patch.dict(config.options, {"limit_time_real": 120}):
            self.assertEqual(time_limits.seconds_of_a_click(), 15)
        with patch.dict(config.options, {"limit_time_real": 30}):
            self.assertEqual(time_limits.seconds_of_a_click(), 10)
        with patch.dict(config.options, {"limit_time_real": 0, "limit_time_real_cron": -1}):
            self.assertEqual(time_limits.seconds_of_a_click(), 15)
            self.assertEqual(time_limits.seconds_of_a_call(), 40)
        with patch.dict(config.options, {"limit_time_real": 120, "limit_time_real_cron": 60}):
            self.assertEqual(self.account._client().profile.limits.total_timeout, 20)

    def test_an_upload(self):
        for kind in KINDS:
            with self.subTest(kind), self.slow(kind):
                upload = self.queued(f"{kind} rue de la Patience")
                with self.enter_registry_test_mode():
                    self.timed(lambda one=upload: _send_one(self.env.cr.dbname, one.id, {}))
                self.env.invalidate_all()
                first = upload.attempt_ids[0]
                left = kind not in ("connect", "handshake", "deaf")
                if kind != "deaf":  # a small file is in the buffers of the server
                    self.assertEqual(upload.state, "unknown" if left else "queued")
                self.assertEqual(first.kind, "send")
                self.assertLess(first.milliseconds, (CLICK + SLACK) * 1000)

    def test_a_connection_test_a_comparison_a_first_import(self):
        condominium = self.condominium("2 rue de la Patience", registration_number="AB1234567")
        wizard = self.env["copro.registry.import"].with_user(self.manager)
        for kind in ("connect", "handshake", "late_body"):
            with self.subTest(kind), self.slow(kind):
                self.timed(self.account.with_user(self.administrator).action_test_connection)
                self.timed(condominium.with_user(self.manager).action_compare)
                self.assertEqual(condominium.comparison_ids.state, "failed")
                values = {"numbers": "AB7654321", "company_id": self.company.id}
                self.timed(wizard.create(values).action_import)


@tagged("post_install", "-at_install")
class TestRateLimiter(RegistryCase):
    """The calls a minute are the account's, whoever makes them."""

    def setUp(self):
        super().setUp()
        # What another test has taken is kept.
        with db_connect(self.env.cr.dbname).cursor() as cursor:
            cursor.execute("DELETE FROM copro_call_pace WHERE account_id = %s", [self.account.id])

    def test_turns_are_evenly_spread_after_a_burst(self):
        self.account.write({"calls_per_minute": 30, "connections": 4})
        now = time.monotonic()
        turns = [turn - now for turn in self.account._take_turns(10, 10)]
        limits = self.account._limits()
        self.assertEqual(limits.burst, 3)
        self.assertEqual(len(turns), 3 + 4)
        self.assertLess(max(turns[:3]), 1)
        self.assertAlmostEqual(turns[-1] - turns[2], 4 * limits.interval, delta=0.01)
        self.assertEqual(self.account._take_turns(10, 0), [], "the turns are taken")

    def test_several_connections_share_them(self):
        """Each turn is taken in a transaction of its own, by several at the very same time."""
        self.account.write({"calls_per_minute": 600, "connections": 4})
        began = time.monotonic()
        with ThreadPoolExecutor(6) as workers:
            taken = list(workers.map(lambda _worker: self.account._take_turns(5, 60), range(6)))
        turns = sorted(turn - began for turns in taken for turn in turns)
        self.assertEqual(len(turns), 30)
        interval = self.account._limits().interval
        self.assertGreater(turns[-1], (30 - 4) * interval - 0.05)
        gaps = [later - one for one, later in zip(turns[4:], turns[5:], strict=False)]
        self.assertGreater(min(gaps), interval - 0.1)

    def test_accounts_have_each_their_own(self):
        other = self.account.copy({"company_id": self.env["res.company"].create({"name": "B"}).id})
        self.assertTrue(self.account._take_turns(1000, 5))
        self.assertFalse(self.account._take_turns(1, 0))
        self.assertTrue(other._take_turns(1, 0))

    def test_what_has_no_turn_stays_in_the_queue(self):
        self.account.calls_per_minute = 1
        uploads = self.condominium("1 rue du Tour") | self.condominium("2 rue du Tour")
        for one in uploads:
            one.with_user(self.manager).action_upload()
        self.seen_from_here()
        with self.enter_registry_test_mode():
            for upload in uploads.transmission_id:
                _send_one(self.env.cr.dbname, upload.id, {})
        self.env.invalidate_all()
        first, second = uploads.transmission_id
        self.assertEqual((first.attempts, second.state, second.attempts), (1, "queued", 0))
        self.assertFalse(second.attempt_ids, "nothing happened to it")
        started = time.monotonic()
        self.run_cron("ir_cron_send")
        self.assertLess(time.monotonic() - started, 20, "it comes back when the turn is near")
        self.assertEqual(second.state, "queued")
        [told] = self.env["copro.transmission"]._first_of_each_company(SEND)
        self.assertGreater((told[1] - second.next_attempt).total_seconds(), 30)

    def seen_from_here(self):
        """What a test's transaction does not see of another connection."""
        self.startPatcher(patch.object(rate_limiter, "db_connect", lambda _name: self.registry))

    def test_a_connection_test_takes_a_turn(self):
        self.account.calls_per_minute = 1
        tester = self.account.with_user(self.administrator)
        tester.action_test_connection()
        with self.assertRaisesRegex(UserError, "in a moment"):
            tester.action_test_connection()


@tagged("post_install", "-at_install")
class TestWay(RegistryCase):
    """The address of the registry, and the proxy by which it is reached."""

    def test_by_a_proxy(self):
        account = self.account.with_user(self.administrator)
        with SmallProxy() as proxy:
            account.proxy_url = f" {proxy.url} "
            action = account.action_test_connection()
            sheet = self.env["copro.connection.test"].browse(action["res_id"])
            self.assertEqual([step["topic"] for step in sheet.steps][0], "Proxy")
            self.assertEqual({step["level"] for step in sheet.steps}, {"ok"}, sheet.steps)
            self.assertTrue(account.proven_on)
            condominium = self.condominium("3 rue du Relais")
            self.upload(condominium)
        self.assertEqual(condominium.transmission_id.state, "accepted")
        self.assertTrue(proxy.asked)
        self.assertNotIn(b"Relais", bytes(proxy.passed))
        self.env.flush_all()
        self.cr.precommit.clear()  # what is made in this transaction is not tracked
        account.proxy_url = "http://127.0.0.1:9"
        self.assertFalse(account.proven_on, "what was proven was proven by another way")
        self.cr.precommit.run()  # where tracking is posted
        logged = account.sudo().message_ids.tracking_value_ids.mapped("field_id.name")
        self.assertIn("proxy_url", logged)

    def test_a_proxy_that_refuses_is_told(self):
        account = self.account.with_user(self.administrator)
        with SmallProxy(b"HTTP/1.1 403 Forbidden\r\n\r\n") as proxy:
            account.proxy_url = proxy.url
            condominium = self.condominium("4 rue du Relais")
            self.upload(condominium)
        upload = condominium.transmission_id
        self.assertEqual((upload.state, upload.failure_code), ("queued", "PROXY_REFUSED"))
        self.assertIn("403", upload.attempt_ids[:1].message)

    def test_addresses_that_are_refused(self):
        for name, url in (
            ("proxy_url", "http://user:secret@proxy:3128"),
            ("proxy_url", "https://proxy:3128"),
            ("proxy_url", "proxy"),
            ("url", "https://user:secret@registre.example/"),
            ("url", "https://registre.example/?cle=secret"),
            ("url", "https://registre.example/#a"),
        ):
            with self.subTest(url), self.assertRaises(ValidationError) as refused:
                self.account[name] = url
            self.assertNotIn("secret", str(refused.exception))

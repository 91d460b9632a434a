import time

import psycopg2.errors

from odoo import api, models
from odoo.sql_db import db_connect
from odoo.tools import SQL

MOST_TRIES = 20


class CoproDeclarantAccountRateLimiter(models.AbstractModel):
    """The rate limiter: so many calls a minute, whatever the number of processes and machines.

    Turns are taken on a row of PostgreSQL that all of them share, by its clock, in a
    transaction of its own: a caller waits for that row alone. It is no field of the account,
    which others change, nor a model: nothing but this file ever reads it.
    """

    _name = "copro.declarant.account.rate.limiter"
    _description = "Rate limiter of a declarant account"

    @api.model
    def _create_rate_limiter_table(self):
        # No constraint: an account that has just been made is not seen from elsewhere yet.
        self.env.cr.execute(
            "CREATE TABLE IF NOT EXISTS copro_call_pace "
            "(account_id integer PRIMARY KEY, next_call_at timestamp NOT NULL)"
        )

    def _take_turns(self, most, within):
        """Take the turns of ``most`` calls, as far as they come within so many seconds.

        Returns the moments (monotonic) at which they may leave: fewer than ``most``, or
        none, when the others come later.
        """
        limits = self._limits()
        for _try in range(MOST_TRIES if most > 0 and within >= 0 else 0):
            try:
                with db_connect(self.env.cr.dbname).cursor() as cursor:
                    delays = _delays(cursor, self.id or 0, limits, most, within)
                now = time.monotonic()
                return [now + delay for delay in delays]
            except psycopg2.errors.SerializationFailure:
                continue  # another process has just taken its turns
        return []

    @api.ondelete(at_uninstall=False)
    def _unlink_rate_limiter_row(self):
        query = SQL("DELETE FROM copro_call_pace WHERE account_id IN %s", tuple(self.ids))
        self.env.execute_query(query)


def _delays(cursor, account_id, limits, most, within):
    """Take turns, by the generic cell rate algorithm: one moment to remember, whoever calls.

    Returns in how many seconds each of them comes.
    """
    # What a crash of the database forgets here is the turns of a moment.
    cursor.execute("SET LOCAL synchronous_commit TO off")
    cursor.execute(
        SQL(
            "INSERT INTO copro_call_pace VALUES (%s, 'epoch') ON CONFLICT DO NOTHING",
            account_id,
        )
    )
    now = SQL("clock_timestamp() AT TIME ZONE 'UTC'")
    cursor.execute(
        SQL(
            "SELECT GREATEST(EXTRACT(EPOCH FROM next_call_at - %s), 0)::float "
            "FROM copro_call_pace WHERE account_id = %s FOR NO KEY UPDATE",
            *(now, account_id),
        )
    )
    [(ahead,)] = cursor.fetchall()
    interval, credit = limits.interval, (limits.burst - 1) * limits.interval
    delays = [max(ahead - credit + rank * interval, 0) for rank in range(most)]
    delays = [delay for delay in delays if delay <= within]
    cursor.execute(
        SQL(
            "UPDATE copro_call_pace SET next_call_at = GREATEST(next_call_at, %s) "
            "+ %s * interval '1 second' WHERE account_id = %s",
            *(now, len(delays) * interval, account_id),
        )
    )
    return delays

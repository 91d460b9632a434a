"""Which uploads are due: held back in a distant year, then released, so many at a time."""

# Odoo's clock counts whole seconds: what is due later in this one would wait for the next.
NOW = "date_trunc('second', now() AT TIME ZONE 'UTC')"
HELD = "'2100-01-01'"
HOLD = f"UPDATE copro_transmission SET next_attempt = {HELD}"
# The next %s of those held back.
RELEASE = (
    f"UPDATE copro_transmission SET next_attempt = {NOW} WHERE id IN ("
    f"SELECT id FROM copro_transmission WHERE state = 'queued' AND next_attempt = {HELD} "
    "ORDER BY id LIMIT %s)"
)
ANY = (
    "SELECT EXISTS (SELECT FROM copro_transmission WHERE state = 'queued' "
    f"AND on_hold IS NOT TRUE AND next_attempt <= {NOW})"
)


def is_any(cursor) -> bool:
    """Whether an upload is due."""
    cursor.execute(ANY)
    return cursor.fetchone()[0]

"""Which uploads are due: held back in a distant year, then released, so many at a time."""

# Odoo's clock counts whole seconds: what is due later in this one would wait for the next.
NOW = "date_trunc('second', now() AT TIME ZONE 'UTC')"
HOLD = "UPDATE copro_transmission SET next_attempt = '2100-01-01'"
# The next %s of those held back.
RELEASE = (
    f"UPDATE copro_transmission SET next_attempt = {NOW} WHERE id IN ("
    "SELECT id FROM copro_transmission WHERE state = 'queued' AND next_attempt = '2100-01-01' "
    "ORDER BY id LIMIT %s)"
)

"""Questions in vain are counted apart since 19.0.2.0.0."""


def migrate(cr, version):
    cr.execute("UPDATE copro_transmission SET asks_in_vain = asks WHERE state = 'unknown'")

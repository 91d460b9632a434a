def migrate(cr, version):
    """An address is a place, and no secret: what names a user is taken out of it.

    It was never sent as a proof of anything that the registry's certificate does not prove,
    and every reader of an upload sees where it was sent.
    """
    for table, column in (("copro_declarant_account", "url"), ("copro_transmission", "recipient")):
        cr.execute(  # pylint: disable=sql-injection
            f"UPDATE {table} SET {column} = regexp_replace({column}, '://[^/@]*@', '://') "
            f"WHERE {column} ~ '://[^/@]*@'"
        )

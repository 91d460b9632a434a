def migrate(cr, version):
    """What the registry answered stands with the call that it answered.

    States are called as in 19.0.2.0.0: its renaming comes before any ``post-`` script.
    """
    cr.execute("ALTER TABLE copro_transmission_attempt DISABLE TRIGGER USER")
    cr.execute(
        """
        UPDATE copro_transmission_attempt attempt
           SET answer = upload.answer
          FROM copro_transmission upload
         WHERE upload.answer IS NOT NULL
           AND attempt.id = (
               SELECT max(id) FROM copro_transmission_attempt
                WHERE transmission_id = upload.id AND kind = 'send'
           )
        """
    )
    # The first version kept no timeline: only the end of its last call is known.
    cr.execute(
        """
        INSERT INTO copro_transmission_attempt
               (create_uid, create_date, write_uid, write_date,
                transmission_id, company_id, kind, moment, outcome, answer)
        SELECT 1, now() AT TIME ZONE 'UTC', 1, now() AT TIME ZONE 'UTC',
               id, company_id, 'send', COALESCE(answered_at, create_date),
               CASE WHEN state IN ('received', 'accepted', 'rejected') THEN state
                    WHEN state IN ('queued', 'failed') THEN 'retryable'
                    ELSE 'unknown' END,
               answer
          FROM copro_transmission upload
         WHERE answer IS NOT NULL
           AND NOT EXISTS (
               SELECT FROM copro_transmission_attempt
                WHERE transmission_id = upload.id AND kind = 'send'
           )
        """
    )
    cr.execute("ALTER TABLE copro_transmission_attempt ENABLE TRIGGER USER")
    cr.execute("ALTER TABLE copro_transmission DROP COLUMN answer")

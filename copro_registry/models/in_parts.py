"""What a scheduled action works through, a few records at a time."""


def in_parts(records, together):
    """Yield ``together`` records at a time, as long as the scheduled action may run.

    What was done with a part is committed before the next one.
    """
    progress = records.env["ir.cron"]._commit_progress
    seconds_left = progress(0, remaining=len(records))
    for start in range(0, len(records), together):
        if seconds_left <= 0:
            return
        part = records[start : start + together]
        yield part
        seconds_left = progress(len(part))

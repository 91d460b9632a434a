"""Several items in one text, as a profile writes and reads them."""

import re
from collections.abc import Iterator

from .contract import Profile
from .contract.template import template
from .items import all_items


def texts_of_items(profile: Profile) -> Iterator[str]:
    """Items that stand in one text: each is written, and each is read."""
    for item in all_items():
        form = profile.formats.of(item)
        if not form.text and not form.pattern:
            continue
        below = {one.code for one in all_items() if one.parent == item.code}
        written = template(form.text).names
        if not written or written - below:
            yield f"formats/{item.code}/text quotes items of {item.code}, and nothing else"
        elif written != re.compile(form.pattern).groupindex.keys():
            yield f"formats/{item.code}/pattern: a group (?P<…>) for each item of text"

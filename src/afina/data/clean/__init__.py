"""Repairs of data, chosen by recipe keys: the same in `afina clean` and in `afina train`.

Fixed order: merge_turns, then in every text fix_encoding, unescape_html, strip_control, strip_space, personal_data, again until nothing
changes (an entity may hide a control character); then rows: normalize_labels, drop_empty, drop_placeholders, drop_duplicates. So cleaning
twice is cleaning once.

A repair of texts is one file and one registration (`@repair`); one that leaves out rows is one function and one (`@leaves_out`).
"""

from afina.data.clean import encoding as encoding
from afina.data.clean import html as html
from afina.data.clean import invisible as invisible
from afina.data.clean import personal as personal
from afina.data.clean import space as space
from afina.data.clean import turns as turns
from afina.data.clean.leave import kept_rows
from afina.data.clean.mend import mended

__all__ = ["kept_rows", "mended"]

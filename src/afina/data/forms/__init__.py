"""Rows to examples. One form = one file here, imported below; nothing else names it."""

from afina.data.forms import answers as answers
from afina.data.forms import choices as choices
from afina.data.forms import label as label
from afina.data.forms import labels as labels
from afina.data.forms import noised as noised
from afina.data.forms import score as score
from afina.data.forms import tags as tags
from afina.data.forms import text as text
from afina.data.forms.base import FORMS, Form

__all__ = ["FORMS", "Form"]

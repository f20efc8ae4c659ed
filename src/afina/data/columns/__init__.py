"""Which column is what. Names and contents decide together; below 0.9 the person is asked, with the command to type.

One shape = one file here, registered with `@register` and imported below; nothing else names it.
"""

from afina.data.columns import chat as chat
from afina.data.columns import choices as choices
from afina.data.columns import completion as completion
from afina.data.columns import feedback as feedback
from afina.data.columns import labelled as labelled
from afina.data.columns import multi_labelled as multi_labelled
from afina.data.columns import pair as pair
from afina.data.columns import preference as preference
from afina.data.columns import prompt as prompt
from afina.data.columns import scored as scored
from afina.data.columns import scored_pair as scored_pair
from afina.data.columns import spanned as spanned
from afina.data.columns import tagged as tagged
from afina.data.columns import templated as templated
from afina.data.columns import text as text
from afina.data.columns.decide import check_learnable, recognise
from afina.data.columns.layout import SURE, Layout, as_command
from afina.data.columns.mapping import columns_of
from afina.data.columns.question import Question
from afina.data.columns.shape import SHAPES, Shape, shape_of
from afina.types import Row

ROLES: dict[str, tuple[str, ...]] = {name: (*SHAPES[name].roles, *SHAPES[name].optional) for name in SHAPES}
"""Shape -> its roles, the one that is asked first, those that may be absent last."""
ROW_OF: dict[str, type[Row]] = {name: SHAPES[name].row_type for name in SHAPES}
OBJECTIVE_OF: dict[str, str] = {name: SHAPES[name].objective for name in SHAPES}
"""Shape -> the objective that learns it; "" while there is none."""

__all__ = [
    "OBJECTIVE_OF",
    "ROLES",
    "ROW_OF",
    "SHAPES",
    "SURE",
    "Layout",
    "Question",
    "Shape",
    "as_command",
    "check_learnable",
    "columns_of",
    "recognise",
    "shape_of",
]

"""What models are asked and how their answers are measured. One task = one file here, imported below; nothing else names it."""

from afina.evaluate.tasks import answers as answers
from afina.evaluate.tasks import choices as choices
from afina.evaluate.tasks import label as label
from afina.evaluate.tasks import labels as labels
from afina.evaluate.tasks import noised as noised
from afina.evaluate.tasks import score as score
from afina.evaluate.tasks import tags as tags
from afina.evaluate.tasks import text as text
from afina.evaluate.tasks.base import TASKS, Meaning, Said, Scores, Task

__all__ = ["TASKS", "Meaning", "Said", "Scores", "Task"]

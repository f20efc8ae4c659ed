"""Where a run can be shown beside others, when `output.track` names it. One file each; importing this package registers all."""

from afina.trackers import mlflow as mlflow
from afina.trackers import tensorboard as tensorboard
from afina.trackers import trackio as trackio
from afina.trackers import wandb as wandb
from afina.trackers.base import TRACKERS, Point, Tracked, Tracker, figures, point

__all__ = ["TRACKERS", "Point", "Tracked", "Tracker", "figures", "point"]

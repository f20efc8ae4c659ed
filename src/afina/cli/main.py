"""The `afina` command: its verbs, and what happens to errors."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from pathlib import Path

import typer

from afina import __version__
from afina.cli import clean, complete, data, inspect, methods, recipes, train, use
from afina.errors import AfinaError

app = typer.Typer(
    name="afina",
    help="Tune an open language model on your data file, and see whether it helped.",
    epilog="Start with:  afina train FILE.csv      Then:  afina show last,  afina predict last FILE.csv",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
)

app.command("train")(train.train)
app.command("plan")(train.plan)
app.command("check")(data.check)
app.command("clean")(clean.clean)
for name, command in (
    ("chat", use.chat),
    ("generate", use.generate),
    ("predict", use.predict),
    ("eval", use.evaluate),
    ("export", use.export),
):
    app.command(name)(command)
for name, command in (("runs", inspect.runs), ("show", inspect.show), ("doctor", inspect.doctor)):
    app.command(name)(command)
app.add_typer(methods.app, name="methods")
app.add_typer(recipes.app, name="recipes")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"afina {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version and stop."),
    debug: bool = typer.Option(False, "--debug", envvar="AFINA_DEBUG", help="Show tracebacks."),
) -> None:
    if debug:
        os.environ["AFINA_DEBUG"] = "1"


def run() -> None:
    """Entry point. A mistake ends with its message and exit code; a bug of ours with a saved traceback and code 70."""
    complete.join_words()
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if "AFINA_DEBUG" not in os.environ:  # what libraries will change in their next version is no news to who trains a model
        warnings.filterwarnings("ignore", category=FutureWarning)
    try:
        app()
    except AfinaError as error:
        if os.environ.get("AFINA_DEBUG"):
            traceback.print_exc()
        typer.echo(error.text(), err=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(141)
    except Exception as error:
        if os.environ.get("AFINA_DEBUG"):
            raise
        log = Path("afina-error.log")
        log.write_text(traceback.format_exc(), encoding="utf-8")
        typer.echo(
            f"X001: a bug in afina: {type(error).__name__}: {error}. The traceback is in {log}\n  Do: run again with AFINA_DEBUG=1",
            err=True,
        )
        sys.exit(70)

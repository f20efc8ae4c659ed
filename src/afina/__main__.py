"""`python -m afina` is the same as `afina`."""

from afina.cli.main import run

run()

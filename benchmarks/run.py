"""All benchmarks, one after another: `make bench`. Each leaves its raw numbers and its page in its own folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOPICS = ("speed", "data", "nano", "quality")


def main() -> None:
    for topic in TOPICS:
        print(f"== {topic}", flush=True)
        subprocess.run([sys.executable, Path(__file__).parent / topic / "run.py"], check=True)


if __name__ == "__main__":
    main()

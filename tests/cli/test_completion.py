"""The Tab key: what is offered, in a real bash with its own way of cutting words, and that nothing heavy is loaded for it."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from afina.cli.offers import keys, values
from afina.methods import METHODS
from afina.recipe.keys import every_leaf
from afina.recipe.presets import PRESETS
from tests.cli.calls import ESCAPE

BIN = Path(sys.executable).parent
HEAVY = ("torch", "transformers", "peft", "datasets", "pandas", "pyarrow", "numpy")
needs_command = pytest.mark.skipif(not (BIN / "afina").is_file(), reason="the command afina is not installed beside this Python")
needs_bash = pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not on this machine")


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(home), "TERM": "dumb"}


def script(shell: str, home: Path) -> str:
    said = {**environment(home), "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = subprocess.run([BIN / "afina", "--show-completion", shell], env=said, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def offered(shell: str, line: str, home: Path, **more: str) -> list[str]:
    """What the completion of zsh or fish prints for a line; bash's own cutting of words is tested in bash."""
    asked = {**environment(home), "_AFINA_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": line, **more}
    done = subprocess.run([BIN / "afina"], env=asked, cwd=home, capture_output=True, text=True, timeout=120, check=False)
    assert not done.stderr, done.stderr
    return done.stdout.splitlines()


class Bash:
    """An interactive bash on a terminal, with afina's completion sourced."""

    def __init__(self, home: Path) -> None:
        (home / "afina.bash").write_text(script("bash", home))
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.chdir(home)
            os.execvpe("bash", ["bash", "--norc", "--noprofile", "-i"], environment(home))
        self.pid = pid
        self.type("PS1=; source afina.bash; bind 'set bell-style none'; bind 'set completion-query-items 0'; echo rea''dy\n", "ready\r\n")

    def type(self, keys: str, until: str, timeout_s: float = 120.0) -> str:
        """Type and return what the terminal shows up to `until`."""
        os.write(self.terminal, keys.encode())
        seen, deadline = "", time.monotonic() + timeout_s
        while until not in seen and time.monotonic() < deadline:
            if select.select([self.terminal], [], [], 0.1)[0]:
                seen += os.read(self.terminal, 65536).decode(errors="replace")
        assert until in seen, seen
        return seen

    def complete(self, line: str) -> str:
        """Return the line as it stands after Tab: it is turned into an echo, between two marks, and run."""
        os.write(self.terminal, f"{line}\t".encode())
        shown = self.type("\x05|'\x01echo '<\n", "|\r\n")
        return re.findall(r"<(.*?)\|\r\n", ESCAPE.sub("", shown))[-1]

    def close(self) -> None:
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


@needs_command
@needs_bash
def test_in_a_real_bash(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("text\n")
    run = tmp_path / "runs" / "20260101-things"
    run.mkdir(parents=True)
    (run / "run.json").write_text('{"created": 1}')
    bash = Bash(tmp_path)
    try:
        assert bash.complete("afina tr") == "afina train "
        assert bash.complete("afina train da") == "afina train data.csv "
        assert bash.complete("afina train data.csv train.le") == "afina train data.csv train.learning_rate="
        assert bash.complete("afina train data.csv metho") == "afina train data.csv method"  # method= or method.r=
        assert bash.complete("afina train data.csv method=houl") == "afina train data.csv method=houlsby "
        assert bash.complete("afina train data.csv method=lora drop") == "afina train data.csv method=lora drop"
        assert bash.complete("afina train data.csv output.track=mlf") == "afina train data.csv output.track=mlflow "
        assert bash.complete("afina train --model=nano data.csv lr=1e-4 schedule=cos") == (
            "afina train --model=nano data.csv lr=1e-4 schedule=cosine "
        )
        assert bash.complete("afina check data.csv pers") == "afina check data.csv personal_data="
        assert bash.complete("afina show 2026") == "afina show 20260101-things "
    finally:
        bash.close()


@needs_command
@needs_bash
def test_bash_lists_the_values_after_the_sign(tmp_path: Path) -> None:
    """`method=` and Tab twice, as bash calls the script's function: the words are cut at "="."""
    (tmp_path / "afina.bash").write_text(script("bash", tmp_path))
    program = 'source afina.bash; COMP_WORDS=(afina train a.csv method "="); COMP_CWORD=4; _afina_completion afina; echo "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "--norc", "-c", program], env=environment(tmp_path), cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True
    )
    assert set(done.stdout.split()) == {*METHODS, *PRESETS, "auto"}


@needs_command
@needs_bash
def test_installing_it_writes_what_bash_reads(tmp_path: Path) -> None:
    subprocess.run(
        ["bash", "--norc", "-c", "afina --install-completion; true"],
        env=environment(tmp_path),
        capture_output=True,
        timeout=120,
        check=True,
    )
    (written,) = (tmp_path / ".bash_completions").glob("*")
    assert "_AFINA_COMPLETE=complete_bash" in written.read_text()
    assert str(written) in (tmp_path / ".bashrc").read_text()


@needs_command
@pytest.mark.parametrize(("shell", "part"), [("zsh", "compdef _afina_completion afina"), ("fish", "complete --command afina")])
def test_the_scripts_of_zsh_and_fish(shell: str, part: str, tmp_path: Path) -> None:
    made = script(shell, tmp_path)
    assert part in made and f"_AFINA_COMPLETE=complete_{shell}" in made
    if shutil.which(shell):
        subprocess.run([shell, "-n", "-c", made], check=True, timeout=60)


@needs_command
def test_zsh_and_fish_are_offered_whole_words_with_what_they_mean(tmp_path: Path) -> None:
    fish = {"_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    assert offered("fish", "afina train d.csv method=houl", tmp_path, **fish) == [
        "method=houlsby\tBottleneck adapters after both sublayers"
    ]
    (line,) = offered("zsh", "afina train d.csv method=houl", tmp_path)
    assert '"method=houlsby":"Bottleneck adapters after both sublayers"' in line
    names = [line.partition("\t")[0] for line in offered("fish", "afina train d.csv train.wa", tmp_path, **fish)]
    assert names == ["train.warmup_ratio=", "train.warmup_ratio=0.05"]


def test_every_key_of_the_schema_is_offered() -> None:
    offers = {name for name, _ in keys("", [])} | {"model.path", "data.path", "method.name", "objective.name"}
    for leaf in every_leaf():
        assert leaf.dotted in offers or leaf.dotted.endswith(".name") or any(leaf.dotted.startswith(f"{name}.") for name in offers), leaf


def test_keys_of_the_chosen_method_only() -> None:
    assert "method.r" in dict(keys("method.", ["method=lora"])) and "method.n_layers" not in dict(keys("method.", ["method=lora"]))
    assert "method.n_layers" in dict(keys("method.", []))


def test_short_names_are_offered_where_one_key_has_them() -> None:
    assert "learning_rate" in dict(keys("learn", []))
    assert "path" not in dict(keys("pa", []))
    assert set(dict(keys("t", [], section="data"))) <= {"task", "template", "test", "time", "truncation"}


def test_values_of_a_key() -> None:
    assert dict(values("data.truncation", "keep")).keys() == {"keep_start", "keep_end"}
    assert dict(values("packing", "")) == {"true": "", "false": "default"}
    assert dict(values("warmup_ratio", "")) == {"0.05": "default"}
    assert values("no_such_key", "") == [] and values("model.path", "") == [("nano", "default")]


@needs_command
@pytest.mark.parametrize("line", ["afina tr", "afina train d.csv train.le", "afina train d.csv method=", "afina show la"])
def test_nothing_heavy_is_loaded(line: str, tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "sys.argv = ['afina']\n"
        "from afina.cli import main\n"
        "try: main.run()\n"
        "except SystemExit: pass\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    asked = {
        **environment(tmp_path),
        "_AFINA_COMPLETE": "complete_fish",
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = subprocess.run([sys.executable, "-c", program], env=asked, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED []", done.stdout
    assert len(done.stdout.splitlines()) > 1, "nothing was offered"

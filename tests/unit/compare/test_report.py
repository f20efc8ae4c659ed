"""report.html: from the files of a run alone, whole or not, and safe to open whatever the data holds."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from afina.compare.charts import Bar, Curve, Figures, Mark, Point, axis, smoothed, thinned, tick_text
from afina.compare.comparison import Comparison, Resampling, answered, finish
from afina.compare.report import FOLDER, render, write_report
from afina.compare.report.wording import metric_value
from afina.data.report import Sample
from afina.run import Run
from tests.unit.export.synthetic import comparison, data_report, record, training_events, write_run

VOID = {"meta", "link", "br", "hr", "img", "input"}
HOSTILE = (
    '<script>alert("x")</script> \'quoted\' & "double" --> ]]> </style>',
    "שלום עולם, מה שלומך? 123",
    "long " * 2000,
    "a\u202egnp.exe\x00\x07 and \ud800 a lone surrogate",
    "<img src=x onerror=alert(1)> {{ 7*7 }} {% for %}",
)


class Page(HTMLParser):
    """What a page holds: elements with their attributes, and whether every element is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += data

    def tags(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for tag, attrs in self.elements if tag == name]


@pytest.fixture(scope="module", params=["classes", "text", "lm"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Page:
    run = write_run(tmp_path_factory.mktemp("report") / "r", request.param)
    return Page(write_report(run).read_text(encoding="utf-8"))


def test_the_page_is_well_formed_and_asks_nobody_for_anything(page: Page) -> None:
    assert page.open == []
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "audio", "video", "a"}
    for tag, attrs in page.elements:
        assert not {name for name in attrs if name.startswith("on") or name in ("src", "href", "style", "srcset", "action")}, (tag, attrs)


def test_the_policy_lets_through_only_this_style_sheet(tmp_path: Path) -> None:
    html = render(write_run(tmp_path / "r"))
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in html
    assert "http" not in style[1]
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_everything_has_a_name_for_those_who_do_not_see_it(page: Page) -> None:
    figures = [attrs for attrs in page.tags("svg") if attrs.get("role") == "img"]
    assert figures
    titles = {attrs["id"] for attrs in page.tags("title") if "id" in attrs}
    assert {attrs["aria-labelledby"] for attrs in figures} == titles
    assert len(titles) == len(figures)
    assert all(attrs.get("aria-hidden") == "true" for attrs in page.tags("svg") if attrs.get("role") != "img")
    assert len(page.tags("caption")) == len(page.tags("table"))
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert page.tags("html") == [{"lang": "en"}]
    assert len(page.tags("h1")) == 1
    for attrs in page.tags("section"):
        assert attrs["aria-labelledby"] in ids


def test_the_sections_stand_in_this_order(tmp_path: Path) -> None:
    html = render(write_run(tmp_path / "a")) + render(write_run(tmp_path / "b", "text"))
    order = re.findall(r'<h2 id="(\w+)"', html)
    assert order == [
        *("comparison", "training", "data", "worst", "classes", "choices", "memory", "recipe", "versions"),
        *("comparison", "training", "data", "generations", "worst", "choices", "memory", "recipe", "versions"),
    ]


def test_the_head_says_the_verdict_and_sets_tuned_beside_base(tmp_path: Path) -> None:
    made = comparison()
    text = Page(render(write_run(tmp_path / "r"))).text
    assert made.verdict.startswith("Tuning wins: accuracy")
    assert "Tuning wins" in text
    for entry in (made.tuned, made.entry("base 8-shot")):
        interval = entry.metrics["accuracy"]
        assert f"{interval.mean:.3f}" in text
        assert f"{interval.low:.3f} to {interval.high:.3f}" in text
    change = next(d.interval for d in made.differences if (d.name, d.metric) == ("base 8-shot", "accuracy"))
    assert f"+{change.mean:.3f}" in text


def test_a_tuning_that_does_not_win_is_not_dressed_up(tmp_path: Path) -> None:
    text = Page(render(write_run(tmp_path / "r", comparison=comparison(tuned_right=0.5)))).text
    assert "Tuning does not win" in text
    assert "Tuning wins" not in text
    assert "tuned is worse" in text


def test_every_entry_row_notice_and_choice_is_there(tmp_path: Path) -> None:
    text = Page(render(write_run(tmp_path / "r"))).text
    for entry in comparison().entries:
        assert entry.name in text
        assert entry.note in text
    for notice in data_report().notices:
        assert notice.what in text
        assert notice.key in text
    for words in (
        "41, 77, 130, 219, 388, 401, 777",
        "and 3 more",
        "500, 502",
        "528",
        "learning_rate = 0.001",
        "usual for lora at this size",
    ):
        assert words in text
    for words in ("1.47 GiB", "best checkpoint: step 132", "M001 out of memory", "transformers", "max_length: 256", "8c1f" * 16):
        assert words in text, words
    assert text.count("D012") == 2  # the notice, and recipe.lock as text: not again among the choices


def test_learned_text_is_marked_and_only_that(tmp_path: Path) -> None:
    samples = (Sample(5, (("<s>ask\n", False), ("answer</s>", True)), 9),)
    html = render(write_run(tmp_path / "r", "text", report=data_report("text", samples)))
    assert '<div class="masked" dir="auto"><span>&lt;s&gt;ask\n</span><mark>answer&lt;/s&gt;</mark></div>' in html


def test_hostile_texts_are_shown_and_do_nothing(tmp_path: Path) -> None:
    samples = tuple(Sample(i, ((text, False), (text, True)), 9, text[:40]) for i, text in enumerate(HOSTILE[:3]))
    events = training_events("text", answers=HOSTILE)
    run = write_run(tmp_path / "r", "text", report=data_report("text", samples), events=[])
    run.eval_json.write_text(json.dumps(comparison("text", inputs=HOSTILE).to_json()))  # as \ud800: no encoding holds it
    run.update(model=HOSTILE[0], data=HOSTILE[4], error=HOSTILE[0])
    run.metrics_jsonl.write_text(
        "".join(json.dumps({"event": "evaluated", **vars(e)}, default=vars) + "\n" for e in events if hasattr(e, "samples"))
    )
    html = write_report(run).read_text(encoding="utf-8")
    page = Page(html)
    assert page.open == []
    assert not page.tags("script")
    assert not page.tags("img")
    assert HOSTILE[0] in page.text
    assert HOSTILE[1] in page.text
    assert "{{ 7*7 }}" in page.text
    assert "⟨U+202E⟩" in page.text
    assert "\u202e" not in html
    assert "\x00" not in html
    assert "\ud800" not in html
    assert all("dir" in attrs for tag, attrs in page.elements if attrs.get("class") in ("text", "clip", "masked") and tag != "div")


def test_labels_that_differ_in_space_alone_are_told_apart(tmp_path: Path) -> None:
    document = comparison().to_json()
    document["per_class"] = [{"label": label, "precision": 1.0, "recall": 1.0, "f1": 1.0, "n": 3} for label in ("sales", " sales", "")]
    run = write_run(tmp_path / "r")
    run.eval_json.write_text(json.dumps(document))
    text = Page(render(run)).text
    assert '" sales"' in text
    assert '""' in text


def test_negative_numbers_have_a_true_minus_in_the_verdict(tmp_path: Path) -> None:
    made = comparison(tuned_right=0.5)
    assert "tuned minus it -0" in made.verdict
    text = Page(render(write_run(tmp_path / "r", comparison=made))).text
    assert "tuned minus it −0" in text
    assert "8-shot" in text


def test_long_texts_are_clipped_with_all_of_them_a_click_away(tmp_path: Path) -> None:
    long = "<b>" + "x" * 10_000
    rows = tuple(f"{i}{long}" for i in range(3))
    document = comparison("text").to_json()
    document["worst"] = [{"number": i, "input": text, "wanted": "w", "got": text, "score": 0.0} for i, text in enumerate(rows)]
    run = write_run(tmp_path / "r", "text")
    run.eval_json.write_text(json.dumps(document))
    page = Page(render(run))
    assert page.text.count("all 10,004 characters") == 6
    assert rows[0] in page.text
    assert page.text.count("0<b>" + "x" * 316 + " …") == 2


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("planned", "Not trained yet"),
        ("running", "Still running"),
        ("interrupted", "Interrupted"),
        ("failed", "The training failed"),
        ("finished", "Trained, not compared"),
    ],
)
def test_a_run_without_a_comparison_says_so(tmp_path: Path, state: str, title: str) -> None:
    run = write_run(tmp_path / "r", events=training_events(n_steps=20, validation=False)[:-1])
    run.eval_json.unlink()
    run.update(state=state, error="N001 diverged at step 12 (gradient norm inf)")
    page = Page(render(run))
    assert page.open == []
    assert title in page.text
    assert ("N001 diverged" in page.text) == (state == "failed")
    assert "Where it is worst" not in page.text
    assert ("last weights were kept" in page.text) == (state == "finished")


def test_any_single_file_may_be_missing_or_broken(tmp_path: Path) -> None:
    names = ("run.json", "plan.json", "recipe.lock", "recipe.yaml", "data/report.json", "metrics.jsonl", "events.jsonl", "eval.json")
    run = write_run(tmp_path / "r")
    for name in names:
        file = run.path / name
        whole = file.read_bytes()
        for broken in (None, b"", b'{"entries": [{"na', b"\xff\xfe\x00"):
            if broken is None:
                file.unlink()
            elif name.endswith("jsonl") and broken.startswith(b"\xff"):
                continue
            else:
                file.write_bytes(broken)
            try:
                assert Page(render(run)).open == [], name
            except UnicodeDecodeError:
                assert broken == b"\xff\xfe\x00"  # Run.read_json does not take bytes that are no text
        file.write_bytes(whole)
    assert Page(render(Run(tmp_path))).open == []


def test_a_comparison_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    run = write_run(tmp_path / "r")
    run.eval_json.write_text('{"task": "classes", "entries": [{"name": "x"}]}')
    assert "cannot be read" in Page(render(run)).text


def test_numbers_that_are_none_are_said_and_leave_gaps(tmp_path: Path) -> None:
    events = training_events("lm", n_steps=30)
    run = write_run(tmp_path / "r", "lm", events=events)
    rows = run.metrics()
    rows[10]["loss"] = math.nan
    rows[11]["grad_norm"] = math.inf
    run.metrics_jsonl.write_text("".join(json.dumps(row) + "\n" for row in rows))
    html = render(run)
    assert "not a number" in html
    assert not re.search(r'(points|cx|x1|y1)="[^"]*(nan|inf)', html)


def test_a_long_run_makes_a_small_page(tmp_path: Path) -> None:
    run = write_run(tmp_path / "r")
    record(run, training_events(n_steps=20_000, validation=False))
    html = render(run)
    assert len(html) < 300_000
    assert "One of every 334 of 20,000 steps" in html


def test_the_page_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = write_run(tmp_path / "r")
    run.report_html.write_text("old")
    monkeypatch.setattr("afina.compare.report.os.replace", lambda *_: (_ for _ in ()).throw(OSError("no")))
    with pytest.raises(OSError, match="no"):
        write_report(run)
    assert run.report_html.read_text() == "old"


def _luminance(colour: str) -> float:
    def linear(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_text_has_the_contrast_that_wcag_aa_asks_for_in_light_and_dark() -> None:
    style = (FOLDER / "style.css").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2])
    for colours in (light, dark):
        for text in ("ink", "soft", "tuned", "base", "alert", "learned-rule"):
            for ground in ("paper", "wash"):
                low, high = sorted((_luminance(colours[text]), _luminance(colours[ground])))
                assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)
        low, high = sorted((_luminance(colours["ink"]), _luminance(colours["learned"])))
        assert (high + 0.05) / (low + 0.05) >= 4.5
        low, high = sorted((_luminance(colours["other"]), _luminance(colours["paper"])))
        assert (high + 0.05) / (low + 0.05) >= 3


# --- figures ---


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0.31, 0.87), (1e-7, 3e-4), (-5.2, 12), (2, 2), (0, 0), (99_000, 1_250_000)])
def test_an_axis_holds_its_values_on_round_numbers(low: float, high: float) -> None:
    first, last, grid = axis(low, high, 4)
    assert first <= low <= high <= last
    assert 2 <= len(grid) <= 10
    assert len({tick_text(value, grid) for value in grid}) == len(grid)


def test_thinning_keeps_every_spike_and_both_ends() -> None:
    points = [Point(i, 1.0) for i in range(5000)]
    points[3777] = Point(3777, 99.0)
    points[12] = Point(12, -7.0)
    kept = thinned(points)
    assert len(kept) <= 700
    assert {points[3777], points[12], points[0], points[-1]} <= set(kept)
    assert [p.x for p in kept] == sorted(p.x for p in kept)


def test_smoothing_starts_without_bias_and_keeps_gaps() -> None:
    points = [Point(i, 2.0 if i != 3 else math.nan) for i in range(10)]
    smooth = smoothed(points)
    assert math.isnan(smooth[3].y)
    assert all(p.y == pytest.approx(2.0) for i, p in enumerate(smooth) if i != 3)


def test_figures_escape_their_words_and_survive_nothing_to_draw() -> None:
    figures = Figures()
    assert figures.lines("t", []) == ""
    assert figures.lines("t", [Curve("c", "raw", [Point(1, math.nan)])]) == ""
    assert figures.forest("t", [Bar("b", math.nan, 0, 1, "x")]) == ""
    drawn = figures.lines("<t>", [Curve("c", "raw", [Point(1, 2.0)])], Mark(1, 2.0, "<m>"))
    assert "<t>" not in drawn
    assert "&lt;m&gt;" in drawn
    bar = figures.forest("f", [Bar("<n>", 0.5, 0.4, 0.6, "<v>", "tuned")], reference=0.0)
    assert "&lt;n&gt;" in bar
    assert 'class="reference"' in bar
    assert 'width="100.00%"' in figures.share("s", 7.0)


def numbers_compared(n: int) -> Comparison:
    """Every prediction a tenth of the range above its truth."""
    wanted = [5.0 * i for i in range(n)]
    got = [value + n / 2 for value in wanted]
    fast = Resampling(100, 0)
    entries = [answered("mean", "mean", ("mae",), [5.0] * n, wanted, fast), answered("tuned", "tuned", ("mae",), got, wanted, fast)]
    return finish("numbers", "mae", entries, wanted, fast, [], n, numbers=list(range(n)), worst_by="absolute error")


@pytest.mark.parametrize(("n", "drawn", "says"), [(40, 40, ""), (1500, 500, "500 of 1,500 rows are drawn")])
def test_true_and_predicted_numbers_are_drawn_on_one_scale(n: int, drawn: int, says: str, tmp_path: Path) -> None:
    html = render(write_run(tmp_path / "r", comparison=numbers_compared(n)))
    assert Page(html).open == []
    figure = re.search(r'<svg class="plot scatter".*?</svg>', html, re.DOTALL)
    assert figure is not None and says in html
    height = int(re.search(r'height="(\d+)"', figure[0])[1])  # type: ignore[index]
    dots = [(float(x), float(y)) for x, y in re.findall(r'<circle class="dot tuned" cx="([\d.]+)%" cy="([\d.]+)"', figure[0])]
    assert len(dots) == drawn
    diagonal = re.search(r'<line class="reference" x1="0.00%" x2="100.00%" y1="([\d.]+)" y2="([\d.]+)"', figure[0])
    assert diagonal is not None
    bottom, top = float(diagonal[1]), float(diagonal[2])
    assert (bottom, top) == (height - 24, 6)
    above = [(bottom - (bottom - top) * x / 100) - y for x, y in dots]
    assert min(above) == pytest.approx(max(above), abs=0.2) and min(above) > 20


def test_no_points_are_drawn_where_answers_are_words(tmp_path: Path) -> None:
    assert "plot scatter" not in render(write_run(tmp_path / "r"))


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("loss", 0.00012345, "0.000123"),
        ("rmse", 3.2e-7, "3.2e−07"),
        ("rmse", 0.0, "0.000"),
        ("loss", 0.0005, "0.001"),
        ("accuracy", 0.0001, "0.000"),
    ],
)
def test_a_loss_or_an_error_that_is_not_0_is_not_shown_as_0(name: str, value: float, shown: str) -> None:
    assert metric_value(name, value) == shown

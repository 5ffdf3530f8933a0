"""The page: it says what it must, refers to nothing outside itself, and prints no word of the machine."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from sim.report.html import render_run
from sim.report.run_study import ALWAYS_BESIDE, RunStudy
from tests.unit import report_example

CAVEAT = "odds among posts like the documented ones, 2011–2018; not a rate for all posts, nor for platforms since"
STUDIES = {"full": report_example.full, "minimal": report_example.minimal, "real_graph": report_example.real_graph}
FETCHING = {"src", "href", "srcset", "poster", "data", "action", "formaction", "background", "xlink:href"}


class Reader(HTMLParser):
    """Collects the text that is shown, the tags, and every attribute that could fetch something."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.fetched: list[str] = []
        self.silent = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.silent = tag in ("style", "title")
        for name, value in attrs:
            if name in FETCHING:
                self.fetched.append(value or "")
            if name in ("alt", "aria-label"):
                self.words.append(value or "")

    def handle_endtag(self, tag):
        self.silent = False

    def handle_data(self, text):
        if not self.silent:
            self.words.append(text)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    found = {}
    for name, make in STUDIES.items():
        folder = tmp_path_factory.mktemp(name)
        render_run(folder, make())
        found[name] = (folder / "report.html").read_text(encoding="utf-8")
    return found


def rendered(tmp_path, study: RunStudy) -> Reader:
    render_run(tmp_path, study)
    return Reader((tmp_path / "report.html").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", STUDIES)
def test_every_report_holds_the_caveat_and_the_command(pages, name):
    text = Reader(pages[name]).text
    assert CAVEAT in text
    assert STUDIES[name]().command in text


@pytest.mark.parametrize("name", STUDIES)
def test_a_report_fetches_nothing(pages, name):
    read = Reader(pages[name])
    assert not read.tags & {"script", "link", "iframe", "object", "embed", "base", "video", "audio", "form"}
    assert all(address.startswith("data:image/") for address in read.fetched)
    style = pages[name].split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("name", STUDIES)
def test_no_word_of_the_machine_is_printed(pages, name):
    text = Reader(pages[name]).text
    assert not re.search(r"\bnan\b|\binf\b|\bNaT\b|<NA>", text, re.IGNORECASE)
    assert not re.search(r"\bNone\b|\bTrue\b|\bFalse\b|\bdtype\b|np\.float|Timestamp\(|\{\{|\{%", text)


@pytest.mark.parametrize("name", STUDIES)
def test_not_posting_listening_and_answering_stand_beside_every_tactic(pages, name):
    text = Reader(pages[name]).text
    assert "Do not post" in text
    assert re.search(r"Listen (first|for)", text)
    assert re.search(r"Post, and (answer|own)", text)


def test_options_left_out_of_the_study_are_named_all_the_same(tmp_path):
    study = report_example.full()
    tactics = study.options[~study.options["option"].isin(ALWAYS_BESIDE)]
    text = rendered(tmp_path, replace(study, options=tactics)).text
    assert "Do not post" in text
    assert "Listen first, post later" in text
    assert "not simulated in this study" in text


def test_the_headline_states_the_finding_with_interval_and_range(pages):
    heading = re.search(r"<h1>(.*?)</h1>", pages["full"], re.DOTALL)
    assert heading is not None
    words = re.sub(r"<[^>]+>", "", heading[1]).replace("\N{NO-BREAK SPACE}", " ")
    assert words == (
        "#myNYPD with the policy acknowledge: hijacked in 186 of 200 runs (93 %; 88–96 %); "
        "with what we do not know: 60–98 %"
    )


def test_what_a_user_wrote_is_escaped(tmp_path):
    hostile = '<script>alert("x")</script>'
    study = report_example.full(title=hostile, tag=hostile, sender=hostile, summary=hostile)
    study = replace(
        study,
        command=f"backfire run study={hostile}",
        study=hostile,
        manifest={"network.path": hostile},
        options=study.options.assign(title=hostile, note=hostile),
    )
    read = rendered(tmp_path, study)
    assert "script" not in read.tags
    assert read.text.count(hostile) >= 6


def test_without_a_message_every_figure_says_why_it_is_missing(pages):
    read = Reader(pages["minimal"])
    assert read.fetched == []
    assert "no run had a message" in read.text
    assert "– (no takeover in any run)" in read.text


def test_a_small_audience_shows_shapes_not_odds(tmp_path):
    read = rendered(tmp_path, replace(report_example.minimal(), shapes_only=True))
    assert "Shapes, not odds" in read.text


def test_the_warning_of_size_stands_in_the_box_only_when_the_odds_differ(tmp_path, pages):
    assert "Depends on sample size" not in pages["full"]
    study = report_example.full()
    quarter = {
        "n": 250_000,
        "verdict": {"hijacked": 0.62},
        "verdict_interval": {"hijacked": [0.55, 0.69]},
    }
    summary = dict(study.summary) | {"at_quarter_size": quarter, "depends_on_sample_size": True}
    render_run(tmp_path, replace(study, summary=summary))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    box = page.split('class="box"')[1].split("</section>")[0].replace("\N{NO-BREAK SPACE}", " ")
    assert "Depends on sample size" in box
    assert "Read the odds as a range: 55–96 %" in box


def test_volumes_are_scaled_by_the_people_that_a_row_stands_for(tmp_path):
    study = report_example.full()
    people = study.configuration.people.model_copy(update={"represents": 8.4})
    scaled = replace(study, configuration=study.configuration.model_copy(update={"people": people}))
    text = rendered(tmp_path, scaled).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "347,000 (326,000–368,000)" in text  # 41,300 rows times 8.4
    assert "one row stands for 8.4 people" in text


def test_every_assumption_is_listed_with_its_source_and_opens_in_print(pages):
    study = report_example.full()
    text = Reader(pages["full"]).text
    assert study.assumptions
    assert all(line.name in text and line.source in text for line in study.assumptions)
    style = pages["full"].split("<style>")[1].split("</style>")[0]
    folded = [line for line in style.splitlines() if ".folded" in line]
    assert folded
    assert all(line.startswith("@media screen") for line in folded)


def test_documented_numbers_stand_beside_the_runs_with_their_sources(tmp_path):
    observed = {
        "tweets": {"value": 100_000, "unit": "messages", "source": "A paper 2015", "url": "https://example.org"}
    }
    text = rendered(tmp_path, report_example.full(observed=observed)).text
    assert "100,000 messages" in text.replace("  ", " ")
    assert "A paper 2015" in text


def test_a_fizzle_is_told_with_its_frame_and_the_odds_of_a_hijack(tmp_path):
    study = report_example.full()
    odds = {"hijacked": 0.02, "viral_positive": 0.1, "contested": 0.0, "fizzled": 0.88}
    summary = dict(study.summary) | {"verdict": odds, "fizzled_frame": "campaign"}
    text = rendered(tmp_path, replace(study, summary=summary)).text
    assert "fizzled, mostly campaign, in 176 of 200 runs" in text
    assert "hijacked in 4 of 200 runs" in text


def test_the_same_study_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        render_run(tmp_path / name, report_example.full())
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len(files) == 11
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


def test_a_second_rendering_leaves_no_figure_of_the_first(tmp_path):
    render_run(tmp_path, report_example.full())
    assert (tmp_path / "figures" / "cascade.png").exists()
    render_run(tmp_path, report_example.real_graph())
    assert not (tmp_path / "figures" / "cascade.png").exists()
    assert not list(tmp_path.rglob("*.part"))

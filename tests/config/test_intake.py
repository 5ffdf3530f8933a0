"""``backfire intake`` as it is used: three ways to answer, what is written, what is refused, what is never read."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import yaml

from sim.catalogue.compose import compose
from sim.cli.main import main
from sim.config.root import Configuration
from sim.errors import StudyError
from sim.study.intake import reading, reference
from sim.study.run.inputs import uncertain_inputs
from tests.intake_table import made_up_campaigns, made_up_universal

EXAMPLE = Path(__file__).parents[2] / "experiments" / "intake"
SECRET = "Xanthippe says the trams are late"


@pytest.fixture(scope="module")
def table():
    """The made-up reference table."""
    return made_up_universal(), made_up_campaigns(1500)


@pytest.fixture(autouse=True)
def _shipped(table, tmp_path, monkeypatch):
    monkeypatch.setattr(reference, "shipped", lambda: table)
    monkeypatch.setattr(reading, "DRAWS", 1024)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def no_page(monkeypatch):
    """Spare the figures, which take half of an intake's time, where nobody looks at them."""
    monkeypatch.setattr("sim.report.intake_page.render_intake", lambda folder, summary, name: None)


def test_the_questions_are_printed_with_their_answers(capsys):
    assert main(["intake", "--questions"]) == 0
    told = capsys.readouterr().out
    assert "12. sending: Does one account post it or many" in told and "any_topic" in told
    assert list(Path.cwd().iterdir()) == []


def test_an_intake_writes_a_case_that_runs_as_any_other_and_says_where_each_number_comes_from(tmp_path, capsys):
    words = [f"answers={EXAMPLE / 'answers.yaml'}", "answer.openness=any_topic", "study=mine",
             f"people.history={EXAMPLE / 'posts.csv'}"]  # fmt: skip
    assert main(["intake", *words]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[-1] == "results/mine" and "What would tell most" in told.out
    folder = tmp_path / "results" / "mine"
    assert {"case.yaml", "summary.json", "report.html", "figures"} == {each.name for each in folder.iterdir()}
    config, _ = compose([f"case={folder / 'case.yaml'}", "people.n_followers=1000"])
    case = yaml.safe_load((folder / "case.yaml").read_text())
    assert config.case.id == "mine" and config.case.standing == "own" and config.post.ask == "open_question"
    spans = {each.name: (each.low, each.high) for each in uncertain_inputs(config)}
    for name, span in case["case"]["ranges"].items():
        section, leaf = name.split(".")
        assert case[section][leaf] == pytest.approx(sum(span) / 2, abs=1e-3)
        assert spans[name] == pytest.approx(tuple(span))
    sources = case["case"]["sources"]
    assert sources["post.openness"].startswith("answered: your answer to question 7: any_topic")
    assert "don't know" in sources["people.support_mean"]
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["posts"]["posts"] >= 10 and summary["narrowed"]
    assert {"first_replies", "people.support_mean"} <= {each["name"] for each in summary["inputs"]}
    for name in summary["narrowed"]:
        assert "posts of your own" in sources[name]
    page = (folder / "report.html").read_text()
    assert "What should you find out first?" in page and "do not post" in page
    assert {each.stem for each in (folder / "figures").iterdir()} == {"odds", "learned", "tell"}


def test_nothing_is_overwritten_unless_told(tmp_path, capsys, no_page):
    assert main(["intake", "answer.ask=statement"]) == 0
    before = (tmp_path / "results/intake/case.yaml").read_text()
    assert main(["intake", "answer.ask=q_and_a"]) == 2
    assert "fresh=true" in capsys.readouterr().err
    assert (tmp_path / "results/intake/case.yaml").read_text() == before
    for command in ("report", "replay"):
        assert main([command, "results/intake"]) == 2
        assert "holds what backfire intake made of your answers, no study" in capsys.readouterr().err
    assert main(["intake", "answer.ask=q_and_a", "fresh=true"]) == 0
    assert (tmp_path / "results/intake.old-1/case.yaml").read_text() == before


def test_texts_and_names_beside_the_counts_are_passed_over_and_never_written(tmp_path, capsys):
    lines = [f"statement,9,{4000 + 7 * k},12,8,{k % 4},{SECRET},Xanthippe" for k in range(12)]
    head = "ask,hour,impressions,shares,replies,critical_replies,text,author"
    (tmp_path / "posts.csv").write_text("\n".join([head, *lines]))
    assert main(["intake", "answer.ask=statement", "people.history=posts.csv"]) == 0
    said = capsys.readouterr()
    assert "2 further columns: passed over" in said.err
    assert "Xanthippe" not in said.out + said.err
    for path in (tmp_path / "results").rglob("*"):
        assert path.is_dir() or b"Xanthippe" not in path.read_bytes(), path


def test_questions_are_asked_one_by_one_and_a_wrong_answer_is_asked_again(monkeypatch, capsys, no_page):
    typed = ["12000 of 80000", "b", "", "poll 23", "very much", "as_many", "B", "any_topic", "", "c", "c", "14", "a"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(typed) + "\n"))
    assert main(["intake", "study=asked"]) == 0
    told = capsys.readouterr().out
    assert "answer.trust must be one of" in told
    case = yaml.safe_load(Path("results/asked/case.yaml").read_text())
    again = json.loads(Path("results/asked/summary.json").read_text())["command"]
    assert "'answer.followers=12000 of 80000' answer.age=mixed" in again
    assert case["people"]["n_followers"] == 80000 and case["post"] | {"ask": "photo_call", "hour": 14.0} == case["post"]


class Interrupted(io.StringIO):
    """A terminal at which somebody gives up after two answers."""

    left = 2

    def readline(self, size: int = -1, /) -> str:
        """Return an answer, or what Ctrl-C raises."""
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return "a\n"


@pytest.mark.parametrize(("stdin", "code"), [(Interrupted(), 130), (io.StringIO("a\nb\n"), 2), (io.StringIO(), 2)])
def test_questions_that_are_not_answered_to_the_end_leave_nothing_behind(monkeypatch, capsys, stdin, code):
    monkeypatch.setattr("sys.stdin", stdin)
    assert main(["intake"]) == code
    assert "nothing was written" in capsys.readouterr().err and list(Path.cwd().iterdir()) == []


def test_without_a_reference_table_nobody_is_asked_twelve_questions_in_vain(monkeypatch, capsys):
    def missing():
        raise StudyError("There is no reference table.")

    monkeypatch.setattr(reference, "shipped", missing)
    monkeypatch.setattr("sys.stdin", io.StringIO("a\n" * 12))
    assert main(["intake"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "no reference table" in said.err and list(Path.cwd().iterdir()) == []


MISTAKES = [
    (["answer.opennes=any"], "answer must be one of age, ask"),
    (["answer.openness=wide"], "answer.openness must be one of any_topic"),
    (["answer.ask=statement", "answer.6=q_and_a"], "answer.ask is given twice"),
    (["openness=any_topic"], "a word of backfire intake must be one of"),
    (["intake"], "is not of the form name=value"),
    (["answers=none.yaml"], "answers must name a file that can be read"),
    (["answer.ask=statement", "people.history=none.csv"], "people.history must name a file that can be read"),
    (["answer.ask=statement", "study=a/b"], "study must be a plain folder name"),
    (["answer.ask=statement", "study=my_nypd"], "study must be a name that no documented case has"),
    (["answer.ask=statement", "seed=x"], "seed must be a whole number"),
    (["answer.ask=statement", "fresh=perhaps"], "fresh must be true or false"),
    (["answer.followers=900 of 80"], "900 followers are more than the 80 people"),
]


@pytest.mark.parametrize(("words", "sentence"), MISTAKES, ids=[" ".join(words) for words, _ in MISTAKES])
def test_a_mistake_is_one_clear_sentence_and_nothing_is_made(words, sentence, capsys):
    assert main(["intake", *words]) == 2
    said = capsys.readouterr()
    assert sentence in said.err and said.out == "" and "Traceback" not in said.err
    assert list(Path.cwd().iterdir()) == []


def test_inputs_without_an_answer_are_those_of_a_post_of_which_nothing_is_known(no_page):
    assert main(["intake", "answer.hour=?", "study=blank"]) == 0
    case = yaml.safe_load(Path("results/blank/case.yaml").read_text())
    assert all(source.startswith("assumed: ") for source in case["case"]["sources"].values())
    assert case["people"]["n_followers"] == Configuration().people.n_followers

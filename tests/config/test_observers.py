"""Nobody who looks on changes what happens: the log, progress, the report, collectors, agents that are read."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from mesa.datacollection import DataCollector

import sim
from sim import CampaignModel
from sim.cli.main import main
from sim.cli.progress import Told
from sim.config.root import Configuration, changed
from sim.outcome.log import content_hash, event_log
from sim.study.store.folder import read_json
from sim.study.store.one_run import file_hashes

WORDS = ["case=my_nypd", "people.n_followers=700", "reaction.b_write=-4.0", "reaction.b_share=-4.0", "horizon_hours=6",
         "replicates=4", "uncertainty=none"]  # fmt: skip


class Terminal(io.StringIO):
    """A stream that takes a bar."""

    def isatty(self) -> bool:
        return True


def busy() -> Configuration:
    changes: dict[str, Any] = {"people.n_followers": 500, "horizon_hours": 3.0, "reaction.b_write": -2.0,
                               "reaction.b_share": -2.0}  # fmt: skip
    return changed(Configuration(), changes)


def test_keeping_the_log_and_writing_the_report_leave_all_other_content_as_it_is(tmp_path: Path) -> None:
    for study, more in {"summary": [], "log": ["record=log"]}.items():
        assert main(["run", *WORDS, *more, f"results={tmp_path}", f"study={study}"]) == 0
    plain, logged = (read_json(tmp_path / study / "manifest.json")["content"] for study in ("summary", "log"))
    assert logged.pop("log") and logged == plain
    before = file_hashes(tmp_path / "log")
    assert main(["report", str(tmp_path / "log")]) == 0
    assert file_hashes(tmp_path / "log") == before == read_json(tmp_path / "log" / "manifest.json")["files"]


def test_progress_changes_nothing() -> None:
    with Told(Terminal()) as bar, Told(io.StringIO()) as lines:
        found = [sim.simulate(busy(), replicates=6, uncertainty="prior", progress=told) for told in (None, bar, lines)]
    for summary in found:
        summary.pop("seconds")
    assert found[0] == found[1] == found[2]


def test_agents_collectors_and_mesas_own_generator_change_nothing() -> None:
    bare = CampaignModel(busy(), rng=7, record="log")
    bare.run_model()
    watched = CampaignModel(busy(), rng=7, record="log")
    collector = DataCollector(model_reporters={"messages": lambda model: len(model.messages)})
    for minute in range(0, 180, 20):
        watched.run_until(minute)
        collector.collect(watched)
        watched.agents.shuffle(inplace=True).do(lambda follower: follower.odds("both"))
        watched.agents.select(lambda follower: follower.cohort == "18-24").agg("grievance", max)
        watched.random.random()
        watched.rng.random()
        watched.measures()
    watched.run_model()
    assert collector.get_model_vars_dataframe()["messages"].iloc[-1] > 0
    assert content_hash(event_log(watched.record())) == content_hash(event_log(bare.record()))

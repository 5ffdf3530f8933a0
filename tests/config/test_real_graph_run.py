"""The main command runs on a real follower graph, and lets nothing of its accounts out."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sim.cli.main import main
from sim.study import load

BRANDS = Path(
    os.environ.get("BACKFIRE_BRAND_FOLLOWERS")
    or Path(__file__).resolve().parents[2].parent / "shared" / "data" / "brand_followers"
)
GRAPH = BRANDS / "bofa_careers.tsv.gz"


@pytest.mark.skipif(not GRAPH.exists(), reason="the real follower graphs are not on this machine")
def test_the_main_command_runs_on_a_real_graph(tmp_path: Path) -> None:
    words = ["run", "case=my_nypd", "network=edge_list", f"network.path={GRAPH}", "replicates=4", "uncertainty=none"]
    assert main([*words, f"results={tmp_path}"]) == 0
    (folder,) = tmp_path.iterdir()
    summary = json.loads((folder / "summary.json").read_text())
    assert (summary["followers"], summary["edges"]) == (13_688, 68_328)
    assert summary["represents"] == 1.0
    assert summary["verdict"]["hijacked"] + summary["verdict"]["fizzled"] == 1.0
    assert "One cascade" not in (folder / "report.html").read_text() or not (folder / "figures/cascade.png").exists()
    assert not (folder / "cascade.parquet").exists()
    assert not (folder / "log.parquet").exists()


def test_a_study_on_a_real_graph_counts_its_accounts_and_not_the_rows_of_the_case(tmp_path: Path, capsys) -> None:
    graph = tmp_path / "follows.csv"
    graph.write_text("follower,followed\n" + "".join(f"{row},{row // 2}\n" for row in range(1, 300)))
    words = ["case=my_nypd", "network=edge_list", f"network.path={graph}", "horizon_hours=1", "replicates=2"]
    words += [f"results={tmp_path / 'results'}", "study=own"]
    assert main(["sweep", *words, "policy=silent,withdraw"]) == 0
    study = load(tmp_path / "results" / "own")
    assert study.summary["followers"] == 300 and not study.summary["shapes_only"]
    assert "300 followers" in (study.folder / "report.html").read_text()
    capsys.readouterr()
    for name, values in (("people.n_followers", "100,200"), ("network.reciprocity", "0.1,0.3")):
        assert main(["sweep", *words, f"{name}={values}", "fresh=true"]) == 2
        assert f"{name} cannot vary where the graph is read from a file" in capsys.readouterr().err
    alone = [word for word in words if not word.startswith("replicates=")]
    assert main(["boundary", *alone, "people.n_followers=interval(100,200)", "fresh=true"]) == 2
    assert "people.n_followers moves nothing under this configuration" in capsys.readouterr().err

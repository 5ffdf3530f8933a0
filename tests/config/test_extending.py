"""Rules of the user's own: hashed, replayed, carried out anywhere, never stale, and refused in a sentence."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from sim import load_case, simulate
from sim.catalogue.compose import compose
from sim.cli.choices import factors_of
from sim.cli.main import main
from sim.cli.sweep_keys import sweep_keys
from sim.config.root import changed, validated
from sim.engine.run import run_campaign
from sim.engine.world import build_world
from sim.errors import BackfireError, ConfigError
from sim.extensions import entries, files
from sim.study.design.points import point_key
from sim.study.run.inputs import uncertain_inputs
from sim.study.store.folder import read_json
from tests.own_rules import RULES

TINY = ["people.n_followers=1000", "horizon_hours=4", "extensions=[rules.py]"]
HEAD = "from sim.extend import *\n\n\n"
RULE = "@reaction_rule\ndef mine(draw{more}):\n    {body}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder that holds ``rules.py``."""
    monkeypatch.chdir(tmp_path)
    Path("rules.py").write_text(RULES, encoding="utf-8")
    return tmp_path


def rule(body: str = "return IGNORE", more: str = "") -> str:
    return HEAD + RULE.format(body=body, more=more)


# a file, words, and what their sentence must hold
MISTAKES = {
    "a slip of the pen": ("def mine(:\n", "reaction.rule=mine", r"bad.py, line 1: .*mend the file"),
    "an error while it is read": (HEAD + "x = 1 / 0\n", "seed=1", "line 4: ZeroDivisionError: .*mend the file"),
    "a file beside it": ("import rules\n", "seed=1", r"bad.py, line 1: .*an extension is one file.*rules.py"),
    "a library that is not there": ("import nowhere_at_all\n", "seed=1", r"bad.py, line 1: ModuleNotFoundError"),
    "what is not given": (rule(more=", greivance"), "reaction.rule=mine",
                          r"bad.py, line 4: mine takes an argument 'greivance'.*Did you mean 'grievance'\?"),
    "no plain arguments": (rule(more=", *rest"), "seed=1", r"bad.py, line 4: mine takes \*rest"),
    "a parameter that nobody takes": (
        rule().replace("rule\n", "rule(slope=parameter(1, '1', 'Slope'))\n"), "seed=1", "a parameter 'slope' that it"),
    "no parameter": (rule().replace("rule\n", "rule(slope=1)\n"), "seed=1", r"line 4: slope=1 is no parameter"),
    "a name of what is given": (
        rule(more=", acts").replace("rule\n", "rule(acts=parameter(1, '1', 'Acts'))\n"), "reaction.rule=mine",
        "'acts', which is the name of what it is given"),
    "what numba does not know": (rule("return open('x')"), "reaction.rule=mine", "mine cannot be compiled"),
    "a plain function": (HEAD + "def half(x):\n    return x / 2\n\n\n" + rule("return int(half(draw))")[len(HEAD):],
                         "reaction.rule=mine", r"bad.py, line \d+: .*cannot be compiled.*@compiled"),
    "no whole number": (rule("return draw"), "reaction.rule=mine", "mine must give an action.*it gives float64"),
    "nothing": (rule("if draw < 0.5:\n        return IGNORE"), "reaction.rule=mine", "gives nothing back on some way"),
    "luck of its own": (rule("return int(np.random.random())").replace("*\n", "*\nimport numpy as np\n"),
                        "reaction.rule=mine", r"mine draws luck of its own.*another\(draw, 1\)"),
    "a built-in name": (rule().replace("mine", "logit"), "seed=1", "'logit' is the name of a built-in reaction rule"),
    "a built-in outcome": (HEAD + "@outcome(unit='1')\ndef reach(record):\n    return 1\n", "seed=1",
                           "'reach' is the name of a built-in outcome"),
    "a name that is not there": (rule(), "reaction.rule=mind", "must be one of logit, .*mine; got 'mind'"),
    "a move that is not there": (HEAD + "@policy(moves=('sing',))\ndef loud(minute):\n    return 0\n", "seed=1",
                                 r"line 4: moves must be a list of moves \(silent, .*\('sing',\)"),
    "an outcome that is not there": (rule(), "outcomes=[late]", r"outcomes .*got 'late'"),
    "no such parameter": (rule(), "reaction.own.slope=1", "a name in reaction.own"),
}  # fmt: skip
assert MISTAKES


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_sentence_with_file_line_and_what_to_do(mistake, capsys):
    text, word, sentence = MISTAKES[mistake]
    Path("bad.py").write_text(text, encoding="utf-8")
    code = main(["run", "case=my_nypd", "people.n_followers=1000", "extensions=[bad.py]", word])
    told = capsys.readouterr()
    assert code == 2 and told.out == ""
    assert re.search(sentence, told.err), told.err
    assert len(told.err.splitlines()) == 1 and "Traceback" not in told.err
    assert not Path("results").exists()


def test_a_file_that_is_missing_is_told():
    with pytest.raises(ConfigError, match=r"extensions must name Python files .*'none.py': No such file"):
        compose(["extensions=[none.py]"])


def test_parameters_of_ones_own_are_checked_like_all_others():
    zealous = [*TINY, "reaction=zealous"]
    assert compose(zealous)[0].reaction.own == {"zeal": 0.6, "rest": 3.0}
    assert compose([*zealous, "reaction.own.zeal=0.1"])[0].reaction.own["zeal"] == 0.1
    for word, sentence in (("reaction.own.zeal=1.2", r"reaction\.own\.zeal must be at most 1; got 1\.2"),
                           ("reaction.own.zeal=loud", r"reaction\.own\.zeal must be a number"),
                           ("reaction.own.zea=0.1", r"got 'zea'.*Did you mean 'zeal'")):  # fmt: skip
        with pytest.raises(ConfigError, match=sentence):
            compose([*zealous, word])


def test_what_is_not_known_of_ones_own_is_varied_and_spans_are_found():
    configuration, _ = compose([*TINY, "reaction=zealous"])
    by_name = {item.name: item for item in uncertain_inputs(configuration)}
    assert (by_name["reaction.own.zeal"].low, by_name["reaction.own.zeal"].high) == (0.4, 0.8)
    assert "reaction.own.rest" not in by_name and "reaction.b_value" in by_name
    assert "reaction.b_social" not in by_name  # the rule does not ask for it
    (factor,), _ = factors_of([*TINY, "reaction=zealous", "vary=[reaction.own.zeal]"])
    assert factor.interval == (0.4, 0.8)


def test_a_parameter_of_ones_own_sweeps_beside_rules_that_do_not_have_it():
    words = [*TINY, "reaction=logit,zealous", "vary=[reaction.own.zeal]", "design=latin_hypercube", "design.points=4"]
    sweep, *_ = sweep_keys(words)
    assert len(sweep.points) == 4
    for point in sweep.points:
        zealous = {"zeal": point.values["reaction.own.zeal"], "rest": 3}
        assert point.configuration.reaction.own == ({} if point.values["reaction"] == "logit" else zealous)
    with pytest.raises(ConfigError, match=r"a name in reaction.own must be one of .*zeal.*got 'zea'"):
        sweep_keys([*TINY, "reaction=zealous", "reaction.own.zea=0.1,0.2"])


def test_an_edited_file_is_another_study_with_other_results():
    first, _ = compose([*TINY, "reaction=zealous"])
    world = build_world(first)
    one = run_campaign(world, replicate=0).messages
    Path("rules.py").write_text(RULES.replace("draw >= zeal", "draw >= zeal / 2"), encoding="utf-8")
    second, _ = compose([*TINY, "reaction=zealous"])
    other = run_campaign(world.with_config(second), replicate=0).messages
    assert 0 < len(other.minute) < len(one.minute)
    assert point_key(first, {}) != point_key(second, {})
    again = run_campaign(world.with_config(first), replicate=0).messages  # what was read first still runs
    assert np.array_equal(again.author, one.author)


def test_a_second_process_finds_a_compiled_rule_on_disk(monkeypatch):
    build_world(compose([*TINY, "reaction=zealous"])[0]).prepare()
    monkeypatch.setattr(entries, "_ENTRIES", {})  # as another process begins
    monkeypatch.setattr(files, "_LOADED", {})
    world = build_world(compose([*TINY, "reaction=zealous"])[0]).prepare()
    own = world.own.by_kind["reaction"][0]
    entry = next(entry for entry in reversed(entries._ALIVE) if own.sha256 in entry.py_func.__code__.co_filename
                 or own.sha256[:32] in entry.py_func.__code__.co_filename)  # fmt: skip
    assert sum(entry.stats.cache_hits.values()) == 1


def test_threads_and_processes_give_the_same_under_rules_of_ones_own():
    words = [*TINY[:2], f"extensions=[{Path('rules.py').absolute()}]", "reaction=zealous", "newsroom=desk",
             "policy=nervous", "outcomes=[last_message]"]  # fmt: skip
    configuration = load_case("my_nypd", words)
    by = {name: simulate(configuration, replicates=4, executor=name, workers=2) for name in ("threads", "processes")}
    for summary in by.values():
        summary.pop("seconds")
    assert by["threads"] == by["processes"]


def test_a_replay_says_which_file_has_changed_or_is_gone(capsys, monkeypatch):
    monkeypatch.setattr("sim.report.html.render_run", lambda *_: None)
    words = ["run", *TINY, "reaction=zealous", "outcomes=[last_message]", "replicates=3", "uncertainty=none", "study=s"]
    assert main(words) == 0
    manifest = read_json(Path("results/s/manifest.json"))
    assert list(manifest["configuration"]["extensions"]) == ["rules.py"]
    assert manifest["configuration"]["outcomes"] == {"last_message": "minutes"}
    shutil.move("rules.py", "kept.py")
    capsys.readouterr()
    for in_another_process in (False, True):
        if in_another_process:
            monkeypatch.setattr(files, "_LOADED", {})
        assert main(["replay", "results/s"]) == 2
        assert re.search(r"rules\.py.*No such file", capsys.readouterr().err)
    Path("rules.py").write_text(RULES + "\n# edited\n", encoding="utf-8")
    assert main(["replay", "results/s"]) == 2
    assert re.search(
        r"extensions: rules\.py has changed since \(sha256 \w{12} then, \w{12} now\)", capsys.readouterr().err
    )
    shutil.move("kept.py", "rules.py")
    assert main(["replay", "results/s"]) == 0


def test_a_run_whose_rule_takes_what_is_not_open_has_no_result(capsys):
    assert main(["run", *TINY, "reaction=reckless", "replicates=2", "uncertainty=none"]) == 2
    told = capsys.readouterr().err
    assert re.search(
        r"rules\.py, line \d+: reckless gave share_counter where that is not open; ask can_share_counter", told
    )
    assert not Path("results").exists()


def test_a_yaml_file_of_ones_own_is_a_group_like_any_other():
    Path("slow.yaml").write_text("rules:\n  - {move: acknowledge, at_minute: 120}\n", encoding="utf-8")
    policy = compose(["policy=slow.yaml"])[0].policy
    assert (policy.name, policy.rules[0].at_minute) == ("slow", 120)
    Path("slow.yaml").write_text("- 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"slow\.yaml: must be a group of values"):
        compose(["policy=slow.yaml"])


def test_a_rule_of_ones_own_answers_on_a_mesa_model_in_mid_run():
    from sim import CampaignModel

    model = CampaignModel(compose([*TINY, "reaction=zealous", "policy=nervous"])[0], rng=3)
    model.run_for(120)
    assert (model.record().fired >= 0).any()
    with pytest.raises(BackfireError, match="gives an action for a draw"):
        _ = next(iter(model.agents)).odds("counter")


def test_what_names_no_rule_of_ones_own_keeps_no_trace_of_it():
    plain = validated({})
    assert changed(plain, {"seed": 3}).reaction.own == {} and plain.extensions == {} and plain.outcomes == {}
    dumped = compose([*TINY, "reaction=zealous"])[0]
    back = changed(dumped, {"reaction.rule": "logit"})
    assert back.reaction.own == {}

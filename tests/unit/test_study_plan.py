from __future__ import annotations

import pytest

from sim.config.root import Configuration, changed
from sim.errors import ConfigError
from sim.study.run.options import options
from sim.study.run.plan import plan


def test_small_audiences_get_many_replicates_and_large_ones_fewer() -> None:
    assert plan(100_000, generated=True).replicates == 200
    large = plan(1_000_000, generated=True)
    assert (large.replicates, large.draws * large.draw_replicates) == (40, 40)
    assert (large.quarter_rows, large.quarter_replicates, large.option_replicates) == (250_000, 30, 6)
    city = plan(8_405_837, generated=True)
    assert (city.replicates, city.draws * city.draw_replicates, city.option_replicates) == (20, 24, 4)
    assert city.quarter_replicates == 20


def test_a_given_number_of_replicates_is_kept() -> None:
    asked = plan(1_000_000, generated=True, replicates=3)
    assert (asked.replicates, asked.quarter_replicates, asked.option_replicates) == (3, 3, 3)


def test_a_real_graph_has_no_quarter_and_one_graph() -> None:
    real = plan(13_688, generated=False)
    assert real.quarter_rows is None and real.quarter_replicates == 0 and real.draw_graphs == 1


def test_without_uncertainty_nothing_is_drawn() -> None:
    assert plan(1000, generated=True, uncertainty="none").draws == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"replicates": 0}, r"replicates must lie in \[1, 1000000\]; got 0"),
        ({"replicates": True}, "replicates must be a whole number; got True"),
        ({"replicates": 2.5}, "replicates must be a whole number"),
        ({"graphs": 0}, "graphs must lie in"),
        ({"replicates": 3, "graphs": 4}, "graphs must be at most the number of replicates"),
        ({"uncertainty": "lots"}, "uncertainty must be one of none, posterior, prior; got 'lots'"),
        ({"record": "all"}, "record must be one of log, summary; got 'all'"),
    ],
)
def test_study_keys_that_cannot_be_are_refused(words: dict[str, object], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        plan(1000, generated=True, **words)  # type: ignore[arg-type]


def test_a_real_graphs_log_and_redraw_are_refused() -> None:
    with pytest.raises(ConfigError, match="stays in memory"):
        plan(1000, generated=False, record="log")
    with pytest.raises(ConfigError, match="cannot be drawn again"):
        plan(1000, generated=False, graphs=2)


def test_every_option_is_a_legal_change_of_the_post() -> None:
    configuration = Configuration()
    found = options(configuration)
    assert [option.name for option in found] == ["do_not_post", "listen", "answer", "narrower_ask", "another_account"]
    for option in found:
        made = changed(configuration, option.changes)
        assert (made == configuration) == (option.name == "do_not_post")


def test_where_the_answer_is_planned_already_silence_stands_beside_it() -> None:
    acting = changed(Configuration(), {"policy.rules": [{"move": "acknowledge", "at_minute": 3}]})
    assert "silent" in [option.name for option in options(acting)]
    local = changed(Configuration(), {"agency.voices": "local", "agency.local_accounts": 5})
    assert options(local)[-1].changes == {"agency.voices": "central"}

"""What Python callers hand over is checked as what command lines say: one sentence, no attribute that is missing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import CampaignModel, compare, load_case, simulate
from sim.errors import ConfigError
from sim.study.run.plan import whole_number

MISTAKES: dict[str, tuple[Callable[..., Any], Any, str]] = {
    "simulate a name": (simulate, "my_nypd", "load_case.*got 'my_nypd'"),
    "model of a name": (CampaignModel, "my_nypd", "load_case.*got 'my_nypd'"),
    "model of nothing": (CampaignModel, None, "load_case.*got a NoneType"),
    "compare a list": (compare, [], "configurations by name"),
    "compare by number": (compare, {1: None, "b": None}, "configurations by name"),
    "compare names": (compare, {"a": "my_nypd", "b": "ask_jpm"}, "load_case.*got 'my_nypd'"),
    "load nothing": (load_case, None, "case must be an id"),
}


@pytest.mark.parametrize(("function", "given", "sentence"), MISTAKES.values(), ids=MISTAKES)
def test_something_else_than_a_configuration_is_refused_in_a_sentence(
    function: Callable[..., Any], given: Any, sentence: str
) -> None:
    with pytest.raises(ConfigError, match=sentence):
        function(given)


def test_a_case_of_ones_own_is_loaded_by_a_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read|can be read"):
        load_case(tmp_path / "none.yaml")


def test_whole_numbers_of_numpy_count_and_arrays_do_not() -> None:
    assert whole_number("replicates", np.int64(3), 1, 9) == 3
    for value in (True, np.bool_(True), 3.0, np.arange(2), "3"):
        with pytest.raises(ConfigError, match="replicates must be a whole number"):
            whole_number("replicates", value, 1, 9)

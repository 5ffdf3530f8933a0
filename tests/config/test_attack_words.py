"""Words that look harmless and are not: null bytes, line breaks, ``~``, pipes, names that are too long."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.catalogue.compose import compose
from sim.cli.choices import choices_of
from sim.cli.compare_keys import comparison_keys
from sim.cli.keys import check_place
from sim.config.network import NetworkConfig
from sim.config.paths import path_of
from sim.config.root import Configuration
from sim.errors import ConfigError, StudyError
from sim.study.store.folder import checked_name, checked_results, written
from sim.study.store.named_files import files_of


@pytest.mark.parametrize("word", ["network.path=a\0b", "results=a\0b", "study=\udcc3\udcbc", "case.title=\udcff"])
def test_words_that_are_no_text_are_refused(word: str) -> None:
    with pytest.raises(ConfigError, match="must be text in UTF-8"):
        compose([word])


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "a\x1b[31mb", "a\u2028b"])
def test_names_that_would_break_the_last_line_of_output_are_refused(name: str) -> None:
    with pytest.raises(StudyError, match=r"study must be .* without line breaks"):
        checked_name(name)
    with pytest.raises(StudyError, match=r"results must be .* without line breaks"):
        checked_results(name)


def test_home_is_written_with_a_tilde_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "graph.tsv").write_text("0 1\n")
    network = NetworkConfig(kind="edge_list", path="~/graph.tsv")
    assert list(files_of(Configuration(network=network))) == ["network.path"]
    assert checked_results("~/results") == tmp_path / "results"


@pytest.mark.parametrize("name", ["~x.tsv", "$HOME/x.tsv", "a ~/x", "~nobody/x"])
def test_other_names_with_a_tilde_are_taken_as_they_stand(name: str) -> None:
    assert path_of(name) == Path(name)


def test_a_file_called_tilde_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "~").mkdir()
    assert path_of("~") == Path("~")


def test_a_study_is_written_by_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # table writers take "~" and "http:" at the beginning of a path for a home folder and an address
    monkeypatch.chdir(tmp_path)
    with written(Path("http:/x/study")) as folder:
        assert folder.is_absolute()
    assert (tmp_path / "http:" / "x" / "study").is_dir()


def test_a_pipe_is_no_graph_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    network = NetworkConfig(kind="edge_list", path=str(pipe))
    with pytest.raises(ConfigError, match=r"network\.path must name a file, got .*, a pipe or device"):
        files_of(Configuration(network=network))


@pytest.mark.parametrize("place", [Path("x" * 256) / "s", Path("/".join(["x" * 100] * 50))])
def test_a_path_that_is_too_long_is_told(place: Path) -> None:
    with pytest.raises(StudyError, match="cannot be written: the name is too long"):
        check_place(place)


@pytest.mark.parametrize("said", ["prior", "bogus"])
def test_uncertainty_is_refused_where_it_would_be_ignored(said: str) -> None:
    words = ["policy=silent,withdraw", f"uncertainty={said}"]
    with pytest.raises(ConfigError, match=rf"uncertainty must be none \(.*got '{said}'"):
        comparison_keys(words)


def test_an_empty_list_of_choices_is_told_with_an_example() -> None:
    with pytest.raises(ConfigError, match=r"write policy=A,B\."):
        choices_of("policy=[]")


@pytest.mark.parametrize("word", ["case.sources=3", "case.observed=[1]"])
def test_a_group_of_values_is_asked_for_in_our_words(word: str) -> None:
    with pytest.raises(ConfigError, match="must be a group of values"):
        compose([word])

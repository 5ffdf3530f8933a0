from sim.catalogue.registry import load_case
from sim.config.root import changed
from sim.study.run.assumptions import CHOSEN, assumptions


def sources(configuration):
    return {line["name"]: line["source"] for line in assumptions(configuration)}


def test_a_case_speaks_for_the_values_that_it_gives():
    case = load_case("my_nypd")
    assert sources(case)["post.hour"] == case.case.sources["post.hour"]


def test_a_value_that_somebody_else_chose_does_not_carry_the_cases_source():
    for chosen in (
        load_case("my_nypd", ["people=small"]),
        changed(load_case("my_nypd"), {"people.n_followers": 5_000}),
    ):
        assert sources(chosen)["people.n_followers"] == CHOSEN
        assert sources(chosen)["post.hour"] == chosen.case.sources["post.hour"]

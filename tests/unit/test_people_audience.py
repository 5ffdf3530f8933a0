"""An audience table as people save it, and each mistake in one sentence with its place."""

import numpy as np
import pytest

from sim.errors import ConfigError
from sim.people.audience import read_audience

HEADER = "cohort,community,share,grievance,support,sessions_a_day"
GOOD = f"{HEADER}\n25-34,other,0.5,0.2,0.6,2\n18-24,other,0.3,0.3,0.5,3.5\n18-24,Altstadt,0.2,0.6,0.2,3\n"


def write(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "audience.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def test_a_table_is_read_by_cohort_then_community_with_other_first(tmp_path):
    table = read_audience(write(tmp_path, GOOD))
    assert table.communities == ("other", "Altstadt")
    assert table.cohort.tolist() == [1, 1, 2] and table.cohort.dtype == np.int8
    assert table.community.tolist() == [0, 1, 0]
    assert table.share.tolist() == [0.3, 0.2, 0.5]
    assert table.grievance.tolist() == [0.3, 0.6, 0.2]
    assert table.support.tolist() == [0.5, 0.2, 0.6]
    assert table.sessions_a_day.tolist() == [3.5, 3.0, 2.0]


def same(one, two):
    return one.communities == two.communities and all(
        np.array_equal(getattr(one, name), getattr(two, name))
        for name in ("cohort", "community", "share", "grievance", "support", "sessions_a_day")
    )


def test_the_order_of_lines_and_columns_makes_no_difference(tmp_path):
    lines = GOOD.splitlines()
    turned = "\n".join(",".join(reversed(line.split(","))) for line in [lines[0], *reversed(lines[1:])])
    assert same(read_audience(write(tmp_path, GOOD)), read_audience(write(tmp_path, turned)))


SPREADSHEETS = {
    "a mark of UTF-8": GOOD.encode("utf-8-sig"),
    "UTF-16 with tabs": GOOD.replace(",", "\t").encode("utf-16"),
    "Windows line ends": GOOD.replace("\n", "\r\n").encode(),
    "semicolons": GOOD.replace(",", ";").encode(),
    "semicolons and decimal commas": GOOD.replace(",", ";").replace(".", ",").encode(),
    "a separator hint": ("sep=;\r\n" + GOOD.replace(",", ";")).encode(),
    "quotes": GOOD.replace("Altstadt", '"Altstadt"').replace("0.2", '"0.2"').encode(),
    "long dashes": GOOD.replace("18-24", "18\u201324").encode(),
    "a long dash of Windows": GOOD.replace("18-24", "18\u201324").encode("cp1252"),
    "blank lines at the end": (GOOD + "\n,,,,,\n").encode(),
    "blank columns at the end": "\n".join(line + ",," for line in GOOD.splitlines()).encode(),
    "spaces and capitals in the header": GOOD.replace("sessions_a_day", " Sessions a day ").encode(),
}


@pytest.mark.parametrize("habit", SPREADSHEETS)
def test_what_spreadsheets_write_is_read_alike(tmp_path, habit):
    (tmp_path / "plain").mkdir()
    plain = read_audience(write(tmp_path / "plain", GOOD))
    assert same(read_audience(write(tmp_path, SPREADSHEETS[habit])), plain)


def test_names_beyond_ascii_survive_both_encodings(tmp_path):
    text = GOOD.replace("Altstadt", "Südstadt")
    assert read_audience(write(tmp_path, text)).communities[1] == "Südstadt"
    assert read_audience(write(tmp_path, text, "cp1252")).communities[1] == "Südstadt"


def test_shares_within_a_thousandth_of_one_are_made_to_sum_to_one(tmp_path):
    table = read_audience(write(tmp_path, GOOD.replace("0.5,0.2,0.6", "0.4995,0.2,0.6")))
    assert table.share.sum() == pytest.approx(1.0, abs=1e-15)
    assert table.share[2] == pytest.approx(0.4995 / 0.9995, rel=1e-12)


MISTAKES = {
    "no number": ("0.6,2\n", "x,2\n", "line 2, column support: must be a number from 0 to 1; got 'x'."),
    "too large": ("0.5,0.2,0.6", "0.5,1.7,0.6", "line 2, column grievance: must be a number from 0 to 1; got '1.7'."),
    "negative": ("0.5,0.2,0.6", "-0.5,0.2,0.6", "line 2, column share: must be a number from 0 to 1; got '-0.5'."),
    "not a number": ("0.6,2\n", "nan,2\n", "line 2, column support: must be a number from 0 to 1; got 'nan'."),
    "blank": ("0.6,2\n", "0.6,\n", "line 2, column sessions_a_day: must be a number from 0 to 200; got ''."),
    "underscore": ("3.5", "3_5", "line 3, column sessions_a_day: must be a number from 0 to 200; got '3_5'."),
    "unknown cohort": ("25-34", "25-35", "line 2, column cohort: must be one of 13-17, 18-24, 25-34, 35-49, 50-64, "
                       "65+; got '25-35'."),
    "no community": ("25-34,other", "25-34,", "line 2, column community: must be a name, other for all that need none; "
                     "got ''."),
    "twice": ("18-24,Altstadt", "18-24,other", "line 4: each cohort and community must come once; 18-24, other is on "
              "line 3 already."),
    "short line": ("0.6,2\n", "0.6\n", "line 2: a line must have 6 values; got 5."),
    "long line": ("0.6,2\n", "0.6,2,9\n", "line 2: a line must have 6 values; got 7."),
    "wrong sum": ("0.5,0.2,0.6", "0.4,0.2,0.6", "column share: shares must sum to 1; they sum to 0.9."),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_file_line_column_rule_and_value(tmp_path, mistake):
    old, new, words = MISTAKES[mistake]
    assert old in GOOD
    path = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(ConfigError) as refusal:
        read_audience(path)
    assert str(refusal.value) == f"people.table: {path}, {words}"


def test_shares_in_per_cent_are_recognised(tmp_path):
    text = f"{HEADER}\n25-34,other,1,0.2,0.6,2\n" + "".join(f"18-24,c{i},1,0.2,0.6,2\n" for i in range(99))
    with pytest.raises(ConfigError, match="they sum to 100. Are they per cent"):
        read_audience(write(tmp_path, text))


def test_more_than_sixteen_communities_are_refused(tmp_path):
    text = f"{HEADER}\n" + "".join(f"18-24,c{i},{1 / 17:.6f},0.2,0.6,2\n" for i in range(17))
    with pytest.raises(ConfigError, match=r"column community: at most 16 communities are possible; got 17\."):
        read_audience(write(tmp_path, text))


FILES = {
    "empty": (b"", "has no header"),
    "header alone": (HEADER.encode(), "must hold at least one group"),
    "another table": (b"id,name\n1,x\n", "must have the columns .* it lacks cohort, community"),
    "one column more": (GOOD.replace("a_day", "a_day,note").encode(), "and no others; .* has more"),
    "a workbook": (b"PK\x03\x04rest", "is a workbook: save its sheet as CSV"),
    "not text": (b"\x00\x01\x02" * 50, "must name a text file"),
    "torn UTF-16": (b"\xff\xfe\x00", "must name a text file"),
    "too large": (b"x" * (1 << 20) + b"x", "must name a table with a line a group"),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_no_such_table_is_refused_in_one_sentence(tmp_path, kind):
    content, words = FILES[kind]
    with pytest.raises(ConfigError, match=f"^people.table.*{words}"):
        read_audience(write(tmp_path, content))


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"^people.table must name a file that can be read; got '.*none.csv'"):
        read_audience(tmp_path / "none.csv")
    with pytest.raises(ConfigError, match="^people.table must name a file that can be read"):
        read_audience(tmp_path)

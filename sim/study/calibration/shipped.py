"""The reference table as it travels with Backfire: read by those who answer in seconds, written from a finished study.

``conf/posterior/table.parquet`` holds a row a draw, and of each campaign the outcomes that are read from it again
(nowcast, intake, fits, leave-one-out, coverage), right to 0.4 %, which is far less than luck moves them. What was drawn
is not in it: it follows from the seed and the draw's number, and is drawn again where it is read. What a reader must
know (version of the model, spreads, audiences) stands in the file's own metadata.
``python -m sim.study.calibration.shipped TABLE [FIT]`` writes it from a finished study's folder, and the posterior of
the same study or of another fit of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import StudyError
from sim.study.calibration.campaigns import ANSWERED, GENERIC
from sim.study.calibration.observed import columns_of
from sim.study.calibration.patterns import all_targets
from sim.study.calibration.prior import Spread, column_of, drawn_columns
from sim.study.calibration.version import check_version

if TYPE_CHECKING:
    import pandas as pd

TABLE_FILE = "table.parquet"
DRAW = "draw"
_FACTS = b"backfire"
_BITS = 7
"""Bits of a number's mantissa that are kept, so that it is right to 0.4 %."""
_COUNTS = ("campaign_by_", "counter_by_")
_ENDS = ("verdict", "messages", "participants", "hijack_share", "takeover_minutes")
_OF_ALL = (*_ENDS, "retweet_share", "messages_by_10h", "messages_by_21_5h", "messages_by_34h")
_GENERIC = (
    *_OF_ALL, "reach", "impressions", "direct_responses", "direct_counter_share", "trending_minute",
    "peak_messages_per_hour", "half_life_hours", "followers_lost",
)  # fmt: skip
_FITTED = (
    *_OF_ALL, "agency_messages", "trending_minute", "peak_messages_per_hour", "half_life_hours", "participants_by_720",
    "acts_once", "shared_once", "shared_within_5min", "shared_within_1h", "shared_within_6h", "shared_within_24h",
    "answered_within_5min", "answered_within_1h", "answered_within_6h", "answered_within_24h", "share_delay_median",
    "answer_delay_median", "tree_depth", "tree_virality", "tree_on_root", "shares_per_impression",
)  # fmt: skip


@dataclass(frozen=True)
class Table:
    """A reference table.

    Attributes
    ----------
    rows : DataFrame
        A row a draw: ``draw``, universal parameters by dotted name, ``<campaign>.<input>``, ``<campaign>.<outcome>``.
    facts : dict
        ``model_version``, ``seed``, ``graphs``, ``universal`` and, by campaign, ``standing``, ``rows``,
        ``case_rows``, ``represents``, ``inputs_of`` and ``inputs``.
    """

    rows: pd.DataFrame
    facts: dict[str, Any]

    @cached_property
    def universal(self) -> list[Spread]:
        """The universal parameters."""
        return [Spread(**each) for each in self.facts["universal"]]

    @property
    def campaigns(self) -> list[str]:
        """Names of the campaigns."""
        return list(self.facts["campaigns"])

    def inputs(self, campaign: str) -> list[Spread]:
        """Return what is drawn for a campaign, of all that it is run with."""
        source = self.facts["campaigns"][campaign]["inputs_of"]
        return [
            Spread(**each)
            for name in dict.fromkeys((source, campaign))
            for each in self.facts["campaigns"][name]["inputs"]
        ]

    def parameters(self) -> np.ndarray:
        """Return the values of the universal parameters: float64[draws, parameters]."""
        return self.rows[[each.name for each in self.universal]].to_numpy(np.float64)

    def column(self, campaign: str, name: str) -> np.ndarray:
        """Return an input or outcome of a campaign: float64[draws], nan where it is undefined; words as they are.

        Raises
        ------
        StudyError
            The table has no such column.
        """
        for own in (campaign, self.facts["campaigns"].get(campaign, {}).get("inputs_of", campaign)):
            if column_of(own, name) in self.rows:
                values = self.rows[column_of(own, name)]
                return values.to_numpy() if values.dtype.kind not in "fiu" else values.to_numpy(np.float64)
        raise StudyError(
            f"The reference table has no column {column_of(campaign, name)}; it has {self._known(campaign)}."
        )

    def _known(self, campaign: str) -> str:
        """Return what there is of a campaign, or which campaigns there are, in words."""
        if campaign not in self.campaigns:
            return f"campaigns {', '.join(self.campaigns)}"
        names = [name.removeprefix(f"{campaign}.") for name in self.rows if str(name).startswith(f"{campaign}.")]
        return ", ".join(map(str, names))


def place_of(name: str = TABLE_FILE) -> Path:
    """Return where a file of the posterior lies in the package."""
    return Path(str(files("sim.conf"))) / "posterior" / name


def shipped_table(
    columns: Sequence[str] | None = None, path: Path | None = None, campaigns: Sequence[str] | None = None
) -> Table:
    """Return the reference table that travels with Backfire.

    Parameters
    ----------
    columns : sequence of str, optional
        Which columns to read, all if left out; ``draw`` is always among them.
    path : Path, optional
        Another file, from :func:`write_table`.
    campaigns : sequence of str, optional
        Whose columns to read, beside the universal parameters; a quicker way to few of them.

    Raises
    ------
    StudyError
        There is none, it was made by another version of the model, or it has no such column.
    """
    from pyarrow import ArrowException, parquet

    place = place_of() if path is None else path
    if not place.is_file():
        raise StudyError(
            f"There is no reference table ({place.name}) in this version; first odds, nowcasts and frozen predictions "
            "need one, and backfire run does not. backfire calibrate makes one, in hours."
        )
    try:
        schema = parquet.read_schema(place)
        facts = json.loads((schema.metadata or {})[_FACTS])
        check_version("The reference table", facts["model_version"])
        drawn = _drawn_names(facts)
        if campaigns is not None:
            universal = [each["name"] for each in facts["universal"]]
            begin = tuple(f"{each}." for each in campaigns)
            columns = [*universal, *(name for name in (*drawn, *schema.names) if name.startswith(begin))]
        missing = [name for name in columns or () if name not in (*schema.names, *drawn)]
        if missing:
            raise StudyError(f"The reference table has no column {missing[0]}.")
        wanted = [DRAW, *(columns or [*drawn, *schema.names])]
        frame = parquet.read_table(place, columns=[name for name in schema.names if name in wanted]).to_pandas()
    except (KeyError, ValueError, ArrowException) as problem:
        raise StudyError(f"{place.name!r} is no reference table, or was damaged ({problem}).") from None
    return Table(_with_drawn(frame, facts, wanted), facts)


def _spreads(facts: Mapping[str, Any]) -> dict[str, list[Spread]]:
    """Return what is drawn, by campaign; the universal parameters stand first, under no campaign."""
    plain = {"": facts["universal"]} | {name: each["inputs"] for name, each in facts["campaigns"].items()}
    return {name: [Spread(**each) for each in several] for name, several in plain.items()}


def _drawn_names(facts: Mapping[str, Any]) -> list[str]:
    """Return the columns of what is drawn."""
    return [column_of(campaign, each.name) for campaign, several in _spreads(facts).items() for each in several]


def _with_drawn(frame: pd.DataFrame, facts: Mapping[str, Any], wanted: Collection[str]) -> pd.DataFrame:
    """Return a table with the columns of what was drawn before those of what came of it."""
    import pandas as pd

    needed = {
        campaign: [each for each in several if column_of(campaign, each.name) in wanted]
        for campaign, several in _spreads(facts).items()
    }
    drawn = drawn_columns(needed, frame[DRAW].tolist(), facts["seed"])
    narrow = pd.DataFrame({name: values.astype(np.float32) for name, values in drawn.items()}, index=frame.index)
    return pd.concat([frame[[DRAW]], narrow, frame.drop(columns=DRAW)], axis=1)


def travels(campaign: str, standing: str, name: str) -> bool:
    """Tell whether an outcome of a campaign is shipped.

    Parameters
    ----------
    standing : str
        Of its case (``fitted``, ``seen``, ``own``); what is fitted is held against more.
    """
    if campaign == GENERIC:
        return name in _GENERIC or name.startswith(_COUNTS)
    if campaign == ANSWERED:
        return name in _ENDS
    return name in (_FITTED if standing == "fitted" else _OF_ALL)


def kept_columns(frame: pd.DataFrame, facts: Mapping[str, Any]) -> list[str]:
    """Return the columns of a whole table that are shipped."""
    fitted = set(columns_of(all_targets(facts)))
    kept = [DRAW]
    for campaign, told in facts["campaigns"].items():
        begin = f"{campaign}."
        own = [name for name in map(str, frame.columns) if name.startswith(begin)]
        kept += [
            name for name in own if name in fitted or travels(campaign, told["standing"], name.removeprefix(begin))
        ]  # fmt: skip
    return kept


def rounded(values: np.ndarray) -> np.ndarray:
    """Return numbers with as many bits as are kept, float32: their last bits are noughts, which pack well."""
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    spare = np.uint32(23 - _BITS)
    half = np.uint32(1) << (spare - np.uint32(1))
    finite = np.isfinite(values)
    cut = ((bits + half) >> spare) << spare
    return np.where(finite, cut.view(np.float32), np.float32(np.nan))


def write_table(frame: pd.DataFrame, facts: Mapping[str, Any], path: Path) -> None:
    """Write a reference table as it travels.

    Parameters
    ----------
    frame : DataFrame
        From a study of kind ``calibrate``.
    facts : mapping
        From :meth:`sim.study.calibration.study.Plan.facts`.
    """
    import pyarrow as pa
    from pyarrow import parquet

    columns: dict[str, Any] = {}
    for name in kept_columns(frame, facts):
        values = frame[name]
        if values.dtype.kind == "f":
            columns[name] = rounded(values.to_numpy())
        elif values.dtype.kind in "iu":
            columns[name] = values.to_numpy(np.int32)
        else:
            columns[name] = pa.array(values.tolist(), pa.string(), from_pandas=True).dictionary_encode()
    table = pa.table(columns).replace_schema_metadata({_FACTS: json.dumps(facts)})
    numbers = [field.name for field in table.schema if pa.types.is_float32(field.type)]
    words = [field.name for field in table.schema if field.name not in numbers]
    parquet.write_table(
        table, path, compression="zstd", compression_level=19, use_dictionary=words, use_byte_stream_split=numbers,
        write_statistics=False, row_group_size=len(frame),
    )  # fmt: skip


def ship(folder: Path, place: Path | None = None) -> Path:
    """Write the table of a finished study to where it travels from, and return the file.

    Raises
    ------
    StudyError
        The folder holds no finished study of kind ``calibrate``, or one of another version of the model.
    """
    from sim.study.store.loading import load

    study = load(folder)
    if study.kind != "calibrate":
        raise StudyError(f"{str(folder)!r} holds a study of kind {study.kind!r}; ship one of backfire calibrate.")
    check_version("The reference table", study.summary.get("model_version"))
    facts = {name: study.summary[name] for name in ("model_version", "seed", "graphs", "universal", "campaigns")}
    path = place_of() if place is None else place
    path.parent.mkdir(parents=True, exist_ok=True)
    write_table(study.frames["table"], facts, path)
    return path


def _main(words: Sequence[str]) -> None:
    """Ship the table of one study, and the posterior of the same or of another fit of it."""
    from sim.study.calibration.shipping import write_posterior
    from sim.study.store.loading import load

    if len(words) not in (1, 2):
        sys.exit(__doc__)
    try:
        written = ship(Path(words[0]))
        print(f"{written}: {written.stat().st_size / 1e6:.2f} MB")
        for path in write_posterior(load(Path(words[-1])), written.parent):
            print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")
    except StudyError as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    _main(sys.argv[1:])

"""One play of a run, played again: the same row to the bit, a log that adds up to it, and what is refused."""

from __future__ import annotations

import io
import json
import math
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from market_helpers import creator as file_creator
from market_helpers import load as load_on_file
from market_helpers import scenario_values
from study_helpers import state_of, tiny
from test_drawn_campaigns import draw_campaign
from test_results import run_into

import simulator
from simulator.campaign.hiring import hire
from simulator.campaign.play import watch
from simulator.cli import main
from simulator.decide import replay as replaying
from simulator.decide.replay import Replay
from simulator.decide.trace import events_table
from simulator.errors import ExecutionError, ResultsError, ScenarioError
from simulator.market.build import build_market
from simulator.present.replay import replay_lines
from simulator.scenario.model import Scenario
from simulator.spread.tally import COUNTS
from simulator.study import finished
from simulator.study.chunks import MEASURES, REPLICATION_SCHEMA
from simulator.study.results import json_bytes

AUDIENCE = [("star", f"p{i}") for i in range(40)]
EDGES = AUDIENCE + [(f"p{i}", f"p{(3 * i + k) % 60}") for i in range(60) for k in (1, 2, 7)]


def on_file(folder: Path, edges: list[tuple[str, str]] | None = None) -> Scenario:
    """Write a scenario whose people come from a graph file."""
    values = scenario_values([file_creator("star")], {"star": ["star"], "again": ["star"]}, replications=3)
    return load_on_file(folder, values, edges)


def named(folder: Path) -> Scenario:
    """Write one whose strategies are no names of folders."""
    split = {"split": {"micro": 0.9}}
    return tiny(folder, strategies={"big / small": split, "Big, small": {"creators": ["anna"]}, "...": split})


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Runs of scenarios with every mechanism, of people from a file and of a plain one."""
    home = tmp_path_factory.mktemp("runs")
    found = {}
    scenarios = {
        "tiny": tiny(home / "tiny"),
        "named": named(home / "named"),
        "file": on_file(home / "file", EDGES),
        **{f"drawn {seed}": draw_campaign(random.Random(seed), home / f"drawn {seed}") for seed in (6, 30, 39)},
    }
    for name, scenario in scenarios.items():
        found[name] = home / "results" / name
        run_into(found[name], scenario.with_replications(min(scenario.replications, 6)))
    return found


def plays(runs: dict[str, Path]) -> Iterator[tuple[str, str, int]]:
    """Give some plays of each run."""
    for name, folder in runs.items():
        for place, strategy in enumerate(json.loads((folder / "summary.json").read_text())["strategies"]):
            yield name, strategy, place % 3


@pytest.fixture(scope="module")
def traced(runs: dict[str, Path]) -> dict[tuple[str, str, int], Replay]:
    """Some plays of each run, played again with a trace."""
    return {(name, *which): simulator.replay(runs[name], *which, trace=True) for name, *which in plays(runs)}


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """Give the stored rows of a run."""
    rows: list[dict[str, Any]] = finished.read_finished(folder).tables["replications"].to_pylist()
    return rows


def test_every_play_comes_out_as_it_did(runs: dict[str, Path], traced: dict[tuple[str, str, int], Replay]) -> None:
    """Every column of its row, traced or not."""
    happened = set()
    for (name, strategy, number), with_trace in traced.items():
        stored = next(r for r in rows_of(runs[name]) if (r["strategy"], r["replication"]) == (strategy, number))
        plain = simulator.replay(runs[name], strategy, number)
        assert stored == plain.summary["outcome"] == with_trace.summary["outcome"]
        assert {**with_trace.summary, "trace": None} == plain.summary
        assert plain.events is None is plain.cascades
        assert [getattr(with_trace.outcome, m) for m in MEASURES] == [stored[m] for m in MEASURES]
        happened |= {line["what"] for line in plain.summary["happenings"]}
    assert {"published", "approved", "scandal", "discovery", "paid", "sold_out"} <= happened


def test_a_log_adds_up_to_its_row(traced: dict[tuple[str, str, int], Replay]) -> None:
    """Every count, the people reached, orders, posts and cascades."""
    for its in traced.values():
        assert its.events is not None and its.cascades is not None and its.posts is not None
        events, row = its.events.to_pylist(), its.summary["outcome"]
        for count in COUNTS:
            assert sum(event[count] for event in events) == row[count] == sum(its.posts[count].to_pylist())
        seen = [event for event in events if event["event"] == "impression"]
        assert len(seen) == row["impressions"] == its.summary["trace"]["impressions"]
        assert len({event["viewer"] for event in seen}) == row["reach"]
        assert sum(event["times_seen"] == 2 for event in seen) == row["reach_2_plus"]
        ways = {"friend": "friend_impressions", "platform": "discovery_impressions", "paid media": "paid_impressions"}
        for way, count in ways.items():
            assert sum(event["shown_by"] == way for event in seen) == row[count]
        assert all((event["shower"] is not None) == (event["shown_by"] == "friend") for event in events)
        assert all((event["copy"] is not None) == (event["shown_by"] in ("platform", "paid media")) for event in events)
        assert sum((event["order_number"] or 0) > 1 for event in events if event["orders"]) == row["repeat_orders"]
        assert its.cascades.num_rows == row["shares"] == sum(its.posts["nodes"].to_pylist()) - its.posts.num_rows
        for post in its.posts.to_pylist():
            its_post = (post["creator"], post["post"])
            assert post["reach"] == len({its["viewer"] for its in seen if (its["creator"], its["post"]) == its_post})


def test_an_order_comes_after_an_impression(traced: dict[tuple[str, str, int], Replay]) -> None:
    """Whoever orders has seen the post before, or just then."""
    later = 0
    for its in traced.values():
        assert its.events is not None
        seen = set()
        for event in its.events.to_pylist():
            who = (event["viewer"], event["creator"], event["post"])
            seen |= {who} if event["impressions"] else set()
            later += event["event"] != "impression"
            assert who in seen
    assert later > 20


def test_both_clocks_give_the_same_tables(tmp_path: Path) -> None:
    """Whole campaigns, as `replay` plays them and as plain SimPy does."""
    for seed in (30, 39):
        scenario = draw_campaign(random.Random(seed), tmp_path)
        plan = hire(scenario, 0, "all")
        market = build_market(scenario, 0, plan.profiles)
        fast, slow = (watch(scenario, market, plan, 0, engine, trace=True) for engine in ("compiled", "reference"))
        assert events_table(fast).equals(events_table(slow))
        assert fast.posts == slow.posts


def test_people_of_a_file_have_their_ids(runs: dict[str, Path]) -> None:
    """Beside their numbers, which are their place among all ids; who shows and who is a parent, too."""
    its = simulator.replay(runs["file"], "star", 0, trace=True)
    assert its.events is not None and its.cascades is not None
    ids = sorted({end for edge in EDGES for end in edge} - {"star"})
    friends = [event for event in its.events.to_pylist() if event["shown_by"] == "friend"]
    assert friends
    follows = set(EDGES)
    for event in friends:
        assert (ids[event["shower"]], ids[event["viewer"]]) == (event["shower_id"], event["viewer_id"])
        assert (event["shower_id"], event["viewer_id"]) in follows
    for share in its.cascades.to_pylist():
        assert ids[share["person"]] == share["person_id"]
        assert (share["parent"] is None) == (share["parent_id"] is None) == (share["depth"] == 1)
        assert share["parent"] is None or ids[share["parent"]] == share["parent_id"]


def test_people_who_are_numbers_have_no_ids(runs: dict[str, Path]) -> None:
    its = simulator.replay(runs["tiny"], "one", 0, trace=True)
    assert its.events is not None
    assert not [name for name in its.events.column_names if name.endswith("_id")]


def test_every_column_says_what_it_holds(runs: dict[str, Path]) -> None:
    its = simulator.replay(runs["file"], "star", 0, trace=True)
    for table in (its.events, its.cascades, its.posts):
        assert table is not None
        assert all(field.metadata[b"meaning"] for field in table.schema)


def test_only_its_market_is_built(runs: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Once, with the creators of its strategy."""
    built = []

    def note(scenario: Scenario, market: int, profiles: Any, edges: Any = None) -> Any:
        built.append((market, [profile.name for profile in profiles]))
        return build_market(scenario, market, profiles, edges)

    monkeypatch.setattr(replaying, "build_market", note)
    simulator.replay(runs["tiny"], "one", 3)
    assert [(1, ["anna"])] == built


def test_where_a_play_lies_among_all(runs: dict[str, Path]) -> None:
    """Counted by hand; beside the mean of the run's summary."""
    rows = [row for row in rows_of(runs["tiny"]) if row["strategy"] == "many"]
    summary = json.loads((runs["tiny"] / "summary.json").read_text())["strategies"]["many"]
    its = simulator.replay(runs["tiny"], "many", 4).summary["measures"]["roi"]
    value = rows[4]["roi"]
    expected = {"lower": sum(r["roi"] < value for r in rows), "equal": 1, "higher": sum(r["roi"] > value for r in rows)}
    assert (value, expected, summary["roi"]["mean"]) == (its["value"], its["plays"], its["mean"])


# ---- what is refused


@pytest.fixture
def copy(runs: dict[str, Path], tmp_path: Path) -> Path:
    """A copy of a run that may be spoilt."""
    return Path(shutil.copytree(runs["tiny"], tmp_path / "copy"))


def test_a_row_that_does_not_come_out(copy: Path) -> None:
    """Says which column, what it was and is, and whose fault that may be."""
    table = copy / "replications.csv"
    lines = table.read_text().split("\n")
    header, row = lines[0].split(","), lines[3].split(",")
    place = header.index("clicks")
    wrong = str(int(row[place]) + 1)
    row[place], lines[3] = wrong, ",".join([*row[:place], wrong, *row[place + 1 :]])
    table.write_text("\n".join(lines))
    with pytest.raises(ExecutionError, match=rf"'many', replication 2 .*: clicks was {wrong} and is \d+\. If nobody"):
        simulator.replay(copy, "many", 2)
    assert simulator.replay(copy, "many", 1).summary["replication"] == 1
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["versions"]["numpy"] = "1.0"
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ExecutionError, match=r"made with other versions \(numpy 1\.0 then, [\d.]+ now\)"):
        simulator.replay(copy, "many", 2)
    done = CliRunner().invoke(main, ["replay", str(copy), "--strategy", "many", "--replication", "2", "--trace"])
    assert 4 == done.exit_code
    assert not (copy / "decisions").exists()


def test_every_column_is_looked_at(runs: dict[str, Path]) -> None:
    """A value of any of them that is another is noticed."""
    its, run = simulator.replay(runs["tiny"], "many", 0), finished.read_finished(runs["tiny"])
    for column in REPLICATION_SCHEMA.names[1:]:
        stored = dict(its.summary["outcome"])
        stored[column] = 1.5 if stored[column] is None else stored[column] + 1
        with pytest.raises(ExecutionError, match=f": {column} was "):
            replaying._check(run, stored, its.outcome)


def test_the_last_bit_is_looked_at(runs: dict[str, Path]) -> None:
    its, run = simulator.replay(runs["tiny"], "many", 0), finished.read_finished(runs["tiny"])
    stored = dict(its.summary["outcome"])
    stored["roi"] = math.nextafter(stored["roi"], math.inf)
    with pytest.raises(ExecutionError, match=": roi was "):
        replaying._check(run, stored, its.outcome)


@pytest.mark.parametrize(
    ("strategy", "replication", "message"),
    [
        (
            "mony",
            0,
            r"given 'mony'; .* none of this name\. Did you mean \"many\"\? There is: many, one, free\.",
        ),
        ("many", 6, r"given 6; 'many' was played 6 times, from replication 0 to 5\."),
        ("many", -1, r"given -1; 'many' was played 6 times, from replication 0 to 5\."),
        ("many", True, r"given True; "),
        ("many", 1.0, r"given 1\.0; "),
        ("many", 2**70, r"played 6 times"),
    ],
)
def test_requests_that_cannot_be_met(runs: dict[str, Path], strategy: str, replication: Any, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        simulator.replay(runs["tiny"], strategy, replication)


def test_what_is_no_finished_run(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match="there is no such folder"):
        simulator.replay(tmp_path / "nothing", "many", 0)
    with pytest.raises(ResultsError, match="is not a result folder"):
        simulator.replay(tmp_path, "many", 0)
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps({**manifest, "state": "interrupted"}))
    with pytest.raises(ResultsError, match="is not finished"):
        simulator.replay(copy, "many", 0)


def test_a_scenario_that_was_changed(copy: Path) -> None:
    file = copy / "scenario.toml"
    file.write_text(file.read_text().replace("margin = 0.5", "margin = 0.6"))
    with pytest.raises(ResultsError, match=r"is not the scenario of this run; it was changed since\. Give"):
        simulator.replay(copy, "many", 0)
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["versions"]["sources"] = "0123"
    (copy / "manifest.json").write_text(json.dumps(manifest))
    said = r"changed since, or these versions read it otherwise \(the program's sources 0123 then, \w+ now\)\."
    with pytest.raises(ResultsError, match=said):
        simulator.replay(copy, "many", 0)


def test_a_graph_file_that_was_changed(tmp_path: Path) -> None:
    """Or that is gone."""
    run_into(tmp_path / "results", on_file(tmp_path / "file", EDGES))
    simulator.replay(tmp_path / "results", "star", 0)
    edges = tmp_path / "file" / "edges.csv"
    edges.write_text(edges.read_text() + "p1,p59\n")
    with pytest.raises(ResultsError, match="it or its graph file was changed since"):
        simulator.replay(tmp_path / "results", "star", 0)
    edges.unlink()
    with pytest.raises(ScenarioError, match=r"people\.graph_file: given .*cannot be read"):
        simulator.replay(tmp_path / "results", "star", 0)


def test_a_log_that_memory_cannot_hold(runs: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Is refused before anything is built."""
    monkeypatch.setattr(replaying, "machine_bytes", lambda: 1000)
    with pytest.raises(ExecutionError, match=r"'many', replication 0: the log of its [\d,]+ impressions needs about"):
        simulator.replay(runs["tiny"], "many", 0, trace=True)
    assert simulator.replay(runs["tiny"], "many", 0).events is None


# ---- files and the command


def invoke(*words: object) -> tuple[int, str]:
    """Run the command."""
    done = CliRunner().invoke(main, ["replay", *map(str, words)])
    return done.exit_code, done.stdout


def test_the_command_tells_and_writes(copy: Path) -> None:
    """Without a trace nothing is written; with one, the same bytes each time."""
    before = state_of(copy)
    code, told = invoke(copy, "--strategy", "many", "--replication", 1)
    assert (0, before) == (code, state_of(copy))
    assert told.startswith("many, replication 1 (in market 1): ROI ")
    words = (copy, "--strategy", "many", "--replication", 1, "--trace", "--json")
    code, told = invoke(*words)
    folder = copy / "decisions" / "replay" / "many-1"
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {"events.parquet", "cascades.parquet", "posts.csv", "replay.json"} == set(files)
    assert (0, files["replay.json"].decode()) == (code, told)
    its = simulator.replay(copy, "many", 1, trace=True)
    assert pq.read_table(io.BytesIO(files["events.parquet"])).equals(its.events)
    assert pq.read_table(io.BytesIO(files["cascades.parquet"])).equals(its.cascades)
    assert files["replay.json"] == json_bytes(its.summary)
    invoke(*words)
    assert files == {path.name: path.read_bytes() for path in folder.iterdir()}


def test_no_two_strategies_share_a_folder(runs: dict[str, Path]) -> None:
    """Whatever they are called."""
    folders = set()
    for strategy in ("big / small", "Big, small", "..."):
        files = simulator.replay(runs["named"], strategy, 0).files()
        assert ["replay.json"] == [Path(path).name for path in files]
        folders |= {Path(path).parent.as_posix() for path in files}
    assert folders == {"replay/big-small-1-0", "replay/Big-small-2-0", "replay/strategy-3-0"}


@pytest.mark.parametrize(("words", "code"), [(["--strategy", "mony", "--replication", "0"], 2), (["--trace"], 2)])
def test_bad_words(copy: Path, words: list[str], code: int) -> None:
    assert code == invoke(copy, *words)[0]
    assert not (copy / "decisions").exists()


# ---- sentences


def told(its: Replay) -> str:
    return "\n".join(replay_lines(its.summary))


def test_sentences_of_a_play(runs: dict[str, Path]) -> None:
    """Its numbers, where they lie, what happened, and how the post went from one to the next."""
    text = told(simulator.replay(runs["tiny"], "many", 0, trace=True))
    assert re.search(r"^many, replication 0 \(in market 0\): ROI -?\d\.\d\d, .*plays", text)
    assert re.search(r"^  reach +\d+, .* \(mean [\d,]+ \([\d,]+ to [\d,]+\)\)$", text, re.MULTILINE)
    assert re.search(r"spend +\$[\d,.]+, ", text)
    assert re.search(r"In this play, \d posts of \d creators went out\.", text)
    assert re.search(r"The log has [\d,]+ impressions, in the order", text)
    assert re.search(r"structural virality \d\.\d\d \(1\.\d\d for a pure broadcast, \d+\.\d\d for a chain\)", text)


def test_a_play_without_spend_has_no_roi(runs: dict[str, Path]) -> None:
    """And one that nobody sees has no cascades."""
    text = told(simulator.replay(runs["tiny"], "free", 0, trace=True))
    assert "free, replication 0 (in market 0): ROI is undefined, because nothing was spent." in text
    assert "impressions         0, the same in every play" in text
    assert "Nobody shared a post" in text


@pytest.mark.parametrize(
    ("lower", "equal", "higher", "expected"),
    [
        (84, 1, 15, "better than 84% of plays"),
        (0, 1, 99, "the worst of all plays"),
        (99, 1, 0, "the best of all plays"),
        (0, 3, 97, "the worst of all plays, as in 3 of them"),
        (0, 100, 0, "the same in every play"),
        (399, 1, 600, "better than 40% of plays"),
        (999, 1, 1, "better than 99.8% of plays"),
        (40, 21, 39, "better than 40% of plays and the same as 20%"),
    ],
)
def test_where_a_number_lies(lower: int, equal: int, higher: int, expected: str) -> None:
    from simulator.present.replay import _standing_text

    assert expected == _standing_text({"plays": {"lower": lower, "equal": equal, "higher": higher}}, "better")

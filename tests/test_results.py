"""The result folder: the same bytes whatever happened on the way, and nothing else's folder is ever touched."""

from __future__ import annotations

import csv
import errno
import io
import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from study_helpers import creator, state_of, tiny, tree

import simulator
from simulator.errors import ResultsError
from simulator.present.pictures.plots import draw_all
from simulator.scenario.model import Scenario
from simulator.study import disk, montecarlo, results
from simulator.study.chunks import Chunk, cut
from simulator.study.disk import lock_folder, write_whole
from simulator.study.results import ResultFolder, Study, csv_bytes, summary_json

REPLICATIONS = 60  # three chunks in two markets, two of them full


def no_pictures(_study: Study, _folder: Path) -> list[Path]:
    return []


def run_into(folder: Path, scenario: Scenario, workers: int = 2, draw: object = no_pictures) -> Study:
    """Run a scenario into a folder as the command does."""
    with ResultFolder(folder, scenario, "compiled") as opened:
        study = montecarlo.run(scenario, workers=workers, folder=opened)
        opened.write(study, draw)  # type: ignore[arg-type]
    return study


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def scenario(home: Path) -> Scenario:
    return tiny(home, replications=REPLICATIONS)


@pytest.fixture(scope="module")
def fresh(home: Path, scenario: Scenario) -> dict[str, bytes]:
    """What a run without incidents leaves, without pictures."""
    run_into(home / "fresh", scenario, workers=1)
    return tree(home / "fresh")


@pytest.fixture
def plays(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collect the numbers of the replications that are played."""
    played: list[int] = []
    original = montecarlo.play

    def counted(s: Scenario, market: object, plan: object, replication: int, engine: object) -> object:
        played.append(replication)
        return original(s, market, plan, replication, engine)  # type: ignore[arg-type]

    monkeypatch.setattr(montecarlo, "play", counted)
    return played


# The same bytes ---------------------------------------------------------------------------------------------------


def test_the_folder_holds_what_it_should(fresh: dict[str, bytes]) -> None:
    """Chunks, tables, summary and scenario; every chunk is named after its bytes."""
    chunks = sorted(name for name in fresh if name.startswith("chunks/"))
    assert len(cut_names := ["market-0000-block-00000", "market-0000-block-00001"]) * 2 == len(chunks)
    assert cut_names == [name.removeprefix("chunks/").rpartition("-")[0] for name in chunks[:2]]
    others = {".lock", "scenario.toml", "replications.csv", "timeline.csv", "creators.csv", "summary.json"}
    assert others == set(fresh) - set(chunks)


def test_workers_do_not_change_a_byte(tmp_path: Path, home: Path) -> None:
    """1, 2 and 4 workers leave the same folder, pictures included (drawn twice: they take their time)."""
    scenario = tiny(home, replications=REPLICATIONS, markets=4)
    folders = []
    for workers, draw in ((1, draw_all), (2, no_pictures), (4, draw_all)):
        run_into(tmp_path / str(workers), scenario, workers, draw)
        folders.append(tree(tmp_path / str(workers)))
    assert folders[0] == folders[2]
    assert 8 == sum(name.startswith("figures/") for name in folders[0])
    assert folders[1] == {name: data for name, data in folders[0].items() if not name.startswith("figures/")}


def test_a_second_run_plays_nothing_and_changes_nothing(
    tmp_path: Path, scenario: Scenario, fresh: dict[str, bytes], plays: list[int]
) -> None:
    """What is there already is taken from there."""
    first = run_into(tmp_path / "out", scenario)
    plays.clear()
    second = run_into(tmp_path / "out", scenario)
    assert [] == plays
    assert first.summary == second.summary
    assert first.replications.equals(second.replications)
    assert fresh == tree(tmp_path / "out")


def test_an_interrupted_run_is_continued_to_the_same_bytes(
    tmp_path: Path, scenario: Scenario, fresh: dict[str, bytes], plays: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a kill between any two chunks the rest is played, and the folder is that of an undisturbed run."""
    original = ResultFolder.store
    for survive in range(len(cut(scenario))):
        folder = tmp_path / str(survive)
        stored = 0

        def store(self: ResultFolder, chunk: Chunk, table: pa.Table, survive: int = survive) -> None:
            nonlocal stored
            if stored == survive:
                raise KeyboardInterrupt
            stored += 1
            original(self, chunk, table)

        with monkeypatch.context() as patch:
            patch.setattr(ResultFolder, "store", store)
            with pytest.raises(KeyboardInterrupt):
                run_into(folder, scenario)
        assert "interrupted" == json.loads((folder / "manifest.json").read_bytes())["state"]
        plays.clear()
        run_into(folder, scenario)
        assert 0 < len(plays) <= 3 * REPLICATIONS
        assert survive == 0 or len(plays) < 3 * REPLICATIONS
        assert fresh == tree(folder)
        assert "complete" == json.loads((folder / "manifest.json").read_bytes())["state"]


def test_a_folder_knows_how_many_plays_it_holds(tmp_path: Path, home: Path, scenario: Scenario) -> None:
    """None of a new folder's; of one of an earlier run, once they were looked at, those that can be used."""
    with ResultFolder(tmp_path / "out", scenario, "compiled") as opened:
        assert 0 == opened.kept
        montecarlo.run(scenario, workers=1, folder=opened)
        assert 3 * REPLICATIONS == opened.kept
    longer = tiny(home, replications=REPLICATIONS + 2)  # markets of 30, in chunks of 25 and 5, come to 31
    with ResultFolder(tmp_path / "out", longer, "compiled") as opened:
        assert opened.kept is None
        found = [opened.stored(chunk) for chunk in cut(longer)]
        assert 3 * 50 == opened.kept == sum(table.num_rows for table in found if table)


def test_an_extended_run_has_the_bytes_of_a_long_one(tmp_path: Path, home: Path, plays: list[int]) -> None:
    """From 60 to 100 replications: the folder is that of a fresh run of 100, and full chunks were not played again."""
    short, long = (tiny(home, replications=n, markets=1) for n in (60, 100))
    run_into(tmp_path / "extended", short)
    plays.clear()
    run_into(tmp_path / "extended", long, draw=draw_all)
    assert 3 * 50 == len(plays)
    run_into(tmp_path / "fresh", long, draw=draw_all)
    assert tree(tmp_path / "fresh") == tree(tmp_path / "extended")


def test_from_50_to_200_over_two_markets(tmp_path: Path, home: Path) -> None:
    """Also where no chunk of the shorter run was full but by its end."""
    run_into(tmp_path / "extended", tiny(home, replications=50))
    run_into(tmp_path / "extended", tiny(home, replications=200))
    run_into(tmp_path / "fresh", tiny(home, replications=200))
    assert tree(tmp_path / "fresh") == tree(tmp_path / "extended")


@pytest.mark.parametrize("damage", ["truncated", "emptied", "removed", "swapped", *range(6)])
def test_a_damaged_chunk_is_played_again(
    tmp_path: Path, scenario: Scenario, fresh: dict[str, bytes], plays: list[int], damage: str | int
) -> None:
    """Whatever happened to a chunk's bytes, wherever a bit was flipped, it is noticed and mended."""
    run_into(tmp_path / "out", scenario)
    victim, other = sorted((tmp_path / "out" / "chunks").iterdir())[:2]
    data = bytearray(victim.read_bytes())
    if isinstance(damage, int):
        data[len(data) * damage // 6 + 3] ^= 1 << damage
        victim.write_bytes(data)
    elif damage == "removed":
        victim.unlink()
    else:
        victim.write_bytes({"truncated": data[:-9], "emptied": b"", "swapped": other.read_bytes()}[damage])
    plays.clear()
    run_into(tmp_path / "out", scenario)
    assert 3 * 25 == len(plays)
    assert fresh == tree(tmp_path / "out")


def test_chunks_of_other_sources_or_versions_are_played_again(
    tmp_path: Path, scenario: Scenario, plays: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed program leaves no chunk of the old one behind, even if it is interrupted in between."""
    with monkeypatch.context() as patch:
        patch.setattr(results, "versions", lambda: {"campaign-roi": "0.0.1"})
        run_into(tmp_path / "out", scenario)
    old = tree(tmp_path / "out")
    plays.clear()
    run_into(tmp_path / "out", scenario)
    assert 3 * REPLICATIONS == len(plays)
    new = tree(tmp_path / "out")
    assert len(old) == len(new)
    assert not {name for name in old if name.startswith("chunks/")} & set(new)


def test_chunks_are_parquet_that_anybody_can_read(tmp_path: Path, scenario: Scenario) -> None:
    """A chunk is a plain Parquet file with one row per play."""
    run_into(tmp_path / "out", scenario)
    rows = sum(pq.read_table(path).num_rows for path in (tmp_path / "out" / "chunks").iterdir())
    assert 3 * REPLICATIONS == rows


def test_the_resolved_scenario_is_the_scenario(tmp_path: Path) -> None:
    """scenario.toml of the folder runs again from anywhere, and into the same folder."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "edges.csv").write_text("followed,follower\nanna,p\np,q\n")
    anna = {key: value for key, value in creator("anna").items() if key != "followers"}
    values = {"people": {"graph_file": "edges.csv"}, "creators": [anna], "pools": {}, "title": "déjà vu"}
    scenario = tiny(tmp_path / "in", **values, strategies={"one": {"creators": ["anna"]}})
    run_into(tmp_path / "out", scenario)
    before = tree(tmp_path / "out")
    again = simulator.load(tmp_path / "out" / "scenario.toml")
    assert scenario.hash == again.hash
    run_into(tmp_path / "out", again)
    assert before == tree(tmp_path / "out")


# Folders of others ------------------------------------------------------------------------------------------------


@pytest.fixture
def taken(tmp_path: Path, scenario: Scenario) -> Iterator[Path]:
    """Give a folder that holds the scenario, and check that it stays as it is."""
    run_into(tmp_path / "out", scenario)
    before = state_of(tmp_path / "out")
    yield tmp_path / "out"
    assert before == state_of(tmp_path / "out")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": 4}, "holds another scenario. Different: seed = 3 there, 4 here. It was left untouched"),
        ({"product": {"order_value": 5, "margin": 0.5}}, "product.order_value = "),
        ({"horizon_days": 2, "markets": 1, "budget": 900, "seed": 1}, "markets = 2 there, 1 here and 1 more."),
        ({"creators": [creator("anna", fee=1), creator("bert")]}, "creators.anna.fee = 200"),
        ({"budget": 1001}, "budget = 1000.0 there, 1001.0 here"),
        ({"replications": REPLICATIONS - 1}, "holds 60 replications of this scenario and 59 were asked for"),
    ],
)
def test_another_scenario_is_refused(taken: Path, home: Path, changes: dict[str, object], message: str) -> None:
    """The message says what differs and what to do; nothing in the folder changes, not even a time."""
    values = (
        {"replications": REPLICATIONS, "strategies": {"one": {"creators": ["anna"]}}} if "creators" in changes else {}
    )
    other = tiny(home / "other", **({"replications": REPLICATIONS} | values | changes))
    with pytest.raises(ResultsError, match=r"--out") as refusal:
        run_into(taken, other)
    assert 3 == refusal.value.exit_code
    assert str(taken) in str(refusal.value)
    assert message in str(refusal.value)


def test_a_changed_graph_file_is_another_scenario(tmp_path: Path) -> None:
    """The bytes of a graph file belong to the scenario."""
    anna = {key: value for key, value in creator("anna").items() if key != "followers"}
    values = {"people": {"graph_file": "edges.csv"}, "creators": [anna], "pools": {}}
    edges = tmp_path / "edges.csv"
    edges.write_text("followed,follower\nanna,p\n")
    run_into(tmp_path / "out", tiny(tmp_path, **values, strategies={"one": {"creators": ["anna"]}}))
    edges.write_text("followed,follower\nanna,q\n")
    with pytest.raises(ResultsError, match="Its graph file has other contents"):
        run_into(tmp_path / "out", tiny(tmp_path, **values, strategies={"one": {"creators": ["anna"]}}))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("thesis.docx", "years of work"),
        ("manifest.json", "{}"),
        ("manifest.json", "not json"),
        ("manifest.json", "[1]"),
        ("summary.json", "{}"),
    ],
)
def test_a_folder_with_foreign_files_is_left_untouched(
    tmp_path: Path, scenario: Scenario, name: str, content: str
) -> None:
    """A folder that this program didn't write is not written into."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / name).write_text(content)
    before = state_of(folder)
    with pytest.raises(ResultsError, match=r"is not a result folder of this program. It was left untouched"):
        run_into(folder, scenario)
    assert before == state_of(folder)


def test_a_folder_of_another_format_is_left_untouched(taken: Path, scenario: Scenario) -> None:
    """A folder of a later version of this program is not touched by this one."""
    manifest = taken / "manifest.json"
    was, times = manifest.read_bytes(), manifest.stat()
    manifest.write_text(json.dumps(json.loads(was) | {"format": 99}))
    with pytest.raises(ResultsError, match="written by another version of this program"):
        run_into(taken, scenario)
    manifest.write_bytes(was)
    os.utime(manifest, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_a_file_in_the_place_of_the_folder_is_left_untouched(tmp_path: Path, scenario: Scenario) -> None:
    """--out that names a file, or lies below one, is refused."""
    file = tmp_path / "out"
    file.write_text("mine")
    for out in (file, file / "below"):
        with pytest.raises(ResultsError, match="out"):
            run_into(out, scenario)
    assert "mine" == file.read_text()


def test_an_empty_folder_is_used(tmp_path: Path, scenario: Scenario, fresh: dict[str, bytes]) -> None:
    """An empty folder is as good as none, also one that a killed run left before it wrote its manifest."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / ".lock").touch()
    (folder / ".manifest.json.123.part").write_text("{")
    run_into(folder, scenario)
    assert fresh == tree(folder)


def test_what_a_killed_run_was_writing_is_removed(tmp_path: Path, scenario: Scenario, fresh: dict[str, bytes]) -> None:
    """Half-written files beside their places don't stay for ever."""
    folder = tmp_path / "out"
    run_into(folder, scenario)
    (folder / ".summary.json.99.part").write_text("{")
    (folder / "chunks" / ".x.parquet.99.part").write_text("PAR")
    run_into(folder, scenario)
    assert fresh == tree(folder)


def test_files_that_somebody_added_stay(tmp_path: Path, scenario: Scenario) -> None:
    """A note beside our own results is neither a reason to refuse nor ours to remove."""
    run_into(tmp_path / "out", scenario)
    (tmp_path / "out" / "note.txt").write_text("ask Anna")
    run_into(tmp_path / "out", scenario)
    assert "ask Anna" == (tmp_path / "out" / "note.txt").read_text()


# Two runs at once -------------------------------------------------------------------------------------------------


def test_a_second_run_at_once_is_refused_and_the_first_goes_on(
    tmp_path: Path, scenario: Scenario, fresh: dict[str, bytes]
) -> None:
    """One run at a time writes into a folder; the other is told, whatever it would have written."""
    folder = tmp_path / "out"
    with ResultFolder(folder, scenario, "compiled") as opened:
        before = state_of(folder)
        with pytest.raises(ResultsError, match="another run is writing into this folder") as refusal:
            run_into(folder, scenario)
        assert 3 == refusal.value.exit_code
        assert before == state_of(folder)
        opened.write(montecarlo.run(scenario, folder=opened), no_pictures)
    assert fresh == tree(folder)


def test_a_killed_run_leaves_no_lock(tmp_path: Path, scenario: Scenario) -> None:
    """However a run ended, its lock ended with it."""
    folder = tmp_path / "out"
    folder.mkdir()
    code = (
        "import os, pathlib, sys; from simulator.study.disk import lock_folder;"
        "lock_folder(pathlib.Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(folder)], check=False)
    assert 0 != killed.returncode
    run_into(folder, scenario)


def test_disks_without_locks_are_used_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has no locks for a disk, the run goes on."""

    def without(_descriptor: int) -> None:
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr(disk, "_lock", without)
    os.close(lock_folder(tmp_path))


# A disk that refuses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [0, 1, 2, 4, 5, 8])
def test_a_full_disk_loses_nothing_that_was_finished(
    tmp_path: Path, scenario: Scenario, fresh: dict[str, bytes], monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Wherever the room ends, there is a message, no half file, and the same run goes on when there is room."""
    folder, written = tmp_path / "out", 0
    original = os.fsync

    def full(descriptor: int) -> None:
        nonlocal written
        written += 1
        if written > after:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        original(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(ResultsError, match=r"No space left on device. What was finished before is kept. Make room"):
            run_into(folder, scenario)
    there = tree(folder)
    assert not [name for name in there if name.endswith(".part")]
    assert there.items() <= fresh.items(), "each file that is there is whole"
    run_into(folder, scenario)
    assert fresh == tree(folder)


def test_a_file_is_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that fails leaves what was there before."""
    path = tmp_path / "a" / "b.txt"
    write_whole(path, b"before")

    def fail(_descriptor: int) -> None:
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="input/output"):
        write_whole(path, b"after")
    assert b"before" == path.read_bytes()
    assert [path] == list(path.parent.iterdir())


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which nobody can write")
def test_an_unwritable_folder_says_so(scenario: Scenario) -> None:
    """Where nothing can be written, the path and the system's reason are said."""
    with pytest.raises(ResultsError, match=r"/proc/results: .* --out"):
        run_into(Path("/proc/results"), scenario)


# Formats ----------------------------------------------------------------------------------------------------------


def test_csv_is_plain_and_exact() -> None:
    """Line feeds, floats as Python's repr, undefined is empty, texts quoted where they need it."""
    table = pa.table({"name": ['a,"b"', "é\n"], "x": [0.1 + 0.2, None], "n": [2**62, -1]})
    assert f'name,x,n\n"a,""b""",0.30000000000000004,{2**62}\n"é\n",,-1\n'.encode() == csv_bytes(table)


def test_replications_csv_is_the_study(scenario: Scenario, fresh: dict[str, bytes]) -> None:
    """Columns in their order, every number back to the bit, ROI empty where nothing is spent."""
    text = fresh["replications.csv"].decode()
    header = "strategy,market,replication,reach,impressions,engagements,shares,clicks,orders,incremental_orders"
    reach = "reach_2_plus,reach_3_plus,on_target_reach,roi_tracked,naive_incremental_orders"
    assert text.startswith(f"{header},revenue,spend,profit,roi,{reach},roi_with_untracked,roi_without_scandals,fee,")
    rows = list(csv.DictReader(io.StringIO(text)))
    expected = simulator.run(scenario).replications.to_pylist()
    assert len(expected) == len(rows) == 3 * REPLICATIONS
    for row, values in zip(rows, expected, strict=True):
        assert values == {k: None if cell == "" else type(values[k] or 0.0)(cell) for k, cell in row.items()}
    assert all((row["roi"] == "") == (row["strategy"] == "free") for row in rows)


def test_json_refuses_what_is_not_json() -> None:
    """NaN is no JSON: it is a fault of the program, not something to write down."""
    with pytest.raises(ValueError, match="not JSON compliant"):
        summary_json({"value": math.nan})
    assert '{\n "a": "é",\n "b": null\n}\n'.encode() == summary_json({"a": "é", "b": None})

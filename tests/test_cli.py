"""The commands end with an answer or a message, and an exit code: 0, 2, 3, 4 or 130; never with a traceback."""

from __future__ import annotations

import errno
import json
import os
import pty
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from study_helpers import command, creator, execute, state_of, tiny_values, tree, without_pictures, write_scenario

from simulator import cli
from simulator.cli.progress import Progress, _duration
from simulator.present.pictures import plots
from simulator.study import montecarlo

HEAVY = ("numba", "llvmlite", "scipy", "matplotlib", "pyarrow")
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and pipes as on POSIX")


@pytest.fixture(autouse=True, scope="module")
def ctrl_c_is_heard() -> Iterator[None]:
    """Let programs started here hear Ctrl-C, also where these tests run in the background and so ignore it."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    return write_scenario(tmp_path)


def invoke(*words: object) -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli.main, [str(word) for word in words], prog_name="campaign-roi")


@pytest.fixture
def no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plots, "draw_all", lambda _study, _folder: [])


# run --------------------------------------------------------------------------------------------------------------


def test_run_prints_the_answer_and_writes_the_folder(scenario: Path, tmp_path: Path) -> None:
    """One command: an answer on stdout, progress on stderr, files in results/<name>."""
    done = execute(command("run", scenario.name), tmp_path)
    assert 0 == done.returncode, done.stderr
    assert done.stdout.splitlines()[0].endswith(".")
    assert "Written to results/tiny:" in done.stdout
    assert "scenario.toml" in done.stdout
    folder = tmp_path / "results" / "tiny"
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert ("complete", 12, 3) == (manifest["state"], manifest["replications"], manifest["seed"])
    assert (folder / "figures").is_dir()
    lines = done.stderr.splitlines()
    assert "36 plays." == lines[0]
    assert lines[-1].startswith("36 plays finished in ")
    assert len(lines) <= 5
    assert "\r" not in done.stderr


@pytest.mark.usefixtures("no_pictures")
def test_json_is_the_file_and_nothing_else(tmp_path: Path) -> None:
    """--json prints summary.json byte for byte, whatever the terminal's encoding; --quiet says nothing beside it."""
    scenario = write_scenario(tmp_path, tiny_values(title="Où? ✓", replications=3))
    words = ["run", str(scenario), "--out", str(tmp_path / "out"), "--json"]
    for quiet in ([], ["--quiet"]):
        result = CliRunner(charset="ascii").invoke(cli.main, words + quiet)
        assert (0, bool(quiet)) == (result.exit_code, result.stderr == "")
        assert (tmp_path / "out" / "summary.json").read_bytes() == result.stdout_bytes
        assert "Où? ✓" == json.loads(result.stdout_bytes)["title"]


@pytest.mark.usefixtures("no_pictures")
def test_options_replace_values_of_the_file(scenario: Path, tmp_path: Path) -> None:
    """--seed, --replications and --set are the scenario's own keys; values are TOML, and texts need no quotes."""
    options = ("--seed", 0, "--replications", 2, "--set", "product.margin=40%", "--set", "people.count = 900")
    result = invoke("run", scenario, "--out", tmp_path / "out", *options, "--set", "creators.anna.fee=1_000", "--quiet")
    assert (0, "") == (result.exit_code, result.stderr), result.stderr
    summary = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert (0, 2, 1000.0) == (
        summary["seed"],
        summary["replications"],
        summary["strategies"]["one"]["spend"]["mean"]["value"],
    )
    resolved = (tmp_path / "out" / "scenario.toml").read_text()
    assert "margin = 0.4" in resolved
    assert "count = 900" in resolved


@pytest.mark.usefixtures("no_pictures")
def test_what_to_try_next_is_what_was_typed(tmp_path: Path) -> None:
    """Advice repeats the user's own path and settings, ready to be pasted, each setting once."""
    folder = tmp_path / "my files"
    scenario = write_scenario(folder, tiny_values(replications=40))
    options = ("--set", "product.margin=0.3", "--set", "people.activity_spread=0.1", "--seed", 5)
    result = invoke("run", scenario, "--out", tmp_path / "out", *options, "--quiet")
    assert 0 == result.exit_code, result.stderr
    advice = result.stdout.partition("Next:")[2].replace("\\\n", " ")
    commands = [" ".join(line.split()) for line in advice.splitlines() if "campaign-roi run" in line]
    assert commands
    for line in commands:
        assert line.startswith(f"campaign-roi run '{folder}/tiny.toml' ")
        assert "--set people.activity_spread=0.1" in line
        assert "--set seed=5" in line
        assert 1 == line.count("product.margin=")


@pytest.mark.usefixtures("no_pictures")
def test_both_engines_and_any_workers_fill_the_same_folder(scenario: Path, tmp_path: Path) -> None:
    """A run can even be finished by the other engine."""
    for out, options in (("a", ("--workers", 1)), ("b", ("--engine", "reference", "--workers", 3))):
        assert 0 == invoke("run", scenario, "--out", tmp_path / out, *options).exit_code
    assert tree(tmp_path / "a") == tree(tmp_path / "b")


@pytest.mark.usefixtures("no_pictures")
def test_what_was_ignored_is_said_on_stderr(tmp_path: Path) -> None:
    """Rows of a graph file that are left out are no secret; stdout stays the answer."""
    (tmp_path / "edges.csv").write_text("followed,follower\na,p\np,p\n")
    anna = {key: value for key, value in creator("a").items() if key != "followers"}
    values = {"people": {"graph_file": "edges.csv"}, "creators": [anna], "pools": {}}
    scenario = write_scenario(tmp_path, tiny_values(**values, strategies={"one": {"creators": ["a"]}}))
    result = invoke("run", scenario, "--out", tmp_path / "out", "--quiet", "--json")
    assert 0 == result.exit_code, result.stderr
    assert "note: edges.csv: 1 rows in which someone follows themselves were ignored." in result.stderr
    assert json.loads(result.stdout)["warnings"]


# Messages and exit codes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "nowhere.toml"), "nowhere.toml: no such file"),
        (("check", "nowhere.toml"), "nowhere.toml: no such file"),
        (("explain", "nowhere.toml"), "nowhere.toml: no such file"),
        (("run", "SCENARIO", "--set", "margin"), "write KEY=VALUE"),
        (("run", "SCENARIO", "--set", "product.margn=1"), "Did you mean"),
        (("run", "SCENARIO", "--replications", "0"), "--replications"),
        (("run", "SCENARIO", "--seed", "-1"), "--seed"),
        (("run", "SCENARIO", "--workers", "0"), "--workers"),
        (("run", "SCENARIO", "--engine", "fast"), "--engine"),
        (("run",), "Missing argument"),
        (("run", "SCENARIO", "--jason"), "--json"),
        (("rum", "SCENARIO"), "No such command 'rum'. Did you mean 'run'?"),
        (("run", "SCENARIO", "--set", "pools.micro.fee=1e6"), "The first creator of 'micro' costs 1,000,010.00"),
        (("check", "SCENARIO", "--set", "pools.micro.fee=1e6"), "The first creator of 'micro' costs 1,000,010.00"),
    ],
)
def test_scenario_and_usage_errors_end_with_2(scenario: Path, words: tuple[str, ...], message: str) -> None:
    """What is wrong is on stderr, stdout stays empty."""
    result = invoke(*(scenario if word == "SCENARIO" else word for word in words))
    assert (2, "") == (result.exit_code, result.stdout)
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_of_something_else_ends_with_3(scenario: Path, tmp_path: Path) -> None:
    """The folder is left as it is, and nothing is played before that is known."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "holiday.jpg").write_bytes(b"sun")
    before = state_of(tmp_path / "out")
    result = invoke("run", scenario, "--out", tmp_path / "out")
    assert (3, "") == (result.exit_code, result.stdout)
    assert 1 == len(result.stderr.splitlines())
    assert "out: is not a result folder of this program. It was left untouched." in result.stderr
    assert before == state_of(tmp_path / "out")


def test_a_full_disk_ends_with_3_and_the_run_goes_on_later(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pictures and tables that don't fit are a message, not a traceback."""

    def full(_study: object, folder: Path) -> list[Path]:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))

    with monkeypatch.context() as patch:
        patch.setattr(plots, "draw_all", full)
        result = invoke("run", scenario, "--out", tmp_path / "out", "--quiet")
    assert (3, "") == (result.exit_code, result.stdout)
    assert "figures: No space left on device" in result.stderr
    assert "failed" == json.loads((tmp_path / "out" / "manifest.json").read_bytes())["state"]
    monkeypatch.setattr(plots, "draw_all", lambda _study, _folder: [])
    assert 0 == invoke("run", scenario, "--out", tmp_path / "out", "--quiet").exit_code


@POSIX
def test_stdout_on_a_full_disk_ends_with_3(scenario: Path) -> None:
    """What can't be printed is said."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command("check", scenario), stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert 3 == done.returncode
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("no_pictures")
def test_a_play_that_fails_ends_with_4(scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the play; the folder says that the run failed, and keeps what was finished."""

    def broken(*_: object) -> object:
        raise RuntimeError("the dice fell off the table")

    monkeypatch.setattr(montecarlo, "play", broken)
    result = invoke("run", scenario, "--out", tmp_path / "out", "--quiet")
    assert (4, "") == (result.exit_code, result.stdout)
    assert "RuntimeError: the dice fell off the table. This is a fault of the program" in result.stderr
    assert "failed" == json.loads((tmp_path / "out" / "manifest.json").read_bytes())["state"]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ZeroDivisionError("no luck"), r"ZeroDivisionError: no luck (" + __file__),
        (MemoryError(), "too little memory"),
    ],
)
def test_a_fault_nobody_foresaw_ends_with_4(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    """Whatever is raised, wherever: one message, no traceback."""

    def broken(_study: object, _folder: Path) -> list[Path]:
        raise error

    monkeypatch.setattr(plots, "draw_all", broken)
    result = invoke("run", scenario, "--out", tmp_path / "out", "--quiet")
    assert 4 == result.exit_code
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_help_and_version_are_there() -> None:
    """-h and --help say what each command does; `python -m simulator` is the program."""
    for words in (("--help",), ("-h",), ("run", "--help"), ("check", "-h")):
        result = invoke(*words)
        assert (0, "") == (result.exit_code, result.stderr)
        assert "Usage: campaign-roi" in result.stdout
    assert "compiled|reference" in invoke("run", "--help").stdout
    assert execute(command("--version")).stdout.startswith("python -m simulator, version ")


# check ------------------------------------------------------------------------------------------------------------


def test_check_says_what_would_be_played_and_who_is_hired(tmp_path: Path) -> None:
    """Per strategy and pool: how many of how many, for how much, what is left, as a range over the markets."""
    both = {"split": {"micro": 0.5}, "creators": ["anna"]}
    fee = {"law": "power", "scale": 0.4, "exponent": 1.0, "noise": 0.0}
    values = tiny_values(strategies={"both": both, "one": {"creators": ["anna"]}})
    values["pools"]["micro"] |= {"fee": fee, "followers": "100 to 400"}  # type: ignore[index]
    result = invoke("check", write_scenario(tmp_path, values))
    assert 0 == result.exit_code, result.stderr
    first, both_line, one_line = result.stdout.splitlines()
    assert first.endswith(
        "tiny.toml: fine. 12 replications of 2 strategies in 2 markets of 2,000 people, 1.5 days each."
    )
    assert both_line.startswith("both hires 1 named creator for $200; ")
    assert " of 4 micro for $" in both_line
    assert both_line.endswith(" left unspent).")
    assert "one hires 1 named creator for $200." == one_line


def test_check_says_where_costs_are_not_known(tmp_path: Path) -> None:
    """A range as a fee is planned at its median, and that is said."""
    values = {"creators": [creator("anna", fee="100 to 300")], "strategies": {"one": {"creators": ["anna"]}}}
    lines = invoke("check", write_scenario(tmp_path, tiny_values(**values))).stdout.splitlines()
    assert "one hires 1 named creator for $173." == lines[1]
    assert "Costs that are ranges count with their median here; each play draws them." == lines[2]


def test_explain_says_what_rates_come_to(scenario: Path) -> None:
    """What is set on the command line counts, and a value that cannot be used is an error with exit code 2."""
    result = invoke("explain", scenario, "--set", "pools.micro.trust=1.5")
    assert (0, "") == (result.exit_code, result.stderr)
    assert result.stdout.startswith("Each rate as it is written, what multiplies it")
    assert 2 == result.stdout.count("      x 1.5 trust  ")
    parts = ("\nSide by side", "\nWhat each plan reaches", "\nExpected overlap", "\nEvery value", "\nNot used: ")
    assert [1] * 5 == [result.stdout.count(part) for part in parts]
    assert sorted(parts, key=result.stdout.index) == [*parts]
    assert re.search(r"\n  trust +1\.5 times +--set pools\.micro\.trust\n", result.stdout)
    refused = invoke("explain", scenario, "--set", "pools.micro.trust=11")
    assert (2, "") == (refused.exit_code, refused.stdout)
    assert "pools.micro.trust" in refused.stderr


@pytest.mark.parametrize(("words", "seconds"), [(("--help",), 0.3), (("check",), 0.6), (("explain",), 0.6)])
def test_what_plays_nothing_is_fast_and_import_nothing_heavy(
    scenario: Path, words: tuple[str, ...], seconds: float
) -> None:
    """Neither numba nor numpy, scipy or matplotlib is imported; processor time stays small (best of three)."""
    arguments = words if words == ("--help",) else [*words, scenario]
    traced = subprocess.run(
        [sys.executable, "-X", "importtime", *command(*arguments)[1:]], capture_output=True, text=True, check=True
    )
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in traced.stderr.splitlines()}
    assert "click" in imported
    assert not imported & {*HEAVY, "numpy"}

    def processor_seconds() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert 0 == execute(command(*arguments)).returncode
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(processor_seconds() for _ in range(3)) < seconds


# Ctrl-C and pipes -------------------------------------------------------------------------------------------------


class Started:
    """The program, running; what it says on stderr is collected."""

    def __init__(self, *words: object, env: dict[str, str] | None = None) -> None:
        """Start it, and wait until its own code runs."""
        self.process = subprocess.Popen(
            without_pictures(*words),
            env=os.environ | (env or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.wait_until(lambda: "ready\n" in self.lines)

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.lines += iter(self.process.stderr.readline, "")

    def wait_until(self, true: Callable[[], bool]) -> None:
        """Wait until something is true of the running program."""
        limit = time.monotonic() + 100
        while not true():
            assert self.process.poll() is None, "".join(self.lines)
            assert time.monotonic() < limit
            time.sleep(0.01)

    def end(self) -> tuple[int, str, float]:
        """Wait for the end: exit code, stderr, seconds."""
        began = time.monotonic()
        self.process.wait(60)
        seconds = time.monotonic() - began
        self._reader.join(60)
        assert self.process.stdout is not None
        assert "" == self.process.stdout.read()
        self.process.stdout.close()
        assert self.process.stderr is not None
        self.process.stderr.close()
        return self.process.returncode, "".join(self.lines), seconds

    def ctrl_c(self, times: int = 1) -> None:
        """Press Ctrl-C."""
        for _ in range(times):
            self.process.send_signal(signal.SIGINT)


@POSIX
@pytest.mark.usefixtures("no_pictures")
def test_ctrl_c_while_playing_keeps_what_was_finished(scenario: Path, tmp_path: Path) -> None:
    """Exit code 130 at once; the same command continues, even with the other engine, to the bytes of a fresh run."""
    out = tmp_path / "out"
    options = ("run", scenario, "--replications", 120, "--out")
    run = Started(*options, out, "--engine", "reference")
    run.wait_until(lambda: any((out / "chunks").glob("*.parquet")))
    time.sleep(0.05)
    run.ctrl_c()
    code, stderr, seconds = run.end()
    assert 130 == code, stderr
    assert seconds < 2
    said = re.search(rf"interrupted. (\d+) of 360 plays are kept in {out}; the same command continues there.", stderr)
    assert said, stderr
    finished = sum(pq.read_metadata(file).num_rows for file in (out / "chunks").glob("*.parquet"))
    assert 0 < int(said[1]) <= finished < 360  # one chunk may have been written just then
    assert "Traceback" not in stderr
    assert "interrupted" == json.loads((out / "manifest.json").read_bytes())["state"]
    kept = {name: data for name, data in tree(out).items() if not name.endswith(".part")}
    assert not (out / "summary.json").exists()
    continued = invoke(*options, out)
    assert 0 == continued.exit_code, continued.stderr
    assert f"360 plays, {finished} of them finished before." in continued.stderr
    assert kept.items() <= tree(out).items()
    assert 0 == invoke(*options, tmp_path / "fresh").exit_code
    assert tree(tmp_path / "fresh") == tree(out)


@POSIX
def test_ctrl_c_again_and_again(scenario: Path, tmp_path: Path) -> None:
    """An impatient user gets no traceback either."""
    run = Started("run", scenario, "--replications", 20_000, "--out", tmp_path / "out")
    run.wait_until(lambda: any((tmp_path / "out" / "chunks").glob("*.parquet")))
    run.ctrl_c(5)
    code, stderr, seconds = run.end()
    assert 130 == code, stderr
    assert seconds < 2
    assert "Traceback" not in stderr
    assert "interrupted" == json.loads((tmp_path / "out" / "manifest.json").read_bytes())["state"]


@POSIX
@pytest.mark.parametrize("wait", [0.05, 0.3, 0.8])
def test_ctrl_c_while_importing(scenario: Path, tmp_path: Path, wait: float) -> None:
    """Also before there is anything to keep."""
    run = Started("run", scenario, "--out", tmp_path / "out", "--replications", 100_000)
    time.sleep(wait)
    run.ctrl_c()
    code, stderr, seconds = run.end()
    assert 130 == code, stderr
    assert seconds < 2
    assert "campaign-roi: interrupted." in stderr
    assert "Traceback" not in stderr


@POSIX
def test_ctrl_c_while_compiling(scenario: Path, tmp_path: Path) -> None:
    """The line about compiling appears where nothing is compiled yet, and Ctrl-C doesn't wait for it."""
    run = Started("run", scenario, "--out", tmp_path / "out", env={"XDG_CACHE_HOME": str(tmp_path / "cache")})
    run.wait_until(lambda: any("Compiling first" in line for line in run.lines))
    time.sleep(0.7)
    run.ctrl_c()
    code, stderr, seconds = run.end()
    assert 130 == code, stderr
    assert seconds < 2
    assert f"interrupted. Nothing is kept in {tmp_path / 'out'} yet" in stderr
    assert "Traceback" not in stderr


@POSIX
def test_ctrl_c_while_a_market_is_built(tmp_path: Path) -> None:
    """Building millions of people is not waited for."""
    values = tiny_values(replications=4, markets=1, people={"count": 3_000_000})
    run = Started("run", write_scenario(tmp_path, values), "--out", tmp_path / "out")
    run.wait_until(lambda: any("12 plays" in line for line in run.lines))
    time.sleep(0.5)
    run.ctrl_c()
    code, stderr, seconds = run.end()
    assert 130 == code, stderr
    assert seconds < 2
    assert "Traceback" not in stderr


@POSIX
def test_a_reader_that_leaves_is_no_error(scenario: Path, tmp_path: Path) -> None:
    """`campaign-roi run ... | head -1`: the folder is complete, and nobody hears of a broken pipe."""
    reader, writer = os.pipe()
    os.close(reader)
    run = without_pictures("run", scenario, "--out", tmp_path / "out")
    done = subprocess.run(run, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert 0 == done.returncode, done.stderr
    assert "complete" == json.loads((tmp_path / "out" / "manifest.json").read_bytes())["state"]
    assert "roken" not in done.stderr
    assert "Traceback" not in done.stderr


@POSIX
def test_nobody_reading_progress_is_no_error(scenario: Path, tmp_path: Path) -> None:
    """`campaign-roi run ... 2>&1 | head -1`: the run goes on to its end."""
    reader, writer = os.pipe()
    os.close(reader)
    run = without_pictures("run", scenario, "--out", tmp_path / "out")
    done = subprocess.run(run, stdout=writer, stderr=writer, check=False)
    os.close(writer)
    assert 0 == done.returncode
    assert "complete" == json.loads((tmp_path / "out" / "manifest.json").read_bytes())["state"]


# Progress ---------------------------------------------------------------------------------------------------------


@POSIX
def test_on_a_terminal_progress_is_one_line_with_rate_and_time_left(scenario: Path, tmp_path: Path) -> None:
    """A line that is redrawn: how many plays are finished, how fast, and how long it will take."""
    ours, theirs = pty.openpty()
    options = ("--replications", 60, "--engine", "reference", "--out", tmp_path / "out", "--json")
    process = subprocess.Popen(without_pictures("run", scenario, *options), stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    text = b"".join(iter(lambda: _read_terminal(ours), b"")).decode()
    os.close(ours)
    assert 0 == process.wait(60)
    redrawn = text.split("\r\x1b[K")
    assert 3 <= len(redrawn)
    assert any(" of 180 plays finished, " in line and " per second, about " in line for line in redrawn)
    assert redrawn[-1].startswith("180 plays finished in ")


def _read_terminal(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # how a pseudo-terminal says that nobody writes any more
        return b""


def test_elsewhere_progress_is_a_few_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """In a log: a line for a tenth of the plays; rate and time left without what an earlier run finished."""
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    progress = Progress(100_000, compiles=True)
    progress.begin(20_000)
    for _ in range(80_000):
        now += 0.01
        progress.add(1)
    progress.end()
    lines = capsys.readouterr().err.splitlines()
    assert [
        "100,000 plays, 20,000 of them finished before.",
        "Compiling first; this is done once and takes about 20 seconds.",
        "30,000 of 100,000 plays finished, 100 per second, about 11 min 40 s left",
    ] == lines[:3]
    assert 3 + 7 + 1 == len(lines)
    assert "100,000 plays finished in 13 min 20 s." == lines[-1]


def test_where_more_may_be_wanted_nobody_says_how_long_it_takes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Questions are asked in rounds; the total is that of the rounds so far."""
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    progress = Progress(0, compiles=False)
    for _round in range(2):
        progress.expect(1000)
        for _ in range(1000):
            now += 0.015625
            progress.add(1)
    lines = capsys.readouterr().err.splitlines()
    assert "320 of 1,000 plays wanted so far finished, 64 per second" == lines[0]
    assert "1,280 of 2,000 plays wanted so far finished, 64 per second" == lines[3]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.4, "0 s"), (59.6, "1 min 0 s"), (125, "2 min 5 s"), (7300, "2 h 1 min")]
)
def test_durations_are_read_at_a_glance(seconds: float, text: str) -> None:
    """Seconds, minutes or hours, as it fits."""
    assert text == _duration(seconds)


def test_a_pool_that_is_paid_for_and_not_hired_from_is_said(tmp_path: Path) -> None:
    """A mix whose share never buys the celebrity is no mix; check says so."""
    values = tiny_values()
    values["pools"]["star"] = {**values["pools"]["micro"], "count": 1, "fee": 5_000.0}
    values["strategies"]["mix"] = {"split": {"micro": 0.5, "star": 0.5}}
    result = invoke("check", write_scenario(tmp_path, values))
    assert 0 == result.exit_code
    assert "mix hires nobody from star in any market: the first creator of 'star' costs 5,010.00" in result.stderr


def test_check_reads_the_graph_file(tmp_path: Path) -> None:
    """What is wrong in a graph file is said by check, not only by a run; so is a creator it does not know."""
    values = tiny_values()
    creator = {
        key: value
        for key, value in values["pools"]["micro"].items()
        if key not in ("count", "followers", "niche", "outside_share", "fake_share")
    }
    values = {
        **{key: value for key, value in values.items() if key not in ("pools", "budget")},
        "people": {"graph_file": "edges.csv"},
        "creators": [{**creator, "handle": "Anna", "fee": 10.0}],
        "strategies": {"one": {"creators": ["Anna"]}},
    }
    scenario = write_scenario(tmp_path, values)
    (tmp_path / "edges.csv").write_text("followed,follower\nanna,bo\n", encoding="utf-8")
    result = invoke("check", scenario)
    assert 0 == result.exit_code, result.stderr
    assert "nobody follows the creator 'Anna', it is in no row. Did you mean 'anna'?" in result.stderr
    (tmp_path / "edges.csv").write_text("followed;follower\nanna;bo\n", encoding="utf-8")
    result = invoke("check", scenario)
    assert 2 == result.exit_code
    assert "a comma between" in result.stderr

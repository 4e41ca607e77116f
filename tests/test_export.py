"""A finished study as a workbook: every number comes through, names stay names, and nothing is overwritten unasked."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from click.testing import CliRunner
from openpyxl.utils.escape import unescape
from study_helpers import creator, tiny, tiny_values

from simulator import cli
from simulator.errors import ResultsError
from simulator.present import units, workbook
from simulator.present.workbook import workbook_bytes
from simulator.study import montecarlo
from simulator.study.chunks import REPLICATION_SCHEMA
from simulator.study.creators import CREATOR_SCHEMA
from simulator.study.finished import read_finished
from simulator.study.operations import OPERATIONS_SCHEMA
from simulator.study.results import ResultFolder

# What a spreadsheet would take for formulas, an escape, or too long for the name of a sheet.
HOSTILE = ('=HYPERLINK("http://example.org")', "@x", "n" * 60)
HANDLES = ("=anna", "_x0041_", "1e5", "'-2+3", "+1")
LOG = {"dist": "exponential", "mean_hours": 2.0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Play a study with hostile names in which everything is on, and one plan that spends nothing."""
    home = tmp_path_factory.mktemp("study")
    product = tiny_values()["product"] | {
        "repeat_orders": {"probability": 0.3, "delay": {"dist": "exponential", "mean_hours": 100.0}},
        "return_probability": 0.1,
        "earned_media_cpm": 10,
        "untracked_multiplier": "1.5 to 3",
    }
    scandal = {"probability_per_day": 0.2, "refund_of_fee": 0.5}
    scenario = tiny(
        home,
        replications=4,
        start_date="2026-03-02",
        product=product,
        brand={"half_life_days": 30, "occasion_every_days": 10, "order_per_occasion": 0.01},
        stock={"units": 8},
        approval={"reviewers": 1, "review_hours": LOG, "send_back_probability": 0.2},
        ads={"cpm": 8, "click_per_impression": 0.1, "order_per_click": 0.2, "days": 1},
        creators=[
            *(creator(name, fee=20, scandal=scandal, goodwill_per_impression=0.01) for name in HANDLES),
            creator("bert", fee=0, followers=0, post_days=[1], nonfollower_reach_ratio=0.5),
        ],
        strategies={
            **{name: {"creators": list(HANDLES), "split": {"ads": 0.1}} for name in HOSTILE},
            "free": {"creators": ["bert"]},
        },
    )
    path = home / "out"
    with ResultFolder(path, scenario, "compiled") as results:
        results.write(montecarlo.run(scenario, None, "compiled", 1, folder=results), lambda study, pictures: [])
    return path


@pytest.fixture(scope="module")
def data(folder: Path) -> bytes:
    return workbook_bytes(read_finished(folder))


@pytest.fixture(scope="module")
def book(folder: Path, data: bytes) -> Any:
    path = folder.parent / "read.xlsx"
    path.write_bytes(data)
    return openpyxl.load_workbook(path)


def rows_of(sheet: Any) -> list[list[Any]]:
    values = ((cell.value for cell in row) for row in sheet.iter_rows())
    return [[unescape(value) if isinstance(value, str) else value for value in row] for row in values]


def numbers_in(node: Any) -> Iterator[float]:
    """Give every number of nested values."""
    if isinstance(node, dict | list):
        for inner in node.values() if isinstance(node, dict) else node:
            yield from numbers_in(inner)
    elif isinstance(node, int | float):
        yield node


@pytest.mark.parametrize("name", ["replications", "creators", "timeline", "operations"])
def test_every_cell_of_a_table_comes_through(folder: Path, book: Any, name: str) -> None:
    """Names are the same texts, numbers equal to the last bit, and what is undefined is an empty cell."""
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        written = list(csv.reader(file))
    sheet = rows_of(book[name])
    assert len(written) == len(sheet) > 1
    for expected, actual in zip(written[1:], sheet[1:], strict=True):
        for text, cell in zip(expected, actual, strict=False):
            is_number = isinstance(cell, int | float)
            assert (text or None) == cell if not is_number else float(text) == cell


def test_every_number_of_the_summary_comes_through(folder: Path, book: Any) -> None:
    """All estimates of strategies and comparisons stand in their sheets, intervals and numbers of plays included."""
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    for name, part in (("summary", summary["strategies"]), ("comparisons", summary["comparisons"])):
        found = sorted(cell for row in rows_of(book[name])[1:] for cell in row if isinstance(cell, int | float))
        assert sorted(numbers_in(part)) == found
    estimate = summary["strategies"]["@x"]["reach"]["mean"]
    row = next(row for row in rows_of(book["summary"]) if row[:3] == ["@x", "reach", "mean"])
    assert ["people", *(estimate[key] for key in ("value", "low", "high", "level", "method", "n"))] == row[3:]


def test_whole_numbers_are_whole_and_dates_are_dates(book: Any) -> None:
    """So that a spreadsheet counts with them."""
    header, first = rows_of(book["replications"])[:2]
    assert isinstance(first[header.index("reach [people]")], int)
    about = dict(rows_of(book["about"])[1:])
    assert datetime(2026, 3, 2) == about["start date"]


def test_undefined_is_empty(book: Any) -> None:
    """Where nothing was spent there is no ROI, and no text that says so."""
    header, *rows = rows_of(book["replications"])
    assert {None} == {row[header.index("roi [money per money spent]")] for row in rows if row[0] == "free"}
    texts = {cell.lower() for sheet in book for row in rows_of(sheet) for cell in row if isinstance(cell, str)}
    assert not texts & {"", "nan", "none", "null", "inf", "#num!"}


def test_names_are_texts_whatever_they_begin_with(book: Any) -> None:
    """No strategy, creator or currency becomes a formula."""
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d"}
    assert set(HOSTILE) | {"free"} == {row[0] for row in rows_of(book["replications"])[1:]}
    assert {*HANDLES, "bert", "ads"} == {row[1] for row in rows_of(book["creators"])[1:]}


def test_sheets_and_headers(book: Any) -> None:
    """The header stays in sight and filters; units stand in it, or in a column where they differ by row."""
    tables = ["replications", "creators", "timeline", "operations"]
    assert ["answer", "summary", "comparisons", *tables, "about"] == book.sheetnames
    assert re.search("pays|lose|make|call", str(book["answer"].cell(2, 1).value))  # whether any plan pays comes first
    for sheet in book:
        assert "A2" == sheet.freeze_panes
        assert sheet.dimensions == sheet.auto_filter.ref
        assert all(4 <= column.width <= 61 for column in sheet.column_dimensions.values())
    header = rows_of(book["replications"])[0]
    assert {"strategy", "reach [people]", "spend [$]", "roi [money per money spent]"} <= set(header)
    money = book["replications"].cell(2, header.index("spend [$]") + 1)
    assert "#,##0.00" == money.number_format
    assert "0.0%" == book["summary"].cell(2, 8).number_format


def test_the_scenario_is_in_it(folder: Path, book: Any) -> None:
    """No result without the scenario that made it."""
    about = rows_of(book["about"])
    text = "\n".join(row[1] or "" for row in about if row[0] == "scenario.toml")
    assert (folder / "scenario.toml").read_text(encoding="utf-8") == text
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["hash"] == dict(about[1:])["hash of the scenario"]
    assert 3 == dict(about[1:])["seed"]


def test_every_column_and_figure_has_a_unit(folder: Path) -> None:
    """All numbers of the tables and of the summary do; names have none."""
    for schema in (REPLICATION_SCHEMA, CREATOR_SCHEMA, OPERATIONS_SCHEMA):
        for field in schema:
            if field.name != "value":  # of a happening: by row
                assert (field.type == pa.string()) == (units.unit_of([field.name], "$") == ""), field.name
    study = read_finished(folder)
    for sheet in (workbook._summary(study.summary, "$"), workbook._comparisons(study.summary, "$")):
        unit, value = sheet.header.index("unit"), sheet.header.index("value")
        assert {"share"} >= {row[unit] for row in sheet.rows if "probability_positive" in str(row)}
        without = [row[:4] for row in sheet.rows if row[unit] == "" and not isinstance(row[value], str | None)]
        assert [] == without


def test_the_same_study_is_the_same_bytes(folder: Path, data: bytes) -> None:
    """No clock and no order of a set gets into it."""
    assert data == workbook_bytes(read_finished(folder))


def test_a_long_table_goes_on_in_another_sheet(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A spreadsheet has so many rows and no more; the header is repeated."""
    study = read_finished(folder)
    table = study.tables["replications"]
    monkeypatch.setattr(workbook, "MOST_ROWS", 1 + table.num_rows // 2)
    path = tmp_path / "long.xlsx"
    tables = {"replications": table, "creators": study.tables["creators"]}
    path.write_bytes(workbook_bytes(replace(study, tables=tables, scenario_toml="")))
    book = openpyxl.load_workbook(path)
    first, second = rows_of(book["replications"]), rows_of(book["replications 2"])
    assert "replications 3" not in book.sheetnames
    assert first[0] == second[0]
    assert table["strategy"].to_pylist() == [row[0] for row in first[1:] + second[1:]]


@pytest.mark.parametrize("number", [0.1 + 0.2, 1 / 3, 1e-300, 123456789.123456789, -0.022000000000000002, 5e15])
def test_floats_are_exact(number: float) -> None:
    """Seventeen digits where they are needed, not the sixteen of the library."""
    assert number == float(f"{workbook.Exact(number):.16G}")
    assert math.isfinite(number)


def export(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(cli.main, ["export", *map(str, words)])
    return done.exit_code, done.output


def test_the_command_writes_and_rewrites_its_own_file(folder: Path, data: bytes) -> None:
    """The default is a file of the scenario's name in the folder; the same command again is no accident."""
    path = folder / "tiny.xlsx"
    assert (0, f"{path}: written.\n") == export(folder, "--xlsx")
    assert data == path.read_bytes()
    assert (0, f"{path}: written.\n") == export(folder, "--xlsx")


def saved_later(data: bytes) -> bytes:
    """Give a workbook as a program leaves it that saves it: with another time in its properties."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b">2000-01-01T", b">2026-03-02T"))
    return file.getvalue()


def test_the_command_leaves_what_it_did_not_write(folder: Path, data: bytes, tmp_path: Path) -> None:
    """Another file, or an export that somebody changed, is replaced only with --force."""
    path = tmp_path / "book.xlsx"
    changed = saved_later(data)
    path.write_bytes(changed)
    said = (
        f"campaign-roi: {path}: is there already and no export of this scenario, or was changed since; it was left "
        "untouched. Choose another file with --out, or replace it with --force.\n"
    )
    assert (3, said) == export(folder, "--xlsx", "--out", path)
    assert changed == path.read_bytes()
    assert (0, f"{path}: written.\n") == export(folder, "--xlsx", "--out", path, "--force")
    assert data == path.read_bytes()
    path.write_text("no workbook", encoding="utf-8")
    assert (3, said) == export(folder, "--xlsx", "--out", path)


def test_the_command_asks_as_what(folder: Path) -> None:
    """There is one format, and it is named, so that others can be added."""
    code, said = export(folder)
    assert 2 == code
    assert "Say as what: --xlsx, a workbook for spreadsheets." in said


def changed(folder: Path, **values: object) -> str:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return json.dumps(manifest | values)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("manifest.json", None, "{path}: is not a result folder of this program. Name the result folder of a run."),
        (
            "manifest.json",
            {"state": "interrupted"},
            "{path}: the run in this folder is not finished (interrupted). Give its command again, which continues it.",
        ),
        (
            "manifest.json",
            {"format": 99, "versions": "9.9"},
            "{path}: was written by another version of this program (9.9). Name the result folder of a run.",
        ),
        (
            "creators.csv",
            None,
            "{path}/creators.csv: cannot be read (No such file or directory). {again}",
        ),
        (
            "summary.json",
            "",
            "{path}/summary.json: cannot be read (Expecting value: line 1 column 1 (char 0)). {again}",
        ),
    ],
)
def test_other_folders_are_refused(folder: Path, tmp_path: Path, name: str, content: Any, message: str) -> None:
    """Where, what it is instead, and what to do."""
    for file in folder.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    if content is None:
        (tmp_path / name).unlink()
    else:
        text = content if isinstance(content, str) else changed(folder, **content)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ResultsError) as caught:
        read_finished(tmp_path)
    again = "Give the command of the run again, which writes it anew."
    assert message.format(path=tmp_path, again=again) == str(caught.value)


def test_what_is_no_folder_is_refused(folder: Path) -> None:
    """A file, and nothing at all."""
    advice = "Name the result folder of a run, such as results/micro-vs-celebrity."
    for path, reason in ((folder / "summary.json", "is a file"), (folder / "absent", "there is no such folder")):
        assert (3, f"campaign-roi: {path}: {reason}. {advice}\n") == export(path, "--xlsx")

"""A roster is read as people write it: every number, every header, every refusal; and what it comes to is played."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from study_helpers import RATES, tiny_values, write_scenario

import simulator
from simulator.campaign.hiring import hire
from simulator.errors import ScenarioError
from simulator.market.build import build_market
from simulator.market.creators import pool_profile, typical_profiles
from simulator.scenario.checks import problems_between
from simulator.scenario.listed import ListedPool
from simulator.scenario.model import Scenario
from simulator.scenario.parts import parts_of
from simulator.scenario.roster.cells import is_missing, numeral_of, read_table
from simulator.scenario.roster.columns import COLUMNS, column_of
from simulator.scenario.roster.keys import measured, niche_of, rows_of
from simulator.scenario.roster.reading import Roster, handle_of, read_roster
from simulator.study.montecarlo import run
from simulator.study.results import resolved_toml

HERE = Path(__file__).parent / "rosters"
BROKEN = sorted(path.name for path in HERE.glob("*.csv"))


def roster(tmp_path: Path, text: str | bytes) -> Roster:
    """Read a roster without problems."""
    path = tmp_path / "creators.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    found, wrong = read_roster(path)
    assert ([], True) == (wrong, found is not None)
    assert found is not None
    return found


def numbers(tmp_path: Path, column: str, *cells: str, more: str = "", delimiter: str = ";") -> list[float | None]:
    """Give what the cells of a column come to, beside a handle and followers."""
    rows = [delimiter.join((f"c{i}", "1000", cell)) for i, cell in enumerate(cells)]
    found = roster(tmp_path, "\n".join([delimiter.join(("handle", "followers", column)), *rows, more]))
    (key,) = found.headers.keys() - {"handle", "followers"}
    return [row.number_of(key) for row in found.rows][: len(cells)]


# ---- numbers


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *(("12.5k", 12_500), ("1.1M", 1_100_000), ("2,3 Mio", 2_300_000), ("2,3 Mio.", 2_300_000), ("4 Tsd.", 4_000)),
        *(("1,234,567", 1_234_567), ("1.234.567", 1_234_567), ("12,34,567", 1_234_567), ("1'234", 1_234)),
        *(("1 234 567", 1_234_567), ("1\u00a0234", 1_234), ("1\u202f234\u2009567", 1_234_567), ("1\u2019234", 1_234)),
        *(("$1,200.00", 1_200), ("1.200,50 €", 1_200.5), ("EUR 300", 300), ("300 usd", 300), ("R$ 5,5", 5.5)),
        *((".5", 0.5), ("0,5", 0.5), ("0.125", 0.125), ("1234.567", 1_234.567), ("1.2E+06", 1_200_000), ("-3", -3)),
        *(("\u22123", -3), ("\uff11\uff12", 12), ("  7 ", 7), ("1bn", 1e9)),
    ],
)
def test_a_number_is_read_as_it_is_written(cell: str, value: float) -> None:
    """Units, currencies and separators of thousands are understood where one reading is possible."""
    numeral = numeral_of(cell)
    assert numeral is not None
    assert {value} == {*numeral.readings.values()}


@pytest.mark.parametrize("cell", ["", "abc", "nan", "inf", "1,2,3", "1 23", "10k-20k", ">5", "$", "1..2", "5 apples"])
def test_what_is_no_number_is_none(cell: str) -> None:
    """Nothing is read into nonsense."""
    assert numeral_of(cell) is None


@pytest.mark.parametrize("cell", ["1,234", "1.234", "999.999", "1,234k"])
def test_one_group_of_three_digits_has_two_readings(cell: str) -> None:
    """Both are kept until the rest of the file decides."""
    numeral = numeral_of(cell)
    assert numeral is not None and numeral.is_open and numeral.sign is None


@pytest.mark.parametrize(
    "cell", ["", " ", "N/A", "n/a", "-", "--", "\u2013", "\u2014", "null", "None", "?", "Unknown", "On request"]
)
def test_missing_values(cell: str) -> None:
    """There are many words for nothing."""
    assert is_missing(cell)


@pytest.mark.parametrize(
    ("column", "cells", "values"),
    [
        ("fee", ["1,234", "5"], [1234, 5]),  # nothing else decides: money in thousands
        ("fee", ["1.234", "5"], [1234, 5]),
        ("fee", ["1,234", "5.50"], [1234, 5.5]),
        ("fee", ["1.234", "5,50"], [1234, 5.5]),
        ("likes", ["1.234", "5,50"], [1234, 5.5]),
        ("likes", ["1.234", "5.50"], [1.234, 5.5]),
        ("likes", ["1.234"], [1234]),
        ("likes", ["1.234k", "2"], [1234, 2]),
        ("engagement rate", ["1,234", "2"], [0.01234, 0.02]),  # a rate has decimals
        ("followers count (k)", [], []),
    ],
)
def test_the_rest_of_the_file_decides(tmp_path: Path, column: str, cells: list[str], values: list[float]) -> None:
    """Cells with one reading say which the decimal sign is; without any, what makes sense in the column holds."""
    if cells:
        assert values == pytest.approx(numbers(tmp_path, column, *cells))


@pytest.mark.parametrize(
    ("column", "cells", "values"),
    [
        ("ER", ["3.2%", "3,2 %"], [0.032, 0.032]),
        ("ER", ["3.2", "0.9"], [0.032, 0.009]),
        ("ER", ["0.032", "0.5"], [0.032, 0.5]),
        ("ER (%)", ["0.9", "0.5"], [0.009, 0.005]),
        ("ER", ["3.2%", "0.04"], [0.032, 0.04]),
        ("audience credibility", ["85", "70%"], [0.85, 0.7]),
    ],
)
def test_percent_or_share_is_decided_for_a_column(
    tmp_path: Path, column: str, cells: list[str], values: list[float]
) -> None:
    """A number above 1, or a percent sign in the header, makes the column percent."""
    assert values == numbers(tmp_path, column, *cells)


def test_what_is_unlikely_as_shares_is_asked_about(tmp_path: Path) -> None:
    """0.94 may be 94% or 0.94% of followers; the note shows what it was taken for."""
    (note,) = roster(tmp_path, "handle,followers,ER\nanna,9000,0.94\nben,9000,0.3\n").notes
    assert note.endswith("shares of 1 (0.94 is 94%); if they are percent, write (%) behind the name of the column")
    (note,) = roster(tmp_path, "handle,followers,ER\nanna,9000,0.031\n").notes
    assert note.endswith("shares of 1 (0.031 is 3.1%)")


def test_a_creator_may_be_called_total(tmp_path: Path) -> None:
    """Above others, or alone, or with a name of more words that does not sum up."""
    for rows in ("total,9\nanna,4", "total,9", "anna,4\nben,5\ntotal beauty,7"):
        assert roster(tmp_path, f"handle,followers\n{rows}\n").rows
    (tmp_path / "sum.csv").write_text("handle,followers\nanna,4\nben,5\nGrand total:,9\n", encoding="utf-8")
    (problem,) = read_roster(tmp_path / "sum.csv")[1]
    assert "totals below a table" in problem


def test_a_header_may_count_in_thousands(tmp_path: Path) -> None:
    """Followers (k) are multiplied, but not where the cell says k itself."""
    rows = roster(tmp_path, "handle,Followers (k)\nanna,12.5\nben,3k\n").rows
    assert [12_500, 3_000] == [row.number_of("followers") for row in rows]


LOCALES = {"en": (",", ".", ","), "de": (".", ",", ";"), "fr": ("\u202f", ",", ";"), "ch": ("'", ".", "\t")}


@given(
    followers=st.lists(st.integers(1, 10**10), min_size=1, max_size=6),
    cents=st.lists(st.integers(0, 10**9), min_size=6, max_size=6),
    locale=st.sampled_from(sorted(LOCALES)),
)
@settings(derandomize=True, max_examples=60, deadline=None)
def test_numbers_written_in_a_locale_come_back(
    tmp_path_factory: pytest.TempPathFactory, followers: list[int], cents: list[int], locale: str
) -> None:
    """Whatever the separators, a file in one locale is read as it was meant."""
    group, point, delimiter = LOCALES[locale]

    def written(number: float, places: int) -> str:
        return f'"{f"{number:,.{places}f}".translate({ord(","): group, ord("."): point})}"'

    rows = [f"c{i}{delimiter}{written(f, 0)}{delimiter}{written(c / 100, 2)}" for i, (f, c) in
            enumerate(zip(followers, cents, strict=False))]  # fmt: skip
    text = "\n".join([delimiter.join(("handle", "followers", "fee")), *rows])
    read = roster(tmp_path_factory.mktemp("locale"), text).rows
    assert followers == [row.number_of("followers") for row in read]
    assert [c / 100 for c, _ in zip(cents, followers, strict=False)] == [row.number_of("fee") for row in read]


# ---- headers and files


@pytest.mark.parametrize(
    ("header", "key"),
    [
        *(("@", "handle"), ("User Name", "handle"), ("user_name", "handle"), ("Influencer", "handle")),
        *(("Follower Count", "followers"), ("followersCount", "followers"), ("SUBSCRIBERS", "followers")),
        *(("Avg.\nEngagement  Rate (%)", "engagement_rate"), ("ER %", "engagement_rate")),
        *(("Engagement Rate (by reach)", "engagement_rate_by_reach"), ("Median Likes", "likes")),
        *(("Avg Reels Plays", "views"), ("Average Reach", "reach"), ("Fee (USD)", "fee"), ("Price in EUR", "fee")),
        *(("Rate", "fee"), ("Price per post [€]", "fee_per_post"), ("Topics", "niche"), ("Tier", "tier")),
        *(("Audience Credibility (%)", "credibility"), ("Suspicious followers %", "fake"), ("Network", "platform")),
        *(("Top Country", "country"), ("Top country %", "country_share"), ("Audience country %", "country_share")),
        *(
            ("Rate %", None),
            ("Followers %", None),
            ("E-mail", None),
            ("Country", None),
            ("Following", None),
            ("", None),
        ),
    ],
)
def test_a_header_is_known_by_any_of_its_names(header: str, key: str | None) -> None:
    """Capitals, signs, line breaks and units do not matter; what means something else is not taken."""
    column = column_of(header)
    assert key == (column.key if column else None)


def test_no_name_has_two_meanings() -> None:
    """Every name in the table is found under its own meaning."""
    for column in COLUMNS:
        for name in (*column.names, *column.spare):
            found = column_of(name)
            assert found is not None and found.key == column.key, name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_spreadsheet_is_read(tmp_path: Path, encoding: str, delimiter: str, end: str) -> None:
    """Encodings, delimiters and line ends; columns in any order; names of any script."""
    lines = [delimiter.join(("Bio", '"Followers, all"', "Handle")), delimiter.join(('"a; b, c"', "500", "ゆき 🌸"))]
    for first in ([], [f"sep={delimiter}"]):
        (row,) = roster(
            tmp_path, end.join([*first, *lines]).replace("Followers, all", "Followers").encode(encoding)
        ).rows
        assert ("ゆき 🌸", 500, 2) == (row.text_of("handle"), row.number_of("followers"), row.number)


def test_rows_are_counted_as_a_spreadsheet_counts_them() -> None:
    """Line breaks in quotation marks end no row, and blank rows count."""
    table = read_table(b'a,"b\nc"\n\n"x\ny\nz",1\n,\nlast,2', lambda _: True)
    assert [3, 5] == [number for number, _ in table.rows]


@pytest.mark.parametrize(
    ("cell", "handle"),
    [
        *((" @anna ", "anna"), ("https://www.instagram.com/anna/", "anna"), ("tiktok.com/@anna?lang=en", "anna")),
        *(("https://youtube.com/channel/UC_x1", "UC_x1"), ("🌸", "🌸"), ("محمد", "محمد"), ("👩\u200d🍳", "👩\u200d🍳")),
        *(("\u200b", ""), ("@", ""), ("\ufeffanna", "anna"), ("a/b", "a/b")),
    ],
)
def test_names_are_names(cell: str, handle: str) -> None:
    """Signs and addresses go, everything else stays."""
    assert handle == handle_of(cell)


def test_a_link_is_a_name_where_there_is_no_other(tmp_path: Path) -> None:
    """The address of a profile stands in for the name, and is not used beside one."""
    (row,) = roster(tmp_path, "Followers,URL\n5,https://x.com/anna\n").rows
    assert "anna" == row.values["handle"]
    both = roster(tmp_path, "Full Name,Username,Followers,URL\nAnna A,anna,5,https://x.com/other\n")
    assert "anna" == both.rows[0].values["handle"]


def test_a_name_on_two_platforms_is_two_creators(tmp_path: Path) -> None:
    """Who posts where the pool does keeps the name, so another row changes nothing for it."""
    found = roster(tmp_path, "handle,platform,followers\nanna,IG,5\nAnna,TikTok,6\nben,tiktok,7\n")
    assert ["anna", "Anna (tiktok)", "ben"] == [its["handle"] for its in rows_of(found, {}, "instagram", ())]
    assert ["instagram", "tiktok", "tiktok"] == [its["platform"] for its in rows_of(found, {}, None, ())]


# ---- what is refused


def test_there_are_broken_files() -> None:
    """Each has its message."""
    assert len(BROKEN) > 10
    assert {Path(name).stem for name in BROKEN} == {path.stem for path in HERE.glob("*.txt")}


@pytest.mark.parametrize("name", BROKEN)
def test_every_broken_file_is_refused_with_all_its_problems(name: str) -> None:
    """File, row, column, what was given and what is allowed."""
    found, wrong = read_roster(HERE / name)
    assert found is None
    assert (HERE / name).with_suffix(".txt").read_text(encoding="utf-8") == "\n".join(wrong) + "\n"


def test_files_that_are_too_big_or_not_there_are_refused(tmp_path: Path) -> None:
    """Unread, and with the files that are there."""
    big, long = tmp_path / "big.csv", tmp_path / "long.csv"
    big.write_bytes(b"x" * 10_000_001)
    long.write_text("handle,followers\n" + "a,1\n" * 10_001, encoding="utf-8")
    assert [f"big.csv: more than {10_000_000:,} bytes; that is no list of creators."] == read_roster(big)[1]
    assert ["long.csv: 10,001 rows; at most 10,000 creators can be listed. Leave some out."] == read_roster(long)[1]
    (missing,) = read_roster(tmp_path / "bigg.csv")[1]
    assert 'Did you mean "big.csv"? There is: big.csv, long.csv.' in missing
    (folder,) = read_roster(tmp_path)[1]
    assert "this is no file" in folder


@given(data=st.binary(max_size=60) | st.text(alphabet='handle,folwrs\n";%1.2k\x00\u200bé', max_size=60).map(str.encode))
@settings(derandomize=True, max_examples=150, deadline=None)
def test_no_file_whatever_ends_in_an_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """A file is read or refused with a message."""
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"handle,followers,er\n" + data)
    found, wrong = read_roster(path)
    assert (found is None) == bool(wrong)


# ---- what cells come to


POOL = {
    "reach_per_follower": 0.2,
    "nonfollower_reach_ratio": 0.25,
    "posts": 3,
    "audience_country": "US",
    "outside_share": 0.25,
}


def keys(tmp_path: Path, header: str, row: str, pool: dict[str, Any] = POOL) -> dict[str, Any]:
    """Give what one creator with 1,000 followers comes to."""
    found = roster(tmp_path, f"handle;followers;{header}\nanna;1000;{row}\n")
    rows = rows_of(found, pool, None, ["beauty", "food"])
    return {**rows[0], **measured(found, pool, rows)[0]}


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("credibility", "80%", {"fake_share": 0.2}),
        ("fake followers", "20%", {"fake_share": 0.2}),
        ("fee", "100", {"fee": 100}),
        ("fee per post", "100", {"fee": 300}),
        ("total fee;fee per post", "120;100", {"fee": 120}),
        ("category", "Beauty & Makeup", {"niche": "beauty"}),
        ("category", "Seafood", {}),
        # 500 views of 1,000 followers and a quarter more strangers: 400 followers
        ("views", "500", {"reach_per_follower": 0.4}),
        ("views;reach", "500;250", {"reach_per_follower": 0.2}),
        ("views", "0", {}),
        # 2,400 views, and 800 real followers: each is shown twice as often to strangers
        ("views;credibility", "2400;80%", {"fake_share": 0.2, "reach_per_follower": 0.8, "nonfollower_reach_ratio": 2}),
        # 5% of 1,000 followers are 50 engagements of 500 views; or of 250, as the pool reaches
        ("er;views", "5%;500", {"engagement_per_impression": 0.1, "reach_per_follower": 0.4}),
        ("er", "5%", {"engagement_per_impression": 0.2}),
        ("er by reach;views", "5%;500", {"engagement_per_impression": 0.05, "reach_per_follower": 0.4}),
        ("likes;comments", "20;5", {"engagement_per_impression": 0.1}),
        ("likes;er", "20;5%", {"engagement_per_impression": 0.2}),
        ("likes;views", "900;500", {"engagement_per_impression": 1.0, "reach_per_follower": 0.4}),
        # of the 80% who are real, 75% live elsewhere
        (
            "credibility;audience country",
            "80%;United States (25%), Canada 8%",
            {"fake_share": 0.2, "outside_share": 0.6},
        ),
        ("audience country", "Canada 8%; USA: 25,5 %".replace(";", ","), {"outside_share": 0.745}),
        ("top country;top country %", "usa;25", {"outside_share": 0.75}),
        # who is known to live elsewhere: at least so many, of those who are real, and at least what the pool says
        ("credibility;top country;top country %", "80%;Japan;62%", {"fake_share": 0.2, "outside_share": 0.496}),
        ("audience country", "Canada 8%, Japan 40%", {"outside_share": 0.48}),
        ("top country;top country %", "Canada;25", {}),
        ("audience country", "Canada 8%", {}),
        ("audience country", "Canada", {}),
        ("top country;top country %", "usa;", {}),
    ],
)
def test_conversions(tmp_path: Path, header: str, row: str, expected: dict[str, float]) -> None:
    """By hand, with 1,000 followers."""
    found = keys(tmp_path, header, row)
    assert {"handle": "anna", "followers": 1000, **expected} == pytest.approx(found)


def test_the_views_of_the_file_are_met(tmp_path: Path) -> None:
    """Views are followers x reach_per_follower x (1 + nonfollower_reach_ratio), whatever the share of real ones."""
    for views in (10, 500, 999, 1_000, 5_000):
        its = {**POOL, **keys(tmp_path, "views;fake", f"{views};30%")}
        assert views == pytest.approx(1000 * its["reach_per_follower"] * (1 + its["nonfollower_reach_ratio"]))
        assert its["reach_per_follower"] <= 0.7


def test_a_law_of_the_pool_counts_at_the_followers_of_the_row(tmp_path: Path) -> None:
    """Where views are missing, the pool's reach of an account of that size stands for them, at its median."""
    law = {"law": "power", "at": 4000, "value": 0.2, "exponent": -0.5}
    assert 0.125 == pytest.approx(keys(tmp_path, "er", "5%", {"reach_per_follower": law})["engagement_per_impression"])


@pytest.mark.parametrize(
    ("category", "niche"),
    [
        ("FOOD", "food"),
        ("food-lovers", "food"),
        ("Seafood", None),
        ("Beauty, Food", "beauty"),
        ("", None),
        (None, None),
    ],
)
def test_a_category_is_a_niche_where_it_names_one(category: str | None, niche: str | None) -> None:
    """As a word of its own; the first of several."""
    assert niche == niche_of(category, ["food", "beauty"])


# ---- in a scenario


CSV = (
    "Handle,Followers,ER,Avg views,Fee,Category,Credibility\n"
    '"zoë 🌟",300,5%,90,100,Beauty & Makeup,90%\n'
    "b/c,200,,,150,Knitting,\n"
    "anna,120,4%,,,food,80%\n"
)


def values_with(pool: dict[str, Any], **others: Any) -> dict[str, object]:
    own = {"post_days": [0, 0.5], "reach_per_follower": "20% to 40%", "fee": 120, **RATES, **pool}
    strategies = {"own": {"split": {"own": 0.4}}, "half": {"split": {"own": 0.27}, "creators": ["anna"]}}
    return tiny_values(pools={"own": own}, strategies=strategies, **others)


def load(folder: Path, csv: str = CSV, **pool: Any) -> Scenario:
    (folder / "creators.csv").write_text(csv, encoding="utf-8")
    return simulator.load(write_scenario(folder, values_with({"roster_file": "creators.csv", **pool})))


def listed(scenario: Scenario) -> ListedPool:
    pool = scenario.pools["own"]
    assert isinstance(pool, ListedPool)
    return pool


def test_the_resolved_scenario_needs_no_csv(tmp_path: Path) -> None:
    """What is written out holds the rows, is read again as the same, and is written alike again."""
    scenario, away = load(tmp_path), tmp_path / "away"
    away.mkdir()
    (away / "scenario.toml").write_text(resolved_toml(scenario), encoding="utf-8")
    again = simulator.load(away / "scenario.toml")
    assert "roster_file" not in resolved_toml(scenario)
    assert (scenario.hash, resolved_toml(scenario)) == (again.hash, resolved_toml(again))


@pytest.mark.parametrize(
    ("old", "new"), [("300", "301"), ("5%", "6%"), (",90,", ",91,"), ("100", "101"), ("90%", "91%")]
)
def test_every_cell_counts_in_the_hash(tmp_path: Path, old: str, new: str) -> None:
    """Another value in the file is another scenario."""
    assert load(tmp_path).hash != load(tmp_path, CSV.replace(old, new, 1)).hash


def test_it_is_said_what_was_filled_in_and_left_out(tmp_path: Path) -> None:
    """What is missing is counted; the rest of the reading is told too."""
    csv = CSV.replace("Handle,", "E-mail,Handle,").replace("\n", "\n,").rstrip(",")
    first, *others = load(tmp_path, csv).notes
    taken = "1 without a fee, 2 without reach or views, 1 without an engagement rate and 1 without audience credibility"
    assert f"own (creators.csv): 3 creators; {taken}, taken from the pool." == first
    assert [
        "own (creators.csv): categories that are no niche of the people, so the pool's holds: Knitting.",
        "own (creators.csv): its views and engagement count as known: an interval does not hold their error.",
        'own (creators.csv): "Fee" is taken as the fee for all posts together.',
        'own (creators.csv): not used: "E-mail".',
    ] == others


@pytest.mark.parametrize(
    ("csv", "currency", "said"),
    [
        (CSV.replace(",100,", ",100 €,"), "$", "fees in € are taken for $, without conversion."),
        (CSV.replace("Fee", "Fee (GBP)"), "$", "fees in £ are taken for $, without conversion."),
        (CSV.replace("Fee", "Fee (EUR)"), "€", None),
        (CSV.replace("Fee", "Fee (EUR)"), "EUR", None),
        (CSV.replace(",100,", ",$100,"), "$", None),
    ],
)
def test_fees_in_another_currency_are_told(tmp_path: Path, csv: str, currency: str, said: str | None) -> None:
    """Nothing is converted."""
    (tmp_path / "creators.csv").write_text(csv, encoding="utf-8")
    values = values_with({"roster_file": "creators.csv"}, currency=currency)
    told = [note for note in simulator.load(write_scenario(tmp_path, values)).notes if "conversion" in note]
    assert [said] == [note.partition("): ")[2].partition(" Convert")[0] for note in told] if said else not told


def test_whose_country_is_unknown_is_told_with_what_stands_for_it(tmp_path: Path) -> None:
    """An audience of another country counts as the pool's: as people of the market, where the pool does not say."""
    csv = "handle,platform,followers,top country,share\nanna,Reels,300,Germany,60%\n"
    rates = "1 without a share of US (outside_share {}), taken from the pool"
    for pool, outside in (({}, "0"), ({"outside_share": 0.5}, "0.5")):
        first, second, *_ = load(tmp_path, csv, audience_country="US", **pool).notes
        assert rates.format(outside) in first
        assert second.endswith('platforms of which nothing is known, so the pool\'s hold: "reels".')


def test_a_rate_that_is_taken_as_the_fee_is_told(tmp_path: Path) -> None:
    """The column "Rate" means money."""
    assert 'given "3%"; must be a number, not a percentage; this column is taken as the fee.' in refusal(
        tmp_path, "handle,followers,rate\nanna,300,3%\n"
    )


def test_followers_known_to_live_elsewhere_are_told(tmp_path: Path) -> None:
    """With their countries, so that a market that is called otherwise is seen; with less than the pool it counts."""
    csv = "handle,followers,top country,country share\na,300,Japan,62%\nb,200,Canada,8%\nc,200,Japan,50%\nd,200,US,5%\n"
    first, *others = load(tmp_path, csv, audience_country="US", outside_share=0.25, fake_share=0).notes
    assert "1 without a share of US (outside_share 0.25), taken from the pool" in first
    told = "2 with shares of other countries than US only (Japan): these real followers at least count as outside."
    assert f"own (creators.csv): {told}" in others
    assert not any("count as known" in note for note in others)


def test_presets_that_stand_in_are_named(tmp_path: Path) -> None:
    """The preset that filled the pool's value is said with it."""
    values = values_with({"roster_file": "creators.csv"}, evidence="industry")
    del values["pools"]["own"]["engagement_per_impression"]  # type: ignore[index]
    (tmp_path / "creators.csv").write_text(CSV, encoding="utf-8")
    scenario = simulator.load(write_scenario(tmp_path, values))
    assert "1 without an engagement rate (evidence industry)" in scenario.notes[0]
    measured_ones = [member.engagement_per_impression for member in listed(scenario).creators]
    assert [True, False, True] == [one is not None for one in measured_ones]


def test_a_row_elsewhere_has_the_rates_of_its_platform_but_for_what_was_measured(tmp_path: Path) -> None:
    """Presets fill what the file does not say; what it says replaces them, and is no longer from there."""
    csv = "Handle,Platform,Followers,ER\nanna,instagram,300,5%\nben,TikTok,300,5%\n"
    (tmp_path / "creators.csv").write_text(csv, encoding="utf-8")
    pool = {"roster_file": "creators.csv", "posts": 1, "fee": 5}
    values = tiny_values(pools={"own": pool}, platform="instagram", strategies={"a": {"split": {"own": 1}}})
    scenario = simulator.load(write_scenario(tmp_path, values))
    anna, ben = listed(scenario).creators
    assert anna.click_per_impression is None is not ben.click_per_impression
    filled = dict(scenario.filled)
    assert "tiktok" == filled["pools", "own", "creators", 1, "click_per_impression"]
    assert ("pools", "own", "creators", 1, "engagement_per_impression") not in filled
    assert "creators.csv, row 3" == scenario.written["pools", "own", "creators", 1, "engagement_per_impression"]


def test_it_is_said_of_how_many_posts_a_fee_per_post_is(tmp_path: Path) -> None:
    """The fee of a creator is for all posts of the pool."""
    scenario = load(tmp_path, CSV.replace("Fee", "Price per post"))
    assert 'own (creators.csv): "Price per post" is for one post; each has 2.' in scenario.notes
    assert [200, 300, None] == [member.fee and member.fee.median for member in listed(scenario).creators]


def test_a_value_of_a_row_can_be_set(tmp_path: Path) -> None:
    """A creator of a roster is called by its handle, like any other."""
    load(tmp_path)
    scenario = simulator.load(tmp_path / "tiny.toml", {"pools.own.creators.anna.fee": 77})
    fees = [member.fee and member.fee.median for member in listed(scenario).creators]
    assert [100, 150, 77] == fees


def refusal(folder: Path, csv: str = CSV, **pool: Any) -> str:
    with pytest.raises(ScenarioError) as error:
        load(folder, csv, **pool)
    return str(error.value).replace(str(folder), "FOLDER")


def test_problems_of_the_file_and_of_the_scenario_are_told_at_once(tmp_path: Path) -> None:
    """Cells with their row, and what else is wrong; nothing is called missing because the file cannot be used."""
    text = refusal(tmp_path, CSV.replace("300", "many"), order_per_click=2)
    assert 'roster_file: creators.csv, row 2, column "Followers": given "many"; must be a number, such as' in text
    assert "pools.own.order_per_click: given 2" in text
    assert text.startswith("FOLDER/tiny.toml: 2 problems")


@pytest.mark.parametrize(
    ("pool", "message"),
    [
        (
            {"roster_file": "creator.csv"},
            "creator.csv: this file cannot be read (No such file or directory). Name a CSV",
        ),
        ({"creators": [{"handle": "x", "followers": 5}]}, "given beside creators; a pool has one of the two."),
        ({"count": 5}, "pools.own.count: has no effect on a pool whose creators are listed, each with its own."),
        (
            {"outside_share": 0.9},
            "creators.csv, row 4: pools.own.creators.anna.fake_share: fake_share 0.2 and outside_share",
        ),
        ({"roster_file": 5}, "pools.own.roster_file: given 5"),
        ({"roster_fil": 5}, 'unknown key. Did you mean "roster_file"?'),
    ],
)
def test_what_a_listed_pool_cannot_have_is_refused(tmp_path: Path, pool: dict[str, Any], message: str) -> None:
    """Beside its place in the file."""
    assert message in refusal(tmp_path, **pool)


def test_a_fee_that_nobody_says_is_refused_with_the_names(tmp_path: Path) -> None:
    """The rows and the key to write."""
    (tmp_path / "creators.csv").write_text(CSV, encoding="utf-8")
    values = values_with({"roster_file": "creators.csv"})
    del values["pools"]["own"]["fee"]  # type: ignore[index]
    with pytest.raises(ScenarioError, match=r"pools.own.fee: missing\. There is no fee in the row of anna\. This is"):
        simulator.load(write_scenario(tmp_path, values))


def test_a_creator_larger_than_the_market_is_refused_by_row(tmp_path: Path) -> None:
    """As for any creator, with the row of the file."""
    text = refusal(tmp_path, CSV.replace("200", "9000"))
    assert "creators.csv, row 3: pools.own.creators.b/c.followers: 9,000 real followers in a market of 2,000" in text


def test_rows_written_by_hand_are_checked(tmp_path: Path) -> None:
    """Twice the same handle, a niche that nobody has, more reach than real followers, a country without a file."""
    rows = [
        {"handle": "anna", "followers": 50, "niche": "foodd"},
        {"handle": "anna", "followers": 60, "fake_share": 0.5, "reach_per_follower": 0.6},
    ]
    values = values_with({"creators": rows, "audience_country": "US"})
    with pytest.raises(ScenarioError) as error:
        simulator.load(write_scenario(tmp_path, values))
    text = str(error.value)
    assert 'pools.own.creators.anna.handle: two creators of the pool have the handle "anna"' in text
    assert 'no niche "foodd" in people.niches. Did you mean "food"?' in text
    assert "0.6 of the advertised followers cannot be reached when only 0.5 of them are real" in text
    assert 'audience_country: given "US"; this has no effect without a roster_file. Remove this key.' in text


# ---- hiring and playing


def scenario_of(rows: list[dict[str, Any]], **pool: Any) -> Scenario:
    return Scenario.model_validate(values_with({"creators": rows, **pool}))


ROWS: list[dict[str, Any]] = [
    {"handle": "zoë 🌟", "followers": 300, "fee": 100},
    {"handle": "b/c", "followers": 200, "fee": "80 to 120", "fake_share": 0.2, "reach_per_follower": "10% to 20%"},
    {"handle": "cem", "followers": 150, "fee": 500, "niche": "food"},
    {"handle": "anna", "followers": 120, "fee": 1},
]


def test_creators_are_hired_in_the_order_of_the_rows() -> None:
    """Until the first that cannot be paid; nobody is skipped."""
    plan = hire(scenario_of(ROWS), 0, "own")
    assert ("own/b/c", "own/zoë 🌟") == tuple(profile.name for profile in plan.profiles)
    assert (2, 4) == (plan.shares[0].hired, plan.shares[0].offered)
    turned = hire(scenario_of(ROWS[::-1]), 0, "own")
    assert ("own/anna",) == tuple(profile.name for profile in turned.profiles)


def test_a_creator_is_the_same_in_any_order_and_company() -> None:
    """Audience, fee and account hang on the handle: another order, and a row that nobody hires, change nothing."""
    more = [*ROWS, {"handle": "new", "followers": 900, "fee": 9999}]
    found = []
    for rows in (ROWS, ROWS[::-1], more):
        scenario = scenario_of(rows)
        profiles = [pool_profile(scenario, 1, "own", place) for place in range(1, 5)]
        audiences = build_market(scenario, 1, profiles).audiences
        found.append({its.name: (its.fee_cents, its.account, audiences[its.name].tolist()) for its in profiles})
    assert found[0] == found[1] == found[2]


def test_a_fee_may_be_a_range_or_a_law_of_the_pool() -> None:
    """Drawn once per market by the creator's name."""
    law = {"law": "power", "scale": 2.0, "exponent": 1.0, "noise": 0.3}
    rows = [{"handle": handle, "followers": 100} for handle in ("a", "b")]
    scenario = scenario_of(rows, fee=law)
    cents = {(m, place): pool_profile(scenario, m, "own", place).fee_cents for m in (0, 1) for place in (1, 2)}
    assert 4 == len({*cents.values()})
    typical = typical_profiles(scenario, "own")
    assert [20_000] == [profile.fee_cents for profile in typical]


def test_what_the_pool_says_of_its_creators() -> None:
    """The interface that drawn pools have too."""
    pool = listed(scenario_of(ROWS))
    assert (4, (120.0, 300.0), 192.5, 300) == (
        pool.count,
        pool.fewest_and_most,
        pool.mean_followers,
        pool.audience_bound,
    )
    assert {"zoë 🌟": 1, "b/c": 2, "cem": 3, "anna": 4} == pool.places
    assert [300, 150, 120] == sorted(
        (p.followers or 0 for p in typical_profiles(scenario_of(ROWS), "own")), reverse=True
    )
    assert [0.0, 0.2, 0.0, 0.0] == [account.fake_share for account in pool.accounts]
    assert pool.accounts[0] is pool.accounts[3]


def test_a_listed_pool_plays_alike_on_both_clocks(tmp_path: Path) -> None:
    """Creators with rates of their own, names of any script: the same outcomes to the bit."""
    values = values_with({"creators": ROWS, "nonfollower_reach_ratio": 0.2}, replications=2)
    scenario = simulator.load(write_scenario(tmp_path, values))
    compiled, reference = (run(scenario, 2, engine, 1) for engine in ("compiled", "reference"))
    assert compiled.summary == reference.summary
    assert math.isfinite(compiled.summary["strategies"]["own"]["reach"]["mean"]["value"])


def test_a_boost_names_a_listed_creator() -> None:
    """By pool and handle, where handles may hold slashes; who is not listed is refused with who is."""
    boost = {"day": 0.2, "days": 1, "budget": 50, "cpm": 8}
    values = values_with({"creators": ROWS}, horizon_days=3)
    for name, said in (
        ("own/b/c", None),
        ("own/bc", 'hires no creator "own/bc". Did you mean "own/'),
        ("own/5", "no creator"),
    ):
        values["strategies"] = {"a": {"split": {"own": 1.0}, "boost": {**boost, "posts": {name: 1}}}}
        told = [problem.message for problem in problems_between(parts_of(values))]
        assert (said is None) == (told == []) and all(said in message for message in told)


def test_overlap_of_a_listed_pool() -> None:
    """A target ties its creators together; one creator alone has nobody to share followers with."""
    rows = [{"handle": handle, "followers": 400} for handle in "ab"]
    scenario = Scenario.model_validate(values_with({"creators": rows}, overlap={"own": 0.5}))
    profiles = [pool_profile(scenario, 0, "own", place) for place in (1, 2)]
    a, b = (set(its.tolist()) for its in build_market(scenario, 0, profiles).audiences.values())
    assert 0.4 < len(a & b) / 400 < 0.6
    values = values_with({"creators": rows[:1]}, overlap={"own": 0.5})
    (problem,) = problems_between(parts_of(values))
    assert "List another, or remove this key." in problem.message


# ---- the page about it


DOCS = Path(simulator.__file__).parent.parent / "docs" / "roster.md"


def table() -> str:
    rows = [
        f"| {column.key} | {', '.join(column.names)}{'; else ' + ', '.join(column.spare) if column.spare else ''} | "
        f"{column.use} |"
        for column in COLUMNS
    ]
    return "\n".join(["| meaning | names | what it does |", "|---|---|---|", *rows])


def test_the_page_has_every_column() -> None:
    """The table of docs/roster.md is that of the code."""
    text = DOCS.read_text(encoding="utf-8")
    before, after = text.partition(" -->\n")[0], text.partition("<!-- end of columns")[2]
    made = f"{before} -->\n{table()}\n<!-- end of columns{after}"
    if os.environ.get("RECORD"):
        DOCS.write_text(made, encoding="utf-8")
    assert DOCS.read_text(encoding="utf-8") == made

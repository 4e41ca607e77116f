"""A first scenario from five answers: whatever they are, it can be checked and run, or the answer is refused."""

import itertools
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import simulator
from simulator.campaign.hiring import check_hiring, plans_of
from simulator.cli import interview, main
from simulator.errors import ScenarioError
from simulator.scenario.account import PLATFORMS, PlatformName, Pool
from simulator.scenario.presets.plausible import range_warnings
from simulator.scenario.rates import rate_at, unknown_of
from simulator.scenario.starter import (
    COMPARISONS,
    Answers,
    Comparison,
    file_name,
    starter_files,
    starter_text,
    usual_cost,
)

COMPARISON_NAMES: list[Comparison] = list(COMPARISONS)


def answers(
    platform: PlatformName = "instagram",
    compare: Comparison = "many-or-few",
    budget: float = 30_000,
    people: int = 1_000_000,
) -> Answers:
    return Answers("LED mask", 400, budget, people, platform, compare)


def written(folder: Path, given: Answers) -> Path:
    """Write all files of a first scenario; give that of the scenario."""
    for name, text in starter_files(given).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / given.file


# ---- what is written


@pytest.mark.parametrize(("platform", "compare"), list(itertools.product(PLATFORMS, COMPARISON_NAMES)))
def test_every_answer_gives_a_scenario_that_can_be_run(
    platform: PlatformName, compare: Comparison, tmp_path: Path
) -> None:
    """Small and large budgets and markets: it loads without a problem, and every plan hires somebody everywhere."""
    extremes = [(1_000_000, 5_000_000)] if compare == "many-or-few" else []
    for budget, people in ((6_000, 150_000), (30_000, 1_000_000), (290_000, 200_000), (50_000, 5_000_000), *extremes):
        scenario = simulator.load(written(tmp_path, answers(platform, compare, budget, people)), {"markets": 2})
        plans = plans_of(scenario)
        check_hiring(scenario, plans)
        assert len(scenario.strategies) >= 2
        assert all(plan.profiles or plan.ads_cents for plan in plans.values())
        assert (budget, people) == (scenario.budget, scenario.people.count)
        assert platform == scenario.platform


def test_the_text_is_commented_and_names_its_schema() -> None:
    """Each number of it has a word beside it; what is guessed is called assumed; the next commands stand there."""
    lines = starter_text(answers()).splitlines()
    assert "#:schema ./campaign-roi.schema.json" == lines[0]
    assert "#     campaign-roi run scenario.toml" in lines
    numbers = [line for line in lines if " = " in line and any(c.isdigit() for c in line) and "title" not in line]
    bare = [line for line in numbers if "#" not in line and not line.startswith(("split", "creators"))]
    assert bare == []
    assert 4 <= sum("# assumed" in line for line in lines)
    assert any("real followers are taken to be of them" in line for line in lines)
    ads = starter_text(answers(compare="creators-or-ads")).splitlines()
    assert "# No table is behind these numbers, and they may decide the answer." == ads[ads.index("[ads]") - 1]
    assert max(map(len, lines)) <= 120


def test_sizes_are_those_that_the_budget_pays_for(tmp_path: Path) -> None:
    """Of each it pays for five at the usual cost, and no account is larger than the market; more money, larger ones."""

    def pools(budget: float, people: int = 1_000_000, compare: Comparison = "sizes") -> list[str]:
        scenario = simulator.load(written(tmp_path, answers("instagram", compare, budget, people)))
        assert range_warnings(scenario) == []
        for pool in scenario.pools.values():
            assert isinstance(pool, Pool)
            low, high = pool.followers.bounds
            assert budget >= 5 * usual_cost("instagram", (low * high) ** 0.5)
            assert people >= 2 * pool.audience_size(high)
        return list(scenario.pools)

    assert ["nano", "micro"] == pools(4_000)
    assert ["nano", "micro", "mid"] == pools(50_000)
    assert ["nano", "micro", "mid", "macro"] == pools(50_000, people=1_500_000)
    assert ["nano", "micro"] == pools(50_000, people=150_000)
    assert ["micro", "mid"] == pools(50_000, compare="many-or-few")
    assert ["nano", "micro"] == pools(4_000, compare="many-or-few")
    assert ["nano"] == pools(2_000, compare="creators-or-ads")
    assert ["micro"] == pools(4_000, compare="creators-or-ads") == pools(50_000, compare="creators-or-ads")


def test_another_currency_is_said(tmp_path: Path) -> None:
    """Fees that are filled in are dollars."""
    given = Answers("Maske", 400, 30_000, 1_000_000, "tiktok", "sizes", currency="€")
    assert "€" == simulator.load(written(tmp_path, given)).currency
    assert "# Fees that are filled in are US dollars; where € is something else, write your own." in starter_text(given)


# ---- what is refused

TOO_FEW = (
    "budget: given 1_000; it pays for too few creators on instagram. A nano account costs about 312 there, to find and "
    "brief it included; answer 1,600 or more."
)
ONE_SIZE = (
    "budget: given 2_000; there are not two sizes of account of which it pays for several on instagram. A micro "
    "account costs about 647 there, to find and brief it included; answer 3,300 or more. Or compare something else."
)
TOO_MANY_ADS = (
    "budget: given 300_001; as ads it would buy more than 50,000,000 impressions, which is the most that can be played."
    " Answer 300,000 or less, or compare something else."
)
TOO_FEW_PEOPLE = (
    "market size: given 20,000 people, of whom there are too few for accounts of two sizes: 75,000 may follow a micro "
    "account, and no more than half of a market should. Answer 150,000 or more. Or compare something else."
)
NO_MARKET = (
    "market size: given 100 people; this asks for 20,000 to 5,000,000. For another size, answer one of these and "
    "change people.count in the file."
)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            answers(budget=1_000),
            TOO_FEW,
        ),
        (
            answers(budget=2_000, compare="sizes"),
            ONE_SIZE,
        ),
        (
            answers(budget=3e5 + 1, compare="creators-or-ads"),
            TOO_MANY_ADS,
        ),
        (
            answers(people=20_000, compare="sizes"),
            TOO_FEW_PEOPLE,
        ),
        (
            answers(people=100),
            NO_MARKET,
        ),
    ],
)
def test_answers_that_lead_nowhere_are_refused(given: Answers, message: str) -> None:
    """With what would do."""
    with pytest.raises(ScenarioError) as caught:
        starter_text(given)
    assert message == str(caught.value)


def test_the_least_that_is_named_is_enough() -> None:
    """For both comparisons that name it."""
    assert starter_text(answers(budget=1_600, compare="creators-or-ads"))
    assert starter_text(answers(budget=3_300, compare="sizes"))


# ---- reading answers


@pytest.mark.parametrize(
    ("text", "product", "price", "sign"),
    [
        ("LED mask for 400", "LED mask", 400.0, ""),
        ("LED mask for $1,200", "LED mask", 1200.0, "$"),
        ("Creme 12,50 €", "Creme", 12.5, "€"),
        ("Mug for CHF 40", "Mug", 40.0, "CHF"),
        ("Mug for 40 EUR", "Mug", 40.0, "€"),
        ("Mug XXL for 40", "Mug XXL", 40.0, ""),
        ("Mug XXL 40", "Mug XXL", 40.0, ""),
        ("2 pairs of socks at 19.99", "2 pairs of socks", 19.99, ""),
        ("コスメ 3000", "コスメ", 3000.0, ""),
        ("course: £2k", "course", 2000.0, "£"),
    ],
)
def test_products_are_read_with_their_price(text: str, product: str, price: float, sign: str) -> None:
    """As people write them."""
    assert (product, price, sign) == interview._sold(text)


@pytest.mark.parametrize("text", ["LED mask", "400", "mask for free", "mask for 0", "x" * 80 + " for 3", "mask for 5%"])
def test_a_product_without_a_price_is_asked_again(text: str) -> None:
    """ROI needs one."""
    with pytest.raises(click.UsageError):
        interview._sold(text)


def test_files_are_called_after_the_product() -> None:
    """In letters that every system takes."""
    assert ["led_mask.toml", "cr_me.toml", "campaign.toml"] == [
        file_name(name) for name in ("LED mask", "Crème", "コスメ")
    ]


# ---- the command

FLAGS = {
    "--product": "LED mask for €400",
    "--budget": "30k",
    "--people": "1M",
    "--platform": "TikTok",
    "--compare": "3",
}


def invoke(*words: str, without: str = "", text: str | None = None) -> tuple[int, str]:
    flags = [word for pair in FLAGS.items() if pair[0] != without for word in pair]
    result = CliRunner().invoke(main, ["init", *flags, *words], input=text)
    return result.exit_code, result.output


def test_options_stand_for_all_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a terminal; the file is checked at once, and never written over."""
    monkeypatch.chdir(tmp_path)
    code, output = invoke()
    assert 0 == code
    assert (
        "led_mask.toml: fine. 200 replications of 3 strategies in 4 markets of 1,000,000 people, 30 days each."
        in output
    )
    assert "Next: campaign-roi explain led_mask.toml, then campaign-roi run led_mask.toml." in output
    before = Path("led_mask.toml").read_bytes()
    code, output = invoke()
    assert 2 == code
    assert "Invalid value for FILE: led_mask.toml is there already, and is left as it is. Name another file." in output
    assert before == Path("led_mask.toml").read_bytes()
    assert 0 == invoke("other/mine.toml")[0]
    assert {"mine.toml", "campaign-roi.schema.json"} == {path.name for path in Path("other").iterdir()}


def test_where_nothing_can_be_written_another_folder_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no --out; the files are called by the names that they would have."""
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("", encoding="utf-8")
    code, output = invoke("file/mine.toml")
    assert (3, True) == (code, output.endswith("It was not written. Name a FILE in another folder.\n"))
    Path("there/campaign-roi.schema.json").mkdir(parents=True)
    code, output = invoke("there/mine.toml")
    assert (3, True) == (code, "campaign-roi.schema.json: Is a directory. It was not written." in output)
    assert ".part" not in output


def test_an_own_list_is_never_written_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is none, an example is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(FLAGS, "--compare", "own-list")
    assert 0 == invoke("example.toml")[0]
    assert Path("creators.csv").read_text(encoding="utf-8").startswith("handle,followers")
    mine = "handle,followers,fee\nanna,50k,900\nben,20k,300\n"
    for name in ("mine.csv", "Mine.CSV", "export.txt"):
        Path(name).write_text(mine, encoding="utf-8")
        code, output = invoke(f"{name}.toml", "--roster", name)
        assert 0 == code, output
        assert mine == Path(name).read_text(encoding="utf-8")
        assert "own_list hires 2 of 2 own" in output
    assert (
        "list.csv: written, an example; put your own list in its place." in invoke("a.toml", "--roster", "list.csv")[1]
    )


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--product", "LED mask", "given 'LED mask'; say what a customer pays as well, such as: LED mask for 400."),
        ("--budget", "-3", "given '-3'; must be an amount of money above 0, such as 30,000 or 12.5k."),
        ("--budget", "1e16", "given '1e16'; must be at most 1,000,000,000,000."),
        ("--people", "10", "given '10'; must be from 20,000 to 5,000,000 people, such as 200,000 or 1M."),
        ("--platform", "insta", "given 'insta'; there is no such platform. Did you mean \"instagram\"?"),
        ("--compare", "9", "given '9'; must be a number from 1 to 4 or its name."),
    ],
)
def test_options_that_cannot_be_used_are_refused(
    option: str, value: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By name, and nothing is written; one that is missing is named where nobody can be asked."""
    monkeypatch.chdir(tmp_path)
    code, output = invoke(option, value, without=option)
    assert 2 == code
    assert f"Invalid value for {option}: {message}" in output
    code, output = invoke(without=option)
    assert 2 == code
    assert f"Error: {option} is missing, and there is no terminal to ask on. Write for example {option} " in output
    assert [] == list(tmp_path.iterdir())


def test_questions_are_asked_until_they_are_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be used is said; Enter stands for what is proposed; no more answers leave nothing behind."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(interview, "_is_terminal", lambda: True)
    result = CliRunner().invoke(main, ["init"], input="mask\nmask for 30\n\n\nsnapchat\nyoutube\n2\n")
    assert 0 == result.exit_code, result.output
    assert "given 'mask'; say what a customer pays as well" in result.output
    assert 'platform = "youtube"' in Path("mask.toml").read_text(encoding="utf-8")
    Path("mask.toml").unlink()
    result = CliRunner().invoke(main, ["init"], input="mask for 30\n")
    assert 2 == result.exit_code
    assert "campaign-roi: no more answers. Nothing was written." in result.output
    assert not Path("mask.toml").exists()


def test_ads_are_no_better_than_creators_by_assumption(tmp_path: Path) -> None:
    """Who clicks and orders is taken to be as usual on the platform; what a view costs is left to tell them apart."""
    for platform in PLATFORMS:
        scenario = simulator.load(written(tmp_path, answers(platform, "creators-or-ads")))
        [account] = scenario.pools.values()
        assert scenario.ads is not None
        for key in ("click_per_impression", "order_per_click"):
            rate = getattr(account, key)
            usual = rate_at(rate, unknown_of(rate).median, 31_623)
            assert usual == pytest.approx(getattr(scenario.ads, key).median, rel=0.35)


def test_a_campaign_is_watched_until_its_posts_were_seen() -> None:
    """A video on YouTube is seen for weeks."""
    days = {platform: starter_text(answers(platform)).partition("horizon_days = ")[2][:2] for platform in PLATFORMS}
    assert {"instagram": "30", "tiktok": "30", "youtube": "60", "x": "30"} == days

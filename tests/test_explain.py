"""What `explain` says is what is played: worked out by hand, against the crowd's thresholds, and in words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from market_helpers import mean_agrees
from study_helpers import RATES, creator, tiny, tiny_values

import simulator
from simulator.campaign.content import conditions_of
from simulator.campaign.explain import Explanation, explain, response
from simulator.campaign.funnel import Step
from simulator.campaign.hiring import hire
from simulator.campaign.play import play
from simulator.campaign.unknowns import Unknowns
from simulator.market.build import build_market
from simulator.market.expected import Audience, expected_share
from simulator.present.explain import explanation_lines
from simulator.present.written import delay_text, number, rate_text, share, three_digits
from simulator.scenario.model import Scenario
from simulator.scenario.people import SyntheticPeople
from simulator.scenario.section import Constant, Exponential, Lognormal, PowerLaw
from simulator.spread.conditions import Post, chance, wear_table

SHIPPED = sorted((Path(__file__).parent.parent / "scenarios").glob("*.toml"))
PRODUCT = {"order_value": 90, "margin": 0.5, "niche": "food", "niche_fit": 1.5, "viewer_fit": 2}
TRUSTED: dict[str, Any] = {"niche": "food", "fake_share": 0.25, "trust": 0.5, "disclosure": 0.8}


def law(value: object, exponent: float) -> dict[str, object]:
    """Give a power law with its value at 200 followers."""
    return {"law": "power", "at": 200, "value": value, "exponent": exponent}


def pool(**values: object) -> dict[str, object]:
    """Give a pool of creators with 100 to 400 followers."""
    own = {"count": 4, "followers": "100 to 400", "fee": 50, "post_days": [0], "reach_per_follower": 0.3}
    return own | RATES | values


LAWS = {"reach_per_follower": law(0.3, -0.5), "click_per_impression": law(0.2, 0.5), "trust": 1.1}


def rich(folder: Path, **values: object) -> Scenario:
    """Give a scenario in which everything acts that multiplies a rate: of creators, of a pool and of ads."""
    formats = {"feed": {}, "story": {"reach_per_follower": 0.15}}
    anna = creator(
        "anna",
        **TRUSTED,
        goodwill_per_impression=0.01,
        post_days=[0, 1],
        formats=formats,
        post_formats=["feed", "story"],
    )
    ads = {"cpm": 8, "days": 1, "click_per_impression": 0.01, "order_per_click": 0.02, "goodwill_per_impression": 0.001}
    own: dict[str, Any] = {
        "product": PRODUCT,
        "people": {"count": 2000, "followings_per_person": 8.0, "niches": {"food": 0.4, "art": 0.6}},
        "brand": {"half_life_days": 10, "occasion_every_days": 5},
        "creators": [anna, creator("bert", niche="art", trust=9)],
        "pools": {"micro": pool(**LAWS)},
        "ads": ads,
        "strategies": {"all": {"creators": ["anna", "bert"], "split": {"micro": 0.5, "ads": 0.5}}},
    }
    return tiny(folder, **own | values)


def by_name(scenario: Scenario) -> dict[str, Explanation]:
    """Give the explanations of a scenario by name."""
    return {its.name: its for its in explain(scenario)}


def told(scenario: Scenario) -> list[str]:
    """Give what is said of a scenario, line by line."""
    return explanation_lines(scenario, explain(scenario))


def medians(its: Explanation, place: int = 0) -> dict[str, Step]:
    """Give the steps of an explanation by key, for one of its numbers of followers."""
    return {rate.key: rate.steps[place] for rate in its.rates}


# ---- by hand


def test_rates_worked_out_by_hand(tmp_path: Path) -> None:
    """Every multiplier is named, and acts on what it should; who is not of the niche has no niche fit."""
    anna = medians(by_name(rich(tmp_path))["anna"])
    assert {
        "reach_per_follower": 0.4,
        "formats.story.reach_per_follower": 0.2,
        "engagement_per_impression": RATES["engagement_per_impression"] * 0.8,
        "share_per_impression": 0.1,
        "click_per_impression": 0.15,
        "order_per_click": 0.225,
        "goodwill_per_impression": 0.0075,
    } == pytest.approx({key: step.rate() for key, step in anna.items()})
    assert (0.3, 0.45) == pytest.approx([anna[k].rate_in_niche() for k in ("click_per_impression", "order_per_click")])
    assert anna["goodwill_per_impression"].rate() == anna["goodwill_per_impression"].rate_in_niche()
    named = [(factor.name, factor.value) for factor in anna["click_per_impression"].times]
    assert [("trust", 0.5), ("niche_fit", 1.5)] == named
    bert = medians(by_name(rich(tmp_path))["bert"])["click_per_impression"]
    assert ([("trust", 9.0)], pytest.approx(1.8)) == ([(f.name, f.value) for f in bert.times], bert.rate())


def test_what_follows_worked_out_by_hand(tmp_path: Path) -> None:
    """Impressions over all posts x rates, each at most 1; a contract of 200 for 225 real followers; 16% engage."""
    its = by_name(rich(tmp_path))
    anna = its["anna"].direct[0]
    assert (225, 20_000) == (anna.people, anna.cents)
    assert pytest.approx(0.6) == anna.impressions
    assert (0.09, 0.18) == pytest.approx(anna.clicks)
    assert (0.09 * 0.225, 0.18 * 0.45) == pytest.approx(anna.orders)
    assert pytest.approx(1000 * 200 / (225 * 0.6)) == anna.cpm
    assert pytest.approx(200 / (225 * 0.6 * 0.16)) == anna.cost_of(anna.engagements)
    assert pytest.approx(200 / (225 * 0.09)) == anna.cost_of(anna.clicks[0])
    assert pytest.approx(200 / (225 * 0.18 * 0.45)) == anna.cost_of(anna.orders[1])
    assert its["bert"].direct[0].clicks[0] == its["bert"].direct[0].impressions
    ads = its["ads"].direct[0]
    assert (8.0, 0.8, 40.0) == pytest.approx((ads.cpm, ads.cost_of(ads.clicks[0]), ads.cost_of(ads.orders[0])))


def test_a_pool_is_told_at_its_fewest_median_and_most_followers(tmp_path: Path) -> None:
    """Laws are evaluated there; where all creators have as many followers there is one column."""
    micro = by_name(rich(tmp_path))["micro"]
    assert (100, 200, 400) == micro.followers
    reach = [medians(micro, place)["reach_per_follower"].rate() for place in range(3)]
    assert [0.3 * 2**0.5, 0.3, 0.3 / 2**0.5] == pytest.approx(reach)
    assert [0.2 / 2**0.5, 0.2, 0.2 * 2**0.5] == pytest.approx([step.value for step in micro.rates[3].steps])
    assert [100, 200, 400] == [one.people for one in micro.direct]
    scenario = tiny(tmp_path, pools={"micro": pool(followers=250)}, strategies={"many": {"split": {"micro": 0.9}}})
    assert (250,) == by_name(scenario)["micro"].followers


def test_the_order_is_that_of_the_scenario(tmp_path: Path) -> None:
    """Creators, then pools, then ads."""
    assert ["anna", "bert", "micro", "ads"] == [its.name for its in explain(rich(tmp_path))]


# ---- against what is played


def thresholds(steps: dict[str, Step], post: Post) -> tuple[list[int], list[int]]:
    """Give what a post's thresholds should be after its steps, and what they are."""
    click, order = steps["click_per_impression"], steps["order_per_click"]
    rates = [steps[key].rate() for key in ("engagement_per_impression", "share_per_impression")]
    rates += [click.rate(), click.rate_in_niche(), order.rate(), order.rate_in_niche()]
    rates += [steps["goodwill_per_impression"].rate()]
    theirs = [
        post.engage,
        post.share,
        post.click,
        post.click_on_target,
        post.order,
        post.order_on_target,
        post.goodwill,
    ]
    return [chance(rate) for rate in rates], theirs


def test_what_is_explained_is_what_the_crowd_plays(tmp_path: Path) -> None:
    """The thresholds of every post are the steps' products, to the last unit, and so is its reach."""
    scenario = rich(tmp_path, pools={"micro": pool(followers=300, **LAWS)})
    plan = hire(scenario, 0, "all")
    market = build_market(scenario, 0, plan.profiles)
    posts = conditions_of(scenario, market, plan, Unknowns.of(scenario.seed, 0)).posts
    its = by_name(scenario)
    rows = [(medians(its["anna"]), "reach_per_follower", posts[0])]
    rows += [(medians(its["anna"]), "formats.story.reach_per_follower", posts[1])]
    rows += [(medians(its["bert"]), "reach_per_follower", posts[2]), (medians(its["ads"]), "", posts[-1])]
    rows += [(medians(its["micro"]), "reach_per_follower", posts[3])]
    for steps, key, post in rows:
        expected, theirs = thresholds(steps, post)
        assert expected == theirs
        assert {chance(steps[key].rate() if key else 0.0)} == set(post.reach.tolist())
    wrong, theirs = thresholds(medians(its["bert"]), posts[0])
    assert wrong != theirs


@pytest.mark.parametrize(("factor", "agrees"), [(1.0, True), (1.5, False)])
def test_clicks_and_orders_of_plays_are_those_explained(tmp_path: Path, factor: float, *, agrees: bool) -> None:
    """Without friends, the mean of 200 plays of one post is what follows directly; error rate 1.4e-5 in all."""
    anna = creator("anna", followers=1000, fake_share=0.25, trust=0.8, share_per_impression=0)
    scenario = tiny(
        tmp_path,
        creators=[anna],
        strategies={"one": {"creators": ["anna"]}},
        product={"order_value": 90, "margin": 0.5},
        replications=200,
        markets=1,
    )
    plan = hire(scenario, 0, "one")
    market = build_market(scenario, 0, plan.profiles)
    played = [play(scenario, market, plan, replication) for replication in range(200)]
    direct = by_name(scenario)["anna"].direct[0]
    assert direct.people is not None
    assert agrees is mean_agrees([one.clicks for one in played], factor * direct.people * direct.clicks[0])
    assert agrees is mean_agrees([one.orders for one in played], factor * direct.people * direct.orders[0])


@pytest.mark.parametrize("by_frequency", [(), (0.7, 1.1, 0.5)])
def test_repetition_is_that_of_the_crowd(by_frequency: tuple[float, ...]) -> None:
    """What the 1st to 9th impression counts is the table of the crowd, to a unit of 2**-31."""
    table = wear_table(0.43, by_frequency)
    assert [pytest.approx(entry / 2**31, abs=2**-31) for entry in table[:9]] == [
        response(0.43, by_frequency, k) for k in range(1, 10)
    ]


# ---- of the product's niche


SIZES = (100, 1000, 4000, 10_000, 16_000)


def followed_by_niche(folder: Path, **people: object) -> Scenario:
    """Give a scenario with creators of food, of art and of no niche, each of five sizes; the product is of food."""
    whose: dict[str, dict[str, object]] = {"food": {"niche": "food"}, "art": {"niche": "art"}, "any": {}}
    creators = [
        creator(f"{name}-{size}", followers=size, fee=1, **niche) for name, niche in whose.items() for size in SIZES
    ]
    return tiny(
        folder,
        people={"count": 20_000, "followings_per_person": 15.0, "niches": {"food": 1, "art": 3, "other": 6}} | people,
        product=PRODUCT,
        creators=creators,
        pools={},
        strategies={"all": {"creators": [str(its["handle"]) for its in creators]}},
    )


@pytest.mark.parametrize("people", [{}, {"niche_affinity": 2}, {"followings_per_person": 2.0}])
def test_followers_of_the_niche_are_as_many_as_in_markets(tmp_path: Path, people: dict[str, object]) -> None:
    """The mean of four markets, within 0.02 and 4.5 standard errors of a binomial share, at a fixed seed."""
    scenario = followed_by_niche(tmp_path, **people)
    expected = {name: its.direct[0].niche_share for name, its in by_name(scenario).items()}
    markets = [build_market(scenario, index, hire(scenario, index, "all").profiles) for index in range(4)]
    plain = dict.fromkeys(expected, 0.0)
    for name, share_of_niche in expected.items():
        played = [float((its.people.niche[its.audiences[name]] == 0).mean()) for its in markets]
        assert share_of_niche is not None
        error = (share_of_niche * (1 - share_of_niche) / (4 * int(name.split("-")[1]))) ** 0.5
        assert abs(sum(played) / 4 - share_of_niche) < 0.02 + 4.5 * error, name
        plain[name] = sum(played) / 4
    # what holds for small audiences does not for large ones
    affinity = scenario.people.niche_affinity if isinstance(scenario.people, SyntheticPeople) else 1.0
    assert abs(plain["food-16000"] - affinity * 0.1 / (affinity * 0.1 + 0.9)) > 0.03
    assert {0.1} == {expected[f"any-{size}"] for size in SIZES}


def test_expected_shares_at_the_ends(tmp_path: Path) -> None:
    """A creator with few followers has them by affinity and size, one whom all follow has everybody."""
    people = followed_by_niche(tmp_path, count=10_000_000).people
    assert isinstance(people, SyntheticPeople)
    assert pytest.approx(0.8 / 1.7, abs=0.005) == expected_share(people, "food", Audience("food", 10))
    assert pytest.approx(0.1 / (8 * 0.3 + 0.7), abs=0.002) == expected_share(people, "food", Audience("art", 10))
    assert (0.1, 0.1) == (
        expected_share(people, "food", Audience(None, 10)),
        expected_share(people, "food", Audience("food", 10**7)),
    )
    few = people.model_copy(update={"count": 3, "followings_per_person": 0.0, "niches": {"food": 1.0}})
    assert 1.0 == pytest.approx(expected_share(few, "food", Audience("food", 2)))


def test_what_the_mix_of_viewers_does(tmp_path: Path) -> None:
    """As many as expected answer as people of the niche do, the others as others; also by money and side by side."""
    its = by_name(rich(tmp_path))
    anna, ads = its["anna"].direct[0], its["ads"].direct[0]
    of_food = expected_share(rich(tmp_path).people, "food", Audience("food", 225))  # type: ignore[arg-type]
    assert (of_food, 0.4) == (anna.niche_share, pytest.approx(ads.niche_share))
    lines = [re.sub(r" {2,}", "  ", line.strip()) for line in told(rich(tmp_path))]
    clicks, orders = (others + of_food * (food - others) for others, food in ((90, 180), (20.25, 81)))
    assert f"of food, expected  {share(of_food)}" in lines
    assert f"clicks, expected mix  {three_digits(clicks)}" in lines
    assert f"an order, expected mix  ${200 / (0.225 * orders):.2f}  an order earns $45.00" in lines
    [row] = [line for line in lines if line.startswith("anna, expected mix")]
    assert [three_digits(600), three_digits(clicks), three_digits(orders)] == row.split("  ")[1:4]
    assert f"ads, expected mix  1,000  {0.6 * 10 + 0.4 * 20:.1f}" in "\n".join(lines)
    of_art = {"cpm": 8, "days": 1, "click_per_impression": 0.01, "order_per_click": 0.02, "niche": "art"}
    assert 0.0 == by_name(rich(tmp_path, ads=of_art))["ads"].direct[0].niche_share


def test_where_overlap_decides_who_follows_the_mix_is_not_known(tmp_path: Path) -> None:
    """Creators and pools with a target of their own have no share; those without have theirs."""
    scenario = rich(tmp_path, overlap={"micro": 0.3, "anna": {"bert": 0.2}})
    shares = {name: its.direct[0].niche_share for name, its in by_name(scenario).items()}
    assert [None, None, None] == [shares[name] for name in ("anna", "bert", "micro")]
    lines = told(scenario)
    assert any(re.fullmatch(r"    of food +not known  \[overlap\] decides who follows", line) for line in lines)
    assert ["ads, expected mix"] == [line.strip()[:17] for line in lines if line.startswith("  ads, exp")]
    assert not any("anna, expected mix" in line for line in lines)
    assert by_name(rich(tmp_path, overlap={"micro": 0.3}))["anna"].direct[0].niche_share is not None


def test_who_would_have_bought_anyway_is_said(tmp_path: Path) -> None:
    """Everybody, and people of the niche where these differ; nothing where nobody would."""

    def text_of(**product: object) -> str:
        return " ".join(" ".join(told(tiny(tmp_path, product=PRODUCT | product))).split())

    text = text_of(baseline_order_probability="1% to 4%")
    assert "% (1% to 4%) would have bought without the campaign; their orders are no effect" in text
    of_niche = {"baseline_order_probability": 0.01, "baseline_niche_factor": 4}
    text = text_of(**of_niche, viewer_fit=1)
    assert "of food, expected" in text
    assert "Of all people 1% would have bought without the campaign, of people of food 4.00% (baseline_niche" in text
    assert "anyway" not in text_of()
    assert "of food, expected" not in text_of(viewer_fit=1)


# ---- ranges and sources


def test_what_the_legend_says_of_plays_is_so(tmp_path: Path) -> None:
    """A range and what a rate makes hold 90% of the plays; a pert's ends hold all of them, so it makes less."""
    pert = {"dist": "pert", "min": "1%", "mode": "2%", "max": "4%"}
    anna = creator("anna", click_per_impression="1% to 3%", order_per_click=pert)
    scenario = tiny(tmp_path, creators=[anna], strategies={"one": {"creators": ["anna"]}})
    click, order = (its for its in by_name(scenario)["anna"].rates if its.key.startswith(("click", "order")))
    assert pytest.approx((0.01, 0.03)) == (click.low[0].rate(), click.high[0].rate())
    low, high = order.low[0].rate(), order.high[0].rate()
    assert 0.01 < low < high < 0.04
    text = " ".join(told(scenario))
    assert 'A range, 1% to 3%, and what a rate "makes" hold 90% of the plays; uniform and pert never leave' in text


def test_bounds_hold_where_one_range_acts(tmp_path: Path) -> None:
    """A range times a number has the range's ends times the number; of two ranges there are medians only."""
    values = {"click_per_impression": "1% to 3%", "order_per_click": "1% to 3%", "trust": 1.5}
    one = by_name(tiny(tmp_path, creators=[creator("anna", **values)], strategies={"one": {"creators": ["anna"]}}))
    click = one["anna"].rates[3]
    assert 1 == click.unknowns()
    assert (0.015, 0.045) == pytest.approx((click.low[0].rate(), click.high[0].rate()))
    values |= {"trust": "1 to 2"}
    scenario = tiny(tmp_path, creators=[creator("anna", **values)], strategies={"one": {"creators": ["anna"]}})
    click = by_name(scenario)["anna"].rates[3]
    assert 2 == click.unknowns()
    assert pytest.approx(0.5**0.5 * 2 * click.steps[0].value) == click.steps[0].rate()
    text = "\n".join(told(scenario))
    assert re.search(r"x 1\.41 trust +2\.46% +1 to 2; 2 ranges: medians only", text)


def test_each_value_says_who_gave_it(tmp_path: Path) -> None:
    """The scenario, its evidence, or nobody."""
    anna = {"handle": "anna", "followers": 300, "fee": 200.0, "post_days": [0], "order_per_click": 0.02}
    scenario = tiny(tmp_path, evidence="industry", creators=[anna], strategies={"one": {"creators": ["anna"]}})
    assert ["evidence industry"] * 4 + ["written", "default"] == [
        rate.source for rate in by_name(scenario)["anna"].rates
    ]
    text = "\n".join(told(scenario))
    assert re.search(r"order_per_click +2\.00%  2%; written\n", text)
    assert re.search(r"share_per_impression +0\.387%  0\.3% to 0\.5%; evidence industry\n", text)


# ---- in words


def test_the_text_of_a_creator(tmp_path: Path) -> None:
    """Each multiplier has a row with what it makes; what is above 1 is said to count as 1."""
    lines = told(rich(tmp_path))
    first = lines.index("anna: creator of food, 2 posts")
    rows = {re.sub(r" {2,}", "  ", line.strip()) for line in lines[first : lines.index("bert: creator of art, 1 post")]}
    assert rows >= {
        "300  followers",
        "reach_per_follower  30.0%  30%; written",
        "/ 0.75 (1 - fake_share)  40.0%  of real followers",
        "x 0.8 disclosure  16.0%",
        "x 0.5 trust  10.0%",
        "x 1.5 niche_fit  15.0%  viewers of other niches",
        "x 2 viewer_fit  30.0%  viewers of food",
        "clicks, other niches  90.0",
        "orders, food  81.0",
        "contract, as planned  $200",
    }
    capped = r" +x 9 trust +100%  viewers of other niches; more than 1 counts as 1"
    assert any(re.fullmatch(capped, line) for line in lines)
    assert any(
        re.fullmatch(r"  ads, food +1,000 +20\.0 +0\.800 +\$8\.00 +- +\$0\.40 +\$10\.00", line) for line in lines
    )


def test_the_mean_fee_of_a_law_is_said(tmp_path: Path) -> None:
    """Fees of equal accounts are log-normal: their mean is exp(noise ** 2 / 2) times the usual one, 1.13 for 0.5."""
    said = "at the usual fee, as are the costs below; the mean fee is 1.13 times it"
    assert said in " ".join(" ".join(told(tiny(tmp_path))).split())
    pools = {"micro": tiny_values()["pools"]["micro"] | {"fee": 100}}  # type: ignore[index]
    assert "mean fee" not in " ".join(told(tiny(tmp_path, pools=pools)))


def test_views_by_strangers_lower_the_costs(tmp_path: Path) -> None:
    """Two a view divide costs by 3; on average over posts by the reach of each: (0.3 x 2 + 0.1 x 6) / 0.4 is 3."""
    formats = {"video": {}, "live": {"reach_per_follower": 0.1, "nonfollower_reach_ratio": 6.0}}
    own = {"reach_per_follower": 0.3, "nonfollower_reach_ratio": 2.0, "post_days": [0, 1]}
    creators = [
        creator("a", **{**own, "post_days": [0]}),
        creator("b", **own, formats=formats, post_formats=["video", "live"]),
        creator("c"),
    ]
    scenario = tiny(tmp_path, creators=creators, pools={}, strategies={"all": {"creators": ["a", "b", "c"]}})
    text = " ".join(" ".join(told(scenario)).split())
    assert "with those of a usual post, divide by about 3.00 for a and 4.00 for b." in text
    assert "Views by strangers" not in " ".join(told(tiny(tmp_path)))


def test_what_lasts_is_said(tmp_path: Path) -> None:
    """Repetition, friends, later orders and goodwill, each where it is on; p / (1 - p) further orders."""
    assert not any("goodwill " in line for line in told(tiny(tmp_path))[5:])
    again = {"probability": 0.3, "delay": {"dist": "exponential", "mean_hours": 96}}
    product = PRODUCT | {"repeat_orders": again, "return_probability": 0.1}
    product |= {"purchase_lag": {"dist": "constant", "hours": 1}}
    values = tiny_values()["behaviour"] | {"fatigue": 1, "response_by_frequency": [0.5, 1], "share_by_friends": [1, 3]}  # type: ignore[operator]
    micro = tiny_values()["pools"]["micro"] | {"goodwill_per_impression": 0.01}  # type: ignore[index]
    scenario = tiny(
        tmp_path,
        product=product,
        behaviour=values,
        pools={"micro": micro},
        brand={"half_life_days": "5 to 20", "occasion_every_days": 5},
        people={"count": 2000, "niches": {"food": 1, "art": 1}},
    )
    text = " ".join(" ".join(told(scenario)).split())
    for said in (
        "counts 0.5, 0.5, 0.333, 0.25 and 0.2 in engagement, shares, clicks and goodwill",
        "it, a post is shared 1 and 3 times as often",
        "from click to order always 1 hour.",
        "followed by another with 30%; from order to order 4 days on average; in the long run 0.429 more",
        "goodwill halves in 5 to 20 days",
        "an order is sent back with 10%",
        "an order earns $45.00 before returns",
    ):
        assert said in text


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_scenarios_fit_a_screen(path: Path) -> None:
    """No line is longer than 100 characters, no account longer than 45 lines, no number has an exponent."""
    lines = told(simulator.load(path))
    assert max(map(len, lines)) <= 100
    assert max(block.count("\n") for block in "\n".join(lines).split("\n\n")) < 45
    assert not re.search(r"\de[-+]\d", "\n".join(lines))


def test_numbers_and_laws_in_words(tmp_path: Path) -> None:
    """Three digits, no exponents; laws as formulas; delays as a person says them."""
    assert ("0.0000123%", "100%", "0%") == (share(1.234e-7), share(1.2), share(0.0))
    assert ("1.5", "12,345", "0.1") == (number(1.5), number(12345), number(0.1))
    assert ("1.50", "1,234", "0.100") == (three_digits(1.5), three_digits(1234.4), three_digits(0.1))
    bent = {"law": "log_quadratic", "at": 30_000, "value": "1% to 3%", "slope": 0.1, "curvature": -0.2}
    scenario = tiny(
        tmp_path,
        creators=[creator("anna", reach_per_follower=law(0.1, -0.3), click_per_impression=bent)],
        strategies={"one": {"creators": ["anna"]}},
    )
    anna = scenario.creators[0]
    assert "10% x (followers / 200) ** -0.3" == rate_text(anna.reach_per_follower)
    assert "1% to 3% x exp(0.1 d + -0.2 d ** 2) with d = ln(followers / 30,000)" == rate_text(anna.click_per_impression)
    assert "always 3 hours" == delay_text(Constant(dist="constant", hours=3))
    assert "4 days on average" == delay_text(Exponential(dist="exponential", mean_hours=96))
    assert "1 hour or less half of the time" == delay_text(Lognormal(dist="lognormal", median_hours=1, sigma=1))
    assert delay_text(PowerLaw(dist="power_law", flat_minutes=5, exponent=0.242)).startswith(
        "any of the first 5 minutes"
    )


def test_a_listed_pool_is_told_by_creators_of_it(tmp_path: Path) -> None:
    """A rate that rows say themselves differs; one that they leave out is the pool's."""
    rows = [{"handle": f"c{size}", "followers": size} for size in (100, 250, 400)]
    rows = [row | {"click_per_impression": row["followers"] / 1000} for row in rows]
    own = {key: value for key, value in pool().items() if key not in ("count", "followers")}
    scenario = tiny(tmp_path, pools={"own": own | {"creators": rows}}, strategies={"many": {"split": {"own": 0.9}}})
    its = by_name(scenario)["own"]
    assert (100, 250, 400) == its.followers
    assert [0.1, 0.25, 0.4] == [step.rate() for step in its.rates[3].steps]
    text = "\n".join(told(scenario))
    assert re.search(r"click_per_impression +10\.0% +25\.0% +40\.0%  differs: 3 of 3 have their own\n", text)
    assert "  The columns are c100, c250 and c400, with rates of their own where they have such.\n" in text
    assert re.search(r"order_per_click +30\.0% +30\.0% +30\.0%  30%; written\n", text)


def test_a_list_of_several_platforms_is_told_by_platform(tmp_path: Path) -> None:
    """Each with its creators, by size among themselves, and what fills their rates; side by side in a row each."""
    sizes = {"a": 100, "b": 400, "c": 200, "d": 300, "e": 50}
    rows: list[dict[str, Any]] = [{"handle": name, "followers": size, "fee": 9} for name, size in sizes.items()]
    rows[1] |= {"platform": "tiktok", "share_per_impression": 0.02}
    rows[2] |= {"platform": "tiktok"}
    own = {"creators": rows, "post_days": [0], "reach_per_follower": 0.2}
    scenario = tiny(
        tmp_path, platform="instagram", pools={"own": own}, creators=[], strategies={"a": {"split": {"own": 1}}}
    )
    instagram, tiktok = explain(scenario)
    assert ("instagram", 3, ("e", "a", "d"), (50, 100, 300)) == (
        instagram.platform,
        instagram.creators,
        instagram.shown,
        instagram.followers,
    )
    assert ("tiktok", 2, ("c", "b"), (200, 400)) == (tiktok.platform, tiktok.creators, tiktok.shown, tiktok.followers)
    sources = {rate.key: (rate.source, rate.own) for rate in tiktok.rates}
    assert ("platform tiktok", 0) == sources["click_per_impression"]
    assert ("creators' own", 1) == sources["share_per_impression"]
    assert {("written", 0), ("platform instagram", 0)} <= {(rate.source, rate.own) for rate in instagram.rates}
    lines = told(scenario)
    assert "own, on tiktok: 2 of a pool of 5 creators, 1 post each" in lines
    assert any(line.startswith("  own on instagram  ") for line in lines)
    assert any(re.search(r"share_per_impression .*  differs: 1 of 2 have their own$", line) for line in lines)
    assert "for own on instagram and" in " ".join(lines)

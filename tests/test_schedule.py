"""When posts go out: by hand, against the calendar, and without moving anybody's luck."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_helpers import creator, load, outcomes, scenario_values
from study_helpers import creator as creator_of
from study_helpers import tiny, tiny_values

import simulator
from simulator.campaign.hiring import Plan, hire, plans_of
from simulator.campaign.play import play
from simulator.campaign.schedule import account_seconds, group_delays, plan_warnings, planned_seconds
from simulator.market.build import build_market
from simulator.market.creators import Profile
from simulator.present import titles
from simulator.scenario.account import Creator
from simulator.scenario.model import Scenario
from simulator.scenario.section import WEEKDAYS
from simulator.study.results import resolved_toml

DAY = 86_400
MONDAY, WEDNESDAY = 0, 2


def account(**values: object) -> Creator:
    """Give a creator with another plan; a key that is None is left out."""
    given_values = creator("a", **values)
    return Creator.model_validate({key: value for key, value in given_values.items() if value is not None})


def regular(posts: int, **values: object) -> Creator:
    """Give a creator who posts at regular intervals."""
    return account(post_days=None, posts=posts, **values)


def days_of(creator_: Creator, start_weekday: int = MONDAY, delay: int = 0) -> list[float]:
    """Give when an account posts [days]."""
    return [second / DAY for second in account_seconds(creator_, start_weekday, delay)]


# ---- one account, by hand


@pytest.mark.parametrize(
    ("plan", "start_weekday", "days"),
    [
        ({"posts": 1}, MONDAY, [0]),
        ({"posts": 3}, MONDAY, [0, 1, 2]),
        ({"posts": 3, "first_day": 0.75, "every_days": 2}, MONDAY, [0.75, 2.75, 4.75]),
        ({"posts": 3, "every_days": 0.5}, MONDAY, [0, 0.5, 1]),
        ({"posts": 4, "weekdays": ["tue", "thu"]}, MONDAY, [1, 3, 8, 10]),
        ({"posts": 4, "weekdays": ["thu", "tue"]}, WEDNESDAY, [1, 6, 8, 13]),
        ({"posts": 3, "first_day": 1.25, "every_days": 3, "weekdays": ["mon"]}, MONDAY, [7.25, 14.25, 21.25]),
        ({"posts": 3, "every_days": 8, "weekdays": ["wed"]}, WEDNESDAY, [0, 14, 28]),
        ({"post_days": [0, 3, 4.5], "weekdays": ["sat", "sun"]}, MONDAY, [5, 5, 5.5]),
        ({"post_days": [7, 0.5]}, WEDNESDAY, [7, 0.5]),
    ],
)
def test_a_plan_by_hand(plan: Mapping[str, object], start_weekday: int, days: list[float]) -> None:
    """Days, gaps and weekdays give the dates that a calendar gives."""
    assert days == days_of(account(**({"post_days": None} | dict(plan))), start_weekday)


def test_a_delay_comes_before_the_weekdays() -> None:
    """Who begins three days later on Tuesdays begins on the Tuesday after that."""
    assert [8, 15] == days_of(regular(2, weekdays=["tue"]), delay=3 * DAY)
    assert [8, 8] == days_of(account(post_days=[0, 2], weekdays=["tue"]), delay=3 * DAY)


PLANS = {
    "first_day": st.floats(0, 40),
    "every_days": st.floats(0.01, 20),
    "weekdays": st.lists(st.sampled_from(WEEKDAYS), max_size=4),
}


@settings(derandomize=True, deadline=None, max_examples=200)
@given(
    st.integers(1, 30), st.fixed_dictionaries(PLANS), st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 9)
)
def test_posts_keep_gaps_weekdays_and_the_hour(posts: int, plan: dict[str, object], start: date, delay: int) -> None:
    """Posts never come too early, lie on allowed weekdays of the calendar and no sooner one would have done."""
    theirs = regular(posts, **plan)
    seconds = account_seconds(theirs, start.weekday(), delay * DAY)
    gap, first = round(theirs.every_days * DAY), round(theirs.first_day * DAY) + delay * DAY
    earliest = [first, *(second + gap for second in seconds[:-1])]
    names = [WEEKDAYS[(start + timedelta(days=second // DAY)).weekday()] for second in seconds]
    assert posts == len(seconds)
    assert all(not theirs.weekdays or name in theirs.weekdays for name in names)
    for second, least in zip(seconds, earliest, strict=True):
        assert second >= least
        assert 0 == (second - least) % DAY
        skipped = [start + timedelta(days=day) for day in range(least // DAY, second // DAY)]
        assert all(WEEKDAYS[day.weekday()] not in theirs.weekdays for day in skipped)
        assert (second - least) // DAY < 7


@settings(derandomize=True, deadline=None)
@given(st.lists(st.floats(0, 3660), min_size=1, max_size=8), st.integers(0, 6))
def test_without_new_keys_posts_go_out_as_written(post_days: list[float], start_weekday: int) -> None:
    """Days alone are the days, to the second, whatever weekday the campaign begins on."""
    expected = tuple(round(day * DAY) for day in post_days)
    assert expected == account_seconds(account(post_days=post_days), start_weekday)


# ---- groups


def scenario_of(stagger: Mapping[str, object] | None, **values: object) -> Scenario:
    """Give the tiny scenario with a strategy that has groups."""
    strategy: dict[str, object] = {"creators": ["anna", "bert"], "split": {"micro": 0.5, "large": 0.5}}
    pools = tiny_values()["pools"]
    assert isinstance(pools, dict)
    raw = tiny_values(
        pools={"micro": pools["micro"], "large": pools["micro"]},
        strategies={"s": strategy | ({"stagger": dict(stagger)} if stagger else {})},
    )
    return Scenario.model_validate(raw | values)


def plan_of(scenario: Scenario, followers: Mapping[str, int | None]) -> Plan:
    """Give a plan of creators with these followers; a slash in the name says which pool they are from."""
    pools = {name: name.partition("/")[0] if "/" in name else None for name in followers}
    profiles = [
        Profile(name, name, pools[name], scenario.creators[0], followers[name], 0) for name in sorted(followers)
    ]
    return Plan("s", 0, tuple(profiles), hire(scenario, 0, "s").shares)


FOLLOWERS = {"anna": 500, "bert": None, "large/1": 900, "large/2": 100, "micro/1": 20, "micro/2": 500}


@pytest.mark.parametrize(
    ("stagger", "groups"),
    [
        ({"waves": 1}, [["anna", "bert", "large/1", "large/2", "micro/1", "micro/2"]]),
        ({"waves": 2}, [["anna", "bert", "large/1"], ["large/2", "micro/1", "micro/2"]]),
        ({"waves": 4}, [["anna", "bert"], ["large/1", "large/2"], ["micro/1"], ["micro/2"]]),
        ({"waves": 9}, [["anna"], ["bert"], ["large/1"], ["large/2"], ["micro/1"], ["micro/2"]]),
        (
            {"waves": 4, "by": "small_first"},
            [["bert", "micro/1"], ["anna", "large/2"], ["micro/2"], ["large/1"]],
        ),
        ({"waves": 2, "by": "big_first"}, [["anna", "large/1", "micro/2"], ["bert", "large/2", "micro/1"]]),
        ({"waves": "pools"}, [["anna", "bert"], ["micro/1", "micro/2"], ["large/1", "large/2"]]),
        (
            {"waves": "pools", "by": "small_first"},
            [["anna", "bert"], ["micro/1", "micro/2"], ["large/1", "large/2"]],
        ),
        (
            {"waves": "pools", "by": "big_first"},
            [["large/1", "large/2"], ["micro/1", "micro/2"], ["anna", "bert"]],
        ),
    ],
)
def test_groups_by_hand(stagger: dict[str, object], groups: list[list[str]]) -> None:
    """Creators are ordered, cut into equal groups, and each group begins a fixed time after the one before."""
    scenario = scenario_of(stagger | {"every_days": 2.5})
    expected = {name: round(g * 2.5 * DAY) for g, names in enumerate(groups) for name in names}
    assert expected == group_delays(scenario, plan_of(scenario, FOLLOWERS))


def test_a_pool_nobody_is_hired_from_is_no_group() -> None:
    """The next pool does not wait for creators who are not there."""
    scenario = scenario_of({"waves": "pools", "every_days": 1})
    assert {"large/1": 0} == group_delays(scenario, plan_of(scenario, {"large/1": 5}))
    assert {} == group_delays(scenario, plan_of(scenario, {}))


@settings(derandomize=True, deadline=None)
@given(st.dictionaries(st.text("abc/", min_size=1, max_size=4), st.integers(0, 9)), st.integers(1, 12))
def test_groups_are_equal_and_in_order(followers: dict[str, int], waves: int) -> None:
    """No group is larger than another by more than one, and nobody begins before somebody smaller."""
    scenario = scenario_of({"waves": waves, "every_days": 1, "by": "small_first"})
    delays = group_delays(scenario, plan_of(scenario, followers))
    sizes = [list(delays.values()).count(g * DAY) for g in range(waves)]
    assert sum(sizes) == len(followers)
    assert sizes == sorted(sizes, reverse=True)
    assert max(sizes) - min(sizes) <= 1
    for name, delay in delays.items():
        assert all(followers[other] <= followers[name] for other, its in delays.items() if its < delay)


def test_without_groups_everybody_begins_at_once() -> None:
    """No stagger, and one group, leave everybody's days."""
    without, one = scenario_of(None), scenario_of({"waves": 1, "every_days": 7})
    assert {} == group_delays(without, hire(without, 0, "s"))
    assert planned_seconds(without, hire(without, 0, "s")) == planned_seconds(one, hire(one, 0, "s"))


# ---- whole plays


def rows(scenario: Scenario) -> list[dict[str, object]]:
    """Play a study and give all its rows."""
    return [dict(row) for row in simulator.run(scenario, workers=1).replications.to_pylist()]


def with_micro(**plan: object) -> dict[str, object]:
    """Give the pools of the tiny scenario with another plan."""
    pools = tiny_values()["pools"]
    assert isinstance(pools, dict)
    return {"micro": {key: value for key, value in pools["micro"].items() if key != "post_days"} | plan}


def test_posts_at_intervals_are_the_days_they_fall_on(tmp_path: Path) -> None:
    """Three posts every two days are posts on days 0, 2 and 4: every number of every play is the same."""
    by_days = rows(tiny(tmp_path, horizon_days=5, pools=with_micro(post_days=[0, 2, 4])))
    at_intervals = rows(tiny(tmp_path, horizon_days=5, pools=with_micro(posts=3, every_days=2)))
    other = rows(tiny(tmp_path, horizon_days=5, pools=with_micro(posts=3, every_days=1.9)))
    assert by_days == at_intervals
    assert by_days != other


def test_what_is_off_changes_nothing(tmp_path: Path) -> None:
    """A date without weekdays, all weekdays, and one group are the study without these keys."""
    plain = rows(tiny(tmp_path))
    strategies = {"many": {"split": {"micro": 0.9}, "stagger": {"waves": 1, "every_days": 3}}}
    others = {name: value for name, value in tiny_values()["strategies"].items() if name != "many"}  # type: ignore[attr-defined]
    pools = with_micro(post_days=[0, 0.5], weekdays=list(WEEKDAYS))
    assert plain == rows(tiny(tmp_path, start_date="2026-03-05", pools=pools, strategies=strategies | others))
    assert plain != rows(tiny(tmp_path, pools=with_micro(post_days=[0, 0.5], weekdays=["tue"])))


def test_a_group_that_begins_later_has_the_same_luck(tmp_path: Path) -> None:
    """Where nobody wears out, a creator who begins a day later has the same hours, a day later, and the same counts."""
    funnel = {"click_per_impression": 0.5, "order_per_click": 0.5, "share_per_impression": 0.5}
    late = {"delay": {"dist": "constant", "hours": 1.0}} | funnel
    names = [f"{letter}{i}" for letter in "xy" for i in range(40)]
    edges = [("a" if name < "y" else "b", name) for name in names]
    edges += [(names[i], names[i + 1]) for i in range(40) if i != 39]

    def played(**strategy: object) -> list[simulator.campaign.ledger.Outcome]:
        values = scenario_values([creator("a", **late), creator("b", **late)], {}, replications=8, horizon_days=9.0)
        values["strategies"] = {"both": {"creators": ["a", "b"], **strategy}}
        values["behaviour"] = {"reach_per_peer": 0.3, "peer_delay": {"dist": "constant", "hours": 1.0}}
        return outcomes(load(tmp_path, values, edges), "both")

    together, apart = played(), played(stagger={"waves": 2, "every_days": 5})
    for one, other in zip(together, apart, strict=True):
        assert np.array_equal(one.by_creator, other.by_creator)
        assert (one.reach, one.impressions, one.orders) == (other.reach, other.impressions, other.orders)
        assert 0 == one.by_hour[5 * 24 :].sum()
        assert np.array_equal(one.by_hour[: 4 * 24], other.by_hour[: 4 * 24] + other.by_hour[5 * 24 : 9 * 24])
        assert other.by_hour[5 * 24 :].sum() > 0


ALL: dict[str, object] = {
    "start_date": "2026-03-05",
    "horizon_days": 9,
    "pools": with_micro(posts=3, first_day=0.25, every_days=1.5, weekdays=["fri", "mon", "tue"]),
    "strategies": {
        "waves": {"split": {"micro": 0.9}, "stagger": {"waves": 2, "every_days": 1.5, "by": "big_first"}},
        "pools": {"creators": ["bert"], "split": {"micro": 0.9}, "stagger": {"waves": "pools", "every_days": 2}},
    },
}


def test_both_clocks_agree_on_a_plan_with_everything(tmp_path: Path) -> None:
    """The compiled clock and the reference give the same outcome, with weekdays, intervals and groups."""
    scenario = tiny(tmp_path, **ALL, replications=2)
    for (_, market), plan in plans_of(scenario).items():
        built = build_market(scenario, market, plan.profiles)
        compiled, reference = (play(scenario, built, plan, market, engine) for engine in ("compiled", "reference"))
        assert np.array_equal(compiled.by_hour, reference.by_hour)
        assert np.array_equal(compiled.by_creator, reference.by_creator)
        assert compiled.impressions > 0


# ---- the date


def test_a_date_is_the_same_as_text_and_comes_back(tmp_path: Path) -> None:
    """A date of TOML and its text are one scenario, which is written so that it loads again."""
    as_text = tiny(tmp_path, **ALL)
    text = (tmp_path / "tiny.toml").read_text(encoding="utf-8")
    assert 'start_date = "2026-03-05"' in text
    (tmp_path / "date.toml").write_text(text.replace('"2026-03-05"', "2026-03-05"), encoding="utf-8")
    as_date = simulator.load(tmp_path / "date.toml")
    (tmp_path / "again.toml").write_text(resolved_toml(as_date), encoding="utf-8")
    again = simulator.load(tmp_path / "again.toml", {"start_date": date(2026, 3, 5)})
    assert as_text.hash == as_date.hash == again.hash
    assert 3 == as_date.start_weekday
    assert as_date.hash != tiny(tmp_path, **(ALL | {"start_date": "2026-03-06"})).hash


def test_day_0_is_a_monday_where_no_date_is_given(tmp_path: Path) -> None:
    """Without a date the week begins with the campaign."""
    assert 0 == tiny(tmp_path).start_weekday == tiny(tmp_path, start_date="2026-03-02").start_weekday


def test_pictures_say_from_which_day_they_count(tmp_path: Path) -> None:
    """The date of day 0 and its weekday stand beside the days, where a date is given."""
    assert "days since the start" == titles.days_label(simulator.run(tiny(tmp_path)).summary)
    dated = simulator.run(tiny(tmp_path, start_date="2026-03-03")).summary
    assert "days since the start (Tue 2026-03-03)" == titles.days_label(dated)


def test_money_for_boosts_that_can_buy_nothing_is_noticed(tmp_path: Path) -> None:
    """A creator who is not hired, and a choice among posts before any is planned, are said; others are not."""
    terms = {"budget": 50, "cpm": 9, "days": 1}

    def said(**boost: object) -> list[str]:
        plan = {"split": {"micro": 0.5}, "boost": {**terms, **boost}}
        scenario = tiny(tmp_path, strategies={"one": plan})
        return plan_warnings(scenario, plans_of(scenario))

    assert [] == said(posts={"micro/1": 2}, day=0) == said(top=1, day=0)
    assert ["one boosts a post of micro/4, whom it does not hire in any market."] == said(posts={"micro/4": 1}, day=0)
    scenario = tiny(
        tmp_path,
        creators=[creator_of("anna", post_days=[0.75])],
        strategies={"one": {"creators": ["anna"], "boost": {**terms, "top": 1, "day": 0.5}}},
    )
    (warning,) = plan_warnings(scenario, plans_of(scenario))
    assert "day 0.5, before any is planned (the first on day 0.75)" in warning

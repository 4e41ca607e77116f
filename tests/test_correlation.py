"""Unknowns may go together: their ranks have the correlation that is written, and each stays what it was."""

import itertools
import tomllib
from math import asin, pi, sin, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kstest, spearmanr

from simulator.campaign.hiring import hire
from simulator.campaign.play import Engine, play
from simulator.campaign.unknowns import Unknowns
from simulator.errors import ScenarioError
from simulator.market.build import build_market
from simulator.scenario.checks.correlation import quantities
from simulator.scenario.correlation import Pair, correlation_of, nearest_possible
from simulator.scenario.load import load
from simulator.scenario.parts import parts_of
from simulator.scenario.quantity import parse_quantity
from simulator.study.results import resolved_toml
from tests.study_helpers import tiny, values_of
from tests.test_model import FULL, scenario_of

A, B, C = "product.order_value", "product.margin", "behaviour.reach_per_peer"
SHARE = parse_quantity("1% to 3%", "share")
PLAYS = 4000
ENGINES: tuple[Engine, ...] = ("compiled", "reference")


def draws(*pairs: Pair, names: tuple[str, ...] = (A, B, C)) -> np.ndarray:
    """Draw unknowns in many replications: a row each."""
    correlation = correlation_of(pairs) if pairs else None
    unknowns = [Unknowns.of(5, i, correlation) for i in range(PLAYS)]
    return np.array([[its.value(name, SHARE) for name in names] for its in unknowns])


# ---- how numbers are mixed


@pytest.mark.parametrize("rank", [-1.0, -0.6, 0.0, 0.25, 0.4, 1.0])
def test_a_pair_is_mixed_by_the_closed_form(rank: float) -> None:
    """The second takes r = 2 sin(pi x / 6) of the first, and the rest of itself."""
    correlation = correlation_of(((A, B, rank),))
    assert correlation is not None
    r = 2 * sin(pi * rank / 6)
    assert (A, B) == correlation.names
    assert (1.0,) == correlation.weights[0]
    assert (r, sqrt(max(1 - r * r, 0))) == pytest.approx(correlation.weights[1], abs=1e-7)
    assert rank == pytest.approx(6 / pi * asin(r / 2))


def test_weights_give_back_every_correlation() -> None:
    """W W' is the matrix they were made from; what is not written is 0."""
    pairs = ((A, B, 0.5), (B, C, -0.3), (C, "d", 0.2))
    correlation = correlation_of(pairs)
    assert correlation is not None
    lower = np.zeros((4, 4))
    for i, row in enumerate(correlation.weights):
        lower[i, : len(row)] = row
    wanted = np.eye(4)
    for first, second, rank in pairs:
        i, j = correlation.names.index(first), correlation.names.index(second)
        wanted[i, j] = wanted[j, i] = 2 * sin(pi * rank / 6)
    assert lower @ lower.T == pytest.approx(wanted, abs=1e-12)


def test_what_is_possible_is_what_has_no_negative_eigenvalue() -> None:
    """Three pairs on a grid: as numpy's eigenvalues say, the edge left out."""
    for ranks in itertools.product((-1.0, -0.7, -0.2, 0.0, 0.5, 0.9, 1.0), repeat=3):
        r = [2 * sin(pi * rank / 6) for rank in ranks]
        least = np.linalg.eigvalsh([[1, r[0], r[1]], [r[0], 1, r[2]], [r[1], r[2], 1]])[0]
        if abs(least) > 1e-8:
            pairs = ((A, B, ranks[0]), (A, C, ranks[1]), (B, C, ranks[2]))
            assert (least > 0) == (correlation_of(pairs) is not None), ranks


def test_the_nearest_possible_is_possible_and_near() -> None:
    """For r, r and -r the edge is at r = 0.5, known by hand; what is not written stays 0."""
    near = nearest_possible([(A, B, 0.9), (A, C, 0.9), (B, C, -0.9)])
    edge = 6 / pi * asin(0.25)
    assert [0.48, 0.48, -0.48] == [rank for *_, rank in near]
    assert 0.48 <= edge < 0.49
    assert correlation_of(near) is not None
    chain = nearest_possible([(A, B, 0.9), (B, C, 0.9)])
    assert [0.69, 0.69] == [rank for *_, rank in chain]  # cos(45 degrees), as r and -r each
    assert 2 * sin(pi * 0.69 / 6) < sqrt(0.5) < 2 * sin(pi * 0.70 / 6)


def test_the_nearest_possible_leaves_other_pairs_alone() -> None:
    """0.29 and 0.57 are no floats of two digits exactly, and they have no part in what cannot be."""
    others = [("d", "e", 0.29), ("f", "g", 0.57), ("h", "i", 1.0)]
    near = nearest_possible([(A, B, 0.9), (A, C, 0.9), (B, C, -0.9), *others])
    assert others == [*near[3:]]


# ---- what is drawn


def test_ranks_have_the_correlation_that_is_written() -> None:
    """Within 5 standard errors (a fixed seed; wrong for one seed in a million); independent ones have none."""
    error = 5 / sqrt(PLAYS)
    found = spearmanr(draws((A, B, 0.4), (B, C, -0.6))).statistic
    assert (0.4, -0.6) == pytest.approx((found[0, 1], found[1, 2]), abs=error)
    alone = spearmanr(draws()).statistic
    assert (0.0, 0.0) == pytest.approx((alone[0, 1], alone[1, 2]), abs=error)
    assert abs(found[0, 2]) < error


def test_each_stays_as_it_is_distributed() -> None:
    """The first keeps its very draws; the others keep their law (KS, level 1e-6)."""
    together, alone = draws((A, B, 0.8), (A, C, 0.3)), draws()
    assert (together[:, 0] == alone[:, 0]).all()
    assert (together[:, 1] != alone[:, 1]).any()
    for column in range(1, 3):
        logit = np.log(together[:, column] / (1 - together[:, column]))
        low, high = (np.log(x / (1 - x)) for x in SHARE.values)
        z = (logit - (low + high) / 2) / ((high - low) / (2 * 1.6448536269514722))
        assert kstest(z, "norm").pvalue > 1e-6


def test_none_is_off() -> None:
    """A correlation of 0 changes no bit, and neither do pairs of others; 1 makes ranks the same."""
    alone = draws()
    assert (draws((A, B, 0.0)) == alone).all()
    assert (draws((A, "other", 0.7))[:, 1:] == alone[:, 1:]).all()
    same = draws((A, B, 1.0))
    assert same[:, 0] == pytest.approx(same[:, 1])
    opposite = draws((A, B, -1.0))
    assert (np.argsort(opposite[:, 0]) == np.argsort(-opposite[:, 1])).all()


def test_a_replication_alone_is_the_same() -> None:
    """What turns out hangs on the names of those that go together, not on what was drawn before."""
    pairs = ((A, B, 0.4), (B, C, -0.6))
    value = Unknowns.of(5, 17, correlation_of(pairs)).value(C, SHARE)
    assert value == draws(*pairs)[17, 2]


def test_the_names_are_those_that_a_play_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every quantity that a play asks for is known by its name here, and each unknown here is asked for."""
    raw = FULL | {"replications": 1, "markets": 1, "people": {**FULL["people"], "count": 3000}, "horizon_days": 2.0}
    formats = {"formats": {**raw["creators"][0]["formats"], "feed": {}}, "post_formats": ["feed", "story"]}
    for pool, followers in (("micro", "100 to 200"), ("mid", 300)):
        its = {**raw["pools"][pool], **formats, "followers": followers, "count": 2}
        raw["pools"] = {**raw["pools"], pool: its}
    listed = [{"handle": "zoë", "followers": 200}, {"handle": "cem", "followers": 100}]
    raw["pools"]["own"] = {**raw["pools"]["own"], **formats, "creators": listed}
    split = {"micro": 0.4, "mid": 0.3, "own": 0.2, "ads": 0.1}
    raw["strategies"] = {**raw["strategies"], "all": {**raw["strategies"]["all"], "split": split}}
    raw["creators"] = [{**row, **formats, "followers": 100} for row in raw["creators"]]
    scenario = scenario_of(raw | {"overlap": None})
    asked: set[str] = set()
    original = Unknowns.value

    def value(self: Unknowns, path: str, quantity: object) -> float:
        asked.add(path)
        return original(self, path, quantity)  # type: ignore[arg-type]

    monkeypatch.setattr(Unknowns, "value", value)
    for strategy in scenario.strategies:
        plan = hire(scenario, 0, strategy)
        play(scenario, build_market(scenario, 0, plan.profiles), plan, 0)
    known = dict(quantities(parts_of(tomllib.loads(resolved_toml(scenario)))))
    assert asked <= known.keys()
    # of a scandal that does not happen, nothing more is asked
    unasked = known.keys() - asked
    assert {name for name in unasked if ".scandal." not in name and not known[name].is_fixed} == set()


def test_both_clocks_agree(tmp_path: Path) -> None:
    """They are handed the same unknowns; and these matter to the outcome."""
    pairs = (("product.order_value", "behaviour.reach_per_peer", 0.9),)
    plain, together = tiny(tmp_path), tiny(tmp_path, correlate=[list(pair) for pair in pairs])
    assert plain.hash != together.hash
    plan = hire(together, 0, next(iter(together.strategies)))
    market = build_market(together, 0, plan.profiles)
    compiled, reference = (values_of(play(together, market, plan, 2, engine)) for engine in ENGINES)
    assert compiled == reference != values_of(play(plain, market, plan, 2))


# ---- what is refused


BASE = Path(__file__).parent.parent / "scenarios" / "micro_vs_celebrity.toml"
CLICK, ORDER, STAR = (
    "pools.micro.click_per_impression",
    "pools.micro.order_per_click",
    "pools.celebrity.order_per_click",
)

IMPOSSIBLE = (
    "--set correlate: these rank correlations cannot all hold at once. The nearest that can: correlate = "
    f'[["{CLICK}", "{ORDER}", 0.48], ["{CLICK}", "{STAR}", 0.48], ["{ORDER}", "{STAR}", -0.48]]'
)


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (
            [[CLICK, ORDER, 0.9], [CLICK, STAR, 0.9], [ORDER, STAR, -0.9]],
            IMPOSSIBLE,
        ),
        ([["a", 0.5]], 'given ["a", 0.5]; must be a list of two keys and a number from -1 to 1. This is the list of'),
        ([[CLICK, ORDER, 1.5]], "must be a list of two keys and a number from -1 to 1."),
        ([[CLICK, ORDER, True]], "must be a list of two keys and a number from -1 to 1."),
        (0.5, "given 0.5; must be a list in square brackets."),
        (
            [["pools.micro.clik_per_impression", ORDER, 0.5]],
            f'no unknown "pools.micro.clik_per_impression". Did you mean "{CLICK}"? There is: product.order_value,',
        ),
        (
            [["behaviour.fatigue", ORDER, 0.5]],
            'behaviour.fatigue is 0.43, which is known. Write a range there ("1% to 3%"), or remove this pair.',
        ),
        (
            [["pools.micro.fee", ORDER, 0.5]],
            "pools.micro.fee differs from creator to creator, and is no unknown of a play. Name a rate or a cost.",
        ),
        (
            [[CLICK, CLICK, 0.5]],
            f'given "{CLICK}" twice; an unknown goes together with itself anyway. Name another one.',
        ),
        (
            [[CLICK, ORDER, 0.5], [ORDER, CLICK, 0.4]],
            f'"{ORDER}" and "{CLICK}" are already a pair of this list. Remove one of the two.',
        ),
    ],
)
def test_pairs_that_cannot_be_are_refused(pairs: object, message: str) -> None:
    """With what to write instead."""
    with pytest.raises(ScenarioError) as caught:
        load(BASE, {"correlate": pairs})
    assert message in str(caught.value)


OWN = "pools.own.click_per_impression"


@pytest.mark.parametrize(
    ("of_pool", "of_rows", "is_open"),
    [
        ("1% to 3%", [None, None], True),
        ("1% to 3%", [0.02, None], True),
        ("1% to 3%", [0.02, 0.03], False),
        (0.02, [None, "1% to 3%"], True),
        (0.02, [0.03, "1% to 3%"], True),
        (0.02, [None, 0.03], False),
    ],
)
def test_of_a_list_what_its_rows_say_can_go_together(of_pool: object, of_rows: list[object], *, is_open: bool) -> None:
    """A range that every row replaces by a number acts nowhere; one of a single row acts, whatever the pool says."""
    rows = [
        {"handle": f"creator {place}", "followers": 9_000} | ({"click_per_impression": value} if value else {})
        for place, value in enumerate(of_rows)
    ]
    own = {"creators": rows, "fee": 10, "posts": 1, "platform": "instagram", "click_per_impression": of_pool}
    changed = {"pools.own": own, "correlate": [[OWN, ORDER, 0.5]]}
    if is_open:
        assert load(BASE, changed).correlate
        return
    with pytest.raises(ScenarioError) as caught:
        load(BASE, changed)
    known = "known of each creator of the list, whose rows have one of their own" if all(of_rows) else "0.02, which is"
    assert f"{OWN} is {known}" in str(caught.value)


def test_each_pair_stands_on_its_line(tmp_path: Path) -> None:
    """Also where the list is written over several lines."""
    path = tmp_path / "together.toml"
    text = f'extends = "{BASE}"\ncorrelate = [\n  ["{CLICK}", "{ORDER}", 0.5],\n  ["{CLICK}", "{ORDER}x", 0.5],\n]\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=f'{path}:4: correlate: there is no unknown "{ORDER}x"'):
        load(path)

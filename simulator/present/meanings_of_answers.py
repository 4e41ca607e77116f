"""What is said of a measure over many plays, of two plans, and of the questions put to a run, each in a sentence.

In: nothing. Out: `OF_ESTIMATES` and `OF_QUESTIONS`, a `Meaning` by its key in the glossary; `NAMED`, the key by the
name that an estimate has in the file of a question. Invariant: as in `meanings.py`; how sure each is stands here,
because its interval is made in one way, whatever is measured.
"""

from __future__ import annotations

from collections.abc import Mapping

from simulator.present.meanings import Meaning
from simulator.present.units import CURRENCY, PER_ONE, SHARE
from simulator.study.estimates import LEVEL

AS_MEASURE = "as the measure"
_INTERVAL = f"{LEVEL:.0%} interval"
# How an interval is made, by how the method of an estimate begins (`simulator.study.estimates`); the longest counts.
METHODS: Mapping[str, str] = {
    "t": f"{_INTERVAL} of the mean over endless plays in the markets played: Student's t, by market.",
    "t over market means": f"Each market is one value, and their mean has a {_INTERVAL} of Student's t.",
    "delta method": f"Ratio of the means over all plays, not mean of ratios; {_INTERVAL} by the delta method.",
    "order statistics": f"{_INTERVAL} between two of the values played, which holds whatever their distribution.",
    "order statistics of the": f"Each play has a value that it needs; {_INTERVAL} between two of these.",
    "wilson": f"A share of plays, with Wilson's {_INTERVAL}.",
    "influence function": f"{_INTERVAL} of the mean of the worst plays, which counts how skewed they are; from 100 "
    "plays on.",
    "fixed by the plan": "Decided by the plan, not by chance: exact.",
    "no variation seen": "The same in every play, which proves nothing: no interval can be given.",
}
OF_ESTIMATES: Mapping[str, Meaning] = {
    "mean": Meaning("The average over all plays", formula="sum over plays / plays", unit=AS_MEASURE, sure=METHODS["t"]),
    "across_markets": Meaning(
        "The mean again, the markets that were played taken as a sample of all like them",
        formula="mean of the means of the markets",
        unit=AS_MEASURE,
        name="across markets",
        sure=METHODS["t over market means"] + " With few markets it is wide. It knows of no other scenario.",
    ),
    "quantiles": Meaning(
        "What so many of a hundred plays stay below: 5, 10, 50 (the median), 90 or 95",
        formula="the smallest value that so many of the plays do not exceed",
        unit=AS_MEASURE,
        sure=METHODS["order statistics"] + " None where there are too few plays for the tail.",
    ),
    "probability_positive": Meaning(
        "In which share of plays it is above 0: of profit and ROI, the chance of a profit. Breaking even is none",
        formula="plays above 0 / plays",
        name="chance of profit",
        sure=METHODS["wilson"],
    ),
    "expected_shortfall_5": Meaning(
        "How bad the bad plays are: the expected shortfall at 5%",
        formula="mean of the worst 5% of plays",
        unit=AS_MEASURE,
        name="mean of the worst 5% of plays",
        sure=METHODS["influence function"],
    ),
    "difference": Meaning(
        "What one plan brings more than another, both played with the same people and the same luck",
        formula="first plan - second plan, play by play",
        unit=AS_MEASURE,
        name="paired difference",
        sure=METHODS["t"] + " Of the differences, so what both plans share is no part of it.",
    ),
    "wins": Meaning(
        "In which share of plays a plan brings more than the other; a tie is a win for neither",
        formula="plays in which it brings more / plays",
        unit=SHARE,
        name="chance of winning",
        sure=METHODS["wilson"] + " More plays make the interval narrower, never the chance higher.",
    ),
    "p_value": Meaning(
        "How likely so large a mean difference would be if there were none; it says neither how large the difference "
        "is nor how often a plan wins",
        formula="two-sided probability of Student's t",
        name="p value",
        sure="Of several comparisons all hold together where each is below 0.05 / their number (Bonferroni).",
    ),
    "replications_saved_by_pairing": Meaning(
        "How many times as many plays it would take without the same people and luck for both plans",
        formula="(variance of the first + variance of the second) / variance of the difference",
        name="plays saved by pairing",
        sure="A ratio of variances, without an interval.",
    ),
}
_OF_SPLIT: Mapping[str, Meaning] = {
    "chance_of_target": Meaning(
        "In which share of plays the measure reaches the target; where none is named, ROI or profit is above 0",
        formula="plays that reach it / plays",
        unit=SHARE,
        name="chance to reach the target",
        sure=METHODS["wilson"],
    ),
    "return_of_next_money": Meaning(
        "What more money for a pool would bring in, per money; of ROI and profit, above 1 it pays",
        ("profit",),
        unit=PER_ONE,
        name="return of the next money",
        formula="(what more money makes it bring - what it brings) / what it spends more",
        sure=METHODS["delta method"],
    ),
    "moved": Meaning(
        "What changes per money that is moved from one pool to the other",
        formula="(what this split brings - what the one before it brings) / money moved",
        unit=PER_ONE,
        name="change per money moved",
        sure=METHODS["t"],
    ),
    "gives_up": Meaning(
        "What today's split gives up against the best one",
        formula="best split - today's, play by play",
        unit=AS_MEASURE,
        name="given up",
        sure=METHODS["t"] + " Of plays that had no part in choosing the best.",
    ),
}
_OF_TARGET: Mapping[str, Meaning] = {
    "needed_budget": Meaning(
        "The smallest budget with which the target is reached as surely as was asked for",
        ("chance_of_target",),
        ("budget", "strategies.*.split"),
        unit=CURRENCY,
        name="budget needed",
        formula="the budget that so many of the plays do not need more than",
        sure=METHODS["order statistics of the"],
    ),
}
_JACKKNIFE = "Analysis of variance of nested plays, with the jackknife's interval; it holds for the markets played."
_RESAMPLED = "Saltelli's estimate; its interval is that of resampled rows of plays."
_OF_SENSITIVITY: Mapping[str, Meaning] = {
    "variance_share_inputs": Meaning(
        "Which share of the variance from play to play comes from what nobody knows of the inputs: better data help",
        formula="variance of the mean given all unknown inputs / variance",
        unit=SHARE,
        name="variance because of unknown inputs",
        sure=_JACKKNIFE,
    ),
    "variance_share_markets": Meaning(
        "Which share of the variance from play to play comes from which market is played",
        keys=("markets", "people.count"),
        formula="variance of the mean given inputs and market, beyond that given inputs / variance",
        unit=SHARE,
        name="variance because of markets",
        sure=_JACKKNIFE,
    ),
    "variance_share_chance": Meaning(
        "Which share of the variance from play to play is luck, which neither data nor more plays take away",
        formula="1 - share of inputs - share of markets",
        unit=SHARE,
        name="variance because of chance",
        sure=_JACKKNIFE,
    ),
    "first_order": Meaning(
        "By which share the variance would fall, were this input known (Sobol index of first order)",
        formula="variance of the mean given the input / variance",
        unit=SHARE,
        name="Sobol index, first order",
        sure=_RESAMPLED,
    ),
    "total": Meaning(
        "Which share of the variance has to do with this input, alone or with others (total Sobol index)",
        formula="1 - variance of the mean given all other inputs / variance",
        unit=SHARE,
        name="Sobol index, total",
        sure=_RESAMPLED,
    ),
    "swing": Meaning(
        "How far the mean moves while an input goes from its low end to its high end, all others as they are drawn",
        formula="mean at the high end - mean at the low end",
        unit=AS_MEASURE,
        sure=METHODS["t"] + " Both ends are played with the same draws.",
    ),
    "break_even": Meaning(
        "At which value of an input two plans do equally well, or a plan breaks even",
        formula="value of the input at which the mean is 0",
        unit="as the input",
        name="value that turns the choice",
        sure="Interval: the values at which the paired mean is not told from 0.",
    ),
    "share_of_bad_plays": Meaning(
        "In which share of the worst 5% of plays something happened, and of the others",
        formula="such plays in which it happened / such plays",
        unit=SHARE,
        sure=METHODS["wilson"] + " What goes with bad plays need not be their cause.",
    ),
}
_ADDED = {
    **{name: name.replace("_", " ") for name in ("reach", "impressions", "orders", "incremental_orders")},
    **{name: name for name in ("revenue", "spend", "profit")},
    "roi": "ROI",
}
_OF_CREATORS: Mapping[str, Meaning] = {
    **{
        f"marginal_{measure}": Meaning(
            f"What a creator adds to the plan's {words}: with it less without it, all else the same",
            (measure,),
            formula=f"{words} of the plan - {words} of the same plays without the creator",
            name=f"marginal {words}",
            sure=METHODS["t"] + " Each by itself, not all creators together.",
        )
        for measure, words in _ADDED.items()
    },
    **{
        f"solo_{measure}": Meaning(
            f"The {words} of a creator that is hired alone",
            (measure,),
            formula=f"{words} of plays with this creator only",
            name=f"{words} alone",
            sure=METHODS["t"],
        )
        for measure, words in _ADDED.items()
        if measure != "roi"
    },
    "profit_together": Meaning(
        "The marginal profit, with an interval that holds for all creators of the plan together",
        ("marginal_profit",),
        formula="as the marginal profit",
        unit=CURRENCY,
        name="marginal profit, all creators together",
        sure=METHODS["t"] + " At a higher level, so that all hold together (Bonferroni); skewness counts.",
    ),
    "profit_per_spend": Meaning(
        "What a creator brings per money that it costs",
        ("marginal_profit", "marginal_spend"),
        formula="marginal profit / marginal spend",
        unit=PER_ONE,
        name="marginal profit per money spent",
        sure=METHODS["delta method"],
    ),
    "share_of_solo": Meaning(
        "Which share of what a creator brings alone it still adds beside the others",
        ("marginal_profit",),
        formula="what it adds / what it brings alone",
        unit=SHARE,
        name="share left beside others",
        sure=METHODS["delta method"],
    ),
    "own_reach": Meaning(
        "Which share of a plan's reach only one of its creators brings",
        ("marginal_reach",),
        formula="sum of what creators add to reach / reach of the plan",
        unit=SHARE,
        name="reach of one creator only",
        sure=METHODS["delta method"],
    ),
    "overlap": Meaning(
        "Shared followers of two creators as a share of the smaller audience",
        keys=("overlap", "pools.*.niche", "people.niche_affinity", "people.following_exponent"),
        formula="shared followers / followers of the smaller audience",
        unit=SHARE,
        name="overlap of two audiences",
        sure="Counted in each market: the mean, the lowest and the highest of these.",
    ),
}
OF_QUESTIONS: Mapping[str, Mapping[str, Meaning]] = {
    "split": _OF_SPLIT,
    "target": {"chance_of_target": _OF_SPLIT["chance_of_target"], **_OF_TARGET},
    "sensitivity": _OF_SENSITIVITY,
    "creators": _OF_CREATORS,
}
# The key of an estimate, by the last word of its path in the file of its question that is one of these, and the one
# before it where that is needed.
NAMED: Mapping[str, Mapping[str, str]] = {
    "split": {
        **{name: name for name in ("mean", "quantiles", "expected_shortfall_5", "moved", "gives_up", "spend")},
        "objective": "mean",
        "probability": "chance_of_target",
        "next_money": "return_of_next_money",
    },
    "target": {"budget": "needed_budget", "probability": "chance_of_target"},
    "sensitivity": {
        **{name: name for name in ("mean", "first_order", "total", "swing", "break_even")},
        **{name: f"variance_share_{name}" for name in ("inputs", "markets", "chance")},
        "change": "swing",
        "behind": "swing",
        "share": "share_of_bad_plays",
        "share_of_others": "share_of_bad_plays",
    },
    "creators": {
        **{f"total.{measure}": measure for measure in _ADDED},
        **{f"{where}.{measure}": f"marginal_{measure}" for where in ("marginal", "change") for measure in _ADDED},
        **{f"solo.{measure}": f"solo_{measure}" for measure in _ADDED},
        **{f"share_of_solo.{measure}": "share_of_solo" for measure in _ADDED},
        **{name: name for name in ("profit_together", "profit_per_spend", "own_reach")},
    },
}

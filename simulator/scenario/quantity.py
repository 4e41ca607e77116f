"""A number, a range or a distribution, as a strategist writes one.

In: what TOML holds at a key: `0.024`, `"2.4%"`, `"1% to 3%"`, `{ dist = "pert", min, mode, max }`.
Out: a frozen `Quantity`, and for a uniform number u its quantile.
Invariant: `quantile` is monotone in u and stays inside the bounds of its kind, so one named uniform
number per replication gives the same unknown to every strategy.

A range is a 90% interval: a twentieth of the plays lies below it and a twentieth above. Its shape
goes by the kind of quantity: logit-normal for a share (it cannot leave 0 to 1), log-normal for an
amount (it cannot fall below 0). Where hard bounds are meant (`followers`), it is log-uniform.

References:
    PERT: Malcolm, Roseboom, Clark, Fazar (1959); here the usual beta with shape 4.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer

Kind = Literal["share", "amount", "hard_range"]

_NORMAL = NormalDist()
_Z_90 = _NORMAL.inv_cdf(0.95)
_NUMBER = r"([0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9]+)?)\s*(%?)"
_ONE = re.compile(rf"\s*{_NUMBER}\s*")
_TWO = re.compile(rf"\s*{_NUMBER}\s+to\s+{_NUMBER}\s*")

# name of the distribution -> its parameters, in the order they are explained
PARAMETERS: dict[str, tuple[str, ...]] = {
    "uniform": ("min", "max"),
    "pert": ("min", "mode", "max"),
    "beta": ("mean", "sd"),
    "lognormal": ("median", "sigma"),
}
HOW_TO_WRITE = (
    'a number (0.024 or "2.4%"), a range that holds 90% of what is plausible ("1% to 3%"), or a distribution: '
    + ", ".join("{ dist = " + f'"{name}", ' + ", ".join(keys) + " }" for name, keys in PARAMETERS.items())
)


@dataclass(frozen=True)
class Quantity:
    """A number (`form` "fixed"), a range ("range") or a distribution (its name), with its parameters."""

    kind: Kind
    form: str
    values: tuple[float, ...]

    @property
    def is_fixed(self) -> bool:
        """Say whether this is one number, not an unknown."""
        return self.form == "fixed"

    @property
    def median(self) -> float:
        """Give the value in the middle, on which plans are made."""
        return self.quantile(0.5)

    @property
    def plausible_high(self) -> float:
        """Give the highest value that a plan must expect: a maximum, or the 95% point."""
        return self.quantile(1.0) if self.form in ("uniform", "pert") else self.quantile(0.95)

    def quantile(self, u: float) -> float:
        """Give the value below which the quantity falls with probability u."""
        return _QUANTILES[self.form](self, u)

    def plain(self) -> float | str | dict[str, float | str]:
        """Give the quantity as it is written in TOML, each number exact."""
        if self.form == "fixed":
            return self.values[0]
        if self.form == "range":
            return f"{self.values[0]!r} to {self.values[1]!r}"
        return {"dist": self.form, **dict(zip(PARAMETERS[self.form], self.values, strict=True))}


def _range_quantile(q: Quantity, u: float) -> float:
    low, high = q.values
    if q.kind == "hard_range":
        return math.exp(math.log(low) + u * (math.log(high) - math.log(low)))
    if low == high:
        return low
    logit = q.kind == "share"
    a, b = ((math.log(x / (1 - x)) if logit else math.log(x)) for x in (low, high))
    middle = (a + b) / 2 + (b - a) / (2 * _Z_90) * _NORMAL.inv_cdf(u)
    return 1 / (1 + math.exp(-middle)) if logit else math.exp(middle)


def _uniform_quantile(q: Quantity, u: float) -> float:
    return q.values[0] + u * (q.values[1] - q.values[0])


def _beta_inverse(a: float, b: float, u: float) -> float:
    from scipy.special import betaincinv  # here, so that `check` need not import scipy

    return float(betaincinv(a, b, u))


def _pert_quantile(q: Quantity, u: float) -> float:
    low, mode, high = q.values
    if low == high:
        return low
    a = 1 + 4 * (mode - low) / (high - low)
    return low + (high - low) * _beta_inverse(a, 6 - a, u)


def _beta_quantile(q: Quantity, u: float) -> float:
    mean, sd = q.values
    size = mean * (1 - mean) / sd**2 - 1
    return _beta_inverse(mean * size, (1 - mean) * size, u)


def _lognormal_quantile(q: Quantity, u: float) -> float:
    median, sigma = q.values
    return median * math.exp(sigma * _NORMAL.inv_cdf(u))


_QUANTILES: dict[str, Callable[[Quantity, float], float]] = {
    "fixed": lambda q, u: q.values[0],
    "range": _range_quantile,
    "uniform": _uniform_quantile,
    "pert": _pert_quantile,
    "beta": _beta_quantile,
    "lognormal": _lognormal_quantile,
}


def parse_quantity(given: object, kind: Kind) -> Quantity:
    """Turn what a scenario holds at a key into a quantity.

    Raises:
        ValueError: what is given is not a quantity of this kind; the message says what is allowed.
    """
    if isinstance(given, Quantity):
        return given
    quantity = _read(given, kind)
    _check_bounds(quantity)
    return quantity


def _read(given: object, kind: Kind) -> Quantity:
    if isinstance(given, bool):
        raise ValueError(f"write {HOW_TO_WRITE}")
    if isinstance(given, int | float):
        return Quantity(kind, "fixed", (float(given),))
    if isinstance(given, str):
        return _read_text(given, kind)
    if isinstance(given, Mapping):
        return _read_distribution(given, kind)
    raise ValueError(f"write {HOW_TO_WRITE}")


def _read_text(text: str, kind: Kind) -> Quantity:
    if one := _ONE.fullmatch(text):
        return Quantity(kind, "fixed", (_number(one[1], one[2]),))
    if two := _TWO.fullmatch(text):
        # "1 to 3%" means percent on both sides
        return Quantity(kind, "range", (_number(two[1], two[2] or two[4]), _number(two[3], two[4] or two[2])))
    raise ValueError(f"write {HOW_TO_WRITE}")


def _number(digits: str, percent: str) -> float:
    # by 1e-2 as text, so that "2.4%" is exactly the float 0.024
    exponent_given = "e" in digits.lower()
    return float(digits) / 100 if percent and exponent_given else float(digits + ("e-2" if percent else ""))


def _read_distribution(given: Mapping[Any, Any], kind: Kind) -> Quantity:
    name = given.get("dist")
    if not isinstance(name, str) or name not in PARAMETERS:
        raise ValueError(f"dist must be one of {', '.join(PARAMETERS)}")
    wanted = PARAMETERS[name]
    if set(given) != {"dist", *wanted}:
        raise ValueError(f"a {name} distribution has the keys {', '.join(wanted)} (given: {_keys(given)})")
    values = tuple(_read(given[key], kind) for key in wanted)
    if not all(value.is_fixed for value in values):
        raise ValueError(f"each of {', '.join(wanted)} must be one number")
    return Quantity(kind, name, tuple(value.values[0] for value in values))


def _keys(given: Mapping[Any, Any]) -> str:
    return ", ".join(str(key) for key in given if key != "dist") or "none"


def _check_bounds(q: Quantity) -> None:
    if not all(math.isfinite(value) for value in q.values):
        raise ValueError("must be finite")
    check = {"range": _check_range, "beta": _check_beta, "lognormal": _check_lognormal}.get(q.form, _check_ends)
    check(q)


def _check_ends(q: Quantity) -> None:
    if list(q.values) != sorted(q.values):
        raise ValueError(f"{', '.join(PARAMETERS[q.form])} must be in rising order")
    if q.values[0] < 0:
        raise ValueError("must not be below 0")
    if q.kind == "share" and q.values[-1] > 1:
        hint = f' (if percent is meant, write "{q.values[-1]:g}%")' if q.values[-1] <= 100 else ""
        raise ValueError(f"must be between 0 and 1{hint}")


def _check_range(q: Quantity) -> None:
    low, high = q.values
    if low > high:
        raise ValueError("the low end of a range stands first")
    if low <= 0:
        raise ValueError(
            'a range starts above 0; for something that may be 0 write { dist = "uniform", min = 0, max = ... } or pert'
        )
    if q.kind == "share" and high >= 1:
        hint = ' (for percent write "1% to 3%")' if 1 < high <= 100 else ""
        raise ValueError(f"a range of a share ends below 1{hint}")


def _check_beta(q: Quantity) -> None:
    mean, sd = q.values
    if q.kind != "share":
        raise ValueError('beta is for shares between 0 and 1; use "lognormal" or "pert"')
    if not 0 < mean < 1 or not 0 < sd < math.sqrt(mean * (1 - mean)):
        raise ValueError("beta needs a mean between 0 and 1 and an sd above 0 and below sqrt(mean * (1 - mean))")


def _check_lognormal(q: Quantity) -> None:
    median, sigma = q.values
    if q.kind == "share":
        raise ValueError('lognormal may exceed 1; for a share use a range, "beta" or "pert"')
    if median <= 0 or sigma < 0:
        raise ValueError("lognormal needs a median above 0 and a sigma of 0 or more")


_PLAIN = PlainSerializer(Quantity.plain)
Share = Annotated[Quantity, BeforeValidator(partial(parse_quantity, kind="share")), _PLAIN]
Amount = Annotated[Quantity, BeforeValidator(partial(parse_quantity, kind="amount")), _PLAIN]
HardRange = Annotated[Quantity, BeforeValidator(partial(parse_quantity, kind="hard_range")), _PLAIN]

"""A number, a range or a distribution, as a strategist writes one.

In: what TOML holds at a key: `0.024`, `"2.4%"`, `"1% to 3%"`, `{ dist = "pert", min, mode, max }`.
Out: a frozen `Quantity`, and for a uniform number u its quantile.
Invariant: `quantile` rises with u and stays finite and inside `bounds`, so one named uniform number per
replication gives the same unknown to every strategy.

A range is a 90% interval: a twentieth of the plays lies below it and a twentieth above. Its shape goes by the kind
of quantity: logit-normal for a share (it cannot leave 0 to 1), log-normal for an amount (it cannot fall below 0).
Where hard bounds are meant (`followers`), it is log-uniform.

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
from typing import Annotated, Any

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, PlainSerializer
from pydantic_core import CoreSchema

from simulator.scenario.grammar import (
    AS_WRITTEN,
    DASHED,
    DISTRIBUTIONS,
    HOW_TO_WRITE,
    MOST,
    MOST_SIGMA,
    NUMBER,
    ONE,
    PARAMETERS,
    TWO,
    Kind,
)

_NORMAL = NormalDist()
_Z_90 = _NORMAL.inv_cdf(0.95)
_BETA_SIZES = (1e-2, 1e12)  # outside of them the inverse of the beta law is a step, or not a number


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
    def bounds(self) -> tuple[float, float]:
        """Give the lowest and the highest value it can take."""
        if self.form in ("fixed", "uniform", "pert") or self.kind == "hard_range":
            return self.values[0], self.values[-1]
        return 0.0, MOST[self.kind]

    @property
    def median(self) -> float:
        """Give the value in the middle, on which plans are made."""
        return self.quantile(0.5)

    @property
    def plausible_high(self) -> float:
        """Give the highest value that a plan must expect: a maximum, or the 95% point."""
        ends_there = self.form in ("fixed", "range", "uniform", "pert")
        return self.values[-1] if ends_there else self.quantile(0.95)

    @property
    def plausible_low(self) -> float:
        """Give the lowest value that a plan must expect: a minimum, or the 5% point."""
        begins_there = self.form in ("fixed", "range", "uniform", "pert")
        return self.values[0] if begins_there else self.quantile(0.05)

    def quantile(self, u: float) -> float:
        """Give the value below which the quantity falls with probability u, for 0 < u < 1."""
        low, high = self.bounds
        return min(max(_QUANTILES[self.form](self, u), low), high)

    def plain(self) -> float | str | dict[str, float | str]:
        """Give the quantity as it is written in TOML, each number exact."""
        if self.form == "fixed":
            return self.values[0]
        if self.form == "range":
            return f"{self.values[0]!r} to {self.values[1]!r}"
        return {"dist": self.form, **dict(zip(PARAMETERS[self.form], self.values, strict=True))}


def _fixed_quantile(q: Quantity, _u: float) -> float:
    return q.values[0]


def _range_quantile(q: Quantity, u: float) -> float:
    low, high = q.values
    if low == high:
        return low
    if q.kind == "hard_range":
        return _exp(math.log(low) + u * (math.log(high) - math.log(low)))
    share = q.kind == "share"
    a, b = (math.log(x / (1 - x)) if share else math.log(x) for x in (low, high))
    middle = (a + b) / 2 + (b - a) / (2 * _Z_90) * _NORMAL.inv_cdf(u)
    return 1 / (1 + _exp(-middle)) if share else _exp(middle)


def _exp(x: float) -> float:
    return math.exp(min(x, 700.0))  # e ** 710 is no float


def _uniform_quantile(q: Quantity, u: float) -> float:
    return q.values[0] + u * (q.values[1] - q.values[0])


def _beta_inverse(a: float, b: float, u: float) -> float:
    from scipy.special import betaincinv  # reading a scenario must not cost scipy's import

    return float(betaincinv(a, b, u))


def _pert_quantile(q: Quantity, u: float) -> float:
    low, mode, high = q.values
    if low == high:
        return low
    a = 1 + 4 * (mode - low) / (high - low)
    return low + (high - low) * _beta_inverse(a, 6 - a, u)


def _beta_quantile(q: Quantity, u: float) -> float:
    mean, sd = q.values
    size = _beta_size(mean, sd)
    return _beta_inverse(mean * size, (1 - mean) * size, u)


def _beta_size(mean: float, sd: float) -> float:
    return mean * (1 - mean) / sd**2 - 1


def _lognormal_quantile(q: Quantity, u: float) -> float:
    median, sigma = q.values
    return median * _exp(sigma * _NORMAL.inv_cdf(u))


_QUANTILES: dict[str, Callable[[Quantity, float], float]] = {
    "fixed": _fixed_quantile,
    "range": _range_quantile,
    "uniform": _uniform_quantile,
    "pert": _pert_quantile,
    "beta": _beta_quantile,
    "lognormal": _lognormal_quantile,
}


def parse_quantity(given: object, kind: Kind, refuse: Callable[[Quantity], None] | None = None) -> Quantity:
    """Turn what a scenario holds at a key into a quantity.

    Args:
        given: What TOML holds.
        kind: What sort of quantity stands at the key.
        refuse: Raises ValueError where the key allows less than its kind; asked first, for its advice fits the key.

    Raises:
        ValueError: what is given is not a quantity of this kind; the message says what is allowed.

    >>> parse_quantity("1% to 3%", "share")
    Quantity(kind='share', form='range', values=(0.01, 0.03))
    """
    quantity = given if isinstance(given, Quantity) else _read(given, kind)
    if quantity.kind != kind:
        raise ValueError(HOW_TO_WRITE[kind])
    if refuse:
        refuse(quantity)
    _check(quantity)
    return quantity


def parse_number(text: str) -> float | None:
    """Read a number or percentage written as text; None where it is neither."""
    one = ONE.fullmatch(text)
    return _number(one[1], one[2]) if one else None


def _read(given: object, kind: Kind) -> Quantity:
    if isinstance(given, int | float) and not isinstance(given, bool):
        return Quantity(kind, "fixed", (_float(given),))
    if isinstance(given, str):
        return _read_text(given, kind)
    if isinstance(given, Mapping):
        return _read_distribution(given, kind)
    raise ValueError(HOW_TO_WRITE[kind])


def _float(number: float) -> float:
    try:
        return float(number) + 0.0  # -0.0 is 0.0
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _read_text(text: str, kind: Kind) -> Quantity:
    if "%" in text and kind != "share":
        raise ValueError(f"percent of what? Here {HOW_TO_WRITE[kind]}")
    if (number := parse_number(text)) is not None:
        return Quantity(kind, "fixed", (number,))
    if two := TWO.fullmatch(text):
        return Quantity(kind, "range", _ends(two))
    raise ValueError(_text_hint(text) or HOW_TO_WRITE[kind])


def _ends(two: re.Match[str]) -> tuple[float, float]:
    # "1 to 3%" means percent on both sides
    return _number(two[1], two[2] or two[4]), _number(two[3], two[4] or two[2])


def _text_hint(text: str) -> str:
    if two := DASHED.fullmatch(text):
        percent = two[2] or two[4]
        return f'a range is written "{two[1]}{percent} to {two[3]}{percent}"'
    if text.strip().startswith("-"):
        return "must not be below 0"
    if "," in text and re.sub(rf"{NUMBER}|,|to|\s", "", text) == "":
        return "a number has a point and no comma, such as 2.4 or 1_000"
    if parse_number(text.strip().strip("$€£")) is not None:
        return "write the number without a currency sign"
    return ""


def _number(digits: str, percent: str) -> float:
    # by 1e-2 as text, so that "2.4%" is exactly the float 0.024
    exponent_given = "e" in digits.lower()
    return float(digits) / 100 if percent and exponent_given else float(digits + ("e-2" if percent else ""))


def _read_distribution(given: Mapping[Any, Any], kind: Kind) -> Quantity:
    if "law" in given:
        what = (
            "law is for a whole rate of creators or pools"
            if kind == "share"
            else "fee law is for the creators of a pool"
        )
        raise ValueError(f"a {what}; here {HOW_TO_WRITE[kind]}")
    name = given.get("dist")
    if name not in DISTRIBUTIONS[kind]:
        raise ValueError(_other_distribution(name, kind))
    wanted = PARAMETERS[str(name)]
    if missing := [key for key in wanted if key not in given]:
        raise ValueError(f"a {name} distribution also needs {' and '.join(missing)}: {_how(str(name))}")
    if unknown := [str(key) for key in given if key not in ("dist", *wanted)]:
        raise ValueError(f"a {name} distribution has no {' and no '.join(unknown)}: {_how(str(name))}")
    return Quantity(kind, str(name), tuple(_parameter(given[key], key, kind) for key in wanted))


def _other_distribution(name: object, kind: Kind) -> str:
    there = ", ".join(_how(known) for known in DISTRIBUTIONS[kind])
    if name is None:
        return f"say which distribution: {there}"
    reason = {"beta": "is for shares between 0 and 1", "lognormal": "has no highest value"}.get(
        str(name), "is not known"
    )
    return f'the distribution "{name}" {reason}; here there is {there}'


def _how(name: str) -> str:
    return "{ dist = " + f'"{name}", ' + ", ".join(f"{key} = ..." for key in PARAMETERS[name]) + " }"


def _parameter(given: object, key: str, kind: Kind) -> float:
    number = parse_number(given) if isinstance(given, str) and ("%" not in given or kind == "share") else None
    if isinstance(given, int | float) and not isinstance(given, bool):
        number = _float(given)
    if number is None:
        raise ValueError(f"{key} must be one number")
    return number


def _check(q: Quantity) -> None:
    if any(math.isnan(value) for value in q.values):
        raise ValueError("must be a number")
    check = {"range": _check_range, "beta": _check_beta, "lognormal": _check_lognormal}.get(q.form, _check_ends)
    check(q)


def _check_ends(q: Quantity) -> None:
    if list(q.values) != sorted(q.values):
        raise ValueError(f"{', '.join(PARAMETERS[q.form])} must be in rising order")
    if q.values[0] < 0:
        raise ValueError("must not be below 0")
    _check_most(q)


def _check_most(q: Quantity) -> None:
    highest = q.values[-1]
    if highest <= MOST[q.kind]:
        return
    if q.kind != "share":
        raise ValueError(f"must be at most {MOST[q.kind]:,.0f}")
    hint = f' (if percent is meant, write "{highest:g}%")' if highest <= 100 else ""
    raise ValueError(f"a share lies between 0 and 1{hint}")


def _check_range(q: Quantity) -> None:
    low, high = q.values
    if low > high:
        raise ValueError("the low end of a range stands first")
    if low <= 0:
        raise ValueError(
            'a range starts above 0; for what may be 0 write { dist = "pert", min = 0, mode = ..., max = ... }'
        )
    if q.kind == "share" and high >= 1:
        hint = ' (for percent write "1% to 3%")' if 1 < high <= 100 else ""
        raise ValueError(f"a range of a share ends below 1{hint}")
    _check_most(q)


def _check_beta(q: Quantity) -> None:
    mean, sd = q.values
    if not 0 < mean < 1:
        raise ValueError("the mean of a beta distribution lies between 0 and 1")
    least, most = _BETA_SIZES
    if sd <= 0 or not least <= _beta_size(mean, sd) <= most:
        # the sd at which the law has almost all of its weight at 0 and 1
        widest = math.sqrt(mean * (1 - mean) / (1 + least))
        raise ValueError(f"with a mean of {mean:g} the sd lies above 0 and below {widest:.3g}")


def _check_lognormal(q: Quantity) -> None:
    median, sigma = q.values
    if median <= 0 or not 0 <= sigma <= MOST_SIGMA:
        raise ValueError(f"lognormal needs a median above 0 and a sigma from 0 to {MOST_SIGMA:g}")
    _check_most(Quantity(q.kind, "fixed", (median,)))


@dataclass(frozen=True)
class Least:
    """The lowest amount that a key allows.

    Attributes:
        value: The amount.
        message: What is said of a lower one.
        included: Whether the amount itself is allowed.
    """

    value: float
    message: str
    included: bool = True

    def refuse(self, quantity: Quantity) -> None:
        """Raise ValueError for a quantity that may lie below."""
        low = quantity.values[0]
        if low < self.value or (low == self.value and not self.included):
            raise ValueError(self.message)


@dataclass(frozen=True)
class Parsed:
    """Reads what is written at a key into a quantity; the annotation that makes a type of one."""

    kind: Kind
    least: Least | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read, then check."""
        parse = partial(parse_quantity, kind=self.kind, refuse=self.least.refuse if self.least else None)
        validator = BeforeValidator(parse, json_schema_input_type=AS_WRITTEN[self.kind])
        return validator.__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Say what may be written."""
        written: dict[str, Any] = handler(schema)
        if self.least:
            written = {**written, "minimum" if self.least.included else "exclusiveMinimum": self.least.value}
        return written


PLAIN = PlainSerializer(Quantity.plain)
Share = Annotated[Quantity, Parsed("share"), PLAIN]
Amount = Annotated[Quantity, Parsed("amount"), PLAIN]
HardRange = Annotated[Quantity, Parsed("hard_range"), PLAIN]


def amount_but(least: Least) -> Parsed:
    """Give the annotation of a key that allows not every amount."""
    return Parsed("amount", least)

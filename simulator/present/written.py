"""Quantities, laws and delays in the words of a scenario, and plain numbers with three digits.

In: what a scenario holds. Out: text. Invariant: shares are in percent, and no number has an exponent ("1e-05").
"""

from __future__ import annotations

from decimal import Context, Decimal
from math import floor, log10

from simulator.present import digits
from simulator.present.digits import NUMBER, PERCENT, Unit, money_unit
from simulator.scenario.grammar import PARAMETERS
from simulator.scenario.quantity import Quantity
from simulator.scenario.rates import PowerRate, RateLaw
from simulator.scenario.section import Constant, Exponential, Lognormal, PowerLaw

_LONG_HOURS = 48
_MOST_DECIMALS = 8


def rate_text(given: RateLaw | Quantity) -> str:
    """Write what stands at the key of a rate: a quantity, or a law as a formula."""
    if isinstance(given, Quantity):
        return share_text(given)
    value, at = share_text(given.value), f"{given.at:,.10g}"
    if isinstance(given, PowerRate):
        return f"{value} x (followers / {at}) ** {given.exponent:g}"
    return f"{value} x exp({given.slope:g} d + {given.curvature:g} d ** 2) with d = ln(followers / {at})"


def share_text(given: Quantity) -> str:
    """Write a share as a scenario does, in percent."""
    return _quantity_text(given, 100, "%")


def amount_text(given: Quantity) -> str:
    """Write an amount as a scenario does."""
    return _quantity_text(given, 1, "")


def ends_text(given: Quantity) -> str:
    """Write an amount by the ends of what is plausible, once where both are the same.

    >>> ends_text(Quantity("amount", "range", (30.0, 90.0)))
    '30 to 90'
    """
    return " to ".join(dict.fromkeys(number(end) for end in (given.plausible_low, given.plausible_high)))


def median_text(given: Quantity) -> str:
    """Write a share by its median, and what it is the median of."""
    return share_text(given) if given.is_fixed else f"{share(given.median)} ({share_text(given)})"


def money_text(given: Quantity, currency: str) -> str:
    """Write an amount of money as a scenario does, with the sign of the currency."""
    return _quantity_text(given, 1, "", money_unit(currency).before)


def _quantity_text(given: Quantity, scale: int, after: str, before: str = "") -> str:
    values = [before + exact(value, scale) + after for value in given.values]
    if given.form in ("fixed", "range"):
        return " to ".join(values)
    named = dict(zip(PARAMETERS[given.form], values, strict=True))
    if "sigma" in named:  # of a logarithm
        named["sigma"] = exact(given.values[-1])
    return f"{given.form}: {', '.join(f'{name} {value}' for name, value in named.items())}"


def delay_text(law: Lognormal | Exponential | PowerLaw | Constant) -> str:
    """Write how long a delay is."""
    if isinstance(law, Constant):
        return f"always {hours_text(law.hours)}"
    if isinstance(law, Exponential):
        return f"{hours_text(law.mean_hours)} on average"
    if isinstance(law, Lognormal):
        return f"{hours_text(law.median_hours)} or less half of the time"
    return f"any of the first {law.flat_minutes:g} minutes alike, then a power law with exponent {law.exponent:g}"


def hours_text(hours: float) -> str:
    """Write hours, as days where they are many."""
    if hours >= _LONG_HOURS:
        return f"{number(hours / 24)} days"
    return "1 hour" if hours == 1 else f"{number(hours)} hours"


def share(value: float) -> str:
    """Write a share with three digits; one above 1 counts as 1."""
    return three_digits(min(value, 1.0), PERCENT)


def exact(value: float, scale: int = 1) -> str:
    """Write a number with all its digits; one with more decimals than anybody writes was computed and gets four.

    >>> exact(0.00285, 100), exact(1234.5), exact(1e-05), exact(1 / 6, 100)
    ('0.285', '1,234.5', '0.00001', '16.67')
    """
    number = Decimal(repr(value)) * scale
    if -int(number.as_tuple().exponent) > _MOST_DECIMALS:
        number = Context(prec=4).create_decimal(number)
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number(value: float) -> str:
    """Write a number with three digits, or fewer where it has fewer; a whole number with all of them."""
    if float(value).is_integer():
        return f"{value:,.0f}"
    shown = three_digits(value)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def three_digits(value: float, unit: Unit = NUMBER) -> str:
    """Write a number with three digits, zeros at its end included.

    >>> three_digits(0.12), three_digits(1234.5)
    ('0.120', '1,234')
    """
    scaled = value * unit.scale
    places = 2 - floor(log10(abs(scaled)) + 1e-12) if scaled else 0
    return digits.plain(scaled, max(places, 0), unit)


def money(value: float | None, currency: str) -> str:
    """Write an amount, with cents below 100; a dash where there is none."""
    return "-" if value is None else digits.plain(value, 0 if value >= 100 else 2, money_unit(currency))

"""The five questions of `campaign-roi init`, asked on a terminal or answered by options.

In: options, and where one is missing a terminal to ask on. Out: `Answers`. Invariant: an answer that cannot be used is
said so and asked again; an option that cannot be used ends the program. Nothing is written here.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from simulator.scenario.account import PLATFORMS, PlatformName
from simulator.scenario.parts import nearest
from simulator.scenario.roster.cells import currency_in, numeral_of
from simulator.scenario.starter import COMPARISONS, FEWEST_PEOPLE, MOST_PEOPLE, Answers, Comparison, file_name

_Answer = TypeVar("_Answer")
_MOST_MONEY = 1e12
_SOLD = re.compile(r"(?P<product>\S.*?)\W*\s+(?P<at>for|at|à|:|=)?\s*(?P<price>(?(at)(?:[A-Z]{3}\s+)?)\S*\d.*)")


def interview(
    file: Path | None,
    *,
    product: str | None,
    budget: str | None,
    people: str | None,
    platform: str | None,
    compare: str | None,
    roster: str | None,
) -> tuple[Path, Answers]:
    """Ask what no option answers.

    Returns:
        The file that is to hold the scenario, and the answers.

    Raises:
        click.UsageError: an option cannot be used, or one is missing and nobody can be asked.
    """
    sold, price, sign = _ask(
        "1/5  What do you sell, and for how much?", product, "--product", "LED mask for 400", _sold
    )
    money, its_sign = _ask("2/5  What is the budget?", budget, "--budget", "50,000", _money)
    count = _ask("3/5  How many people could buy it?", people, "--people", "1M", _people)
    where = _ask(f"4/5  On which platform ({', '.join(PLATFORMS)})?", platform, "--platform", PLATFORMS[0], _platform)
    plans = _ask(f"5/5  What is to be compared?\n{_menu()}\nNumber", compare, "--compare", "1", _comparison)
    path = file if file is not None else Path(file_name(sold))
    currency = its_sign or sign or "$"
    listed = roster or Answers.roster_file
    return path, Answers(sold, price, money, count, where, plans, currency, listed, path.name)


def _ask(question: str, given: str | None, option: str, default: str, read: Callable[[str], _Answer]) -> _Answer:
    """Take an answer from an option, or ask for it until it can be used; Enter alone stands for the default."""
    if given is not None:
        try:
            return read(given)
        except click.UsageError as error:
            raise click.BadParameter(error.message, param_hint=option) from None
    if not _is_terminal():
        example = f"{option} {default!r}" if " " in default else f"{option} {default}"
        raise click.UsageError(f"{option} is missing, and there is no terminal to ask on. Write for example {example}.")
    answer: _Answer = click.prompt(question, default, value_proc=read, err=True)
    return answer


def _is_terminal() -> bool:
    return sys.stdin.isatty()


# ---- reading answers


def _sold(text: str) -> tuple[str, float, str]:
    """Read "LED mask for $400": product, price and the sign of the money."""
    parts = _SOLD.fullmatch(text.strip())
    if parts is None:
        raise click.UsageError(f"given {text!r}; say what a customer pays as well, such as: LED mask for 400.")
    price, sign = _money(parts["price"])
    product = " ".join(parts["product"].split())
    if len(product) > 60 or any(unicodedata.category(character).startswith("C") for character in product):
        raise click.UsageError("the name of the product must be one line of at most 60 characters.")
    return product, price, sign


def _money(text: str) -> tuple[float, str]:
    amount = _number(text)
    if amount > _MOST_MONEY:
        raise click.UsageError(f"given {text!r}; must be at most {_MOST_MONEY:,.0f}.")
    if amount <= 0:
        raise click.UsageError(f"given {text!r}; must be an amount of money above 0, such as 30,000 or 12.5k.")
    return round(amount, 2), currency_in(text) or ""


def _people(text: str) -> int:
    count = _number(text)
    if not FEWEST_PEOPLE <= count <= MOST_PEOPLE:
        raise click.UsageError(
            f"given {text!r}; must be from {FEWEST_PEOPLE:,} to {MOST_PEOPLE:,} people, such as 200,000 or 1M. For "
            "another size, answer one of these and change people.count in the file."
        )
    return round(count)


def _number(text: str) -> float:
    """Read a number as people write it; where a comma or point may be either, it stands between thousands."""
    numeral = numeral_of(text)
    return max(numeral.readings.values()) if numeral is not None and not numeral.percent else -1.0


def _platform(text: str) -> PlatformName:
    word = text.strip().lower()
    for name in PLATFORMS:
        if name == word:
            return name
    raise click.UsageError(f"given {text!r}; there is no such platform.{nearest(word, list(PLATFORMS))}")


def _comparison(text: str) -> Comparison:
    names: Sequence[Comparison] = list(COMPARISONS)
    word = text.strip().lower()
    if word.isdecimal() and 1 <= int(word) <= len(names):
        return names[int(word) - 1]
    for name in names:
        if name == word:
            return name
    raise click.UsageError(
        f"given {text!r}; must be a number from 1 to {len(names)} or its name.{nearest(word, list(names))}"
    )


def _menu() -> str:
    return "\n".join(f"       {number}  {what}" for number, what in enumerate(COMPARISONS.values(), start=1))

"""The ground of a scenario's model: what a section is, and the types that its keys share.

In: values as TOML holds them. Out: checked values. Invariant: what a type allows is written in its limits, from which
messages read it off.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema

from simulator.scenario.grammar import text_of
from simulator.scenario.quantity import PLAIN, Amount, Least, Quantity, amount_but, parse_number

SECONDS_PER_DAY = 86_400
MOST_DAYS = 3660  # ten years
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


class Section(BaseModel):
    """Base of all parts of a scenario: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


def about(meaning: str, example: str, unit: str = "", *, cite: str = "") -> Any:
    """Say what a key is.

    Args:
        meaning: The end of "This is ...".
        example: How it may be written in TOML.
        unit: What it is measured in, or of what it is a share; "none" for names. Sections have no unit.
        cite: Where the default comes from, if it does more than switch something off.
    """
    return Field(description=meaning, examples=[example], json_schema_extra={"unit": unit, "cite": cite})


def unit_of(field: FieldInfo) -> str:
    """Give what a key is measured in, or of what it is a share; empty for a section."""
    return _said(field, "unit")


def cite_of(field: FieldInfo) -> str:
    """Give where the default of a key comes from; empty where it switches something off, or there is none."""
    return _said(field, "cite")


def _said(field: FieldInfo, what: str) -> str:
    said = field.json_schema_extra
    return str(said.get(what, "")) if isinstance(said, dict) else ""


def one_line(text: str) -> str:
    """Refuse a text that is not one line."""
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in text):
        raise ValueError("must be one line of text, without control characters")
    return text


def not_blank(text: str) -> str:
    """Refuse a text without letters."""
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def share_of_text(given: object) -> object:
    """Read a percentage; anything else is left as it is."""
    number = parse_number(given) if isinstance(given, str) else None
    return given if number is None else number


def tuple_of_list(given: object) -> object:
    """Freeze a list; anything else is left as it is."""
    return tuple(given) if isinstance(given, list) else given


def iso_date(given: object) -> str:
    """Give a date as text, so that it is the same in a hash, in TOML and in JSON."""
    text = given.isoformat() if isinstance(given, date) and not isinstance(given, datetime) else given
    try:
        if isinstance(text, str) and re.fullmatch(_DATE, text):
            return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    raise ValueError("must be a date of the calendar, written year-month-day")


class _Percent:
    """A number that may be written as a percentage, in quotes."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return BeforeValidator(share_of_text).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(schema), text_of("share", ranges=False)]}


PERCENT = _Percent()
LIST = BeforeValidator(tuple_of_list)
_DATE_TEXT = {"type": "string", "pattern": f"^{_DATE}$"}
# Of what schemas tell editors, some check a date of TOML as a text and some as a format.
DATE = BeforeValidator(
    iso_date,
    json_schema_input_type=Annotated[Any, WithJsonSchema({"anyOf": [{**_DATE_TEXT, "format": "date"}, _DATE_TEXT]})],
)
LONGEST_NAME = 60
Name = Annotated[
    str,
    Field(max_length=LONGEST_NAME, json_schema_extra={"pattern": r"\S"}),
    AfterValidator(one_line),
    AfterValidator(not_blank),
]
FileName = Annotated[str, Field(max_length=1000), AfterValidator(one_line), AfterValidator(not_blank)]
# Names that become part of a file path or of a dotted key.
PathName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=LONGEST_NAME)]
PlainShare = Annotated[float, PERCENT, Field(ge=0, le=1)]
ShareBelowOne = Annotated[float, PERCENT, Field(ge=0, lt=1)]
Days = Annotated[float, Field(ge=0, le=MOST_DAYS)]
SomeDays = Annotated[float, Field(gt=0, le=MOST_DAYS)]
WholeDays = Annotated[int, Field(ge=1, le=MOST_DAYS)]
Hours = Annotated[float, Field(gt=0, le=100_000)]
Months = Annotated[float, Field(ge=0, le=120)]
# What is not written adds and costs nothing.
NO_SHARE = Quantity("share", "fixed", (0.0,))
NO_AMOUNT = Quantity("amount", "fixed", (0.0,))
CERTAIN = Quantity("share", "fixed", (1.0,))
UNCHANGED = Quantity("amount", "fixed", (1.0,))
MOST_FACTOR = 10.0


@dataclass(frozen=True)
class at_most:  # noqa: N801  # reads as the function it is used as
    """Refuse quantities that a plan must expect to lie above a limit, and say why after the limit."""

    most: float
    why: str

    def _check(self, quantity: Quantity) -> Quantity:
        if quantity.plausible_high > self.most:
            raise ValueError(f"must be at most {self.most:g}{self.why}")
        return quantity

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check what the type allows."""
        return AfterValidator(self._check).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Bound what the type allows."""
        return {**handler(schema), "maximum": self.most}


# By what a rate is multiplied.
Factor = Annotated[Amount, at_most(MOST_FACTOR, "; 1 changes nothing")]


# Some days that nobody knows for certain; what is drawn beyond the most counts as the most.
UnknownDays = Annotated[
    Quantity, amount_but(Least(0, "must be above 0 days", included=False)), at_most(MOST_DAYS, " days"), PLAIN
]


class Lognormal(Section):
    """Delays whose logarithm is normal: half of them are below `median_hours`."""

    dist: Literal["lognormal"]
    median_hours: Annotated[Hours, about("the delay that half of all stay below [hours]", "6.0", "hours")]
    sigma: Annotated[
        float,
        Field(ge=0, le=20),
        about("the standard deviation of the delay's logarithm", "1.4", "standard deviation of the logarithm"),
    ]


class Exponential(Section):
    """Delays without memory."""

    dist: Literal["exponential"]
    mean_hours: Annotated[Hours, about("the mean delay [hours]", "4.0", "hours")]


class PowerLaw(Section):
    """Delays flat up to `flat_minutes`, then falling as a power (Zhao et al. 2015, SEISMIC)."""

    dist: Literal["power_law"]
    flat_minutes: Annotated[
        float,
        Field(gt=0, le=6e6),
        about("the delay up to which all delays are equally likely [minutes]", "5.0", "minutes"),
    ]
    exponent: Annotated[float, Field(ge=0.001, le=20), about("how fast long delays become rare", "0.242", "exponent")]


class Constant(Section):
    """The same delay always."""

    dist: Literal["constant"]
    hours: Annotated[float, Field(ge=0, le=100_000), about("the delay, always the same [hours]", "0.0", "hours")]


DELAYS: dict[str, type[Section]] = {
    "lognormal": Lognormal,
    "exponential": Exponential,
    "power_law": PowerLaw,
    "constant": Constant,
}
Delay = Annotated[Lognormal | Exponential | PowerLaw | Constant, Field(discriminator="dist")]

"""Every value of a scenario as text: a line for each, with its unit and who says so.

In: a scenario and its values. Out: lines of text. Invariants: each value comes once, as it was written, with all its
digits (four where it was computed); what stands behind a number at length is a footnote; a line holds 100 characters
where its names allow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Any

from simulator.present import digits
from simulator.present.digits import money_unit
from simulator.present.written import amount_text, exact, money_text, share_text
from simulator.scenario.model import Scenario
from simulator.scenario.parts import Path
from simulator.scenario.quantity import Quantity
from simulator.scenario.section import Section
from simulator.scenario.values import Value

_WIDTH, _KEYS, _LONGEST_CITE, _MOST_LISTED = 100, 30, 24, 10
_NOTHING: tuple[object, ...] = (None, "", (), {})
_MONEY, _BARE = "money", ("none", "date", "weekdays", "yes or no")
_ASIDE, _SINGULAR = ("exponent", "standard", "correlation", "ratio"), r"\1"  # what is no count of anything
_ROWS = ("creators", "pools", "strategies")  # sections of which each row is one
_OVERLAP = "overlap"


def value_lines(scenario: Scenario, values: Sequence[Value]) -> list[str]:
    """Write every value, section by section, then what is not used, then the footnotes."""
    notes, blocks, unused = _Footnotes(f"{scenario.folder}/" if scenario.folder.name else ""), [], []
    sections: dict[Path, list[Value]] = {}
    for value in values:
        sections.setdefault(_section_of(value), []).append(value)
    for section, its in sections.items():
        if section and all(value.is_off for value in its):
            unused.append(_header(scenario, section))
        else:
            blocks.append([_header(scenario, section), *_section(scenario, its, len(section), notes)])
    blocks += [wrap(f"Not used: {', '.join(unused)}", _WIDTH, subsequent_indent="  ")] if unused else []
    blocks += [list(notes.lines())]
    return ["Every value, with its unit and who says so", *(line for block in blocks if block for line in ("", *block))]


@dataclass
class _Footnotes:
    """What is said at length, each once, numbered in the order in which it is asked for; files lie in the folder."""

    folder: str
    texts: dict[str, int] = field(default_factory=dict)

    def mark(self, text: str) -> str:
        return f"[{self.texts.setdefault(text, len(self.texts) + 1)}]"

    def lines(self) -> Iterator[str]:
        for text, number in self.texts.items():
            yield from wrap(f"[{number}] {text}", _WIDTH, subsequent_indent="    ")


def _section_of(value: Value) -> Path:
    """Give the section that a value stands in, () for those at the top; one that is off is its own."""
    if len(value.path) == 1:
        return () if value.unit and value.path[0] != _OVERLAP else value.path
    return value.path[: 2 if value.path[0] in _ROWS else 1]


def _header(scenario: Scenario, section: Path) -> str:
    """Name a section as its line in the file does, and a creator by its handle."""
    if not section:
        return "At the top"
    if section[0] == "creators":
        named = f" {digits.clean(scenario.creators[int(section[1])].handle)}" if len(section) > 1 else ""
        return f"[[creators]]{named}"
    return f"[{digits.clean('.'.join(map(str, section)))}]"


# ---- one section


def _section(scenario: Scenario, values: Sequence[Value], depth: int, notes: _Footnotes) -> Iterator[str]:
    """Write what acts, then what is off, then the same of each section inside."""
    inner: dict[Path, list[Value]] = {(): []}
    for value in values:
        inner.setdefault(() if value.path[0] == _OVERLAP else value.path[depth:-1], []).append(value)
    listed = [inner.pop(path) for path in list(inner) if any(isinstance(key, int) for key in path)]
    off = [".".join(map(str, path)) for path, its in inner.items() if path and all(value.is_off for value in its)]
    for path, its in inner.items():
        if not path or not all(value.is_off for value in its):
            yield from [f"  {digits.clean('.'.join(map(str, path)))}"] if path else []
            yield from _rows(scenario, its, "    " if path else "  ", notes, [] if path else off)
    yield from _listed(scenario, listed, notes) if listed else ()


def _listed(scenario: Scenario, rows: Sequence[Sequence[Value]], notes: _Footnotes) -> Iterator[str]:
    """Write the first creators of a list, a row for each, with what differs from the pool and where it begins."""
    yield f"  creators, {len(rows):,} in all, each with what is its own"
    for first, *others in rows[:_MOST_LISTED]:
        set_later = (value for value in others if value.kind == "written" and value.source.startswith("--set"))
        sources = dict.fromkeys(_source(value, notes) for value in (first, *set_later))
        cells = [_cell(value, scenario.currency, notes) for value in others if not value.is_off]
        yield from _row(f"    {digits.shortened(first.value, _KEYS - 6)}", ", ".join(cells), ", ".join(sources))
    if len(rows) > _MOST_LISTED:
        yield f"    and {len(rows) - _MOST_LISTED:,} more, whose values are in scenario.toml of a result folder"


def _cell(value: Value, currency: str, notes: _Footnotes) -> str:
    mark = f" {notes.mark(value.cite)}" if value.kind == "preset" else ""
    return f"{_key(value)} {bare_text(value, currency)}{mark}"


def _rows(
    scenario: Scenario, values: Sequence[Value], indent: str, notes: _Footnotes, others_off: Sequence[str]
) -> Iterator[str]:
    for value in values:
        if not value.is_off:
            yield from _row(f"{indent}{_key(value)}", value_text(value, scenario.currency), _source(value, notes))
    off = [*(_off_text(value, scenario.currency) for value in values if value.is_off), *others_off]
    if off:
        label = "as all its posts" if values and "formats" in values[0].path else "off or neutral"
        yield from wrap(f"{indent}{label}: {', '.join(off)}", _WIDTH, subsequent_indent=indent + "  ")


def _row(key: str, text: str, source: str) -> Iterator[str]:
    """Write a key and its value, and at the end of the line, or of one more, who says so."""
    lines = wrap(text, _WIDTH - _KEYS - 2, break_on_hyphens=False) or [""]
    rows = [f"{key if place == 0 else '':<{_KEYS}}  {line}" for place, line in enumerate(lines)]
    if len(rows[-1]) + 2 + len(source) > _WIDTH:
        rows.append("")
    yield from rows[:-1]
    yield rows[-1] + source.rjust(_WIDTH - len(rows[-1]))


def _key(value: Value) -> str:
    of_overlap = value.path[0] == _OVERLAP and len(value.path) > 1
    return digits.clean(" and ".join(map(str, value.path[1:])) if of_overlap else value.path[-1])


def _source(value: Value, notes: _Footnotes) -> str:
    if value.kind == "preset":
        return f"{value.source} {notes.mark(value.cite)}"
    if value.kind == "written":
        return value.source.removeprefix(notes.folder)
    return f"default: {value.cite}" if len(value.cite) <= _LONGEST_CITE else f"default {notes.mark(value.cite)}"


def _off_text(value: Value, currency: str) -> str:
    return _key(value) if value.value in _NOTHING else f"{_key(value)} {bare_text(value, currency)}"


# ---- one value


def value_text(value: Value, currency: str) -> str:
    """Write a value with its unit, "12% to 25% of advertised followers"."""
    text = bare_text(value, currency)
    if value.unit in _BARE or value.value in _NOTHING:
        return text
    if _is_plain_money(value):
        return text + value.unit.removeprefix(_MONEY)
    if isinstance(value.value, Section | Mapping | tuple) or value.unit.startswith(_ASIDE):
        return f"{text} ({re.sub(f'^{_MONEY}', digits.clean(currency), value.unit)})"
    return f"{text} {re.sub('^(?!times)([a-z]+)s(?![a-z])', _SINGULAR, value.unit) if text == '1' else value.unit}"


def bare_text(value: Value, currency: str) -> str:
    """Write a value without its unit; shares in percent, money with its sign."""
    its = value.value
    if isinstance(its, Quantity):
        return money_text(its, currency) if _is_plain_money(value) else _quantity(its)
    if _is_plain_money(value):
        return money_unit(currency).before + exact(its)
    return _written(its, _scale(value.unit), is_name=value.unit == "none")


def _is_plain_money(value: Value) -> bool:
    return value.unit.startswith(_MONEY) and isinstance(value.value, Quantity | int | float)


def _scale(unit: str) -> int:
    """Give by what numbers of a unit are multiplied: shares are told in percent."""
    return 100 if unit.startswith(("of ", "added to")) else 1


def _written(its: Any, scale: int, *, is_name: bool = False) -> str:
    if isinstance(its, Section):
        tag, *others = ((key, _written(getattr(its, key), 1)) for key in type(its).model_fields)
        return f"{tag[1]}: {', '.join(f'{key} {text}' for key, text in others)}"
    if isinstance(its, Quantity):
        return _quantity(its)
    if isinstance(its, Mapping):
        return ", ".join(f"{digits.clean(key)} {_written(inner, scale)}" for key, inner in its.items())
    if isinstance(its, tuple):
        apart = "; " if any(isinstance(inner, tuple) for inner in its) else ", "
        return apart.join(_written(inner, scale) for inner in its)
    if isinstance(its, int | float) and not isinstance(its, bool) and not is_name:
        return exact(its, scale) + ("%" if scale == 100 else "")
    return digits.clean(str(its).lower() if isinstance(its, bool) else its)


def _quantity(its: Quantity) -> str:
    return share_text(its) if its.kind == "share" else amount_text(its)

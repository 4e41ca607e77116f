"""Exhibits as slides.

In: a story, pages to put it on, and what draws its pictures. Out: slides, and what is left to the report. Invariants:
the answer comes first; a slide's title is its exhibit's conclusion; the numbers of a chart open in its sheet; what has
no room on the face of a slide is in its notes; what is not told at all is named.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simulator.present.deck import tables, text
from simulator.present.deck.look import box_of, placeholder_of
from simulator.present.deck.measure import Box
from simulator.present.deck.native import add_chart
from simulator.present.deck.pages import Pages, add_page, finish
from simulator.present.pitch.exhibit import Exhibit, Story, Table

if TYPE_CHECKING:
    from pptx.slide import Slide

# Gives the PNG of a picture, or None where there is none of that name.
Pictures = Callable[[str], bytes | None]
_SIDES = (0.31, 0.42, 0.5)  # of the room, for sentences beside a chart
_BETWEEN = 0.3  # what is shown and what is said [in]
_MOST_TEXT = 20.0  # the largest letters of sentences [pt]
_SIDE_TEXT, _ABOVE_TEXT = 20.0, (16.0, 14.0, 12.0)  # of those beside a chart, and above a table
_EASY_TEXT = 14.0  # below this the words get the wider side [pt]
# What is shown first, about ten slides; the other exhibits stand in the appendix.
_ANSWER = "answer"
_MAIN = {_ANSWER, "plans", "roi", "reach", "waterfall", "split", "target", "creators", "long_run", "doubts"} | {
    "sureness",
    "assumptions",
}
_APPENDIX = "Appendix"
_REPORT_ONLY = {"inputs"}  # a list to look things up in
# Of exhibits that come once per plan or per play, so many stand in the appendix; a table there takes so many slides.
_MOST_OF_A_KIND = {"waterfall": 2, "cascade": 1, "creators": 1}
_MOST_TABLE_SLIDES = 2
_ANSWER_COLUMNS = {"", "profit", "probability_positive"}
_ANSWER_TABLE = 0.45  # of the room that the numbers of the answer may take under its chart
# Under sentences there is a table only where it has so much room [in], and more rows than these, the header among them.
_LEAST_TABLE, _FEWEST_ROWS = 1.0, 3


def add_story(pages: Pages, story: Story, pictures: Pictures) -> tuple[str, ...]:
    """Put a story on slides.

    Returns:
        What only a report tells of it, named by the keys of exhibits.
    """
    _add_cover(pages, story)
    main = [exhibit for exhibit in story.exhibits if exhibit.key in _MAIN]
    rest, left = _divided([exhibit for exhibit in story.exhibits if exhibit.key not in _MAIN])
    outcomes = [_add_exhibit(pages, exhibit, pictures) for exhibit in main]
    if rest or any(outcome.behind for outcome in outcomes):
        _add_divider(pages)
        outcomes += [_add_exhibit(pages, exhibit, pictures) for exhibit in rest]
        for exhibit in (exhibit for outcome in outcomes for exhibit in outcome.behind):
            _add_tables(pages, exhibit, f"The numbers behind: {exhibit.title}")
    return (*left, *(f"the numbers of {key}" for outcome in outcomes for key in outcome.left))


def _divided(rest: Sequence[Exhibit]) -> tuple[list[Exhibit], list[str]]:
    """Choose what stands in the appendix, and name what does not."""
    kept, seen = [], Counter[str]()
    for exhibit in rest:
        kind = exhibit.key.partition("_")[0]
        seen[kind] += 1
        if exhibit.key not in _REPORT_ONLY and seen[kind] <= _MOST_OF_A_KIND.get(kind, seen[kind]):
            kept.append(exhibit)
    return kept, [exhibit.key for exhibit in rest if exhibit not in kept]


@dataclass(frozen=True)
class _Outcome:
    """What became of an exhibit's table: left for the appendix, or for the report, or neither, as it is told."""

    behind: tuple[Exhibit, ...] = ()
    left: tuple[str, ...] = ()


def _add_cover(pages: Pages, story: Story) -> None:
    slide = add_page(pages, story.title, [], layout=pages.look.cover)
    _say_beside(pages, slide, [story.subtitle, story.origin])
    finish(pages, slide)


def _add_divider(pages: Pages) -> None:
    slide = add_page(pages, _APPENDIX, [], layout=pages.look.cover)
    _say_beside(pages, slide, ["More charts, and every mean with its interval."])
    finish(pages, slide)


def _say_beside(pages: Pages, slide: Slide, sentences: Sequence[str]) -> None:
    shape = placeholder_of(slide, "SUBTITLE", "BODY", "OBJECT")
    box = box_of(shape) if shape is not None else pages.look.body
    fitted = text.fitted(sentences, _inner(pages, box), _MOST_TEXT)
    text.write(shape if shape is not None else text.add_box(slide, box, "Text"), fitted.paragraphs, fitted.size)


def _inner(pages: Pages, box: Box) -> Box:
    """Take from a place what bullets need."""
    return Box(box.left, box.top, box.width - (text.BULLET if pages.look.bulleted else 0.0), box.height)


def _add_exhibit(pages: Pages, exhibit: Exhibit, pictures: Pictures) -> _Outcome:
    """Add the slides of an exhibit."""
    picture = pictures(exhibit.picture) if exhibit.picture and exhibit.chart is None else None
    if exhibit.chart is not None:
        _add_shown(pages, exhibit, None)
        return _Outcome()
    if picture is not None:
        _add_shown(pages, replace(exhibit, lines=()), picture)
        if exhibit.lines:
            _add_text(pages, exhibit, first=False)
        return _Outcome(left=(exhibit.key,) if exhibit.table else ())
    if exhibit.table is not None and not exhibit.lines:
        _add_tables(pages, exhibit, exhibit.title)
        return _Outcome()
    if exhibit.table is not None:
        return _add_lines_and_table(pages, exhibit)
    _add_text(pages, exhibit)
    return _Outcome()


def _notes(exhibit: Exhibit, left: Sequence[str] = ()) -> list[str]:
    return [*left, *exhibit.details, *exhibit.notes]


def _add_shown(pages: Pages, exhibit: Exhibit, picture: bytes | None) -> None:
    """Show a picture, or a chart with what is said of it on its right; under the answer its numbers."""
    under, room, said, fitted = _arranged(pages, exhibit)
    slide = _page_with_text(pages, exhibit, said, fitted)
    if exhibit.chart is not None:
        add_chart(slide, exhibit.chart, room, pages.look.palette, exhibit.key, exhibit.alt)
    elif picture is not None:
        _add_picture(slide, picture, room, exhibit)
    if under and exhibit.table:
        body = pages.look.body
        below = Box(body.left, room.bottom + _BETWEEN, body.width, sum(under.heights))
        tables.add_table(slide, under, below, f"{exhibit.key}_numbers", _table_alt(exhibit.table))
    finish(pages, slide)


def _arranged(pages: Pages, exhibit: Exhibit) -> tuple[tables.Laid | None, Box, Box, text.Fitted]:
    """Choose the widest table under a chart that leaves the words easy to read, and divide the room."""
    for under in (*_answer_tables(pages, exhibit), None):
        room, said = _sides(pages, exhibit.lines, sum(under.heights) + _BETWEEN if under else 0.0)
        fitted = text.fitted(exhibit.lines, _inner(pages, said), _SIDE_TEXT)
        if _is_easy(fitted):
            break
    return under, room, said, fitted


def _is_easy(fitted: text.Fitted) -> bool:
    return not fitted.paragraphs or (not fitted.left and fitted.size >= _EASY_TEXT)


def _answer_tables(pages: Pages, exhibit: Exhibit) -> list[tables.Laid]:
    """Lay out the numbers of the answer, such as the chance of profit: all, and those that tell most."""
    if exhibit.key != _ANSWER or exhibit.table is None:
        return []
    body = pages.look.body
    room = Box(body.left, body.top, body.width, _ANSWER_TABLE * body.height)
    fewer = [_of_columns(exhibit.table, _ANSWER_COLUMNS)] if exhibit.table.column_measures else []
    laid = (tables.laid_out(table, room) for table in (exhibit.table, *fewer))
    return [parts[0] for parts in laid if _is_whole(parts, room)]


def _of_columns(table: Table, measures: Container[str]) -> Table:
    """Take those columns that hold these measures."""
    kept = [place for place, measure in enumerate(table.column_measures) if measure in measures]
    rows = tuple(tuple(row[place] for place in kept) for row in table.rows)
    return Table(tuple(table.header[place] for place in kept), rows)


def _sides(pages: Pages, lines: Sequence[str], under: float) -> tuple[Box, Box]:
    """Divide the room between what is shown and what is said; more to the words where they need it."""
    body = pages.look.body
    for share in _SIDES if under else _SIDES[:2]:
        width = share * body.width if lines else 0.0
        said = Box(body.right - width, body.top, width, body.height - under)
        fitted = text.fitted(lines, _inner(pages, said), _SIDE_TEXT)
        if _is_easy(fitted):
            break
    beside = width + _BETWEEN if lines else 0.0
    return Box(body.left, body.top, body.width - beside, body.height - under), said


def _page_with_text(pages: Pages, exhibit: Exhibit, box: Box, fitted: text.Fitted) -> Slide:
    """Add a slide with sentences in the placeholder for text, or in a box where there is none."""
    layout = pages.look.content if fitted.paragraphs else None
    slide = add_page(pages, exhibit.title, _notes(exhibit, fitted.left), layout=layout)
    if fitted.paragraphs:
        shape = placeholder_of(slide, "OBJECT", "BODY")
        if shape is None:
            shape = text.add_box(slide, box, "Text")
        text.put(shape, box)
        text.write(shape, fitted.paragraphs, fitted.size)
    return slide


def _add_picture(slide: Slide, data: bytes, room: Box, exhibit: Exhibit) -> None:
    """Put a picture in the middle of its room, as large as fits."""
    from pptx.util import Emu

    shape = slide.shapes.add_picture(io.BytesIO(data), Emu(0), Emu(0))
    scale = min(room.width / shape.width, room.height / shape.height)
    width, height = shape.width * scale, shape.height * scale
    text.put(shape, Box(room.left + (room.width - width) / 2, room.top + (room.height - height) / 2, width, height))
    shape.name = exhibit.key
    shape._element.xpath("./p:nvPicPr/p:cNvPr")[0].set("descr", exhibit.alt)


def _add_text(pages: Pages, exhibit: Exhibit, *, first: bool = True) -> None:
    """Say sentences on a slide, and on further ones where they are many; only the first one has the title alone."""
    left = tuple(exhibit.lines)
    while left or first:
        fitted = text.fitted(left, _inner(pages, pages.look.body), _MOST_TEXT, 14.0)
        rest = text.Fitted(fitted.paragraphs, fitted.size)
        slide = _page_with_text(pages, _continued(exhibit, first=first), pages.look.body, rest)
        finish(pages, slide)
        left, first = fitted.left, False


def _continued(exhibit: Exhibit, *, first: bool) -> Exhibit:
    return exhibit if first else replace(exhibit, title=f"{exhibit.title} (continued)")


def _add_lines_and_table(pages: Pages, exhibit: Exhibit) -> _Outcome:
    """Put a table under its sentences; of a long one the first rows, which is said, and all of it elsewhere."""
    assert exhibit.table is not None
    whole, _, below = _under(pages, exhibit.lines, exhibit.table)
    if _is_whole(whole, below):
        _add_said_and_table(pages, exhibit, exhibit.lines)
        return _Outcome()
    told = len(tables.laid_out(exhibit.table, pages.look.body)) <= _MOST_TABLE_SLIDES
    if below.height < _LEAST_TABLE or len(whole[0].rows) <= _FEWEST_ROWS:
        _add_text(pages, exhibit)
    else:
        where = f"All {len(exhibit.table.rows)} rows stand in the {'appendix' if told else 'report'}."
        _add_said_and_table(pages, exhibit, (*exhibit.lines, where))
    return _Outcome(behind=(exhibit,)) if told else _Outcome(left=(exhibit.key,))


def _under(pages: Pages, lines: Sequence[str], table: Table) -> tuple[list[tables.Laid], text.Fitted, Box]:
    """Lay out sentences, and a table under them; the sentences give way where the table then has room."""
    tried = [_laid_under(pages, lines, table, size) for size in _ABOVE_TEXT]
    return next((one for one in tried if _is_whole(one[0], one[2])), tried[-1])


def _laid_under(
    pages: Pages, lines: Sequence[str], table: Table, size: float
) -> tuple[list[tables.Laid], text.Fitted, Box]:
    body = pages.look.body
    inner = _inner(pages, body)
    fitted = text.fitted(lines, inner, size)
    said = text.height(fitted.paragraphs, fitted.size, inner.width)
    below = Box(body.left, body.top + said + 0.1, body.width, body.height - said - 0.1)
    return tables.laid_out(table, below), fitted, below


def _is_whole(laid: Sequence[tables.Laid], room: Box) -> bool:
    return len(laid) == 1 and sum(laid[0].heights) <= room.height


def _add_said_and_table(pages: Pages, exhibit: Exhibit, lines: Sequence[str]) -> None:
    assert exhibit.table is not None
    laid, fitted, below = _under(pages, lines, exhibit.table)
    shown = laid[0] if _is_whole(laid, below) else tables.beginning(exhibit.table, below)
    body = pages.look.body
    slide = _page_with_text(pages, exhibit, Box(body.left, body.top, body.width, below.top - 0.1 - body.top), fitted)
    tables.add_table(slide, shown, below, exhibit.key, _table_alt(exhibit.table))
    finish(pages, slide)


def _add_tables(pages: Pages, exhibit: Exhibit, title: str) -> None:
    """Put a table on as many slides as it needs."""
    assert exhibit.table is not None
    laid = tables.laid_out(exhibit.table, pages.look.body)
    for place, part in enumerate(laid, 1):
        heading = title if len(laid) == 1 else f"{title} ({place} of {len(laid)})"
        slide = add_page(pages, heading, _notes(exhibit))
        tables.add_table(slide, part, pages.look.body, exhibit.key, _table_alt(exhibit.table))
        finish(pages, slide)


def _table_alt(table: Table) -> str:
    return f"Table of {len(table.rows)} rows: {', '.join(name for name in table.header if name)}."

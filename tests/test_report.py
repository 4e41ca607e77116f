"""The report: one file that loads nothing, in which names are text and every number says what it is."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

import make_study
import pytest
from make_results import findings_of
from page_tree import Node, tree_of

from simulator.present.brand import PLAIN, Brand
from simulator.present.colour import contrast
from simulator.present.digits import clean, directed
from simulator.present.glossary import glossary
from simulator.present.pitch.story import story
from simulator.present.report.looks import css_text, root_css
from simulator.present.report.page import TEMPLATES, report_bytes
from simulator.present.report.parts import MOST_PLACES, Cell, DataTable, data_table
from simulator.present.report.seal import is_own_report, sealed

NASTY = (
    "</style></title><script>alert(1)</script>",
    "=1+1",
    '" onload="alert(2)" x="',
    "{{ 7 * 7 }} {% raw %}",
    "\u0645\u0624\u062b\u0631\u0648\u0646 \u0635\u063a\u0627\u0631",
    "celebrity_without_any_blank_in_its_very_long_name_of_60_chars",
    "a\x00b\x1b[31m\u202ec\nd ]]> --> &lt;i&gt; javascript:alert(3)",
)


@cache
def nasty() -> make_study.HandMadeStudy:
    means = (0.31, -0.38, 0.05, 0.29, -0.7, 0.1, 0.2)
    rois = {name: make_study.skewed(60, mean, 0.5, k) for k, (name, mean) in enumerate(zip(NASTY, means, strict=True))}
    return make_study.make(rois)


STUDIES = {"one": lambda: make_study.one(60), "nasty": nasty}


@cache
def data_of(study: str) -> bytes:
    return report_bytes(findings_of(STUDIES[study]()))


@cache
def page_of(study: str) -> Node:
    return tree_of(data_of(study).decode())


@pytest.fixture(params=list(STUDIES))
def page(request: pytest.FixtureRequest) -> Node:
    return page_of(request.param)


# ---- a page that needs nothing


def test_a_page_is_whole(page: Node) -> None:
    """It has a language, a title, one first heading, one main part, and closes what it opens."""
    (html,) = page.all("html")
    assert "en" == html.attributes["lang"]
    assert all(len(page.all(tag)) == 1 for tag in ("html", "head", "body", "h1", "main", "footer"))
    assert html.all("head")[0].all("title")[0].words
    # A drawing's title is none of the page's.
    assert 1 == sum(not any(up.tag == "svg" for up in node.above()) for node in page.all("title"))


def test_ids_are_there_once_and_links_lead_to_them(page: Node) -> None:
    """Each id names one element, and each link, label and reference in a drawing finds its own in the file."""
    ids = [node.attributes["id"] for node in page.all() if "id" in node.attributes]
    assert len(ids) == len(set(ids))
    links = [node.attributes[name] for node in page.all() for name in ("href", "xlink:href") if name in node.attributes]
    assert len(links) > 10
    assert [] == [link for link in links if not (link.startswith("#") and link[1:] in ids)]
    told = [node.attributes.get(name, "").split() for node in page.all() for name in ("aria-labelledby",)]
    assert [] == [name for names in told for name in names if name not in ids]
    inside = re.findall(r"url\(\s*['\"]?([^)'\"]*)", "".join(str(node.attributes) for node in page.all()))
    assert [] == [link for link in inside if link[1:] not in ids]


LOADS = ("src", "srcset", "action", "formaction", "data", "poster", "background", "ping")


def loads(page: Node) -> list[str]:
    """Give all that a browser would fetch or run."""
    found = [f"<{node.tag}>" for node in page.all("script", "iframe", "object", "embed", "link", "base", "form", "use")]
    found = [name for name in found if name != "<use>"]
    for node in page.all():
        found += [name for name in node.attributes if name.startswith("on")]
        found += [
            node.attributes[name]
            for name in LOADS
            if name in node.attributes and not node.attributes[name].startswith("data:image/")
        ]
        found += [value for value in node.attributes.values() if value.strip().lower().startswith("javascript:")]
        if node.tag == "style":
            found += re.findall(r"@import[^;]*|url\((?!['\"]?(?:data:|#))[^)]*|expression\(", node.text)
        found += re.findall(r"url\((?!['\"]?#)[^)]*", node.attributes.get("style", ""))
    return found


def test_nothing_is_loaded_and_nothing_runs(page: Node) -> None:
    """No script, no address but those inside, and a policy that forbids the rest."""
    assert [] == loads(page)
    (policy,) = (
        node.attributes["content"] for node in page.all("meta") if "Policy" in node.attributes.get("http-equiv", "")
    )
    assert {"default-src 'none'", "style-src 'unsafe-inline'", "img-src data:", "font-src data:"} == {
        part.strip() for part in policy.split(";")
    }


def test_what_would_load_is_seen() -> None:
    """The same check finds each way to load or run something."""
    wrong = (
        "<img src='http://a/b'><p onclick='x()'></p><a href='javascript:x'></a><style>@import 'a'; b{c:url(d)}</style>"
    )
    assert 5 == len(loads(tree_of(wrong)))
    assert 6 == len(loads(tree_of(wrong + "<script></script>")))


# ---- names are text


ABOUT_ALL = ("", "id", "class", "dir", "aria-label", "aria-labelledby", "aria-describedby", "role", "tabindex", "style")
TAGS = (
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "main",
        "footer",
        "section",
        "article",
        "h1",
        "h2",
        "h3",
    ),
    *("p", "a", "ul", "li", "dl", "dt", "dd", "div", "span", "code", "details", "summary", "figure", "figcaption"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "wbr"),
    *("svg", "desc", "defs", "g", "path", "text", "tspan", "use", "clippath", "rect"),
)
OURS = {(tag, name) for tag in TAGS for name in ABOUT_ALL} | {
    *(("html", "lang"), ("meta", "charset"), ("meta", "content"), ("meta", "name"), ("meta", "http-equiv")),
    *(
        ("a", "href"),
        ("th", "scope"),
        ("th", "data-of"),
        ("td", "data-of"),
        ("path", "d"),
        ("path", "clip-path"),
        ("g", "clip-path"),
        ("g", "transform"),
    ),
    *(("use", name) for name in ("x", "y", "xlink:href", "transform")),
    *(("text", name) for name in ("x", "y", "transform", "xml:space")),
    *(("rect", name) for name in ("x", "y", "width", "height")),
    *(("svg", name) for name in ("xmlns", "xmlns:xlink", "width", "height", "viewbox", "version")),
}


def kinds(page: Node) -> set[tuple[str, str]]:
    """Give every tag with each attribute that one of it has."""
    return {(node.tag, name) for node in page.all() for name in ("", *node.attributes)}


def test_names_are_text() -> None:
    """Whatever a plan is called, it is read back as it is told elsewhere, and changes no tag and no attribute."""
    page = page_of("nasty")
    assert kinds(page) <= OURS
    names = findings_of(nasty()).facts.names
    heads = {node.words for node in page.all("th")}
    assert {directed(name) for name in names.values()} <= heads
    assert directed(NASTY[3]).rstrip("\u200e") in page.text


def test_no_control_character_reaches_a_page() -> None:
    """Neither terminal codes nor marks that turn the direction of text round."""
    text = data_of("nasty").decode()
    assert [] == re.findall(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text)


def test_a_brand_cannot_end_the_style() -> None:
    """The name of a font, too, is text."""
    brand = Brand(font=('</style><script>alert(1)</script>"; } body { display: none', "serif"))
    css = root_css(brand, "</style>")
    assert [] == re.findall(r"[<>]|display:", css)
    assert 2 == css.count("}\n")
    assert '"a\\22 b"' == css_text('a"b')


# ---- read by all


def test_headings_follow_each_other(page: Node) -> None:
    """The first is the question; none skips a level; each says something."""
    heads = page.all("h1", "h2", "h3", "h4", "h5", "h6")
    assert "h1" == heads[0].tag
    assert all(node.words for node in heads)
    assert all(int(after.tag[1]) <= int(before.tag[1]) + 1 for before, after in pairwise(heads))
    assert page.by_id("answer").all("h2")[0].words == clean(story_of(page).exhibits[0].title)


def story_of(page: Node):  # type: ignore[no-untyped-def]
    return next(story(findings_of(make())) for name, make in STUDIES.items() if page_of(name) is page)


def test_each_picture_has_its_numbers_and_a_text(page: Node) -> None:
    """A drawing is an image with a name and a description; beside it stand its table and what it says in words."""
    drawn = [node for node in page.all("figure") if node.all("svg")]
    assert drawn
    for figure in drawn:
        for svg in figure.all("svg"):
            assert "img" == svg.attributes["role"]
            assert all(page.by_id(name).words for name in svg.attributes["aria-labelledby"].split())
        assert figure.all("table")
        (words,) = figure.of_class("words")
        assert len(words.all("p")[0].words) >= 20


def test_tables_are_named(page: Node) -> None:
    """A table has a caption, its columns and rows have headers, and rows are as long as the header."""
    assert page.all("table")
    for table in page.all("table"):
        assert table.all("caption")[0].words
        assert {"col"} == {node.attributes["scope"] for node in table.all("thead")[0].all("th")}
        rows = table.all("tbody")[0].all("tr")
        assert all(["row"] == [node.attributes["scope"] for node in row.all("th")] for row in rows)
        assert {len(table.all("thead")[0].all("th"))} == {len(row.all("th", "td")) for row in rows}


def test_each_number_leads_to_what_it_is(page: Node) -> None:
    """A number of a measure is a link to its entry: meaning, unit, interval; and the entry can be closed again."""
    cells = [node for node in page.all("td") if re.search(r"\d", node.text)]
    linked = [node.all("a")[0] for node in cells if node.all("a")]
    told = {"answer", "plans", "roi", "chance", "reach", "money", "sure", "appendix"}
    bare = [
        node.words for node in cells if not node.all("a") and told & {up.attributes.get("id") for up in node.above()}
    ]
    assert linked and [] == bare
    for link in linked:
        entry = page.by_id(link.attributes["href"][1:])
        assert {"What it is", "Unit"} <= {node.words for node in entry.all("dt")}
        assert "#here" == entry.of_class("close")[0].attributes["href"]


def test_every_measure_of_the_story_is_explained() -> None:
    """What a table calls a measure is in the glossary."""
    for make in STUDIES.values():
        findings = findings_of(make())
        entries = glossary(findings.summary, findings.decisions)
        for exhibit in story(findings).exhibits:
            table = data_table(exhibit)
            measures = {cell.measure for row in table.rows for cell in row} if table else set()
            assert set() == measures - {""} - set(entries), exhibit.key


def test_what_is_not_asked_is_named_and_no_path_of_this_machine() -> None:
    """Each question that lies beside no run stands there; its command, which names a folder, does not."""
    told = story(findings_of(STUDIES["one"]())).missing
    section = page_of("one").by_id("missing").words
    assert told and all(what in section for what, _ in told)
    assert "campaign-roi target" in told[0][1] and "results/made" in told[0][1]
    assert "results/made" not in page_of("one").words


# ---- colours


def test_text_can_be_read() -> None:
    """Text is in two colours on one ground, whose contrasts are those of WCAG AA; the style names no other colour."""
    css = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    assert {"--ink", "--muted"} == set(re.findall(r"(?<![-\w])color: *var\((--\w+)\)", css))
    assert {"--ground"} == set(re.findall(r"background: *var\((--\w+)\)", css))
    assert [] == re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])|rgba?\(|hsla?\(|opacity", css)
    assert contrast(PLAIN.ink, PLAIN.ground) >= 7
    assert contrast(PLAIN.muted, PLAIN.ground) >= 4.5
    assert contrast(PLAIN.colours[0], PLAIN.ground) >= 3
    assert contrast("#777777", PLAIN.ground) < 4.5


# ---- the same bytes, and nobody's work is lost


def test_bytes_are_stable() -> None:
    """Another process with another hash of strings makes the same page."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from test_report import *;"
        "sys.stdout.buffer.write(report_bytes(findings_of(make_study.one(60))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert data_of("one") == done.stdout


def test_a_change_is_seen() -> None:
    """A page is ours as long as no byte of it is another; another run's page is as well."""
    data = sealed("a page\n")
    assert is_own_report(data)
    assert is_own_report(data_of("one"))
    changed = [data.replace(b"page", b"gape"), data + b" ", b" " + data, data[:-1], b"", b"a page\n"]
    assert [False] * len(changed) == [is_own_report(one) for one in changed]


def test_a_long_table_is_thinned_and_says_so() -> None:
    """Of many places along an axis a table shows some, and how many there are."""
    by_key = {its.key: data_table(its) for its in story(findings_of(STUDIES["one"]())).exhibits}
    assert all(len(table.rows) <= MOST_PLACES + 20 for table in by_key.values() if table)


def test_cells_of_a_list_name_their_columns(page: Node) -> None:
    """Where the rows of a table become lists in a narrow place, and nowhere else."""
    tables = page.all("table")
    assert {True, False} == {table.attributes.get("class") == "stack" for table in tables}
    for table in tables:
        names = [node.words for node in table.all("thead")[0].all("th")]
        for row in table.all("tbody")[0].all("tr"):
            told = [" ".join(cell.attributes.get("data-of", "").split()) for cell in row.all("th", "td")]
            assert told == (names if table.attributes.get("class") == "stack" else [""] * len(names))


def cells(*texts: str) -> tuple[Cell, ...]:
    return tuple(map(Cell, texts))


@pytest.mark.parametrize(
    ("header", "row", "stacked"),
    [
        (("per play", "many", "one"), ("profit", "-$7,000 (-9,000 to -6,000)", "-$14.0k (-15k to -13k)"), False),
        (("per play", "a", "b", "c"), ("chance", "9% (7% to 12%)", "9% (7% to 12%)", "9% (7% to 12%)"), False),
        (("per play", *"abcde"), ("profit", *["$18k (16k to 21k)"] * 5), True),
        (("per play", "extraordinarily", "extraordinarily", "extraordinarily"), ("a", "1", "2", "3"), True),
        (("plan", "extra_ordinary", "extra_ordinary", "extra_ordinary"), ("a", "1", "2", "3"), False),
    ],
)
def test_rows_are_lists_where_columns_have_no_room(
    header: tuple[str, ...], row: tuple[str, ...], stacked: bool
) -> None:
    """What counts is the longest thing in a column that is in one line."""
    assert stacked == DataTable(header, (cells(*row),)).stacked


def test_values_are_told_apart_from_texts_with_brackets() -> None:
    """An interval is what stands behind a number, not the end of a list of numbers; a range is in one line."""
    shares = "fashion 0.22, beauty 0.18, food 0.15, fitness 0.13 (relative sizes)"
    assert ("", "(16k to 21k)") == (Cell(shares).interval, Cell("$18k (16k to 21k)").interval)
    assert (True, False, False) == tuple(Cell(text).short for text in ("-0.71 to 0.02", "no interval", shares))


def test_lines_end_behind_underscores_in_the_heads_of_tables() -> None:
    """Names of plans are text all the same."""
    heads = [node for node in page_of("nasty").all("th") if "celebrity_" in node.text]
    assert heads
    for head in heads:
        assert head.text.count("_") == len(head.all("wbr")) > 5


def test_a_file_of_usual_size() -> None:
    """It can be mailed."""
    assert len(data_of("nasty")) < 2_000_000


def test_signs_are_set() -> None:
    """A number below 0 has a true minus before it."""
    cells = [node.words for node in page_of("nasty").all("td")]
    assert [] == [cell for cell in cells if re.search(r"(?<![\w)])-[$\d]", cell)]
    assert any("\u2212" in cell for cell in cells)

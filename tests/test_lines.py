"""The line of every key of a TOML text: `tomllib` says which keys there are, pinned texts say where."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator.scenario.lines import Path, key_lines, line_of

# Texts that are easy to get wrong, with some of the lines they must give.
CORPUS: dict[str, tuple[str, dict[Path, int]]] = {
    "empty": ("", {}),
    "only-comments": ("# a = 1\n\n   # [b]\n#", {}),
    "no-last-newline": ("a = 1\nb = 2", {("a",): 1, ("b",): 2}),
    "blank-lines-and-indents": (
        "\n\n\t a = 1\n\n  [t]  \n\n    b = 2\n",
        {("a",): 3, ("t",): 5, ("t", "b"): 7},
    ),
    "no-spaces": ("a=1#c\n[t]#c\nb=[1,2]#c\nc={d=1}#c", {("t", "b", 1): 3, ("t", "c", "d"): 4}),
    "crlf": ('a = 1\r\n[t]\r\ns = """\r\n\r\n"""\r\nb = 2\r\n', {("t",): 2, ("t", "s"): 3, ("t", "b"): 6}),
    "other-line-ends-in-strings": ("a = '\u2028\u0085\u2029'\nb = 1", {("b",): 2}),
    "comment-with-syntax": ("# '''\na = 1 # \"\"\" = [\n# {\nb = 2", {("a",): 2, ("b",): 4}),
    "header-of-a-pool": (
        "[pools.micro]\ncount = 60\nfee = { law = 'power', scale = 0.038 }\n",
        {("pools",): 1, ("pools", "micro"): 1, ("pools", "micro", "fee", "law"): 3},
    ),
    "header-after-its-child": (
        "[a.b.c]\nx = 1\n[a]\ny = 1\n[a.b]\n",
        {("a",): 3, ("a", "b"): 5, ("a", "b", "c"): 1, ("a", "b", "c", "x"): 2, ("a", "y"): 4},
    ),
    "parent-without-header": ("[a.b]\n[a.c]\n", {("a",): 1, ("a", "b"): 1, ("a", "c"): 2}),
    "spaced-header": ("[ a . 'b.c' .\t\"d\" ] # e\nx = 1", {("a", "b.c", "d"): 1, ("a", "b.c", "d", "x"): 2}),
    "dotted-keys": (
        "a.b = 1\na . c . d = 2\na.c.e = 3\n",
        {("a",): 1, ("a", "b"): 1, ("a", "c"): 2, ("a", "c", "d"): 2, ("a", "c", "e"): 3},
    ),
    "dotted-then-header": (
        "[f]\na.c = 1\n[f.a.t]\nx = 1",
        {("f", "a"): 2, ("f", "a", "t"): 3, ("f", "a", "t", "x"): 4},
    ),
    "numbers-as-keys": (
        "1 = 1\n3.14 = 2\n-_ = 3\n1979-05-27 = 4",
        {("3", "14"): 2, ("-_",): 3, ("1979-05-27",): 4},
    ),
    "words-as-keys": ("true = 1\ninf = 2\nnan.false = 3", {("true",): 1, ("nan", "false"): 3}),
    "quoted-keys": (
        '\'\' = 1\n"a.b" = 2\n\'c"]\' = 3\n"# [x]" = 4\n" = ".\'=\' = 5',
        {("",): 1, ("a.b",): 2, ('c"]',): 3, ("# [x]",): 4, (" = ", "="): 5},
    ),
    "escaped-keys": (
        '"\\u00e9" = 1\n"\\U0001F600\\t" = 2\n"\\"\\\\" = 3\n"\\b\\n\\f\\r" = 4\n\'\\u00e9\' = 5',
        {("\u00e9",): 1, ("\U0001f600\t",): 2, ('"\\',): 3, ("\b\n\f\r",): 4, ("\\u00e9",): 5},
    ),
    "quoted-and-bare-are-one": (
        'a."b" = 1\n\'a\'.c = 2\n[d]\n["d".e]',
        {("a",): 1, ("a", "c"): 2, ("d", "e"): 4},
    ),
    "array-of-tables": (
        "[[creators]]\nhandle = 'a'\n\n[[creators]]\nhandle = 'b'\nfee = 1\n",
        {("creators",): 1, ("creators", 0): 1, ("creators", 1): 4, ("creators", 1, "fee"): 6},
    ),
    "tables-in-an-array-of-tables": (
        "[[a]]\n[a.t]\nx = 1\n[[a.b]]\n[[a.b]]\n[a.b.u]\n[[a]]\n[a.t]\ny = 2\n[[a.b]]\nz.w = 3\n",
        {("a", 0, "t"): 2, ("a", 0, "b", 1, "u"): 6, ("a", 1, "t", "y"): 9, ("a", 1, "b", 0, "z", "w"): 11},
    ),
    "array-of-tables-below-a-table": (
        "[[a.b]]\n[[a.b]]\nx = 1\n[a]\ny = 2\n[a.c]\n",
        {("a",): 4, ("a", "b"): 1, ("a", "b", 1, "x"): 3, ("a", "y"): 5, ("a", "c"): 6},
    ),
    "array-over-lines": (
        "a = [ # one\n  1,\n\n  # two, ]\n  2, 3\n  , 4,\n]\nb = 1\n",
        {("a",): 1, ("a", 0): 2, ("a", 1): 5, ("a", 2): 5, ("a", 3): 6, ("b",): 8},
    ),
    "empty-containers": ("a = []\nb = {}\nc = [[], {},\n[ ]]\nd = [\n]\ne = 1", {("c", 2): 4, ("e",): 7}),
    "nested-arrays": (
        "a = [[1,\n2], [\n[3]], 'x]']\nb = 1",
        {("a", 0, 1): 2, ("a", 1, 0, 0): 3, ("a", 2): 3, ("b",): 4},
    ),
    "inline-tables": (
        "a = { b = 1, c.d = { e = [1, 2] }, 'f' = '}' }\ng = 1",
        {("a", "b"): 1, ("a", "c", "d", "e", 1): 1, ("a", "f"): 1, ("g",): 2},
    ),
    "inline-tables-in-an-array": (
        "a = [\n  { x = 1, y = [\n    2,\n  ] },\n  # no\n  { x = {} }, 3,\n]\nb = 1",
        {("a", 0, "x"): 2, ("a", 0, "y", 0): 3, ("a", 1): 6, ("a", 1, "x"): 6, ("a", 2): 6, ("b",): 8},
    ),
    "strings-with-syntax": (
        'a = \'# ] } = "\'\nb = "]\\"# \'"\nc = [\'[\', "{,"]\nd = 1',
        {("c", 1): 3, ("d",): 4},
    ),
    "long-strings": (
        'a = \'\'\'\nx = 1\n[y]\n\'\'\'\nb = """\nz = \\""" 1\n"""\nc = 1',
        {("b",): 5, ("c",): 8},
    ),
    "quotes-at-the-end": (
        'a = \'\'\'\'\'b\'\'\'\'\'\nc = """""d"""""\ne = """\\""""\nf = \'\'\'\'\'\'\ng = ""\n',
        {("c",): 2, ("e",): 3, ("f",): 4, ("g",): 5},
    ),
    "folded-lines": ('a = """\\\n   \n  x \\  \n\n y"""\nb = 1', {("a",): 1, ("b",): 6}),
    "backslashes": ("a = 'c:\\'\nb = \"\\\\\"\nc = '''\\'''\nd = \"\"\"\\\\\"\"\"\ne = 1", {("e",): 5}),
    "dates": (
        "a = 1979-05-27 07:32:00 # c\nb = [1979-05-27T07:32:00.5-07:00, 07:32:00,\n1979-05-27 ]\nc = 1",
        {("b", 1): 2, ("b", 2): 3, ("c",): 4},
    ),
    "numbers": (
        "a = [+1_000, 0xdead_beef, -1.5e+3, inf,\n-nan, true,0b1]\nb = 1",
        {("a", 5): 2, ("a", 6): 2, ("b",): 3},
    ),
}


def paths_of(value: object, path: Path = ()) -> Iterator[Path]:
    """Yield the path of everything inside a value that `tomllib` returned."""
    members: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, member in members:
        yield (*path, key)
        yield from paths_of(member, (*path, key))


def test_corpus_is_large() -> None:
    """At least 25 texts are compared, nearly all of them with pinned lines."""
    assert len(CORPUS) >= 25
    assert len(CORPUS) - 2 == sum(bool(pins) for _, pins in CORPUS.values())


@pytest.mark.parametrize("name", CORPUS)
def test_paths_are_those_of_tomllib(name: str) -> None:
    """The scanner finds exactly the paths that tomllib's result has."""
    text, _ = CORPUS[name]
    assert set(paths_of(tomllib.loads(text))) == set(key_lines(text))


@pytest.mark.parametrize("name", CORPUS)
def test_pinned_lines(name: str) -> None:
    """Each pinned path stands on the line that a person counts."""
    text, pins = CORPUS[name]
    lines = key_lines(text)
    assert pins == {path: lines.get(path) for path in pins}


@pytest.mark.parametrize("name", CORPUS)
def test_text_below_other_text_moves_down(name: str) -> None:
    """Three lines put before a text add three to each of its lines."""
    text, _ = CORPUS[name]
    moved = key_lines("# x\n\n  # y = '''\n" + text)
    assert {path: line + 3 for path, line in key_lines(text).items()} == moved


def test_newline_in_inline_table() -> None:
    """What TOML 1.1 allows, and later Pythons accept, is found on its own line."""
    text = 'a = { # c\n  b = 1,\n  "\\x41\\e" = 2, # d\n}\nc = 3'
    expected = {("a",): 1, ("a", "b"): 2, ("a", "A\x1b"): 3, ("c",): 5}
    assert expected == key_lines(text)


def test_deep_nesting_needs_no_stack() -> None:
    """Arrays nested deeper than Python can recurse are scanned all the same."""
    depth = 3000
    lines = key_lines("a = " + "[\n" * depth + "1" + "]" * depth)
    assert depth + 1 == lines["a", *(0,) * depth]


@pytest.mark.parametrize("text", ["a = ", "a", "= 1", "[]", "a = [1", "a = { b = 1", "a = 'x", 'a = """x', "]"])
def test_what_is_plainly_not_toml_is_refused(text: str) -> None:
    """A text that breaks off or begins wrongly raises ValueError with the line."""
    with pytest.raises(ValueError, match="line 2: not TOML"):
        key_lines("\n" + text)


SNIPPETS = [
    "a",
    "b.c",
    '"',
    "'",
    '"""',
    "'''",
    "\n",
    "\r\n",
    "[",
    "]",
    "{",
    "}",
    ",",
    ".",
    "=",
    "#",
    " ",
    "\\",
]
STATEMENTS = ["a = 1\n", "[t]\n", "[[u]]\n", "[u.v]\n", "x = [1,\n2]\n", "y = {z = 1}\n", 'w = """\n"""\n']


@settings(derandomize=True, deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(SNIPPETS + STATEMENTS * 3), max_size=12).map("".join))
@example('a = """\\"""\n"""')
def test_any_text_is_survived(text: str) -> None:
    """Whatever tomllib accepts has tomllib's paths; whatever it refuses raises nothing but ValueError."""
    try:
        expected = set(paths_of(tomllib.loads(text)))
    except tomllib.TOMLDecodeError:
        expected = None
    try:
        actual = set(key_lines(text))
    except ValueError:
        actual = None
    assert expected is None or expected == actual


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("pools", "micro", "fee", "law"), 3),
        (("pools", "micro", "fee", "lawn"), 3),
        (("pools", "micro", "niche", "x", 4), 2),
        (("pools", "macro"), 2),
        (("people",), None),
        ((), None),
    ],
)
def test_line_of_longest_known_prefix(path: Path, expected: int | None) -> None:
    """A path that the text doesn't have stands where its nearest known parent does."""
    lines = key_lines("seed = 7\n[pools.micro]\nfee.law = 'power'\n")
    assert expected == line_of(lines, path)
    assert expected == line_of(lines, list(path))


class Writer:
    """Writes a drawn document in drawn styles and notes the line of each path as it goes."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.text = ""
        self.lines: dict[Path, int] = {}

    def pick(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def note(self, path: Path, *, by_header: bool = False) -> None:
        if by_header or path not in self.lines:
            self.lines[path] = 1 + self.text.count("\n")

    def filler(self) -> None:
        self.text += self.pick("", "", "\n", "# a = [ '''\n", " \t\n", '\n  # """\n\n')

    def end_line(self) -> None:
        self.text += self.pick("\n", " \n", " # ] } = 1\n", "#\n")

    def key(self, name: str) -> str:
        basic = '"' + "".join(f"\\u{ord(c):04x}" if c in '"\\\n' or self.draw(st.booleans()) else c for c in name) + '"'
        styles = [basic]
        if "'" not in name and "\n" not in name:
            styles.append(f"'{name}'")
        if name.isascii() and name.replace("-", "").replace("_", "").isalnum():
            styles += [name, name]
        return self.pick(*styles)

    def dotted(self, names: list[str]) -> str:
        return self.pick(".", " . ", ".\t").join(self.key(name) for name in names)

    def value(self, path: Path, node: object) -> None:
        if isinstance(node, str):
            self.text += node
        elif isinstance(node, list):
            self.array(path, node)
        elif isinstance(node, dict):
            self.inline(path, node)

    def array(self, path: Path, items: list[object]) -> None:
        self.text += "["
        for index, item in enumerate(items):
            self.filler()
            self.note((*path, index))
            self.value((*path, index), item)
            self.filler()
            self.text += "," if index < len(items) - 1 else self.pick("", ",")
        self.filler()
        self.text += "]"

    def inline(self, path: Path, table: dict[str, object]) -> None:
        self.text += self.pick("{", "{ ")
        for index, (name, node) in enumerate(table.items()):
            self.text += ", " if index else ""
            self.pair(path, [name], node)
        self.text += self.pick("}", " }")

    def pair(self, path: Path, names: list[str], node: object) -> None:
        """Write `key = value`, or, dotted, one pair per member of the table: `key.member = value`."""
        if isinstance(node, dict) and len(node) == 1 and self.draw(st.booleans()):
            ((name, member),) = node.items()
            self.pair(path, [*names, name], member)
            return
        for size in range(1, len(names) + 1):
            self.note((*path, *names[:size]))
        self.text += self.dotted(names) + self.pick("=", " = ", "\t=  ")
        self.value((*path, *names), node)

    def statement(self, path: Path, names: list[str], node: object) -> None:
        if isinstance(node, dict) and node and self.draw(st.booleans()):
            for name, member in node.items():
                self.statement(path, [*names, name], member)
            return
        self.filler()
        self.text += self.pick("", "  ")
        self.pair(path, names, node)
        self.end_line()

    def header(self, path: Path, style: str) -> None:
        """Write a header; the parents it mentions are noted, those in an array by the newest element."""
        names = [part for part in path if isinstance(part, str)]
        self.filler()
        for size in range(1, len(path) + 1):
            self.note(path[:size], by_header=size == len(path) and style == "[{}]")
        self.text += style.format(self.dotted(names))
        self.end_line()

    def body(self, path: Path, table: dict[str, object]) -> None:
        """Write a table's members: key-value pairs first, then what gets headers."""
        sections = {}
        for name, node in table.items():
            if self.has_header(node):
                sections[name] = node
            else:
                self.statement(path, [name], node)
        for name, node in sections.items():
            self.section((*path, name), node)

    def has_header(self, node: object) -> bool:
        if isinstance(node, list) and node and all(isinstance(item, dict) for item in node):
            return self.draw(st.booleans())
        return isinstance(node, dict) and self.draw(st.booleans())

    def section(self, path: Path, node: object) -> None:
        if isinstance(node, list):
            for index, item in enumerate(node):
                self.header((*path, index), "[[{}]]")
                self.body((*path, index), item)
        elif isinstance(node, dict):
            self.table(path, node)

    def table(self, path: Path, table: dict[str, object]) -> None:
        """Write a table; its own header may come after that of its members, or not at all."""
        if table and all(isinstance(node, dict) for node in table.values()) and self.draw(st.booleans()):
            for name, node in table.items():
                self.section((*path, name), node)
            if self.draw(st.booleans()):
                self.header(path, "[{}]")
        else:
            self.header(path, "[{}]")
            self.body(path, table)


SCALARS = [
    "1",
    "-0.5e+3",
    "true",
    "1979-05-27 07:32:00",
    '"]#}"',
    "'{,\"'",
    '"\\"\\\\"',
    '"""\n[x]\n"y"""""',
    "'''\n#\\'''",
]
NAMES = st.sampled_from(["a", "b", "fee", "x-1", "_", "7", "", "a.b", "# [", '"', "'", "\\", "é", "=\n"])


def tables(nodes: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw tables of up to four members."""
    return st.dictionaries(NAMES, nodes, max_size=4)


NODES: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(SCALARS),
    lambda nodes: tables(nodes) | tables(nodes) | st.lists(nodes, max_size=3) | st.lists(tables(nodes), max_size=3),
    max_leaves=12,
)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[Path, int]]:
    """Draw a document as text together with the line of each of its paths."""
    writer = Writer(draw)
    writer.body((), draw(tables(NODES)))
    writer.filler()
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return writer.text.replace("\n", newline), writer.lines


@settings(derandomize=True, deadline=None, max_examples=300)
@given(documents())
def test_lines_of_drawn_documents(document: tuple[str, dict[Path, int]]) -> None:
    """A document drawn in mixed styles has tomllib's paths, each on the line where it was written."""
    text, expected = document
    assert set(expected) == set(paths_of(tomllib.loads(text)))
    assert expected == key_lines(text)

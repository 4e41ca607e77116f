"""A page of HTML as a tree, for the tests of the report.

In: the text of a page. Out: its elements. Invariant: a page is refused of which the tags do not close in the order in
which they were opened, or where an attribute stands twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "br", "hr", "input", "wbr"}


@dataclass
class Node:
    """An element: its tag, attributes, the texts and elements in it, and where it stands."""

    tag: str
    attributes: dict[str, str]
    inside: list[Node | str] = field(default_factory=list)
    parent: Node | None = None

    @property
    def text(self) -> str:
        return "".join(part if isinstance(part, str) else part.text for part in self.inside)

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    def all(self, *tags: str) -> list[Node]:
        """Give the elements in it, in order, of some tags or of any."""
        return [node for node in self._walk() if not tags or node.tag in tags]

    def of_class(self, name: str) -> list[Node]:
        return [node for node in self._walk() if name in node.attributes.get("class", "").split()]

    def by_id(self, name: str) -> Node:
        (found,) = (node for node in self._walk() if node.attributes.get("id") == name)
        return found

    def above(self) -> Iterator[Node]:
        here = self.parent
        while here is not None:
            yield here
            here = here.parent

    def _walk(self) -> Iterator[Node]:
        for part in self.inside:
            if isinstance(part, Node):
                yield part
                yield from part._walk()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Node("", {})
        self.comments: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag}: an attribute stands twice: {names}"
        node = Node(tag, {name: value or "" for name, value in attrs}, parent=self.here)
        self.here.inside.append(node)
        if tag not in VOID:
            self.here = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.here.tag, f"</{tag}> closes <{self.here.tag}> at {self.getpos()}"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.inside.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def tree_of(page: str) -> Node:
    """Read a page."""
    builder = _Builder()
    builder.feed(page)
    builder.close()
    assert builder.here is builder.root, f"<{builder.here.tag}> is not closed"
    return builder.root

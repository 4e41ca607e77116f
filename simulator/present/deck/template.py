"""A company's template: its layouts, colours and fonts, and nothing of what somebody once showed with it.

In: a .pptx or .potx file. Out: an open presentation without slides. Invariant: no old slide, note or name of one is
left in the package, whatever pointed to it.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.errors import ScenarioError

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_TYPES = "[Content_Types].xml"
# How the types of templates and of presentations with macros differ from a presentation's.
_AS_PRESENTATION = (b"presentationml.template.main+xml", b"presentationml.presentation.main+xml")
_SLIDE_PARTS = ("/slide", "/notesSlide", "/comments", "/comment", "/customXml", "/tags")
# Who commented and what was changed when, which tell of old slides, too.
_HISTORY_PARTS = ("/commentAuthors", "/authors", "/changesInfo", "/revisionInfo")
_PACKAGE_PARTS = ("/thumbnail", "/extended-properties", "/custom-properties")


def template_presentation(path: Path) -> Presentation:
    """Open a template and take its slides out.

    Raises:
        ScenarioError: it is no PowerPoint file.
    """
    from pptx import Presentation as Opened
    from pptx.exc import PackageNotFoundError
    from pptx.opc.constants import CONTENT_TYPE

    try:
        presentation = Opened(io.BytesIO(_as_presentation(path)))
    except (OSError, KeyError, ValueError, SyntaxError, zipfile.BadZipFile, PackageNotFoundError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no PowerPoint file"
        raise ScenarioError(_refusal(path, reason)) from None
    if presentation.part.content_type != CONTENT_TYPE.PML_PRESENTATION_MAIN:
        raise ScenarioError(_refusal(path, "it may hold macros"))
    empty(presentation)
    return presentation


def _refusal(path: Path, reason: str) -> str:
    return f"{path}: cannot be opened as a template: {reason}. Give a .pptx or .potx file, saved without macros."


def _as_presentation(path: Path) -> bytes:
    """Read a file; the type of a template (.potx) becomes that of a presentation."""
    file = io.BytesIO()
    with zipfile.ZipFile(path) as there, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as written:
        for name in there.namelist():
            data = there.read(name)
            written.writestr(name, data.replace(*_AS_PRESENTATION) if name == _TYPES else data)
    return file.getvalue()


def empty(presentation: Presentation) -> None:
    """Take out the slides, and what else tells of them: sections, shows, thumbnail, list of titles."""
    part = presentation.part
    element = part._element
    for listed in element.xpath("./p:sldIdLst/p:sldId"):
        part.drop_rel(listed.rId)
        listed.getparent().remove(listed)
    for told in element.xpath("./p:custShowLst | ./p:extLst | ./p:custDataLst"):
        told.getparent().remove(told)
    _drop(part, _SLIDE_PARTS + _HISTORY_PARTS)
    _drop(presentation.part.package, _PACKAGE_PARTS)
    for master in presentation.slide_masters:
        for holder in (master, *master.slide_layouts):
            _unlink(holder)


def _drop(holder: Any, endings: tuple[str, ...]) -> None:
    """Leave out parts by the kind of their relation."""
    relations = holder.rels if hasattr(holder, "rels") else holder._rels
    for key in [key for key, relation in relations.items() if relation.reltype.endswith(endings)]:
        relations.pop(key)


def _unlink(holder: Any) -> None:
    """Take out links of a layout that lead to slides, with what carries them."""
    relations = holder.part.rels
    gone = [key for key, relation in relations.items() if relation.reltype.endswith(_SLIDE_PARTS)]
    for key in gone:
        for link in holder._element.xpath(f'.//*[@r:id="{key}"]'):
            link.getparent().remove(link)
        relations.pop(key)

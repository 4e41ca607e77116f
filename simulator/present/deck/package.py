"""The file of a deck: the same bytes for the same deck, and a seal from which one sees that nobody has edited it.

In: an open presentation. Out: the bytes of a .pptx file. Invariants: no time, user or machine is in them; a deck of
which anything was changed no longer fits its seal.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip file knows
_CREATED = datetime(2000, 1, 1)  # the same for all; core properties know no zone
_CORE, _TYPES = "docProps/core.xml", "[Content_Types].xml"
_UNSEALED = "campaign-roi deck"


def deck_bytes(presentation: Presentation, title: str, origin: str) -> bytes:
    """Give a presentation as a sealed file."""
    core = presentation.core_properties
    core.title, core.comments, core.author, core.last_modified_by = title, origin, "campaign-roi", "campaign-roi"
    core.subject = core.keywords = core.category = core.content_status = core.version = ""
    core.created = core.modified = core.last_printed = _CREATED
    core.revision, core.identifier, core.language = 1, _UNSEALED, "en-US"
    file = io.BytesIO()
    presentation.save(file)
    with zipfile.ZipFile(file) as saved:
        members = {name: saved.read(name) for name in saved.namelist()}
    sealed = f"{_UNSEALED} {_digest(members)}"
    members[_CORE] = members[_CORE].replace(f">{_UNSEALED}<".encode(), f">{escape(sealed)}<".encode())
    return _zipped(members)


def is_own_deck(path: Path) -> bool:
    """Say whether a file is a deck that nothing has changed since it was written, of whatever run."""
    with suppress(OSError, KeyError, zipfile.BadZipFile), zipfile.ZipFile(path) as there:
        members = {name: there.read(name) for name in there.namelist()}
        return f">{_UNSEALED} {_digest(members)}<".encode() in members[_CORE]
    return False


def _digest(members: dict[str, bytes]) -> str:
    """Give the digest of all that is in a file but its properties, which hold the seal."""
    whole = hashlib.sha256()
    for name in sorted(members.keys() - {_CORE}):
        whole.update(f"{name}\n{len(members[name])}\n".encode() + members[name])
    return whole.hexdigest()


def _zipped(members: dict[str, bytes]) -> bytes:
    """Write the members of a file, the list of their types first, as its readers want it."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name in sorted(members, key=lambda name: (name != _TYPES, name)):
            about = zipfile.ZipInfo(name, _DATE)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.create_system = 0  # whichever machine writes it
            written.writestr(about, members[name])
    return file.getvalue()

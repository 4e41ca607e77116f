"""A last line from which one sees whether a report is still as it was written.

In: a page. Out: the page with its seal, a comment that holds the digest of all before it. Invariant: a page of which
one letter was changed no longer fits its seal.
"""

from __future__ import annotations

import hashlib
import re

_SEAL = re.compile(rb"<!-- campaign-roi report ([0-9a-f]{64}) -->\n\Z")


def sealed(page: str) -> bytes:
    """Give a page as bytes with its seal."""
    body = page.encode()
    return body + f"<!-- campaign-roi report {hashlib.sha256(body).hexdigest()} -->\n".encode()


def is_own_report(data: bytes) -> bool:
    """Say whether a file is a report that nothing has changed since it was written, of whatever run."""
    found = _SEAL.search(data)
    return found is not None and found[1].decode() == hashlib.sha256(data[: found.start()]).hexdigest()

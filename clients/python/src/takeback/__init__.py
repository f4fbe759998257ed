"""Share links that can be taken back: the client of a Takeback server, on top of the official `openai` package."""

from __future__ import annotations

from .client import AsyncTakeback, Takeback
from .shared_links import AsyncSharedLinks, SharedLinks
from .types import (
    Access,
    Display,
    SharedLink,
    SharedLinkAuthor,
    SharedLinkDeleted,
    SharedLinksDeleted,
    SharedLinkTarget,
    Target,
)

__all__ = [
    "Access",
    "AsyncSharedLinks",
    "AsyncTakeback",
    "Display",
    "SharedLink",
    "SharedLinkAuthor",
    "SharedLinkDeleted",
    "SharedLinkTarget",
    "SharedLinks",
    "SharedLinksDeleted",
    "Takeback",
    "Target",
]

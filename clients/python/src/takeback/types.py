"""What a Takeback server answers, and what it is asked.

The models are those of `openai`: what a newer server adds is kept, and an answer is never refused because of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from openai import BaseModel
from openai.types.chat import ChatCompletionMessageParam
from typing_extensions import Required, TypedDict

Display: TypeAlias = Literal["anonymous", "name"]
"""Whether a page says who shared it."""

Access: TypeAlias = Literal["anyone", "paused"]
"""Who can open a link."""


Message: TypeAlias = ChatCompletionMessageParam | Mapping[str, object]
"""A message in the Chat Completions form."""


class Target(TypedDict, total=False):
    """What a new link is to show."""

    type: Required[Literal["conversation", "assistant"]]
    id: Required[str]


class SharedLinkTarget(BaseModel):
    """What a link shows."""

    type: Literal["conversation", "assistant"]
    id: str


class SharedLinkAuthor(BaseModel):
    """Whether the page says who shared it."""

    display: Display
    name: str | None = None


class SharedLink(BaseModel):
    """A shared link, as its owner sees it. Times are Unix seconds."""

    id: str
    object: Literal["shared_link"]
    created_at: int
    updated_at: int
    url: str
    """What visitors open."""
    title: str
    """Its own title, apart from the conversation's."""
    target: SharedLinkTarget
    author: SharedLinkAuthor
    revision: int
    """Counts the times that its messages were cut anew, from 1."""
    message_count: int
    access: Access
    expires_at: int | None = None
    """When it ends by itself; None: not by itself."""
    max_views: int | None = None
    """How often it can be opened, counted in `views`; None: as often as people like."""
    has_password: bool
    allow_continue: bool
    views: int
    """Page views by people who are not the owner; with `max_views`, how often it was opened."""
    last_viewed_at: int | None = None
    copies: int
    """Conversations that were continued from it."""
    status: Literal["active", "paused", "expired"]


class SharedLinkDeleted(BaseModel):
    """That a link is gone: nobody can open it any more."""

    id: str
    object: Literal["shared_link.deleted"]
    deleted: bool


class SharedLinksDeleted(BaseModel):
    """That all links are gone."""

    object: Literal["shared_link.list.deleted"]
    deleted: int
    """How many there were."""

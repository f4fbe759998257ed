"""`client.shared_links`: list, make, look at, change and take back the links of the key's person.

The two classes differ in `async` and `await` alone; what they send is put together in `requests.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from openai import NOT_GIVEN, NotGiven
from openai.pagination import AsyncCursorPage, SyncCursorPage

from . import requests
from .types import Access, Display, Message, SharedLink, SharedLinkDeleted, SharedLinksDeleted, Target

if TYPE_CHECKING:
    from openai import AsyncOpenAI, OpenAI
    from openai._base_client import AsyncPaginator

    from .raw import AsyncSharedLinksWithRawResponse, SharedLinksWithRawResponse

PATH = "/shared_links"


class SharedLinks:
    """The links of the key's person."""

    def __init__(self, client: OpenAI) -> None:
        self._client = client

    @cached_property
    def with_raw_response(self) -> SharedLinksWithRawResponse:
        """The same calls, answered with headers and status; `.parse()` gives the object."""
        from .raw import SharedLinksWithRawResponse

        return SharedLinksWithRawResponse(self)

    def list(
        self,
        *,
        limit: int | None = None,
        order: Literal["asc", "desc"] | None = None,
        after: str | None = None,
        target_type: Literal["conversation", "assistant"] | None = None,
        target_id: str | None = None,
        q: str | None = None,
        access: Access | None = None,
        stale_days: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, object] | None = None,
        timeout: float | NotGiven | None = NOT_GIVEN,
    ) -> SyncCursorPage[SharedLink]:
        """Every link that was given out and not taken back, newest first.

        `for link in client.shared_links.list()` goes through all of them, page by page; `limit` is the size of a page.
        """
        query = requests.listed(limit, order, after, target_type, target_id, q, access, stale_days)
        options = requests.options(query, extra_headers, extra_query, None, timeout)
        return self._client.get_api_list(PATH, model=SharedLink, page=SyncCursorPage[SharedLink], options=options)

    def create(
        self,
        *,
        target: Target | None = None,
        messages: Iterable[Message] | None = None,
        title: str | None = None,
        author: Display | None = None,
        up_to_message_id: str | None = None,
        expires_at: int | datetime | None = None,
        password: str | None = None,
        max_views: int | None = None,
        allow_continue: bool | None = None,
        idempotency_key: str | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_body: Mapping[str, object] | None = None,
        timeout: float | NotGiven | None = NOT_GIVEN,
    ) -> SharedLink:
        """Share a conversation that is on the server (`target`), or messages that it has never seen (`messages`).

        Anonymous unless `author="name"`. A repeat of the same call with the same `idempotency_key` makes no second
        link; without one the client makes up its own, so that its retries make one link.
        """
        body = requests.created(
            target, messages, title, author, up_to_message_id, expires_at, password, max_views, allow_continue
        )
        headers = requests.once(extra_headers, idempotency_key)
        options = requests.options({}, headers, None, extra_body, timeout)
        return self._client.post(PATH, cast_to=SharedLink, body=body, options=options)

    def retrieve(
        self,
        link_id: str,
        *,
        extra_headers: Mapping[str, str] | None = None,
        timeout: float | NotGiven | None = NOT_GIVEN,
    ) -> SharedLink:
        """One link, by its id or its address."""
        options = requests.options({}, extra_headers, None, None, timeout)
        return self._client.get(requests.path(PATH, link_id), cast_to=SharedLink, options=options)

    def update(
        self,
        link_id: str,
        *,
        title: str | None = None,
        author: Display | None = None,
        snapshot: Literal["latest"] | None = None,
        expires_at: int | datetime | NotGiven | None = NOT_GIVEN,
        password: str | NotGiven | None = NOT_GIVEN,
        max_views: int | NotGiven | None = NOT_GIVEN,
        allow_continue: bool | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_body: Mapping[str, object] | None = None,
        timeout: float | NotGiven | None = NOT_GIVEN,
    ) -> SharedLink:
        """Change a link; what is left out stays.

        `snapshot="latest"` shows the conversation's messages as they are now, at the same address;
        `expires_at=None` lets the link live until it is deleted, `password=None` and `max_views=None` unlock it.
        """
        body = requests.updated(title, author, snapshot, expires_at, password, max_views, allow_continue)
        options = requests.options({}, extra_headers, None, extra_body, timeout)
        return self._client.post(requests.path(PATH, link_id), cast_to=SharedLink, body=body, options=options)

    def delete(
        self,
        link_id: str,
        *,
        extra_headers: Mapping[str, str] | None = None,
        timeout: float | NotGiven | None = NOT_GIVEN,
    ) -> SharedLinkDeleted:
        """Take a link back: from the answer on nobody can open it any more."""
        options = requests.options({}, extra_headers, None, None, timeout)
        return self._client.delete(requests.path(PATH, link_id), cast_to=SharedLinkDeleted, options=options)

    def delete_all(
        self,
        *,
        extra_headers: Mapping[str, str] | None = None,
        timeout: float | NotGiven | None = NOT_GIVEN,
    ) -> SharedLinksDeleted:
        """Take all links back at once."""
        options = requests.options({"all": True}, extra_headers, None, None, timeout)
        return self._client.delete(PATH, cast_to=SharedLinksDeleted, options=options)


class AsyncSharedLinks:
    """The links of the key's person."""

    def __init__(self, client: AsyncOpenAI) -> None:
        self._client = client

    @cached_property
    def with_raw_response(self) -> AsyncSharedLinksWithRawResponse:
        """The same calls, answered with headers and status; `.parse()` gives the object."""
        from .raw import AsyncSharedLinksWithRawResponse

        return AsyncSharedLinksWithRawResponse(self)

    def list(
        self,
        *,
        limit: int | None = None,
        order: Literal["asc", "desc"] | None = None,
        after: str | None = None,
        target_type: Literal["conversation", "assistant"] | None = None,
        target_id: str | None = None,
        q: str | None = None,
        access: Access | None = None,
        stale_days: int | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_query: Mapping[str, object] | None = None,
        timeout: float | NotGiven | None = NOT_GIVEN,
    ) -> AsyncPaginator[SharedLink, AsyncCursorPage[SharedLink]]:
        """Every link that was given out and not taken back, newest first.

        `async for link in client.shared_links.list()` goes through all of them, page by page; `await` gives the first
        page. `limit` is the size of a page.
        """
        query = requests.listed(limit, order, after, target_type, target_id, q, access, stale_days)
        options = requests.options(query, extra_headers, extra_query, None, timeout)
        return self._client.get_api_list(PATH, model=SharedLink, page=AsyncCursorPage[SharedLink], options=options)

    async def create(
        self,
        *,
        target: Target | None = None,
        messages: Iterable[Message] | None = None,
        title: str | None = None,
        author: Display | None = None,
        up_to_message_id: str | None = None,
        expires_at: int | datetime | None = None,
        password: str | None = None,
        max_views: int | None = None,
        allow_continue: bool | None = None,
        idempotency_key: str | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_body: Mapping[str, object] | None = None,
        timeout: float | NotGiven | None = NOT_GIVEN,
    ) -> SharedLink:
        """Share a conversation that is on the server (`target`), or messages that it has never seen (`messages`).

        Anonymous unless `author="name"`. A repeat of the same call with the same `idempotency_key` makes no second
        link; without one the client makes up its own, so that its retries make one link.
        """
        body = requests.created(
            target, messages, title, author, up_to_message_id, expires_at, password, max_views, allow_continue
        )
        headers = requests.once(extra_headers, idempotency_key)
        options = requests.options({}, headers, None, extra_body, timeout)
        return await self._client.post(PATH, cast_to=SharedLink, body=body, options=options)

    async def retrieve(
        self,
        link_id: str,
        *,
        extra_headers: Mapping[str, str] | None = None,
        timeout: float | NotGiven | None = NOT_GIVEN,
    ) -> SharedLink:
        """One link, by its id or its address."""
        options = requests.options({}, extra_headers, None, None, timeout)
        return await self._client.get(requests.path(PATH, link_id), cast_to=SharedLink, options=options)

    async def update(
        self,
        link_id: str,
        *,
        title: str | None = None,
        author: Display | None = None,
        snapshot: Literal["latest"] | None = None,
        expires_at: int | datetime | NotGiven | None = NOT_GIVEN,
        password: str | NotGiven | None = NOT_GIVEN,
        max_views: int | NotGiven | None = NOT_GIVEN,
        allow_continue: bool | None = None,
        extra_headers: Mapping[str, str] | None = None,
        extra_body: Mapping[str, object] | None = None,
        timeout: float | NotGiven | None = NOT_GIVEN,
    ) -> SharedLink:
        """Change a link; what is left out stays.

        `snapshot="latest"` shows the conversation's messages as they are now, at the same address;
        `expires_at=None` lets the link live until it is deleted, `password=None` and `max_views=None` unlock it.
        """
        body = requests.updated(title, author, snapshot, expires_at, password, max_views, allow_continue)
        options = requests.options({}, extra_headers, None, extra_body, timeout)
        return await self._client.post(requests.path(PATH, link_id), cast_to=SharedLink, body=body, options=options)

    async def delete(
        self,
        link_id: str,
        *,
        extra_headers: Mapping[str, str] | None = None,
        timeout: float | NotGiven | None = NOT_GIVEN,
    ) -> SharedLinkDeleted:
        """Take a link back: from the answer on nobody can open it any more."""
        options = requests.options({}, extra_headers, None, None, timeout)
        return await self._client.delete(requests.path(PATH, link_id), cast_to=SharedLinkDeleted, options=options)

    async def delete_all(
        self,
        *,
        extra_headers: Mapping[str, str] | None = None,
        timeout: float | NotGiven | None = NOT_GIVEN,
    ) -> SharedLinksDeleted:
        """Take all links back at once."""
        options = requests.options({"all": True}, extra_headers, None, None, timeout)
        return await self._client.delete(PATH, cast_to=SharedLinksDeleted, options=options)

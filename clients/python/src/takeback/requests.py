"""What is sent, put together in one place for both clients."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote
from uuid import uuid4

from openai import NotGiven

if TYPE_CHECKING:
    from openai import RequestOptions

    from .types import Message, Target

Time: TypeAlias = "int | datetime"


def path(base: str, link_id: str) -> str:
    """The path of one link. Its whole address will do as well as its id.

    Raises:
        ValueError: if there is nothing in it. Without an id the path would be that of all links.
    """
    last = link_id.strip().split("?")[0].rstrip("/").rsplit("/", 1)[-1]
    if not last:
        raise ValueError(f"Expected the id or address of a link but received {link_id!r}")
    return f"{base}/{quote(last, safe='')}"


def options(
    query: Mapping[str, object],
    extra_headers: Mapping[str, str] | None,
    extra_query: Mapping[str, object] | None,
    extra_body: Mapping[str, object] | None,
    timeout: float | NotGiven | None,
) -> RequestOptions:
    """The options of a request, as `openai` takes them."""
    made: RequestOptions = {"params": {**query, **(extra_query or {})}, "headers": dict(extra_headers or {})}
    if extra_body:
        made["extra_json"] = extra_body
    if not isinstance(timeout, NotGiven):
        made["timeout"] = timeout
    return made


def once(headers: Mapping[str, str] | None, idempotency_key: str | None) -> Mapping[str, str]:
    """The headers with the key by which the server knows a repeat. The client's own retries send the same headers."""
    return {"Idempotency-Key": idempotency_key or f"takeback-python-{uuid4()}", **(headers or {})}


def listed(
    limit: int | None,
    order: str | None,
    after: str | None,
    target_type: str | None,
    target_id: str | None,
    q: str | None,
    access: str | None,
    stale_days: int | None,
) -> Mapping[str, object]:
    """The query of a list."""
    return _given(
        limit=limit,
        order=order,
        after=after,
        target_type=target_type,
        target_id=target_id,
        q=q,
        access=access,
        stale_days=stale_days,
    )


def created(
    target: Target | None,
    messages: Iterable[Message] | None,
    title: str | None,
    author: str | None,
    up_to_message_id: str | None,
    expires_at: Time | None,
    password: str | None,
    max_views: int | None,
    allow_continue: bool | None,
) -> Mapping[str, object]:
    """The body of a new link."""
    return _given(
        target=target,
        messages=None if messages is None else list(messages),
        title=title,
        author=author,
        up_to_message_id=up_to_message_id,
        expires_at=_seconds(expires_at),
        password=password,
        max_views=max_views,
        allow_continue=allow_continue,
    )


def updated(
    title: str | None,
    author: str | None,
    snapshot: str | None,
    expires_at: Time | NotGiven | None,
    password: str | NotGiven | None,
    max_views: int | NotGiven | None,
    allow_continue: bool | None,
) -> Mapping[str, object]:
    """The body of a change. A null takes away the expiry, the password or the limit of views."""
    body = _given(title=title, author=author, snapshot=snapshot, allow_continue=allow_continue)
    if not isinstance(expires_at, NotGiven):
        body["expires_at"] = _seconds(expires_at)
    if not isinstance(password, NotGiven):
        body["password"] = password
    if not isinstance(max_views, NotGiven):
        body["max_views"] = max_views
    return body


def _given(**fields: Any) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not None}


def _seconds(time: Time | None) -> int | None:
    """Unix seconds.

    Raises:
        ValueError: for a time of no time zone, which would mean another moment on another machine.
    """
    if isinstance(time, datetime):
        if time.tzinfo is None:
            raise ValueError(
                "Expected a time with its time zone, such as datetime.now(timezone.utc) + timedelta(days=7)"
            )
        return int(time.timestamp())
    return time

"""The clients. Each is OpenAI's, so all that it can do works here too, with the links beside it."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any

from openai import DEFAULT_MAX_RETRIES, NOT_GIVEN, AsyncOpenAI, NotGiven, OpenAI, OpenAIError, Timeout

from .shared_links import AsyncSharedLinks, SharedLinks


def _api_key() -> str:
    """Never OpenAI's: a key for one server is nothing to show to another."""
    key = os.environ.get("TAKEBACK_API_KEY")
    if not key:
        raise OpenAIError("Give api_key, or set TAKEBACK_API_KEY to a key made in Settings, API keys.")
    return key


def _base_url() -> str:
    """Never a usual one: nobody knows where somebody else's server is."""
    if url := os.environ.get("TAKEBACK_BASE_URL"):
        return url
    if server := os.environ.get("TAKEBACK_SERVER"):
        return server.rstrip("/") + "/v1"
    raise OpenAIError("Give base_url, or set TAKEBACK_BASE_URL, to something like https://chat.example.org/v1.")


class Takeback(OpenAI):
    """A client of a Takeback server.

    `api_key` is taken from `TAKEBACK_API_KEY` and `base_url` from `TAKEBACK_BASE_URL` where they are not given (or
    from `TAKEBACK_SERVER`, the address without `/v1` that the command line takes). Everything else is as in
    `openai.OpenAI`.
    """

    def __init__(
        self,
        *,
        api_key: str | Callable[[], str] | None = None,
        base_url: str | Any | None = None,
        timeout: float | Timeout | NotGiven | None = NOT_GIVEN,
        max_retries: int = DEFAULT_MAX_RETRIES,
        **options: Any,
    ) -> None:
        super().__init__(
            api_key=api_key or _api_key(),
            base_url=base_url or _base_url(),
            timeout=timeout,
            max_retries=max_retries,
            **_without_openais(options),
        )

    @cached_property
    def shared_links(self) -> SharedLinks:
        """The links that the key's person gave out."""
        return SharedLinks(self)


class AsyncTakeback(AsyncOpenAI):
    """The same for `async` code."""

    def __init__(
        self,
        *,
        api_key: str | Callable[[], Awaitable[str]] | None = None,
        base_url: str | Any | None = None,
        timeout: float | Timeout | NotGiven | None = NOT_GIVEN,
        max_retries: int = DEFAULT_MAX_RETRIES,
        **options: Any,
    ) -> None:
        super().__init__(
            api_key=api_key or _api_key(),
            base_url=base_url or _base_url(),
            timeout=timeout,
            max_retries=max_retries,
            **_without_openais(options),
        )

    @cached_property
    def shared_links(self) -> AsyncSharedLinks:
        """The links that the key's person gave out."""
        return AsyncSharedLinks(self)


def _without_openais(options: dict[str, Any]) -> dict[str, Any]:
    """What the environment says about an account at OpenAI is not this server's business."""
    secret = os.environ.get("TAKEBACK_WEBHOOK_SECRET", "")
    return {"organization": "", "project": "", **options, "webhook_secret": options.get("webhook_secret") or secret}

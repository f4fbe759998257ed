"""`client.shared_links.with_raw_response`: the same calls, answered with headers and status."""

from __future__ import annotations

from typing import TYPE_CHECKING

# Not public, but what every resource of `openai` is wrapped in, and the only way to its typed raw answers.
from openai._legacy_response import (  # pyright: ignore[reportPrivateImportUsage]
    async_to_raw_response_wrapper,
    to_raw_response_wrapper,
)

if TYPE_CHECKING:
    from .shared_links import AsyncSharedLinks, SharedLinks


class SharedLinksWithRawResponse:
    """The links of the key's person, with headers and status."""

    def __init__(self, links: SharedLinks) -> None:
        self.list = to_raw_response_wrapper(links.list)
        self.create = to_raw_response_wrapper(links.create)
        self.retrieve = to_raw_response_wrapper(links.retrieve)
        self.update = to_raw_response_wrapper(links.update)
        self.delete = to_raw_response_wrapper(links.delete)
        self.delete_all = to_raw_response_wrapper(links.delete_all)


class AsyncSharedLinksWithRawResponse:
    """The links of the key's person, with headers and status."""

    def __init__(self, links: AsyncSharedLinks) -> None:
        self.list = async_to_raw_response_wrapper(links.list)
        self.create = async_to_raw_response_wrapper(links.create)
        self.retrieve = async_to_raw_response_wrapper(links.retrieve)
        self.update = async_to_raw_response_wrapper(links.update)
        self.delete = async_to_raw_response_wrapper(links.delete)
        self.delete_all = async_to_raw_response_wrapper(links.delete_all)

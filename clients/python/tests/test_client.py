"""The client against the server of the environment: what the README doesn't show."""

import asyncio
import json
import os
import queue
import threading
import unittest
import urllib.request
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest import mock

from openai import (
    NOT_GIVEN,
    BadRequestError,
    InternalServerError,
    InvalidWebhookSignatureError,
    NotFoundError,
    OpenAIError,
)

from takeback import AsyncTakeback, SharedLink, Takeback
from takeback.requests import path, updated

HELLO = [{"role": "user", "content": "Hello"}]


class Links(unittest.TestCase):
    def setUp(self) -> None:
        self.client = Takeback()
        self.client.shared_links.delete_all()

    def test_a_list_is_read_to_its_end_in_both_directions(self) -> None:
        made = [self.client.shared_links.create(messages=HELLO, title=f"Number {at}").id for at in range(7)]
        listed = [link.id for link in self.client.shared_links.list(limit=3)]
        self.assertEqual(sorted(listed), sorted(made))
        self.assertEqual([link.id for link in self.client.shared_links.list(limit=2, order="asc")], listed[::-1])
        self.assertEqual([link.title for link in self.client.shared_links.list(q="number 4")], ["Number 4"])
        first = self.client.shared_links.list(limit=3)
        self.assertTrue(len(first.data) == 3 and first.has_more and first.has_next_page())
        self.assertEqual([link.id for link in self.client.shared_links.list(after=first.data[-1].id)], listed[3:])

    def test_a_link_is_a_typed_model_with_its_request(self) -> None:
        link = self.client.shared_links.create(messages=HELLO, author="name")
        self.assertIsInstance(link, SharedLink)
        self.assertEqual((link.object, link.author.display, link.target.type), ("shared_link", "name", "conversation"))
        self.assertTrue(link.author.name and link._request_id)
        again = self.client.shared_links.with_raw_response.retrieve(link.id)
        self.assertEqual((again.http_response.status_code, again.parse().id), (200, link.id))
        gone = self.client.shared_links.delete(link.id)
        self.assertTrue(gone.deleted and gone.object == "shared_link.deleted")
        with self.assertRaises(NotFoundError):
            self.client.shared_links.retrieve(link.id)

    def test_what_is_wrong_is_named(self) -> None:
        with self.assertRaises(BadRequestError) as refused:
            self.client.shared_links.create(messages=HELLO, extra_body={"colour": "red"})
        self.assertEqual(refused.exception.param, "colour")

    def test_one_link_is_made_however_often_the_answer_is_lost(self) -> None:
        with LosingAnswers(2) as (url, lost):
            link = Takeback(base_url=url).shared_links.create(messages=HELLO)
        self.assertEqual(len(lost), 2)
        self.assertEqual([listed.id for listed in self.client.shared_links.list()], [link.id])
        with LosingAnswers(1) as (url, _), self.assertRaises(InternalServerError):
            Takeback(base_url=url, max_retries=0).shared_links.create(messages=HELLO)

    def test_both_clients_do_the_same(self) -> None:
        async def there() -> list[str]:
            async with AsyncTakeback() as client:
                link = await client.shared_links.create(messages=HELLO)
                await client.shared_links.create(target={"type": "conversation", "id": link.target.id})
                await client.shared_links.update(link.id, title="Named")
                raw = await client.shared_links.with_raw_response.retrieve(link.id)
                titles = [raw.parse().title] + [link.title async for link in client.shared_links.list(limit=1)]
                page = await client.shared_links.list(limit=1)
                await client.shared_links.delete(page.data[0].id)
                self.assertEqual((await client.shared_links.delete_all()).deleted, 1)
                return titles

        self.assertEqual(sorted(asyncio.run(there())), ["Hello", "Named", "Named"])

    def test_options_are_kept_by_copies(self) -> None:
        client = self.client.with_options(max_retries=5, timeout=3)
        self.assertEqual((client.max_retries, client.base_url), (5, self.client.base_url))
        self.assertEqual(client.shared_links.delete_all().deleted, 0)


class Webhooks(unittest.TestCase):
    """OpenAI's own `client.webhooks`, as it is."""

    def test_the_official_client_makes_an_endpoint_and_knows_what_is_signed(self) -> None:
        client = Takeback()
        with Listening() as (url, heard):
            made = client.webhooks.create(name="Dashboard", url=url, event_types=["shared_link.created"])  # type: ignore[list-item]
            self.assertEqual([endpoint.id for endpoint in client.webhooks.list()], [made.id])
            self.assertFalse(hasattr(client.webhooks.retrieve(made.id), "signing_secret"))
            link = client.shared_links.create(messages=HELLO, title="Private words")
            headers, body = heard.get(timeout=20)
            # The server of the tests lives at a time of its own.
            client.webhooks.verify_signature(body, headers, secret=made.signing_secret, tolerance=10**10)
            with self.assertRaises(InvalidWebhookSignatureError):
                client.webhooks.verify_signature(body + b" ", headers, secret=made.signing_secret, tolerance=10**10)
            told = json.loads(body)
            self.assertEqual((told["type"], told["data"]["id"]), ("shared_link.created", link.id))
            self.assertNotIn(b"Private", body)
            tested = client.webhooks.test(made.id, event_type="shared_link.created")  # type: ignore[arg-type]
            self.assertEqual((tested.success, tested.status_code), (True, 204))
            again = client.webhooks.rotate_secret(made.id, keep_old_secret_active_for_24_hours=True)
            self.assertNotEqual(again.signing_secret, made.signing_secret)
            self.assertEqual(client.webhooks.update(made.id, name="Other").name, "Other")
            self.assertTrue(client.webhooks.delete(made.id).deleted)
            self.assertEqual(list(client.webhooks.list()), [])


class Settings(unittest.TestCase):
    def test_nothing_of_openai_s_is_taken_instead(self) -> None:
        openais = {"OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": "https://api.openai.com/v1", "OPENAI_ORG_ID": "org-x"}
        for client in (Takeback, AsyncTakeback):
            with mock.patch.dict(os.environ, openais, clear=True):
                with self.assertRaisesRegex(OpenAIError, "TAKEBACK_API_KEY"):
                    client(base_url="https://chat.example.org/v1")
                with self.assertRaisesRegex(OpenAIError, "TAKEBACK_BASE_URL"):
                    client(api_key="tb-x")
                made = client(api_key="tb-x", base_url="https://chat.example.org/v1")
                self.assertFalse({"sk-x", "org-x"} & set(made.default_headers.values()))
                os.environ["TAKEBACK_SERVER"] = "https://chat.example.org/"
                self.assertEqual(str(client(api_key="tb-x").base_url), "https://chat.example.org/v1/")

    def test_an_id_that_got_lost_is_never_all_links(self) -> None:
        for nothing in ("", " ", "/", "?all=true"):
            with self.assertRaises(ValueError):
                path("/shared_links", nothing)
        self.assertEqual(path("/shared_links", "https://chat.example.org/share/3bXk"), "/shared_links/3bXk")
        self.assertEqual(path("/shared_links", "a b%"), "/shared_links/a%20b%25")

    def test_a_time_has_a_zone(self) -> None:
        at = datetime(2027, 1, 1, tzinfo=timezone.utc)
        self.assertEqual(updated(None, None, None, at, NOT_GIVEN, NOT_GIVEN, None), {"expires_at": 1_798_761_600})
        self.assertEqual(updated("T", None, None, None, NOT_GIVEN, NOT_GIVEN, None), {"title": "T", "expires_at": None})
        unlocked = {"password": None, "max_views": None, "allow_continue": False}
        self.assertEqual(updated(None, None, None, NOT_GIVEN, None, None, False), unlocked)
        with self.assertRaises(ValueError):
            updated(None, None, None, datetime(2027, 1, 1), NOT_GIVEN, NOT_GIVEN, None)


class Listening:
    """A program that is told things."""

    def __init__(self) -> None:
        self.heard: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()
        outer = self

        class Listener(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.heard.put((dict(self.headers.items()), body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Listener)

    def __enter__(self) -> tuple[str, queue.Queue[tuple[dict[str, str], bytes]]]:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/hook", self.heard

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


class LosingAnswers:
    """A proxy in front of the server that carries requests out and loses the first answers."""

    def __init__(self, count: int) -> None:
        self.lost: list[int] = []
        outer = self

        class Proxy(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                to = os.environ["TAKEBACK_BASE_URL"] + self.path.removeprefix("/v1")
                headers = {
                    name: value
                    for name, value in self.headers.items()
                    if name.lower() not in ("host", "accept-encoding")
                }
                answer = urllib.request.urlopen(urllib.request.Request(to, body, headers))
                status, text = answer.status, answer.read()
                if len(outer.lost) < count:
                    outer.lost.append(status)
                    status, text = 500, b"{}"
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Proxy)

    def __enter__(self) -> tuple[str, list[int]]:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/v1", self.lost

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":
    unittest.main()

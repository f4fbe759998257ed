"""OpenAI's client as it is, against the server of the environment."""

import asyncio
import os
import unittest

import httpx2 as httpx
from openai import (
    APIStatusError,
    AsyncOpenAI,
    AuthenticationError,
    BadRequestError,
    InternalServerError,
    NotFoundError,
    OpenAI,
    PermissionDeniedError,
)

HELLO = [{"role": "user", "content": "How long does tea steep?"}]
MODEL = "upstream/scripted"


class Losing(httpx.HTTPTransport):
    """Carries requests out and loses the first answers."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.left = count
        self.attempts: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = super().handle_request(request)
        answer.read()
        answer.close()
        if request.method == "POST":
            self.attempts.append(request.headers["x-stainless-retry-count"])
            if self.left:
                self.left -= 1
                return httpx.Response(500, json={}, headers={"retry-after-ms": "1"}, request=request)
        headers = {
            name: value for name, value in answer.headers.items() if name not in ("content-encoding", "content-length")
        }
        return httpx.Response(answer.status_code, content=answer.content, headers=headers, request=request)


def losing(count: int, **options: object) -> tuple[OpenAI, Losing]:
    """A client whose first answers are lost."""
    transport = Losing(count)
    return OpenAI(http_client=httpx.Client(transport=transport, timeout=20), **options), transport


class Links(unittest.TestCase):
    def setUp(self) -> None:
        self.client = OpenAI()
        self.client.delete("/shared_links", cast_to=object, options={"params": {"all": "true"}})

    def make(self, client: OpenAI | None = None, **fields: object) -> dict:
        return (client or self.client).post("/shared_links", cast_to=object, body={"messages": HELLO, **fields})

    def listed(self) -> list[str]:
        page = self.client.get("/shared_links", cast_to=object, options={"params": {"limit": 100}})
        return [link["id"] for link in page["data"]]

    def test_links_are_made_listed_and_taken_back_by_the_client_s_bare_methods(self) -> None:
        link = self.make(title="Tea")
        self.assertEqual((link["object"], link["title"]), ("shared_link", "Tea"))
        self.assertEqual(self.listed(), [link["id"]])
        self.assertEqual(httpx.get(link["url"]).status_code, 200)
        gone = self.client.delete(f"/shared_links/{link['id']}", cast_to=object)
        self.assertEqual(gone, {"id": link["id"], "object": "shared_link.deleted", "deleted": True})
        self.assertEqual(httpx.get(link["url"]).status_code, 404)
        with self.assertRaises(NotFoundError):
            self.client.get(f"/shared_links/{link['id']}", cast_to=object)

    def test_a_post_that_is_sent_again_after_a_500_makes_one_link(self) -> None:
        client, transport = losing(2)
        link = self.make(client)
        self.assertEqual(transport.attempts, ["0", "1", "2"])
        self.assertEqual(self.listed(), [link["id"]])
        # The same words once more are another call.
        self.assertNotEqual(self.make()["id"], link["id"])

    def test_without_retries_the_error_is_told_and_the_link_is_there(self) -> None:
        client, transport = losing(1, max_retries=0)
        with self.assertRaises(InternalServerError):
            self.make(client)
        self.assertEqual((transport.attempts, len(self.listed())), (["0"], 1))

    def test_what_is_wrong_is_an_error_of_the_client_s_own_with_its_parameter(self) -> None:
        with self.assertRaises(BadRequestError) as wrong:
            self.make(colour="red")
        self.assertEqual((wrong.exception.param, wrong.exception.type), ("colour", "invalid_request_error"))
        self.assertTrue(wrong.exception.request_id.startswith("req_"))
        with self.assertRaises(AuthenticationError) as unknown:
            self.make(OpenAI(api_key="tb-nothing"))
        self.assertEqual(unknown.exception.code, "invalid_api_key")
        reads = OpenAI(api_key=os.environ["READ_ONLY_KEY"])
        link = self.make()
        with self.assertRaises(PermissionDeniedError):
            reads.delete(f"/shared_links/{link['id']}", cast_to=object)
        self.assertEqual(reads.get("/shared_links", cast_to=object)["data"][0]["id"], link["id"])

    def test_a_body_of_100_mb_is_an_answer_and_not_a_broken_connection(self) -> None:
        with self.assertRaises(APIStatusError) as refused:
            self.make(self.client.with_options(max_retries=0), title="x" * (100 << 20))
        self.assertEqual((refused.exception.status_code, refused.exception.type), (413, "request_too_large"))
        self.assertEqual(self.listed(), [])


class Chat(unittest.TestCase):
    def test_models_are_listed_and_asked(self) -> None:
        client = OpenAI()
        self.assertIn(MODEL, [model.id for model in client.models.list()])
        self.assertEqual(client.models.retrieve(MODEL).id, MODEL)
        answer = client.chat.completions.create(model=MODEL, messages=HELLO)
        self.assertEqual(answer.choices[0].message.content, "Three minutes, no longer.")
        self.assertEqual(answer.choices[0].finish_reason, "stop")
        with self.assertRaises(NotFoundError) as unknown:
            client.chat.completions.create(model="nobody/nothing", messages=HELLO)
        self.assertEqual(unknown.exception.code, "model_not_found")

    def test_an_answer_streams(self) -> None:
        chunks = list(OpenAI().chat.completions.create(model=MODEL, messages=HELLO, stream=True))
        self.assertGreater(len(chunks), 2)
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        self.assertEqual(text, "Three minutes, no longer.")
        self.assertEqual(chunks[-1].choices[0].finish_reason, "stop")

    def test_it_streams_without_blocking_too(self) -> None:
        async def ask() -> str:
            async with AsyncOpenAI() as client:
                stream = await client.chat.completions.create(model=MODEL, messages=HELLO, stream=True)
                return "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])

        self.assertEqual(asyncio.run(ask()), "Three minutes, no longer.")


if __name__ == "__main__":
    unittest.main()

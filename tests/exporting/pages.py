"""How tests of the export page read it and download from it."""

import asyncio
import io
import re
import zipfile
from html import unescape
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import AsyncClient

from tagging.models import Person

PAGE = "/datasets/cats/export/"
ZIP = "/datasets/cats/export/zip/"


def words(answer: object) -> str:
    """What a page says, without its tags."""
    assert isinstance(answer, HttpResponse)
    text = re.sub(r"<(head|svg|nav)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", text)))


def download(person: Person, part: str = "", **form: object) -> tuple[HttpResponseBase, bytes]:
    """A posted form, and what came of it."""
    address = f"{ZIP}?{urlencode({'part': part})}" if part else ZIP

    async def take() -> tuple[HttpResponseBase, bytes]:
        client = AsyncClient()
        await client.aforce_login(person)
        answer: HttpResponseBase = await client.post(address, form)
        if isinstance(answer, StreamingHttpResponse):
            return answer, b"".join([chunk async for chunk in answer])
        assert isinstance(answer, HttpResponse)
        return answer, answer.content

    return asyncio.run(take())


def names_in(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()

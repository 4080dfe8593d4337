"""Pages and feed together: what one person does reaches the other pages that show it."""

import pytest
from asgiref.sync import sync_to_async

from tagging.live import parts
from tagging.models import Dataset, Image, Person
from tagging.services import image_tags, images
from tests import factories
from tests.live.sockets import Page

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

add = sync_to_async(image_tags.add)
finish = sync_to_async(images.finish)


@sync_to_async
def two_images(cats: Dataset) -> tuple[Image, Image]:
    return factories.image(cats, tags=["cat"]), factories.image(cats, tags=["dog"])


@sync_to_async
def rendered(image: Image, part: str) -> str:
    return parts.ImageParts(Image.objects.select_related("dataset").get(pk=image.pk)).render(part)


async def test_an_act_reaches_the_workbench_of_somebody_else(cats: Dataset, ada: Person, bob: Person) -> None:
    first, _ = await two_images(cats)
    async with Page(ada, "cats", page="workbench") as page:
        await page.say({"at": 0, "shows": [1]})
        await page.settle()

        await add(first, "tabby", by=bob)
        html = await page.take_until("image-1-tags")

    assert html == await rendered(first, "tags")
    assert ">tabby<" in html


async def test_a_page_gets_the_parts_that_changed_and_no_others(cats: Dataset, ada: Person, bob: Person) -> None:
    first, second = await two_images(cats)
    async with Page(ada, "cats", page="workbench") as page:
        await page.say({"at": 0, "shows": [1, 2]})
        await page.settle()
        page.parts.clear()

        await add(first, "tabby", by=bob)
        await finish(second, by=bob)
        await page.settle()

    assert set(page.parts) == {"image-1-tags", "image-1-caption", "image-1-card", "image-2-card"} | {
        f"dataset-{cats.pk}-progress"
    }

"""Acts of every kind that a page can show, chosen by chance, through the services and so as any process does them."""

import contextlib
import random
from collections.abc import Callable

from tagging.domain import captions
from tagging.errors import Problem
from tagging.models import Category, Dataset, Image, Person, Tag
from tagging.services import bulk, categories, datasets, image_tags, images, vocabulary

WORDS = [*"cat dog tabby outdoors".split(), "long hair", "1girl", "ねこ", "café"]


class RandomActs:
    def __init__(self, dataset: Dataset, by: Person, chance: random.Random) -> None:
        self.dataset, self.by, self.chance = dataset, by, chance
        self.made = 0
        often = [self.add, self.add, self.remove, self.move, self.set_all, self.describe, self.decide, self.decide]
        seldom = [self.rename, self.merge, self.delete, self.categorise, self.recolour, self.configure, self.add_many]
        self.kinds: list[Callable[[], object]] = often * 3 + seldom

    def act(self) -> None:
        """One act; what is refused (a tag that is gone, a name that is taken) changes nothing."""
        try:
            self.chance.choice(self.kinds)()
        except Problem:
            return
        self.made += 1

    def do(self, kind: str) -> None:
        """An act of this kind that changes something."""
        before = newest = Dataset.objects.get(pk=self.dataset.pk).change_seq
        while newest == before:
            with contextlib.suppress(Problem):
                getattr(self, kind)()
            newest = Dataset.objects.get(pk=self.dataset.pk).change_seq

    def image(self) -> Image:
        return self.chance.choice(list(Image.objects.filter(dataset=self.dataset)))

    def words(self) -> str:
        return ", ".join(self.chance.sample(WORDS, self.chance.randint(1, 3)))

    def tag(self) -> Tag:
        return self.chance.choice(list(Tag.objects.shown().filter(dataset=self.dataset)) or [Tag(pk=0)])

    def add(self) -> object:
        return image_tags.add(self.image(), self.words(), by=self.by)

    def remove(self) -> object:
        return image_tags.remove(self.image(), self.tag().pk, by=self.by)

    def move(self) -> object:
        return image_tags.move(self.image(), self.tag().pk, by=self.by, position=0)

    def set_all(self) -> object:
        image = self.image()
        return image_tags.set_all(image, self.words(), revision=image.revision, by=self.by)

    def describe(self) -> object:
        image = self.image()
        return images.describe(image, f"About {self.words()}.", revision=image.description_revision, by=self.by)

    def decide(self) -> object:
        decision = self.chance.choice([images.finish, images.reject, images.reopen, images.review])
        return decision(self.image(), by=self.by)

    def rename(self) -> object:
        return vocabulary.rename(self.dataset, self.tag().pk, name=f"word {self.made}", by=self.by)

    def merge(self) -> object:
        return vocabulary.merge(self.dataset, [self.tag().pk], into=self.tag().pk, by=self.by)

    def delete(self) -> object:
        return vocabulary.delete(self.dataset, [self.tag().pk], by=self.by)

    def categorise(self) -> object:
        name = self.chance.choice(["", "animal", "place"])
        return vocabulary.categorise(self.dataset, [self.tag().pk], category=name, by=self.by)

    def recolour(self) -> object:
        category = Category.objects.filter(dataset=self.dataset).first()
        hue = self.chance.randint(1, 8)
        return category and categories.change(self.dataset, category.pk, name=category.name, hue=hue, by=self.by)

    def configure(self) -> object:
        now = Dataset.objects.get(pk=self.dataset.pk)
        profile = self.chance.choice(list(captions.Profile))
        return datasets.change_settings(
            now,
            name=now.name,
            prefix=now.prefix,
            trigger=f"trigger{self.made}",
            profile=profile,
            revision=now.settings_revision,
            by=self.by,
        )

    def add_many(self) -> object:
        numbers = list(Image.objects.filter(dataset=self.dataset).values_list("number", flat=True))
        return bulk.add_tags(self.dataset, self.chance.sample(numbers, 3), self.words(), by=self.by)

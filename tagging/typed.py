"""What stands in the boxes of a workbench when something is pressed, so that nothing typed is lost.

Boxes: the tag box (`names`), the description with the revision it was drawn at, and the list of all tags as text, which
has a form of its own with the same field names.
"""

from dataclasses import asdict, dataclass

from django.http import HttpRequest

from tagging.domain import plain_text
from tagging.models import Person

KEPT = "typed"  # the session's key: page → its boxes
MOST_PAGES = 5
MOST_CHARACTERS = 50_000  # of all that is kept for somebody who is not signed in
LASTS = 24 * 60 * 60  # seconds

# The act's address → the box whose text the act itself takes
OWN_BOX = {"tag_add": "names", "tag_set": "list", "image_description": "description"}


@dataclass
class Typed:
    """The boxes as they were sent. Where it is None, a box shows what is saved."""

    act: str = ""
    names: str = ""
    description: str | None = None
    revision: str | None = None
    list: str | None = None
    list_revision: str | None = None
    names_beside: bool = False
    by: str = ""  # whose page it was

    @property
    def is_empty(self) -> bool:
        return not self.names.strip() and self.description is None and self.list is None

    @property
    def texts(self) -> dict[str, str]:
        """What there is to copy, for a page that has none of these boxes: the name of a box and its text."""
        boxes = {"Add tags": self.names, "All tags of this image": self.list, "Description": self.description}
        return {name: text for name, text in boxes.items() if text and text.strip()}

    @property
    def is_description_beside(self) -> bool:
        """Whether the description came along with an act that is not about it."""
        return self.description is not None and OWN_BOX.get(self.act) != "description"


def read(request: HttpRequest) -> Typed:
    """The boxes of the page that this form came from; in Unicode that can be shown, whatever was sent."""
    post = request.POST
    act = (request.resolver_match.url_name if request.resolver_match else None) or ""
    lines = [plain_text.replace_surrogates(line) for line in post.getlist("names")]
    revision = post.get("revision")
    by = post.get("by", "")[:20]
    if act == "tag_set":
        return Typed(act, list=lines[-1] if lines else "", list_revision=revision, by=by)
    # A button that adds a tag sends its name behind what stands in the tag box.
    names = lines[0] if lines else ""
    beside = act != "tag_add" or len(lines) > 1
    description = post.get("description")
    return Typed(
        act,
        names=names,
        description=None if description is None else plain_text.replace_surrogates(description),
        revision=revision,
        names_beside=beside,
        by=by,
    )


def keep(request: HttpRequest, page: str) -> str:
    """Remember for the one who signs in next in this browser what stood in the boxes of `page`. Says what became of
    it; "" when nothing did."""
    boxes = read(request)
    if boxes.is_empty:
        return ""
    kept = {**request.session.get(KEPT, {})}
    kept.pop(page, None)
    kept[page] = asdict(boxes)
    while len(kept) > MOST_PAGES or (len(kept) > 1 and _size(kept) > MOST_CHARACTERS):
        del kept[next(iter(kept))]
    if _size(kept) > MOST_CHARACTERS:
        return "You are signed out, and what you typed is too long to be kept here: go back and copy it first."
    request.session[KEPT] = kept
    request.session.set_expiry(LASTS)
    return "You are signed out. Nothing that you typed is lost: sign in, and it is in its box again."


def take(request: HttpRequest, page: str, person: Person) -> Typed | None:
    """What this person typed on `page` before they signed in again. It is given once."""
    kept = {**request.session.get(KEPT, {})}
    boxes = Typed(**kept.pop(page)) if page in kept else None
    if boxes is None or boxes.by not in ("", str(person.pk)):
        return None
    request.session[KEPT] = kept
    return boxes


def _size(kept: dict[str, dict[str, str | None]]) -> int:
    return sum(len(text) for boxes in kept.values() for text in boxes.values() if isinstance(text, str))

"""What stands in the boxes of a workbench when something is pressed, so that nothing typed is lost.

Boxes: the tag box (`names`), the description with the revision it was drawn at, and the list of all tags as text, which
has a form of its own with the same field names.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from tagging.domain import plain_text

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
    if act == "tag_set":
        return Typed(act, list=lines[-1] if lines else "", list_revision=revision)
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
    )

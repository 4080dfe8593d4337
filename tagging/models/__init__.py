from tagging.models.change import Act, Change, Entry, Kind
from tagging.models.dataset import Dataset
from tagging.models.image import Image, State
from tagging.models.membership import Invitation, Membership, Role
from tagging.models.person import EntryToken, Person, Theme, hash_token, new_token
from tagging.models.session import TaggingSession
from tagging.models.tag import Category, ImageTag, Origin, Tag
from tagging.models.transfer import Export, Import, ImportState

__all__ = [
    "Act",
    "Category",
    "Change",
    "Dataset",
    "Entry",
    "EntryToken",
    "Export",
    "Image",
    "ImageTag",
    "Import",
    "ImportState",
    "Invitation",
    "Kind",
    "Membership",
    "Origin",
    "Person",
    "Role",
    "State",
    "Tag",
    "TaggingSession",
    "Theme",
    "hash_token",
    "new_token",
]

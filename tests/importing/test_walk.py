"""Every entry of a folder once, in natural order, and nothing outside it."""

import os
import socket
import sys
from pathlib import Path

import pytest

from tagging.services.importing import walk
from tagging.services.importing.walk import Found, Rules

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="names and kinds of files that Windows has not")


def walked(folder: Path, rules: Rules | None = None) -> list[Found]:
    return walk.walk(os.fsencode(folder), rules or Rules())


def told(folder: Path, rules: Rules | None = None) -> dict[str, str]:
    """Path → reason, "" for files that are to be read."""
    return {os.fsdecode(found.path): found.reason for found in walked(folder, rules)}


def fill(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_walk_is_in_natural_order_folder_by_folder(folder: Path) -> None:
    fill(folder, "img10.png", "img2.png", "B/1.png", "b.png", "a/2.png", "a/10.png")

    found = list(told(folder))

    assert found == ["a/2.png", "a/10.png", "B/1.png", "b.png", "img2.png", "img10.png"]


@needs_posix
def test_walk_keeps_names_that_are_no_text(folder: Path) -> None:
    names = [b"new\nline.png", b"\xff\xfe.png", "é.png".encode(), b"<script>.png", b"-rf.png"]
    for name in names:
        (folder / os.fsdecode(name)).write_bytes(b"x")

    found = {entry.path for entry in walked(folder)}

    assert found == set(names)


@pytest.mark.parametrize(
    "name", [".git", "@eaDir", "#recycle", "$RECYCLE.BIN", ".thumbnails", ".ipynb_checkpoints", "lost+found"]
)
def test_walk_passes_over_what_systems_keep_for_themselves(folder: Path, name: str) -> None:
    fill(folder, "a.png", f"{name}/b.png", f"sub/{name}/c.png")

    found = told(folder)

    assert found == {"a.png": "", name: walk.SHADOW, f"sub/{name}": walk.SHADOW}


def test_walk_of_all_folders_enters_all_but_our_own(folder: Path) -> None:
    fill(folder, ".hidden/a.png", "@eaDir/b.png", "old data/tagger.sqlite3", "data/c.png")
    rules = Rules(all_folders=True, data_folder=os.fsencode(folder / "data"))

    found = told(folder, rules)

    assert found == {".hidden/a.png": "", "@eaDir/b.png": "", "data": walk.OUR_DATA, "old data": walk.OUR_DATA}


def test_walk_without_recursion_names_each_folder(folder: Path) -> None:
    fill(folder, "a.png", "sub/b.png")

    found = told(folder, Rules(recurse=False))

    assert found == {"a.png": "", "sub": walk.FLAT}


@needs_posix
def test_walk_never_opens_pipes_devices_and_sockets(folder: Path) -> None:
    os.mkfifo(folder / "pipe.png")
    listening = socket.socket(socket.AF_UNIX)
    place = Path.cwd()
    os.chdir(folder)  # the path of a socket is short
    listening.bind("socket.png")
    os.chdir(place)

    found = told(folder)

    listening.close()
    assert found == {"pipe.png": "It is a pipe, not a file.", "socket.png": "It is a socket, not a file."}


@needs_posix
def test_walk_names_links_and_does_not_follow_them(folder: Path, tmp_path: Path) -> None:
    fill(tmp_path, "outside/secret.png")
    fill(folder, "a.png")
    (folder / "link.png").symlink_to(folder / "a.png")
    (folder / "out").symlink_to(tmp_path / "outside")
    (folder / "loop").symlink_to(folder)
    (folder / "broken.png").symlink_to(folder / "nothing.png")

    found = told(folder)

    assert found == {"a.png": "", "broken.png": walk.LINK, "link.png": walk.LINK, "loop": walk.LINK, "out": walk.LINK}


@needs_posix
def test_walk_that_follows_links_stays_in_the_folder_and_ends(folder: Path, tmp_path: Path) -> None:
    fill(tmp_path, "outside/secret.png", "cats-2/secret.png")
    fill(folder, "a.png", ".store/b.png", "sub/c.png")
    (folder / "link.png").symlink_to(folder / "a.png")
    (folder / "linked").symlink_to(folder / ".store")
    (folder / "sub/up").symlink_to(folder)
    (folder / "out").symlink_to(tmp_path / "outside")
    (folder / "beside").symlink_to(tmp_path / "cats-2")
    (folder / "self").symlink_to("self")

    found = told(folder, Rules(follow_links=True))

    assert found == {
        ".store": walk.SHADOW,
        "a.png": "",
        "beside": walk.OUTSIDE,
        "link.png": "",
        "linked/b.png": "",
        "out": walk.OUTSIDE,
        "self": "Its symbolic links lead in a circle.",
        "sub/c.png": "",
        "sub/up": walk.READ_ALREADY,
    }


@needs_posix
def test_walk_that_follows_links_leaves_our_data_alone(folder: Path) -> None:
    fill(folder, "data/originals/a.png")
    (folder / "mine.png").symlink_to(folder / "data/originals/a.png")
    (folder / "all").symlink_to(folder / "data/originals")
    rules = Rules(follow_links=True, data_folder=os.fsencode(folder / "data"))

    found = told(folder, rules)

    assert found == {"all": walk.OUR_DATA, "data": walk.OUR_DATA, "mine.png": walk.OUR_DATA}


@needs_posix
def test_walk_names_the_folder_whose_path_is_too_long_to_open(folder: Path) -> None:
    place = Path.cwd()
    os.chdir(folder)
    for _ in range(150):  # step by step: the whole path is longer than one call takes
        Path("d" * 30).mkdir()
        os.chdir("d" * 30)
    os.chdir(place)

    found = walked(folder)

    assert [entry.reason for entry in found] == ["It could not be read: File name too long."]


def test_walk_ends_when_it_is_stopped(folder: Path) -> None:
    fill(folder, "a.png", "sub/b.png")

    found = told(folder, Rules(stopped=lambda: True))

    assert found == {"a.png": ""}


def test_walk_passes_over_an_export_of_ours(folder: Path) -> None:
    fill(folder, "a.png", "out/b.png", "other/c.png")

    found = told(folder, Rules(is_export=lambda path: path.endswith(b"/out")))

    assert found == {"a.png": "", "other/c.png": "", "out": walk.EXPORT}

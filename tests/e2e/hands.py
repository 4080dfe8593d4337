"""What hands do to a page: a mouse that drags, fingers that touch."""

from playwright.sync_api import FloatRect, Locator, Page

Point = tuple[float, float]


def box_of(place: Locator) -> FloatRect:
    """Where it lies in the window, in whole pixels."""
    found = place.bounding_box()
    assert found is not None
    return {
        "x": round(found["x"]),
        "y": round(found["y"]),
        "width": round(found["width"]),
        "height": round(found["height"]),
    }


def middle(page: Page) -> Point:
    frame = box_of(page.locator(".stage figure"))
    return frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2


def drag(page: Page, by: Point) -> None:
    x, y = middle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0], y + by[1], steps=3)
    page.mouse.up()


def touch(page: Page, *steps: list[Point]) -> None:
    """Fingers down at the first places, over the next ones, and up."""
    session = page.context.new_cdp_session(page)
    for number, places in enumerate(steps):
        kind = "touchMove" if number else "touchStart"
        points = [{"x": x, "y": y, "id": finger} for finger, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

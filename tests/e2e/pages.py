import re
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, StorageState, WebError

from tests.e2e.server import Server

Colours = Literal["light", "dark"]
Size = tuple[int, int]
DESK: Size = (1440, 900)
PHONE: Size = (390, 844)
PASSWORD = "correct horse battery staple"


class Pages:
    """Browsers of several people on one server; whatever their consoles complain about fails the test at its end."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.server = browser, server
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.expected: list[str] = []

    def context(
        self,
        user: str | None = None,
        *,
        javascript: bool = True,
        viewport: Size = DESK,
        colours: Colours = "light",
        touch: bool = False,
    ) -> BrowserContext:
        """A browser of its own: of nobody, or of a person who has signed in with `sign_in` or `join` before."""
        context = self.browser.new_context(
            base_url=self.server.url,
            java_script_enabled=javascript,
            viewport={"width": viewport[0], "height": viewport[1]},
            color_scheme=colours,
            has_touch=touch,
            storage_state=self._cookies(user),
        )
        context.set_default_timeout(10_000)
        context.on("console", self._heard)
        context.on("weberror", self._thrown)
        context.on("response", self._answered)
        self.contexts.append(context)
        return context

    def page(
        self,
        user: str | None = None,
        *,
        javascript: bool = True,
        viewport: Size = DESK,
        colours: Colours = "light",
        touch: bool = False,
    ) -> Page:
        """An empty page in a browser of its own."""
        return self.context(user, javascript=javascript, viewport=viewport, colours=colours, touch=touch).new_page()

    def sign_in(self, user: str = "owner") -> None:
        """Signs a person in through a one-time address; `context` and `page` then take their name."""
        if user in self.server.signed_in:
            return
        page = self.page()
        page.goto(self.server.enter(user))
        self._keep(user, page)

    def join(self, user: str, role: str = "tagger", dataset: str = "demo") -> None:
        """Makes a person by way of an invitation; `context` and `page` then take their name."""
        if user in self.server.signed_in:
            return
        page = self.page()
        page.goto(self.server.invite(dataset, role))
        page.get_by_label("User name").fill(user)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_label("Password again").fill(PASSWORD)
        page.get_by_role("button", name="Join").click()
        page.wait_for_url(re.compile(f"/datasets/{dataset}/"))
        self._keep(user, page)

    def expect_complaint(self, pattern: str) -> None:
        """Allows console messages that the regular expression finds, such as the 409 that a test brings about."""
        self.expected.append(pattern)

    def shoot(self, folder: Path) -> list[Path]:
        """Takes a picture of every open page."""
        shots = []
        for number, page in enumerate(page for context in self.contexts for page in context.pages):
            shots.append(folder / f"page-{number}.png")
            page.screenshot(path=shots[-1])
        return shots

    def close(self) -> list[str]:
        """Closes all; returns what the consoles complained about and the test did not expect."""
        for context in self.contexts:
            context.close()
        return [line for line in self.complaints if not any(re.search(pattern, line) for pattern in self.expected)]

    def _cookies(self, user: str | None) -> StorageState | None:
        return None if user is None else self.server.signed_in[user]

    def _keep(self, user: str, page: Page) -> None:
        self.server.signed_in[user] = page.context.storage_state()
        page.context.close()
        self.contexts.remove(page.context)

    def _heard(self, message: ConsoleMessage) -> None:
        # A violation of the Content-Security-Policy is an error of the console too.
        if message.type == "error":
            self.complaints.append(f"console: {message.text} ({message.location['url']})")

    def _thrown(self, error: WebError) -> None:
        self.complaints.append(f"page error: {error.error}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} from {response.request.method} {response.url}")

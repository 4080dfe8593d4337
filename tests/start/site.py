import contextlib
import ctypes
import http.client
import http.cookies
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Self
from urllib.parse import urlencode, urlsplit

ROOT = Path(__file__).resolve().parents[2]
NOTHING: Mapping[str, str] = {}
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1


def environment(data: Path, more: Mapping[str, str]) -> dict[str, str]:
    """All that a command gets of the shell that runs the tests."""
    passed_on = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    return passed_on | {"LANG": "C.UTF-8", "TAGGER_DATA_DIR": str(data)} | dict(more)


def manage(
    *arguments: str, data: Path, env: Mapping[str, str] = NOTHING, bound_by_modes: bool = False
) -> subprocess.CompletedProcess[str]:
    """Runs `manage.py …`; `bound_by_modes`: also when root runs the tests, who may write everywhere."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=environment(data, env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=_bound_by_modes if bound_by_modes else None,
    )


def _bound_by_modes() -> None:
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """All that a command has said, which is to be one line."""
    lines = (done.stdout + done.stderr).strip().splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def until_said(true: Callable[[], bool]) -> bool:
    """Wait until something is true, a minute at most. Returns whether it came to be."""
    for _ in range(600):
        if true():
            return True
        time.sleep(0.1)
    return False


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


class Site:
    """A `manage.py start` in a process of its own."""

    def __init__(self, data: Path, *arguments: str, env: Mapping[str, str] = NOTHING) -> None:
        self.data = data
        self.port = free_port()
        self.log = data.with_suffix(".log")
        command = [
            sys.executable,
            str(ROOT / "manage.py"),
            "start",
            "--no-browser",
            "--port",
            str(self.port),
            *arguments,
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=environment(data, env), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self.wait_for(r"^http://\S+/enter/\S+/$")

    def wait_for(self, pattern: str) -> str:
        """The first thing said that the pattern finds."""
        for _ in range(600):
            if found := re.search(pattern, self.said(), re.MULTILINE):
                return found[0]
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"“{pattern}” was not said:\n{self.said()}")

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Its exit code. It has five seconds."""
        self.process.send_signal(number)
        try:
            return self.process.wait(5)
        finally:
            self.kill()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


class Visitor:
    """A browser of the simplest kind: keeps cookies, sends forms, follows nothing."""

    def __init__(self, port: int, host: str = "", address: str = "127.0.0.1") -> None:
        self.port, self.address = port, address
        self.host = host or f"127.0.0.1:{port}"
        self.cookies: dict[str, str] = {}
        self.headers = http.client.HTTPMessage()

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> int:
        """The status; `headers` and `text` hold the rest of the answer."""
        sent = {"Host": self.host, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(http.client.HTTPConnection(self.address, self.port, timeout=30)) as connection:
            connection.request(method, urlsplit(path)._replace(scheme="", netloc="").geturl(), body, sent)
            answer = connection.getresponse()
            self.text = answer.read().decode()
            self.headers = answer.headers
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: kept.value for name, kept in http.cookies.SimpleCookie(line).items()}
        return answer.status

    def get(self, path: str, **headers: str) -> int:
        return self.ask("GET", path, **headers)

    def post(self, path: str, **form: str) -> int:
        form["csrfmiddlewaretoken"] = self.cookies.get("tagger_csrf", "")
        return self.ask("POST", path, urlencode(form), Content_Type="application/x-www-form-urlencoded")

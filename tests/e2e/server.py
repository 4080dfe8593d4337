import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from playwright.sync_api import StorageState

ROOT = Path(__file__).resolve().parents[2]
# All that a command gets of the shell that runs the tests
PASSED_ON = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT")
READY_SECONDS = 60
STOP_SECONDS = 20


class Server:
    """A real `manage.py start` with a data folder of its own, driven as a person would drive it from a shell."""

    def __init__(self, data: Path, env: Mapping[str, str] | None = None) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.with_suffix(".log")
        self.env = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        self.env |= {"LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", "TAGGER_DATA_DIR": str(data), **(env or {})}
        self.process: subprocess.Popen[bytes] | None = None
        # Cookies of the people who have signed in here, so that each test need not do it again
        self.signed_in: dict[str, StorageState] = {}
        self._log_start = 0

    def run(self, *args: str, check: bool = True, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Runs `manage.py …` on the data folder; with `check`, a failing command fails the test with what it said."""
        done = subprocess.run(
            [sys.executable, "manage.py", *args],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )
        if check and done.returncode:
            raise AssertionError(f"manage.py {' '.join(args)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def start(self, *args: str) -> None:
        """Starts serving and returns when pages are served; `args` go to `manage.py start`."""
        assert self.process is None, "it runs already"
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        command = [sys.executable, "manage.py", "start", *args]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--no-browser"]
        with self.log.open("ab") as log:
            # A session of its own, so that what it starts beside it can be ended along with it.
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_until_ready()

    def stop(self, signum: int = signal.SIGTERM) -> int:
        """Sends the signal, waits for the end and returns the exit code (minus the signal if that ended it)."""
        assert self.process is not None, "it does not run"
        process, self.process = self.process, None
        process.send_signal(signum)
        try:
            return process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise AssertionError(f"still there {STOP_SECONDS} s after signal {signum}\n{self.output()}") from error
        finally:
            end_group(process)

    def kill(self) -> None:
        """Ends the server and all that it started at once, as a power cut would."""
        if self.process is not None:
            process, self.process = self.process, None
            end_group(process)

    def output(self) -> str:
        """What `start` has printed since it was last started."""
        return self.log.read_bytes()[self._log_start :].decode(errors="replace") if self.log.exists() else ""

    @property
    def entry(self) -> str:
        """The one-time address that `start` has printed."""
        return self._address(self.output(), "enter")

    def enter(self, user: str = "owner") -> str:
        """A fresh one-time address that signs this person in."""
        return self._address(self.run("enter", user).stdout, "enter")

    def invite(self, slug: str, role: str = "tagger") -> str:
        """An address to join the dataset at."""
        return self._address(self.run("invite", slug, "--role", role).stdout, "join")

    def _address(self, text: str, kind: str) -> str:
        found: list[str] = re.findall(rf"^\s*(https?://\S+/{kind}/\S+/)\s*$", text, re.MULTILINE)
        assert found, f"no /{kind}/ address on a line of its own in:\n{text}"
        # A command knows nothing of the port that `start` was given here.
        return f"{self.url}{urlsplit(found[-1]).path}"

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not answers(f"{self.url}/healthz"):
            ended = self.process is None or self.process.poll() is not None
            if ended or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"manage.py start {'ended' if ended else 'does not answer'}:\n{self.output()}")
            time.sleep(0.05)


class NewServer(Protocol):
    """Makes a server that has imported `count` pictures as dataset `demo`, the captions given by picture number."""

    def __call__(
        self, count: int = ..., captions: Mapping[int, str] | None = ..., env: Mapping[str, str] | None = ...
    ) -> Server: ...


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def end_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port

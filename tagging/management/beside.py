"""A command of ours in a process of its own beside the server, which ends when the server ends, however that ends."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence

from django.conf import settings


class Beside:
    """Runs `manage.py …`. The server holds the other end of its standard input: when that closes, it stops."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self.command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "--beside", *arguments]
        self.stopped = False
        self._process: subprocess.Popen[bytes] | None = None
        self._changing = threading.Lock()

    def run(self) -> int:
        """Start it and wait for its end. Returns its exit code, 0 when it was stopped before."""
        with self._changing:
            if self.stopped:
                return 0
            self._process = subprocess.Popen(self.command, stdin=subprocess.PIPE)  # noqa: S603 - ourselves
        code = self._process.wait()
        self._hang_up()
        return code

    def stop(self) -> None:
        """Tell it to stop, as Ctrl+C would; a re-run goes on where it was."""
        with self._changing:
            self.stopped = True
        self._hang_up()

    def end(self, seconds: float) -> None:
        """Wait for it at most so long, then end it."""
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _hang_up(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()


def end_with_server() -> None:
    """Stop this process, as Ctrl+C would, when the server that started it ends."""
    # In a terminal Ctrl+C reaches both of us; the server passes it on, and once is enough.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    # The bare descriptor: a thread inside sys.stdin's own lock would abort the interpreter when it ends.
    while os.read(0, 1024):
        pass
    if sys.platform == "win32":
        import _thread  # noqa: PLC0415 - nothing else can interrupt a main thread there

        _thread.interrupt_main(signal.SIGTERM)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)

"""The time of one tag act, with and without HX-Request, over an empty authenticated view of the same server.

    python -m bench.save [--rounds 300] [--tags 10]

Starts a server on a data folder of its own and sends, in turn over one connection: the empty view, an act as a script
sends it (the answer is the part), and an act as a plain form (the answer is a redirect, which is not followed). Prints
p50 and p95 of each in milliseconds and the ratios to the empty view, round by round, so that a noisy machine shifts
all three alike.
"""

import argparse
import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WARM_UP = 20


def prepare(data: Path, tags: int) -> tuple[str, str, tuple[int, int]]:
    """A dataset with one image of `tags` tags: the keys of somebody's session and forms, and two tags not on it."""
    os.environ |= {"TAGGER_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "bench.settings"}
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from tests import factories

    call_command("migrate", verbosity=0)
    ada = factories.person("ada")
    dataset = factories.dataset("bench", owner=ada)
    factories.image(dataset, tags=[f"tag {number}" for number in range(tags)])
    words = factories.tag(dataset, "first").pk, factories.tag(dataset, "second").pk
    client = Client(headers={"Host": "localhost"})
    client.force_login(ada)
    client.get("/account/")
    return client.cookies["tagger_session"].value, client.cookies["tagger_csrf"].value, words


def serve(data: Path) -> tuple[subprocess.Popen[bytes], int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = os.environ | {"TAGGER_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "bench.settings"}
    command = [
        sys.executable,
        "-m",
        "daphne",
        "-b",
        "127.0.0.1",
        "-p",
        str(port),
        "-v",
        "0",
        "tagger_site.asgi:application",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return process, port
    raise SystemExit("the server did not start")


class Caller:
    """One browser: one connection, one session."""

    def __init__(self, port: int, session: str, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.headers = {"Cookie": f"tagger_session={session}; tagger_csrf={token}", "X-CSRFToken": token}

    def time(self, method: str, path: str, expected: int, body: str = "", *, script: bool = False) -> float:
        """Milliseconds from asking to the whole answer."""
        headers = dict(self.headers)
        if body or method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if script:
            headers["HX-Request"] = "true"
        begin = time.perf_counter()
        self.connection.request(method, path, body or None, headers)
        answer = self.connection.getresponse()
        answer.read()
        taken = 1000 * (time.perf_counter() - begin)
        if answer.status != expected:
            raise SystemExit(f"{method} {path}: {answer.status} instead of {expected}")
        return taken


def measure(caller: Caller, rounds: int, words: tuple[int, int]) -> dict[str, list[float]]:
    """Every round adds a tag to the image, or takes it off again, once as a script and once as a form."""
    times: dict[str, list[float]] = {"empty view": [], "act of a script": [], "act of a form": []}
    tags = "/datasets/bench/images/1/tags/"
    for turn in range(rounds + WARM_UP):
        path = tags + ("add/" if turn % 2 == 0 else "{}/remove/")
        taken = {
            "empty view": caller.time("GET", "/bench/empty/", 200),
            "act of a script": caller.time("POST", path.format(words[0]), 200, "names=first&position=3", script=True),
            "act of a form": caller.time("POST", path.format(words[1]), 302, "names=second&position=3"),
        }
        if turn >= WARM_UP:
            for name, value in taken.items():
                times[name].append(value)
    return times


def report(times: dict[str, list[float]]) -> None:
    empty = times["empty view"]
    print(f"{'':18}{'p50 ms':>9}{'p95 ms':>9}{'ratio p50':>11}")
    for name, values in times.items():
        ratio = statistics.median(value / floor for value, floor in zip(values, empty, strict=True))
        p95 = statistics.quantiles(values, n=20)[-1]
        print(f"{name:18}{statistics.median(values):9.2f}{p95:9.2f}{ratio:11.2f}")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rounds", type=int, default=300)
    ask.add_argument("--tags", type=int, default=10)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="tagger-bench-") as folder:
        session, token, words = prepare(Path(folder), given.tags)
        process, port = serve(Path(folder))
        try:
            report(measure(Caller(port, session, token), given.rounds, words))
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()

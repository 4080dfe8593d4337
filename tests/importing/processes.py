"""How much memory a command and all that it started take together."""

import subprocess
import time
from collections import defaultdict
from pathlib import Path

PAGE = 4096


def resident(pid: int) -> int:
    """Bytes that a process and its descendants hold now."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        children[parent].append(int(stat.parent.name))
    found = [pid]
    for each in found:
        found.extend(children[each])
    return sum(map(_resident, found))


def peak_of(running: "subprocess.Popen[str]", seconds: float) -> int:
    """The most that a command and its descendants held together until it ended; it is ended after so many seconds."""
    peak, deadline = 0, time.monotonic() + seconds
    while running.poll() is None and time.monotonic() < deadline:
        peak = max(peak, resident(running.pid))
        time.sleep(0.02)
    return peak


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0

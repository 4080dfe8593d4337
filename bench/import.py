# ruff: noqa: N999 - a script, named after what it measures
"""How fast `import_dir` is, as a share of what the disk and the decoders allow.

    python bench/import.py [--pictures 600] [--workers 2] [--runs 3] [--folder DIR]

Draws pictures of 1 to 4 megapixels (JPEG, PNG and WebP, as they come), then takes turns with two ways of reading them:

- the floor: processes that hash each file, decode it to its end (JPEG by `draft`, which reads the whole stream), and
  write a copy and a thumbnail of 320 px, each with fsync. No database, no order, no report.
- `import_dir`, as a command of its own, on a fresh data folder. Its database is made before the clock starts.

Prints both in images a second and their ratio, which is to be 0.8 at least. `--folder` says on which disk.
"""

import argparse
import hashlib
import io
import multiprocessing
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageFilter

GOAL = 0.8
ROOT = Path(__file__).resolve().parent.parent
JPEG: tuple[str, str, dict[str, int]] = ("jpg", "JPEG", {"quality": 90})
KINDS = (JPEG, JPEG, JPEG, ("png", "PNG", {"compress_level": 2}), ("webp", "WEBP", {"quality": 90, "method": 0}))
SIZES = ((1024, 1024), (1216, 832), (1600, 1200), (1920, 1080), (2048, 1536), (2304, 1728))
DRAWN = 30


def draw(task: tuple[int, int, Path]) -> None:
    """One picture: soft shapes under fine grain, so that it is neither empty nor noise alone.

    Drawing takes longer than reading, so each is written `copies` times, with other bytes behind its end.
    """
    number, copies, folder = task
    chance = random.Random(number)
    width, height = SIZES[number % len(SIZES)]
    shapes = Image.frombytes("RGB", (16, 12), chance.randbytes(16 * 12 * 3))
    grain = Image.effect_noise((width, height), 24).filter(ImageFilter.GaussianBlur(0.8)).convert("RGB")
    picture = Image.blend(shapes.resize((width, height), Image.Resampling.BICUBIC), grain, 0.25)
    extension, kind, how = KINDS[number % len(KINDS)]
    file = io.BytesIO()
    picture.save(file, kind, **how)
    for copy in range(copies):
        path = folder / f"picture {number} {copy}.{extension}"
        path.write_bytes(file.getvalue() + copy.to_bytes(4, "big"))


def take_in(task: tuple[Path, Path]) -> None:
    """The floor's work on one file."""
    path, folder = task
    data = path.read_bytes()
    name = hashlib.sha256(data).hexdigest()
    write(folder / f"{name}{path.suffix}", data)
    with Image.open(io.BytesIO(data)) as picture:
        picture.draft("RGB", (320, 320))
        picture.load()
        picture.thumbnail((320, 320), reducing_gap=2)
        small = io.BytesIO()
        picture.convert("RGB").save(small, "WEBP", quality=80, method=2)
    write(folder / f"{name}.thumb", small.getvalue())


def write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        os.fsync(file.fileno())


def floor(pictures: Path, folder: Path, workers: int) -> float:
    """Seconds that the floor takes."""
    folder.mkdir()
    tasks = [(path, folder) for path in sorted(pictures.iterdir())]
    started = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        for _ in pool.imap_unordered(take_in, tasks, chunksize=4):
            pass
    took = time.perf_counter() - started
    shutil.rmtree(folder)
    return took


def imported(pictures: Path, data: Path, workers: int) -> float:
    """Seconds that the command takes, from its start to its end."""
    manage = [sys.executable, str(ROOT / "manage.py")]
    environment = {**os.environ, "TAGGER_DATA_DIR": str(data)}
    data.mkdir(mode=0o700)  # `migrate` makes none
    subprocess.run([*manage, "migrate", "--verbosity=0"], env=environment, check=True)
    started = time.perf_counter()
    command = [*manage, "import_dir", str(pictures), "--quiet", f"--workers={workers}"]
    said = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    took = time.perf_counter() - started
    print(f"  {said.strip()}")
    shutil.rmtree(data)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=600)
    parser.add_argument("--workers", type=int, default=min(os.cpu_count() or 1, 4))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder, prefix="tagger-bench-") as name:
        folder = Path(name)
        pictures = folder / "pictures"
        pictures.mkdir()
        with multiprocessing.get_context("spawn").Pool() as pool:
            copies = -(-asked.pictures // DRAWN)
            pool.map(draw, [(number, copies, pictures) for number in range(DRAWN)], chunksize=1)
        count = len(list(pictures.iterdir()))
        floors, imports = [], []
        for _ in range(asked.runs):
            floors.append(count / floor(pictures, folder / "floor", asked.workers))
            imports.append(count / imported(pictures, folder / "data", asked.workers))
    best, ours = statistics.median(floors), statistics.median(imports)
    print(f"{count} pictures of 1 to 4 megapixels, {asked.workers} workers, median of {asked.runs}:")
    print(f"  floor       {best:6.1f} images a second")
    print(f"  import_dir  {ours:6.1f} images a second")
    print(f"  ratio       {ours / best:6.2f} (goal: {GOAL} or more)")


if __name__ == "__main__":
    main()

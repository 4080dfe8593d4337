"""Pictures go to the workers in order, come back in any, and are handed on in order again."""

from collections.abc import Callable, Iterator, Sequence

from tagging.services.importing.pool import Pool
from tagging.services.importing.reading import Answer, Task

#: So many answers may wait for an earlier one: their files lie in the data folder meanwhile.
AHEAD = 200
TICK = 0.25


def in_order(
    tasks: Sequence[Callable[[], Task]], pool: Pool, *, stopped: Callable[[], bool], tick: Callable[[], None]
) -> Iterator[tuple[int, Answer]]:
    """The answer to each task with its place, in the order of the tasks. Ends early when `stopped`.

    A task is made when it is given. `tick` is called whenever answers were waited for.
    """
    arrived: dict[int, Answer] = {}
    given = 0
    for place in range(len(tasks)):
        while True:
            if stopped():
                return
            while given < len(tasks) and given - place < AHEAD and pool.is_room:
                pool.give(tasks[given]())
                given += 1
            # Also when the next answer is there already: workers that are done shall get more to do.
            for answer in pool.take(0 if place in arrived else TICK):
                arrived[answer.place] = answer
            if place in arrived:
                break
            tick()
        yield place, arrived.pop(place)

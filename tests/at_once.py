"""Work done by several threads at once, to see whether anybody waits in a ring."""

import threading
from collections.abc import Callable, Sequence

from tests.harness import World


def at_once(works: Sequence[Callable[[int], object]], rounds: int) -> list[BaseException]:
    """Each work in a thread of its own, round after round; what went wrong."""
    errors: list[BaseException] = []

    def run(work: Callable[[int], object]) -> None:
        try:
            for number in range(rounds):
                work(number)
        except BaseException as error:  # noqa: BLE001 -- shown by the test
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def deadlocks(world: World) -> int:
    """How many this database has had."""
    world.one("SELECT pg_stat_force_next_flush() IS NULL")
    query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    return int(world.one(query))

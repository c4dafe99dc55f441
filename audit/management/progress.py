from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm


@contextmanager
def progress_bar(label: str, total: int | None, *, hidden: bool = False) -> Iterator[Callable[[int], object]]:
    """A progress bar on a terminal; nothing if output is redirected."""
    with tqdm(desc=label, total=total, disable=True if hidden else None) as bar:
        yield bar.update

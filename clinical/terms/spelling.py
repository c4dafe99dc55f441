"""Spelling mistakes: a letter too many, missing, wrong, or exchanged with its neighbour."""

SHORTEST = 3
LONG = 8


def mistakes_allowed(word: str) -> int:
    """None in codes and very short words, two from eight letters on, otherwise one."""
    if len(word) < SHORTEST or any(map(str.isdigit, word)):
        return 0
    return 2 if len(word) >= LONG else 1


def letters(word: str) -> int:
    """A bit for each letter, by which most words are excluded without comparing them."""
    mask = 0
    for character in word:
        mask |= 1 << ord(character) % 63
    return mask


def mistakes(typed: str, word: str, most: int) -> tuple[int, bool] | None:
    """The fewest mistakes that make `typed` from the word or its beginning, and whether that is a beginning.

    None if there are more than `most`. Counts insertions, deletions, substitutions and exchanges of
    neighbours (optimal string alignment), in a band of the table, as more of either are too many.
    """
    width = min(len(word), len(typed) + most)
    beyond = [most + 1] * (width + 2)
    above, before, row = beyond, beyond, [*range(most + 1), *beyond][: width + 1]
    for line, letter in enumerate(typed, 1):
        above, before, row = before, row, beyond[: width + 1]
        row[0] = min(line, most + 1)
        for column in range(max(1, line - most), min(width, line + most) + 1):
            other = word[column - 1]
            cost = min(before[column] + 1, row[column - 1] + 1, before[column - 1] + (letter != other))
            if line > 1 < column and letter == word[column - 2] and other == typed[line - 2]:
                cost = min(cost, above[column - 2] + 1)
            row[column] = cost
        if min(row) > most:
            return None
    if len(word) == width and row[width] <= most:
        return row[width], False
    return min(row), True

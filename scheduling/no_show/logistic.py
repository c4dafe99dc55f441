"""Logistic regression: the estimate, and the fit by Newton's method (reweighted least squares)."""

from collections.abc import Mapping, Sequence
from math import exp, log, sqrt

from scheduling.no_show.facts import FEATURES, Facts

INTERCEPT = "intercept"
NAMES = (INTERCEPT, *FEATURES)
# From the first 70 % of the days of 110,527 appointments in Vitória, Brazil, 2016: for hospitals without
# outcomes of their own.
BRAZIL_2016 = dict(zip(NAMES, (-1.484, 0.217, -1.635, -0.0108, -0.0043, -0.346, 3.08, 0.009), strict=True))

RIDGE = 1.0  # on standardised features: keeps the fit finite where few outcomes separate perfectly
MOST_STEPS = 50
CLOSE_ENOUGH = 1e-9
LEAST, MOST = 1e-6, 1 - 1e-6

Row = Sequence[float]


def probability(coefficients: Mapping[str, float], facts: Facts) -> float:
    """That the visit will be missed."""
    terms = zip(FEATURES, facts.features(), strict=True)
    return logistic(coefficients[INTERCEPT] + sum(coefficients[name] * value for name, value in terms))


def logistic(x: float) -> float:
    if x < 0:
        return exp(x) / (1 + exp(x))
    return 1 / (1 + exp(-x))


def logit(p: float) -> float:
    p = min(max(p, LEAST), MOST)
    return log(p / (1 - p))


def fit(facts: Sequence[Facts], missed: Sequence[bool], *, ridge: float = RIDGE) -> dict[str, float]:
    """The coefficients that explain the outcomes best."""
    rows = [one.features() for one in facts]
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    spreads = [_spread(column, mean) for column, mean in zip(zip(*rows, strict=True), means, strict=True)]
    scale = list(zip(means, spreads, strict=True))
    standard = [
        (1.0, *((value - mean) / spread for value, (mean, spread) in zip(row, scale, strict=True)))
        for row in rows
    ]
    intercept, *slopes = maximise(standard, missed, penalties=[0.0, *[ridge] * len(means)])
    slopes = [slope / spread for slope, spread in zip(slopes, spreads, strict=True)]
    intercept -= sum(slope * mean for slope, mean in zip(slopes, means, strict=True))
    return dict(zip(NAMES, (intercept, *slopes), strict=True))


def maximise(
    rows: Sequence[Row], outcomes: Sequence[bool], *, penalties: Row, offsets: Row | None = None
) -> list[float]:
    """The weights with the highest likelihood, less half the penalty times their square.

    Offsets are added to each row's sum as they are.
    """
    weights = [0.0] * len(penalties)
    for _step in range(MOST_STEPS):
        gradient = [-penalty * weight for penalty, weight in zip(penalties, weights, strict=True)]
        curvature = [[0.0] * len(weights) for _ in weights]
        for number, (row, outcome) in enumerate(zip(rows, outcomes, strict=True)):
            total = sum(map(float.__mul__, weights, row)) + (offsets[number] if offsets else 0.0)
            expected = logistic(total)
            error, spread = outcome - expected, max(expected * (1 - expected), LEAST)
            for i, value in enumerate(row):
                gradient[i] += error * value
                weighed, line = spread * value, curvature[i]
                for j in range(i + 1):
                    line[j] += weighed * row[j]
        step = solve(_symmetric(curvature, penalties), gradient)
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < CLOSE_ENOUGH:
            break
    return weights


def solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a symmetric positive definite system, by Cholesky's decomposition."""
    size = len(right)
    lower = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i][j] - sum(lower[i][k] * lower[j][k] for k in range(j))
            lower[i][j] = sqrt(rest) if i == j else rest / lower[j][j]
    forward: list[float] = []
    for i in range(size):
        forward.append((right[i] - sum(lower[i][k] * forward[k] for k in range(i))) / lower[i][i])
    back = [0.0] * size
    for i in reversed(range(size)):
        rest = forward[i] - sum(lower[k][i] * back[k] for k in range(i + 1, size))
        back[i] = rest / lower[i][i]
    return back


def _symmetric(lower: list[list[float]], penalties: Row) -> list[list[float]]:
    size = len(lower)
    whole = [[lower[max(i, j)][min(i, j)] for j in range(size)] for i in range(size)]
    for i, penalty in enumerate(penalties):
        whole[i][i] += penalty
    return whole


def _spread(column: Row, mean: float) -> float:
    """The standard deviation; 1 for a feature that never varies, whose weight the ridge keeps at 0."""
    return sqrt(sum((value - mean) ** 2 for value in column) / len(column)) or 1.0

"""What the measures found."""

import statistics


class Figures:
    """Values by figure, server and round; and the runs that failed."""

    def __init__(self):
        self.values = {}
        self.failures = []

    def add(self, number, server, figures):
        """What was found of a server in the round with this number."""
        for name, value in figures.items():
            self.values.setdefault(name, {}).setdefault(server, {})[number] = value

    def of(self, figure, server):
        """The values of all rounds; an empty list where there are none."""
        return list(self.values.get(figure, {}).get(server, {}).values())

    def ratios(self, figure, server, other):
        """The ratio in each round: what disturbed one round disturbed both."""
        mine, theirs = (self.values.get(figure, {}).get(each, {}) for each in (server, other))
        return [mine[number] / theirs[number] for number in mine if theirs.get(number)]


def median(values):
    return statistics.median(values) if values else None


def short(value):
    """Three significant digits."""
    if value is None:
        return "–"
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    if size >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if size >= 0.1 else f"{value:.3g}"


def with_spread(values):
    """The median, and the smallest and the largest of all."""
    if not values:
        return "–"
    if len(values) == 1:
        return short(values[0])
    return f"{short(median(values))} ({short(min(values))} to {short(max(values))})"

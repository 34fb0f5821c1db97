"""The chart: one small bar chart for each bar of the table, as SVG."""

from html import escape

from .bars import BARS
from .figures import median, short

WIDTH, COLUMNS, GAP = 940, 2, 24
PANEL_WIDTH = (WIDTH - GAP * (COLUMNS + 1)) // COLUMNS
LABEL, VALUE, ROW, HEAD = 118, 66, 22, 26
COLORS = {"carillon": "#2166ac", "node": "#b2653a", "floor": "#8a8a8a"}
STYLE = """
  text { font: 12px sans-serif; fill: #222 } .head { font-weight: bold } .spread { stroke: #222; stroke-width: 1 }
  rect.ground { fill: #fff }
"""


def color(name, subjects):
    kind = name.removesuffix(" postgres")
    if kind in COLORS:
        return COLORS[kind]
    shades = ["#2166ac", "#67a9cf", "#1b9e77", "#7570b3"]
    return shades[subjects.index(kind) % len(shades)]


def panel(bar, series, subjects, x, y):
    """One chart; `series` is a list of (name, values)."""
    largest = max(max(values) for _, values in series) or 1
    room = PANEL_WIDTH - LABEL - VALUE
    parts = [f'<text class="head" x="{x}" y="{y + 14}">{escape(bar.what)}, {escape(bar.unit)}</text>']
    for i, (name, values) in enumerate(series):
        top = y + HEAD + i * ROW
        middle = median(values)
        start = x + LABEL
        parts.append(f'<text x="{start - 8}" y="{top + 13}" text-anchor="end">{escape(name)}</text>')
        parts.append(f'<rect x="{start}" y="{top + 2}" width="{max(room * middle / largest, 1):.1f}" height="14" '
                     f'fill="{color(name, subjects)}"/>')
        low, high = (start + room * each / largest for each in (min(values), max(values)))
        if len(values) > 1:
            parts.append(f'<path class="spread" d="M{low:.1f} {top + 9}H{high:.1f}M{low:.1f} {top + 5}v8'
                         f'M{high:.1f} {top + 5}v8"/>')
        parts.append(f'<text x="{max(high, start) + 6:.1f}" y="{top + 13}">{short(middle)}</text>')
    return "\n".join(parts)


def draw(figures, subjects):
    """The SVG's text; whiskers span the rounds."""
    charts = []
    for bar in BARS:
        suffix = " postgres" if bar.stored else ""
        names = [each + suffix for each in [*subjects, "node", "floor"]]
        series = [(name, figures.of(bar.figure, name)) for name in names if figures.of(bar.figure, name)]
        if series:
            charts.append((bar, series))
    parts, y = [], GAP
    for first in range(0, len(charts), COLUMNS):
        line = charts[first:first + COLUMNS]
        for column, (bar, series) in enumerate(line):
            parts.append(panel(bar, series, subjects, GAP + column * (PANEL_WIDTH + GAP), y))
        y += HEAD + ROW * max(len(series) for _, series in line) + GAP
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}">\n'
            f"<style>{STYLE}</style>\n<rect class=\"ground\" width=\"{WIDTH}\" height=\"{y}\"/>\n"
            + "\n".join(parts) + "\n</svg>\n")

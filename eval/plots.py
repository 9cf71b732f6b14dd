"""The report's plots as SVG: risk and coverage, calibration, categories, latency."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any

from eval.metrics import percentile, reliability_bins, risk_coverage
from eval.scoring import CaseScore

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Scores = Mapping[str, Sequence[CaseScore]]
"""Run → scores; there is a run, and each has a score."""

_COLOURS = ("#1f6f5c", "#b4552d", "#3d5a98", "#8a6d1d", "#7a4a86")
_INK, _FAINT = "#2b2a27", "#dcd8cf"
_LINE, _ROW = 0.2, 0.28  # inches that one line of the legend and one category take

_STYLE: Any = {
    "svg.fonttype": "none",  # text stays text
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "axes.edgecolor": "#9b968a",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": _FAINT,
    "grid.linewidth": 0.6,
}


def risk_coverage_plot(runs: Scores) -> str:
    """Plot, for every threshold, the share of questions answered against the share of these that have no answer."""

    def draw(axes: Axes) -> None:
        for colour, label, scores in _series(runs):
            points = risk_coverage([item.confidence for item in scores], [item.case.answerable for item in scores])
            # Each risk holds back to the coverage before it: the area below is the figure "risk-coverage area".
            coverages, risks = [0.0, *(one.coverage for one in points)], [points[0].risk, *(one.risk for one in points)]
            axes.step(coverages, risks, where="pre", color=colour, label=label)
        axes.set(xlabel="coverage: share of questions answered", ylabel="risk: share without an answer", xlim=(0, 1))
        axes.set_ylim(bottom=0)

    return _svg(draw, "Risk and coverage of the confidence", legend=len(runs) if len(runs) > 1 else 0)


def calibration_plot(runs: Scores) -> str:
    """Plot the confidence against the share of questions that have an answer, in ten bins of equal width."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color="#a9a498", linestyle="--", linewidth=1, zorder=0)
        for colour, label, scores in _series(runs):
            bins = reliability_bins([item.confidence for item in scores], [item.case.answerable for item in scores])
            x, y = [one.confidence for one in bins], [one.positives for one in bins]
            axes.plot(x, y, color=colour, linewidth=1, marker="o", markersize=4, label=label)
            axes.scatter(x, y, s=[16 + 900 * one.size / len(scores) for one in bins], color=colour, linewidths=0)
        axes.set(xlabel="confidence", ylabel="share with an answer", xlim=(-0.05, 1.05), ylim=(-0.05, 1.05))

    return _svg(draw, "Calibration (size of a point: share of the questions)", legend=len(runs) if len(runs) > 1 else 0)


def category_plot(runs: Scores) -> str:
    """Plot, for each category, the mean quality of the answers (see `CaseScore.quality`)."""
    found: dict[str, set[str]] = {}
    for scores in runs.values():
        for item in scores:
            found.setdefault(_category(item), set()).add(item.case.id)
    categories = sorted(found, reverse=True)  # the first is on top

    def draw(axes: Axes) -> None:
        height = 0.8 / len(runs)
        for number, (colour, label, scores) in enumerate(_series(runs)):
            qualities: dict[str, list[float]] = {}
            for item in scores:
                qualities.setdefault(_category(item), []).append(item.quality)
            means = [sum(qualities[one]) / len(qualities[one]) for one in categories if one in qualities]
            shift = height * ((len(runs) - 1) / 2 - number)
            places = [place + shift for place, one in enumerate(categories) if one in qualities]
            bars = axes.barh(places, means, height, color=colour, label=label)
            axes.bar_label(bars, fmt="%.2f", padding=3, fontsize=max(5, min(8, 19 * height)))
        axes.set_yticks(range(len(categories)), [f"{_short(one)} ({len(found[one])})" for one in categories])
        axes.grid(visible=False, axis="y")
        axes.set(xlabel="mean quality of the answer, 0 to 1", xlim=(0, 1.1), ylim=(-0.6, len(categories) - 0.4))
        axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])

    height = 1.0 + len(categories) * max(_ROW, 0.14 * len(runs))
    return _svg(draw, "By category (number of questions)", legend=len(runs) if len(runs) > 1 else 0, height=height)


def latency_plot(runs: Scores) -> str:
    """Plot the share of questions that were done within a time."""

    def draw(axes: Axes) -> None:
        for colour, label, scores in _series(runs):
            times = sorted(1000 * item.seconds for item in scores)
            shares = [place / len(times) for place in range(len(times) + 1)]
            median = percentile(times, 50) or 0.0
            axes.step([0.0, *times], shares, where="post", color=colour, label=f"{label}: median {median:.0f} ms")
        axes.set(xlabel="milliseconds from question to answer", ylabel="share of questions", ylim=(0, 1.02))
        axes.set_xlim(left=0)

    return _svg(draw, "Latency", legend=len(runs))


def _series(runs: Scores) -> list[tuple[str, str, Sequence[CaseScore]]]:
    """Return colour, label and scores of each run. The label's space is not seen; matplotlib hides labels that begin with _."""
    return [(_COLOURS[place % len(_COLOURS)], f" {_short(name)}", scores) for place, (name, scores) in enumerate(runs.items())]


def _category(item: CaseScore) -> str:
    return item.case.category or "-"


def _short(name: str) -> str:
    """Return a name as one line that leaves room for the plot."""
    name = " ".join(name.split())
    return name if len(name) <= 32 else f"{name[:31]}…"


def _svg(draw: Callable[[Axes], None], title: str, legend: int, height: float = 3.4) -> str:
    """Draw one plot. The figure is made without pyplot, which would keep it and want a display.

    :param legend: Lines of the legend, which has its own place below the plot; 0 for none.
    """
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({**_STYLE, "svg.hashsalt": title}), warnings.catch_warnings():
        # The browser has the letters that matplotlib's own font lacks; only their width is guessed.
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from")
        figure = Figure(figsize=(5.2, height + _LINE * legend), layout="constrained")
        axes = figure.add_subplot()
        draw(axes)
        axes.set_title(title, fontsize=11, loc="left")
        if legend:
            figure.legend(
                loc="outside lower left", frameon=False, fontsize=9, labelspacing=0.3, borderpad=0.2, borderaxespad=0.2
            )
        stream = StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(stream, format="svg", transparent=True, metadata=nothing)
    return _inside_html(stream.getvalue(), title)


def _inside_html(svg: str, title: str) -> str:
    """Return an SVG file as an element of a page: without XML's head, without ids that several plots have, in its font."""
    head, _, body = svg[svg.index("<svg") :].strip().partition(">")
    head = re.sub(r' xmlns(:xlink)?="[^"]*"', "", head).replace("<svg", f'<svg role="img" aria-label="{title}"')
    body = re.sub(r'<g id="[A-Za-z0-9.]+_\d+"', "<g", body).replace("<use xlink:href=", "<use href=")
    body = re.sub(r"(<text style=\"font[^\"]*?)(?:'[^']*', )+sans-serif", r"\1system-ui, sans-serif", body)
    return f"{head}>{body}"

"""The report's plots: what is in the SVG, and sets that there is little to draw of."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from xml.etree import ElementTree

import pytest
from matplotlib.axes import Axes

from eval.cases import Case
from eval.metrics import aurc
from eval.plots import calibration_plot, category_plot, latency_plot, risk_coverage_plot
from eval.scoring import CaseScore

Plot = Callable[[dict[str, Sequence[CaseScore]]], str]
PLOTS = (risk_coverage_plot, calibration_plot, category_plot, latency_plot)
GREEN, ORANGE = "#1f6f5c", "#b4552d"


def item(
    name: str, answerable: bool, confidence: float, quality: float = 0.5, category: str = "", seconds: float = 0.2
) -> CaseScore:
    """Answered if it is answerable, and rightly declined if it is not."""
    case = Case(name, "How many?", answerable=answerable, category=category)
    return CaseScore(case, answerable, confidence, {"citation F1": quality}, seconds)


MIXED = (
    item("1", True, 0.9, 1.0, "list", 0.1),
    item("2", False, 0.7, 0.0, "near-miss", 0.2),
    item("3", True, 0.6, 0.5, "list", 0.3),
    item("4", True, 0.1, 0.25, "", 0.8),
)
OTHER = (item("1", True, 0.4, 0.2, "list", 0.4), item("9", False, 0.2, 1.0, "small-talk", 0.5))


def texts(svg: str) -> list[str]:
    return [" ".join("".join(one.itertext()).split()) for one in ElementTree.fromstring(svg).iter("text")]


@pytest.mark.parametrize("plot", PLOTS)
def test_a_plot_is_one_svg_with_its_title_and_a_line_or_bars_in_the_run_s_colour(plot: Plot) -> None:
    svg = plot({"first": MIXED})
    root = ElementTree.fromstring(svg)
    assert (root.tag, root.get("role"), svg.count("<svg")) == ("svg", "img", 1)
    assert root.get("aria-label") in texts(svg)
    assert GREEN in svg and ORANGE not in svg


@pytest.mark.parametrize("plot", PLOTS)
def test_two_runs_are_two_colours_with_their_names(plot: Plot) -> None:
    svg = plot({"first": MIXED, "second": OTHER})
    assert GREEN in svg and ORANGE in svg
    for name in ("first", "second"):
        assert len([text for text in texts(svg) if text.startswith(name)]) == 1


@pytest.mark.parametrize("plot", PLOTS)
def test_the_same_scores_give_the_same_bytes(plot: Plot) -> None:
    runs = {"first": MIXED, "second": OTHER}
    assert plot(runs) == plot(runs)
    assert plot(runs) != plot({"first": MIXED})


@pytest.mark.parametrize("plot", PLOTS)
@pytest.mark.parametrize(
    "scores",
    [
        [item("1", True, 0.5)],
        [item("1", False, 0.0, seconds=0.0)],
        [item("1", True, 0.3), item("2", True, 0.3)],
        [item("1", False, 1.0), item("2", False, 0.0)],
    ],
    ids=["one answerable", "one unanswerable at once", "answerable ones", "unanswerable ones"],
)
def test_a_set_of_one_kind_without_categories_is_drawn(plot: Plot, scores: list[CaseScore]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = plot({"first": scores})
    assert ElementTree.fromstring(svg).tag == "svg"
    assert GREEN in svg


@pytest.mark.parametrize("plot", PLOTS)
def test_names_are_text_whatever_they_look_like(plot: Plot) -> None:
    names = ("<script>ran()</script>", '$x_y$ & "z"', "_hidden", "漢字")
    scores = [item("1", True, 0.9, category="$a_b$ <u>"), item("2", False, 0.2, category="漢字")]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        svg = plot(dict.fromkeys(names, scores))
    assert {"script", "u"}.isdisjoint(one.tag for one in ElementTree.fromstring(svg).iter())
    for name in names:
        assert any(text.startswith(name) for text in texts(svg)), name
    assert plot is not category_plot or {"$a_b$ <u> (1)", "漢字 (1)"} <= set(texts(svg))


def test_a_long_name_is_cut_so_that_the_plot_has_room() -> None:
    svg = category_plot({"run " * 30: [item("1", True, 0.5, category="category " * 20)], "other": MIXED})
    assert max(map(len, texts(svg))) <= 40
    assert any(text.endswith("… (1)") for text in texts(svg))


def test_plots_on_one_page_share_no_id_and_ask_for_nothing() -> None:
    plots = [plot({"first": MIXED, "second": OTHER}) for plot in PLOTS]
    ids = [one.get("id") for svg in plots for one in ElementTree.fromstring(svg).iter() if one.get("id")]
    assert ids and len(ids) == len(set(ids))
    assert "//" not in "".join(plots)
    references = [one.get("href") for svg in plots for one in ElementTree.fromstring(svg).iter() if one.get("href")]
    assert references and {reference.removeprefix("#") for reference in references} <= set(ids)


def test_plots_are_written_in_the_page_s_font() -> None:
    for plot in PLOTS:
        styles = [one.get("style", "") for one in ElementTree.fromstring(plot({"first": MIXED})).iter("text")]
        assert styles and all("system-ui, sans-serif" in style for style in styles)
        assert "DejaVu" not in "".join(styles)


def test_the_area_below_the_risk_is_the_figure_of_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    step = Axes.step
    monkeypatch.setattr(Axes, "step", lambda self, x, y, **how: drawn.append((x, y, how["where"])) or step(self, x, y, **how))
    risk_coverage_plot({"first": MIXED})
    ((x, y, where),) = drawn
    assert where == "pre"  # a value holds from the coverage before it
    area = sum((x[place] - x[place - 1]) * y[place] for place in range(1, len(x)))
    # one of one, one of two, one of three, one of four
    assert area == pytest.approx(aurc([one.confidence for one in MIXED], [one.case.answerable for one in MIXED]))
    assert area == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 4) / 4)


def test_categories_say_how_many_and_how_good() -> None:
    one = texts(category_plot({"first": MIXED}))
    assert {"- (1)", "list (2)", "near-miss (1)"} <= set(one)
    assert {"0.25", "0.75", "1.00"} <= set(one)  # the second is (1 + 0.5) / 2, the third rightly declined
    both = texts(category_plot({"first": MIXED, "second": OTHER}))
    assert {"list (2)", "small-talk (1)"} <= set(both)  # the case in both counts once
    assert (both.count("0.20"), both.count("0.75")) == (1, 1) and both.count("0.00") == one.count("0.00")  # no bar for none


def test_latency_names_the_median() -> None:
    one = texts(latency_plot({"first": MIXED}))
    assert "first: median 250 ms" in one  # between 200 and 300
    assert "second: median 450 ms" in texts(latency_plot({"first": MIXED, "second": OTHER}))

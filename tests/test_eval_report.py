"""The report: what the command writes of small runs made by hand, and what a person sees of it in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import eval.report
from corpus.errors import CaseError, SettingsError
from eval.__main__ import main
from eval.cases import Case
from eval.runs import make_run, write_beside
from eval.summary import summarise

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
ABOUT = {
    "date": "2026-11-24T12:28:18+00:00",
    "commit": "53d796b22b9a23fed08cd483837c74145b4a2299",
    "changed": False,
    "engine": "extractive",
    "reader": "footnote",
    "embedder": "all-MiniLM-L6-v2",
    "machine": {"cores": 2, "processor": "AMD EPYC"},
}

QUEEN, COMB, DRONES = "A hive has one queen.", "Workers build the comb.", "**Drones** do \"no\" work & 'rest'."
SCRIPT = "<script>window.ran = 'the document'</script>"
BEES = (
    f"# Bees & <u>hives</u>\n\n{QUEEN} {COMB}\n\n{SCRIPT} {DRONES}\n\n{'Bees fly far. ' * 40}{'z' * 200}\n\nBears eat honey.\n"
)
NAME = "bees<img src=x onerror=\"window.ran='the name'\">&amp;.md"
"""A document of a hostile name; its text is Markdown, with HTML in it."""
BAD_QUESTION = "</summary><script>window.ran = 'the question'</script> *Do* \"drones\" & 'workers' <u>work</u>?"
BAD_ANSWER = f"{SCRIPT} {DRONES}"
BAD_ERROR = "The question is too long: <script>window.ran = 'the error'</script> & more."
BAD_HISTORY = ({"role": "user", "content": "<img src=x onerror=\"window.ran='the history'\"> Hello & welcome"},)

CASES = (
    Case(
        "good", "How many queens?", evidence=(QUEEN,), expected=(("one", "1"),), category="number", split="dev", source="bees"
    ),
    Case(
        "partly",
        "Who builds?",
        evidence=(COMB,),
        expected=(("workers",), ("wax",)),
        category="list",
        split="dev",
        source="bees",
    ),
    Case("wrong", "Who eats honey?", evidence=("Bears eat honey.",), category="list", split="test", source="bees"),
    Case("invented", "What do wasps eat?", answerable=False, category="near-miss", split="test", source="bees"),
    Case("shy", "What do workers do?", evidence=(COMB,), category="list", split="test", source="bees"),
    Case("modest", "What is the capital?", answerable=False, category="near-miss", split="dev", source="bees"),
    Case("broken", "why" * 60, evidence=(QUEEN,), category="number", split="dev", source="bees"),
    Case(
        id="bad<u>",
        question=BAD_QUESTION,
        history=BAD_HISTORY,
        documents=(NAME,),
        evidence=(BAD_ANSWER,),
        expected=(('"no" work', "<u>idle</u>"),),
        category='"><u>odd</u>',
        split="dev",
        source="hostile & bees",
    ),
)
BY_ID = {case.id: case for case in CASES}
WHOLE = {"document": NAME, "start": 0, "end": len(BEES) - 20}


def cite(*quotes: str) -> list[dict[str, Any]]:
    """One statement a quote, each the only citation of itself."""
    return [
        {"text": quote, "citations": [{"number": number, **place(quote), "quote": quote}], "emphasis": None}
        for number, quote in enumerate(quotes, 1)
    ]


def place(quote: str) -> dict[str, Any]:
    return {"document": NAME, "start": BEES.index(quote), "end": BEES.index(quote) + len(quote)}


def answered(key: str, *quotes: str, confidence: float = 0.8) -> dict[str, Any]:
    """The JSON of an answer; without quotes, of a question that was declined."""
    return {
        "id": key,
        "searched_for": "drones" if BY_ID[key].history else BY_ID[key].question,
        "outcome": "answered" if quotes else "not_found",
        "answer": " ".join(quotes),
        "confidence": confidence,
        "statements": cite(*quotes),
        "retrieved": [WHOLE],
        "seconds": 0.25,
    }


ROWS = (
    answered("good", QUEEN, confidence=0.9),
    answered("partly", QUEEN, COMB),
    answered("wrong", QUEEN, confidence=0.7),
    answered("invented", QUEEN, confidence=0.6),
    answered("shy", confidence=0.3),
    answered("modest", confidence=0.1),
    {"id": "broken", "outcome": "failed", "error": BAD_ERROR},
    answered("bad<u>", BAD_ANSWER, confidence=0.95),
)
VERDICTS = {
    "broken": "failed",
    "wrong": "wrong",
    "invented": "wrong",
    "shy": "declined",
    "partly": "partly",
    "good": "good",
    "modest": "good",
    "bad<u>": "good",
}
"""Case → verdict, in the order of the page."""


def write_run(
    path: Path, rows: Sequence[Mapping[str, Any]] = ROWS, cases: Mapping[str, Case] = BY_ID, text: str = BEES
) -> Path:
    """Write what `python -m eval --output` writes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    write_beside(make_run(path.stem, ABOUT, [cases[row["id"]] for row in rows], rows, {NAME: text}), path)
    return path


def report(*runs: Path) -> str:
    """Return the page that the command writes."""
    assert main(["report", *map(str, runs), "-o", "page.html"]) == 0
    return Path("page.html").read_text(encoding="utf-8")


class Elements(HTMLParser):
    """Reads HTML as a browser does: every element with its attributes and the text below it, and everything else.

    `elements` holds pairs of attributes (and `tag`) and text, in the order in which the elements begin.
    """

    VOID = ("meta", "input", "link", "img", "br")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[dict[str, str], list[str]]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(({"tag": tag, **{key: value or "" for key, value in attrs}}, []))
        if tag not in self.VOID:
            self._open.append((tag, self.elements[-1][1]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(({"tag": tag, **{key: value or "" for key, value in attrs}}, []))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, texts in self._open:
            texts.append(data)

    def texts(self, **wanted: str) -> list[str]:
        """Return the texts of the elements with these attributes; `kind` stands for `class`."""
        wanted = {{"kind": "class"}.get(key, key): value for key, value in wanted.items()}
        return ["".join(texts) for found, texts in self.elements if wanted.items() <= found.items()]

    def cases(self) -> dict[str, str]:
        """Return the verdicts by the case's id, in the order of the page."""
        ids = [text.split(" · ")[0] for text in self.texts(kind="id")]
        return dict(zip(ids, [found["data-verdict"] for found, _ in self.elements if found["tag"] == "details"], strict=True))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the bootstrap out, which takes most of the time."""
    monkeypatch.setattr(eval.report, "with_intervals", lambda scores: (summarise(scores), {}))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A page of one run and one of two, the second of which declines one case and answers another."""
    folder = tmp_path_factory.mktemp("report")
    first = write_run(folder / "run.jsonl")
    rows = [answered(row["id"]) if row["id"] == "good" else row for row in ROWS]
    second = write_run(folder / "changed" / "run.jsonl", [answered("shy", COMB) if row["id"] == "shy" else row for row in rows])
    pages = {"one": folder / "one.html", "two": folder / "two.html"}
    assert main(["report", str(first), "-o", str(pages["one"])]) == 0
    assert main(["report", str(first), str(second), "-o", str(pages["two"])]) == 0
    return pages


@pytest.fixture
def page(files: dict[str, Path]) -> Elements:
    return Elements(files["one"].read_text(encoding="utf-8"))


# The file


@pytest.mark.usefixtures("quick")
def test_the_command_writes_the_page_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = write_run(tmp_path / "run.jsonl")
    assert main(["report", str(run)]) == 0
    assert capsys.readouterr().out == "report.html\n"
    assert Path("report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert main(["report", str(tmp_path / "run.run.json"), "-o", "other.html"]) == 0  # the file beside it names the run too
    assert Path("other.html").read_bytes() == Path("report.html").read_bytes()


def test_the_page_needs_nothing_besides_itself(files: dict[str, Path]) -> None:
    for path in files.values():
        found = [attributes for attributes, _ in Elements(path.read_text(encoding="utf-8")).elements]
        assert {"link", "img", "iframe", "object", "embed", "base", "image", "source"}.isdisjoint(one["tag"] for one in found)
        for one in found:
            asked = {key: one[key] for key in ("src", "href", "xlink:href", "srcset", "action", "data", "poster") if key in one}
            assert all(value.startswith("#") for value in asked.values()), one
            assert not [key for key in one if key.startswith("on") or key == "http-equiv"], one
        text = path.read_text(encoding="utf-8")
        assert "//" not in text and "@import" not in text and "@font-face" not in text
        assert set(re.findall(r"url\((.)", text)) <= {"#"}


def test_what_runs_hold_is_text_and_no_markup(page: Elements) -> None:
    tags = [attributes["tag"] for attributes, _ in page.elements]
    assert (tags.count("script"), tags.count("u"), tags.count("img")) == (1, 0, 0)
    assert BAD_QUESTION in page.texts(kind="question")
    assert f"{BAD_ANSWER}1 " in page.texts(kind="answer")
    assert f"user: {BAD_HISTORY[0]['content']}" in page.texts(kind="turn")
    assert f"Failed: {BAD_ERROR}" in page.texts(tag="p")
    assert '"no" work / <u>idle</u>' in page.texts(tag="li")
    assert 'bad<u> · "><u>odd</u>' in page.texts(kind="id")
    assert set(page.texts(tag="cite")) == {NAME}
    assert BAD_ANSWER in page.texts(kind="hit")


def test_every_case_has_its_verdict_and_the_worst_come_first(page: Elements) -> None:
    assert list(page.cases().items()) == list(VERDICTS.items())
    options = page.texts(tag="option")
    counted = ["failed (1)", "wrongly answered (2)", "wrongly declined (1)", "partly right (1)", "good (3)"]
    assert [option for option in options if "(" in option] == counted


def test_a_case_shows_what_was_expected_and_what_was_given(page: Elements) -> None:
    bodies = dict(zip(page.cases(), page.texts(kind="body"), strict=True))
    assert "The documents do not say." in bodies["invented"] and "with confidence 0.60" in bodies["invented"]
    assert "Declined." in bodies["shy"] and COMB in bodies["shy"]
    assert "Searched for: drones" in bodies["bad<u>"] and "Searched for" not in bodies["good"]
    assert "citation recall 1.000" in bodies["partly"] and "key facts 0.500" in bodies["partly"]
    assert "recall" not in bodies["broken"] and "confidence" not in bodies["broken"]


def test_one_run_has_a_column_for_each_set_and_one_for_all(page: Elements) -> None:
    heads = page.texts(tag="th", scope="col")
    assert heads[1:] == ["bees, dev", "bees, test", "hostile & bees", "all"]
    rows = [text.split("\n")[0] for text in page.texts(tag="tr")]
    assert "cases3317" in rows  # of eight, one failed
    assert any(re.fullmatch(r"answered(\d\.\d{3} \d\.\d\d–\d\.\d\d){4}", row) for row in rows)


def test_two_runs_of_the_same_name_are_numbered_and_stand_beside_each_other(files: dict[str, Path]) -> None:
    both = Elements(files["two"].read_text(encoding="utf-8"))
    assert both.texts(tag="th", scope="col")[1:] == ["run 1", "run 2"]
    assert both.texts(tag="title") == ["Footnote: run 1, run 2"]
    assert both.cases() == VERDICTS | {"good": "declined", "shy": "good"}  # those of the last run
    heads = [head for head in both.texts(tag="h3") if head.startswith("Given")]
    assert len(heads) == 2 * len(CASES)
    assert (
        "Given by run 1 good with confidence 0.90" in heads and "Given by run 2 wrongly declined with confidence 0.80" in heads
    )


@pytest.mark.usefixtures("quick")
def test_runs_need_not_have_the_same_cases(tmp_path: Path) -> None:
    found = Elements(report(write_run(tmp_path / "a.jsonl", ROWS[:2]), write_run(tmp_path / "b.jsonl", ROWS[1:3])))
    assert found.cases() == {"wrong": "wrong", "partly": "partly", "good": "good"}
    assert [head[:10] for head in found.texts(tag="h3") if "Given" in head] == [
        "Given by b",
        "Given by a",
        "Given by b",
        "Given by a",
    ]


@pytest.mark.usefixtures("quick")
def test_runs_that_ask_something_else_by_the_same_id_are_refused(tmp_path: Path) -> None:
    other = {"good": Case("good", "How many wings?", evidence=(QUEEN,))}
    runs = write_run(tmp_path / "a.jsonl", ROWS[:1]), write_run(tmp_path / "b.jsonl", ROWS[:1], other)
    with pytest.raises(CaseError, match="The case good asks something else in b"):
        report(*runs)
    assert not Path("page.html").exists()


@pytest.mark.usefixtures("quick")
def test_a_run_in_which_everything_failed_has_no_plots(tmp_path: Path) -> None:
    failed = write_run(tmp_path / "run.jsonl", ROWS[6:7])
    found = Elements(report(failed))
    assert found.texts(tag="svg") == [] and "Plots" not in found.texts(tag="h2")
    assert found.cases() == {"broken": "failed"}
    both = Elements(report(failed, write_run(tmp_path / "other.jsonl")))
    assert len(both.texts(tag="svg")) == 4
    assert both.texts(tag="th", scope="col")[1:] == ["run", "other"]


@pytest.mark.usefixtures("quick")
def test_a_page_that_cannot_be_written_is_a_wrong_setting(tmp_path: Path) -> None:
    run = write_run(tmp_path / "run.jsonl")
    for output in (tmp_path, tmp_path / "nowhere" / "page.html"):
        with pytest.raises(SettingsError, match=r"cannot be written to .*\. Check -o\.") as caught:
            main(["report", str(run), "-o", str(output)])
        assert str(output) in str(caught.value)


@pytest.mark.usefixtures("quick")
def test_half_a_character_does_not_stop_the_page(tmp_path: Path) -> None:
    path = write_run(tmp_path / "run.jsonl", [ROWS[0] | {"searched_for": "How many \ud83d queens?"}])
    beside = path.with_suffix(".run.json")
    whole = beside.read_text(encoding="utf-8").replace("How many queens?", "How many \\ud83d queens?")
    beside.write_text(whole, encoding="utf-8")
    assert Elements(report(path)).texts(kind="question") == ["How many ? queens?"]
    assert Path("page.html").stat().st_size > 10_000


# In the browser

Opener = Callable[..., Any]


@pytest.fixture
def open_report(browser: Any, files: dict[str, Path]) -> Iterator[Opener]:
    """Open a page in a browser context of its own; it asks for nothing but itself, and nothing in it fails."""
    contexts, errors, requests = [], [], set()

    def open_one(name: str = "one", viewport: dict[str, int] = DESK) -> Any:
        context = browser.new_context(viewport=viewport)
        contexts.append(context)
        opened = context.new_page()
        opened.on("request", lambda request: requests.add(request.url))
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
        opened.goto(files[name].as_uri())
        return opened

    yield open_one
    for context in contexts:
        assert [page.evaluate("window.ran") for page in context.pages] == [None], "text of the run was run"
        context.close()
    assert errors == []
    assert requests <= {path.as_uri() for path in files.values()}


def shown(page: Any) -> list[str]:
    """The cases that are seen, which the page counts too."""
    ids = [text.split(" · ")[0] for text in page.locator("details.case:visible .id").all_text_contents()]
    assert page.locator("#count").text_content() == f"{len(ids)} of {len(CASES)} cases"
    return ids


def choose(page: Any, label: str, value: str) -> None:
    page.get_by_label(label, exact=True).select_option(value)


def case_of(page: Any, question: str) -> Any:
    return page.locator("details.case").filter(has=page.get_by_text(question, exact=True))


@pytest.mark.browser
def test_the_filters_show_the_cases_that_fit(open_report: Opener) -> None:
    page = open_report()
    assert shown(page) == list(VERDICTS)
    for verdict in set(VERDICTS.values()):
        choose(page, "Outcome", verdict)
        assert shown(page) == [key for key, found in VERDICTS.items() if found == verdict]
    choose(page, "Outcome", "failures")
    assert shown(page) == ["broken", "wrong", "invented", "shy", "partly"]
    choose(page, "Category", "list")
    assert shown(page) == ["wrong", "shy", "partly"]
    choose(page, "Split", "test")
    assert shown(page) == ["wrong", "shy"]
    choose(page, "Outcome", "")
    choose(page, "Category", "")
    choose(page, "Split", "")
    choose(page, "Set", "hostile & bees")
    assert shown(page) == ["bad<u>"]


@pytest.mark.browser
def test_words_are_looked_for_in_questions_answers_and_ids(open_report: Opener) -> None:
    page = open_report()
    words = page.get_by_label("Words")
    words.fill("BUILD the")
    assert shown(page) == ["partly"]  # in its answer; in the evidence of another it does not count
    words.fill("queen")
    assert shown(page) == ["wrong", "invented", "partly", "good"]
    words.fill("queens many")
    assert shown(page) == ["good"]
    words.fill("modest")
    assert shown(page) == ["modest"]
    words.fill("</script>")
    assert shown(page) == ["bad<u>"]
    words.fill("wasps nests")
    assert shown(page) == []
    words.press("Enter")  # sends nothing
    assert shown(page) == []
    words.fill("")
    assert shown(page) == list(VERDICTS)


@pytest.mark.browser
def test_a_case_opens_by_click_and_by_keyboard(open_report: Opener) -> None:
    page = open_report()
    clicked, typed = case_of(page, "How many queens?"), case_of(page, "Who builds?")
    assert page.locator("details[open]").count() == 0
    clicked.locator("summary").click()
    assert clicked.locator(".answer").is_visible() and not typed.locator(".answer").is_visible()
    typed.locator("summary").focus()
    page.keyboard.press("Enter")
    assert typed.locator(".answer").is_visible()
    page.keyboard.press("Enter")
    assert not typed.locator(".answer").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # closes the next, which was open
    assert not clicked.locator(".answer").is_visible()


@pytest.mark.browser
def test_the_words_alone_lead_by_keyboard_to_the_cases(open_report: Opener) -> None:
    page = open_report()
    page.get_by_label("Words").fill("wasps")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert case_of(page, "What do wasps eat?").locator(".answer").is_visible()
    assert page.locator("details[open]").count() == 1


@pytest.mark.browser
def test_marks_are_exactly_what_was_cited_and_what_was_missed(open_report: Opener) -> None:
    page = open_report()

    def marks(question: str) -> list[tuple[str, str]]:
        case = case_of(page, question)
        case.locator("summary").click()
        found = case.locator(".passage mark")
        assert all(found.nth(number).is_visible() for number in range(found.count()))
        return found.evaluate_all("marks => marks.map(mark => [mark.className, mark.textContent])")

    assert marks("How many queens?") == [["hit", QUEEN]]
    assert marks("Who builds?") == [["cited", QUEEN], ["hit", COMB]]
    assert marks("Who eats honey?") == [["cited", QUEEN], ["missed", "Bears eat honey."]]
    assert marks("What do wasps eat?") == [["cited", QUEEN]]
    assert marks("What do workers do?") == [["missed", COMB]]
    assert marks("What is the capital?") == []
    assert marks(BAD_QUESTION) == [["hit", BAD_ANSWER]]
    passage = case_of(page, BAD_QUESTION).locator(".passage")
    assert passage.text_content() == f"{NAME}{BEES[:-20]} …"
    look = "mark => [getComputedStyle(mark).backgroundColor, getComputedStyle(mark).textDecorationLine].join()"
    looks = {kind: page.locator(f".passage mark.{kind}").first.evaluate(look) for kind in ("hit", "cited", "missed")}
    assert len(set(looks.values())) == 3, looks  # each kind has its own


@pytest.mark.browser
def test_printed_the_failures_are_open_and_there_is_no_form(open_report: Opener) -> None:
    page = open_report()
    case_of(page, "How many queens?").locator("summary").click()
    ids = "[...document.querySelectorAll('details[open] .id')].map(id => id.textContent.split(' ')[0])"
    page.evaluate(f"addEventListener('beforeprint', () => {{ window.printed = {ids}; }})")
    assert page.pdf(format="A4").startswith(b"%PDF")
    assert page.evaluate("printed") == ["broken", "wrong", "invented", "shy", "partly", "good"]
    assert page.evaluate(ids) == ["good"]  # as before
    choose(page, "Category", "list")
    page.pdf(format="A4")
    assert page.evaluate("printed") == ["wrong", "shy", "partly", "good"]  # the last is hidden, and was left open
    assert page.locator("form").is_visible()
    page.emulate_media(media="print")
    assert not page.locator("form").is_visible() and page.locator(".plots").is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("name", ["one", "two"])
def test_the_page_is_no_wider_than_its_window(open_report: Opener, name: str) -> None:
    for viewport in (DESK, PHONE):
        page = open_report(name, viewport)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") == viewport["width"]
        wide = "all => all.filter(one => one.getBoundingClientRect().right > innerWidth).map(one => one.className)"
        assert page.locator("main *:not(.scroll *, option)").evaluate_all(wide) == []


@pytest.mark.browser
def test_the_plots_are_seen_and_named(open_report: Opener) -> None:
    page = open_report("two", PHONE)
    plots = page.get_by_role("img")
    names = plots.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert [name.split(" (")[0] for name in names] == [
        "Risk and coverage of the confidence",
        "Calibration",
        "By category",
        "Latency",
    ]
    for number in range(4):
        box = plots.nth(number).bounding_box()
        assert plots.nth(number).is_visible() and box["width"] > 300 and box["height"] > 150
        assert plots.nth(number).get_by_text("run 2").is_visible()


@pytest.mark.browser
def test_two_answers_stand_below_each_other(open_report: Opener) -> None:
    page = open_report("two")
    case = case_of(page, "How many queens?")
    case.locator("summary").click()
    first, second = case.locator(".given").all()
    assert first.locator(".answer").text_content().startswith(QUEEN) and "Declined." in second.text_content()
    assert first.locator("mark").evaluate_all("all => all.map(one => one.className)") == ["hit"]
    assert second.locator("mark").evaluate_all("all => all.map(one => one.className)") == ["missed"]
    assert first.bounding_box()["y"] < second.bounding_box()["y"]

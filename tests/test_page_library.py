"""The page in a real browser: adding one's own documents, checking answers on their pages, and conversations that are kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import DESK, PHONE, Opened, add, ask, check_cited, expect, names
from served import served

pytestmark = pytest.mark.browser

PDF = Path(__file__).parent / "data" / "pdf"
PATIENTS = "How many patients fulfilled the criteria?"  # review.pdf says so on its first page


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("library") / "data"


@pytest.fixture(scope="module")
def address(data: Path, browser: object) -> Iterator[str]:
    with served(data) as url:
        yield url


@pytest.fixture
def open_page(browser: object, address: str) -> Iterator[Opened]:
    with Opened(browser, address) as opened:  # type: ignore[arg-type]
        yield opened


def kept(page) -> list[str]:
    return page.locator("#talks .open-talk").all_text_contents()


def test_a_pdf_is_added_asked_looked_at_page_by_page_and_removed(open_page: Opened, data: Path) -> None:
    page = open_page()
    (step,) = add(page, PDF / "review.pdf").all()
    expect(step).to_have_text("Added review.pdf2 pages, 2,677 characters")
    assert names(page) == ["immunotherapy.txt", "review.pdf"]
    expect(page.locator(".source")).to_have_attribute("data-document", "review.pdf")  # what was added is shown

    turn = ask(page, PATIENTS)
    marker = turn.locator(".statement .marker").first
    expect(turn.locator(".footnotes .place").first).to_contain_text("review.pdf · page 1 · ")
    marker.click()
    check_cited(page, marker)
    assert "432 patients" in (marker.get_attribute("data-quote") or "")

    page.get_by_role("button", name="Page", exact=True).click()
    picture, box = page.locator(".sheet img"), page.locator(".sheet .box").first
    expect(picture).to_have_attribute("alt", re.compile(r"page 1 of review\.pdf: .*432 patients", re.DOTALL))
    assert picture.evaluate("image => image.naturalWidth") >= 1000
    expect(box).to_be_in_viewport()
    inside, outside = box.bounding_box(), picture.bounding_box()
    assert inside["x"] >= outside["x"] and inside["x"] + inside["width"] <= outside["x"] + outside["width"]
    page.get_by_role("button", name="Next page").click()
    expect(page.locator(".paging span")).to_have_text("page 2 of 2")
    expect(page.locator(".sheet .box")).to_have_count(0)
    expect(page.get_by_role("button", name="Next page")).to_be_disabled()
    marker.click()  # back on the page that is cited
    expect(page.locator(".paging span")).to_have_text("page 1 of 2")
    expect(page.locator(".sheet .box").first).to_be_in_viewport()
    page.get_by_role("button", name="Text", exact=True).click()
    check_cited(page, marker)

    page.get_by_role("button", name="Remove review.pdf").click()
    page.get_by_role("button", name="Remove review.pdf").click()  # asked whether one is sure
    expect(page.locator("#library .open-document")).to_have_text(["immunotherapy.txt"])
    expect(page.locator(".source")).to_have_attribute("data-document", "immunotherapy.txt")
    assert not [path for folder in ("uploads", "pictures") for path in (data / folder).rglob("*") if path.is_file()]
    turn = ask(page, PATIENTS)
    expect(turn.locator(".decline")).to_be_visible()


def test_what_cannot_be_read_says_why_and_the_others_are_there(open_page: Opened, tmp_path: Path) -> None:
    page = open_page()
    broken, wrong = tmp_path / "broken.pdf", tmp_path / "picture.docx"
    broken.write_bytes((PDF / "review.pdf").read_bytes()[:3000])
    wrong.write_bytes((PDF / "review.pdf").read_bytes())
    good = tmp_path / "good.txt"
    good.write_text("The zwarg is a small animal of the northern forests.")
    steps = add(page, PDF / "locked.pdf", broken, wrong, good)
    said = steps.all_text_contents()
    assert said[0].startswith("Not added: locked.pdf") and "protected by a password" in said[0]
    assert said[1].startswith("Not added: broken.pdf") and "damaged or incomplete" in said[1]
    assert "picture.docx is not what its name says" in said[2] and "Rename it to end in .pdf." in said[2]
    assert said[3].startswith("Added good.txt")
    assert names(page) == ["good.txt", "immunotherapy.txt"]
    expect(ask(page, "What is the zwarg?").locator(".statement")).to_contain_text("small animal of the northern forests")


def test_files_are_dropped_anywhere_on_the_page(open_page: Opened) -> None:
    page = open_page()
    transfer = page.evaluate_handle(
        """() => {
          const transfer = new DataTransfer();
          transfer.items.add(new File(["The quokka lives on Rottnest Island."], "quokka.txt", { type: "text/plain" }));
          return transfer;
        }"""
    )
    page.dispatch_event("#conversation", "dragover", {"dataTransfer": transfer})
    expect(page.locator("#page")).to_have_class(re.compile("is-dropping"))
    page.dispatch_event("#conversation", "drop", {"dataTransfer": transfer})
    expect(page.locator("#library .step.added")).to_contain_text("quokka.txt")
    expect(page.locator("#page")).not_to_have_class(re.compile("is-dropping"))
    assert names(page) == ["immunotherapy.txt", "quokka.txt"]


def test_two_browsers_do_not_see_each_others_documents_and_conversations(open_page: Opened, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The zwarg is a small animal of the northern forests.")
    one, other = open_page(), open_page()
    add(one, secret)
    expect(ask(one, "What is the zwarg?").locator(".statement")).to_contain_text("small animal")
    expect(ask(other, "What is the zwarg?").locator(".decline")).to_be_visible()
    assert kept(one) == kept(other) == ["What is the zwarg?"]
    mine = one.url.split("#conversation=")[1]
    other.reload()
    expect(other.locator(".document")).to_have_count(1)
    assert names(other) == ["immunotherapy.txt"] and "small animal" not in other.content()
    expect(other.locator(".turn")).to_have_count(1)  # only then does the address stay as it is put
    other.goto(f"{other.url.split('#')[0]}#conversation={mine}")
    other.reload()
    expect(other.locator("#talks .failure")).to_contain_text("has been deleted")
    assert "small animal" not in other.content()


def test_after_loading_anew_the_conversation_and_its_footnotes_are_there(open_page: Opened) -> None:
    page = open_page()
    ask(page, "What is cell therapy?")
    page.reload()
    turn = page.locator(".turn")
    expect(turn).to_have_count(1)
    marker = turn.locator(".statement .marker").first
    marker.click()
    check_cited(page, marker)
    ask(page, "What are cytokines?")
    expect(page.locator("#talks .when")).to_contain_text("2 questions")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, "What is the capital of France?")
    assert kept(page) == ["What is the capital of France?", "What is cell therapy?"]
    page.locator(".open-talk", has_text="cell therapy").click()
    expect(page.locator(".turn")).to_have_count(2)
    assert page.locator(".question").all_text_contents() == ["What is cell therapy?", "What are cytokines?"]


def test_conversations_are_renamed_searched_exported_and_deleted(open_page: Opened) -> None:
    page = open_page()
    ask(page, "What is cell therapy?")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, "What is the capital of France?")

    def choose(title: str, what: str) -> None:
        line = page.locator(".talk", has_text=title)
        line.locator("summary").click()
        line.get_by_role("button", name=f"{what}: {title}").click()

    choose("What is cell therapy?", "Rename")
    page.get_by_label("Title").fill("On cells <b>")
    page.keyboard.press("Enter")
    expect(page.locator(".open-talk").nth(1)).to_have_text("On cells <b>")

    page.get_by_label("Search conversations").fill("CELLULAR preparations")
    expect(page.locator(".open-talk")).to_have_text(["On cells <b>"])
    page.get_by_label("Search conversations").fill("nowhere")
    expect(page.locator("#talks .none")).to_have_text("None has all these words.")
    page.get_by_label("Search conversations").fill("")
    expect(page.locator(".open-talk")).to_have_count(2)

    with page.expect_download() as saving:
        choose("On cells <b>", "Markdown")
    assert saving.value.suggested_filename == "On cells _b.md"
    text = Path(saving.value.path()).read_text(encoding="utf-8")
    assert "## What is cell therapy?" in text and "[^1]" in text and "immunotherapy.txt" in text
    with page.expect_download() as saving:
        choose("What is the capital of France?", "JSON")
    (exchange,) = json.loads(Path(saving.value.path()).read_text(encoding="utf-8"))["exchanges"]
    assert exchange["answer"]["outcome"] == "not_found"

    choose("What is the capital of France?", "Delete")
    page.locator(".talk", has_text="France").get_by_role("button", name=re.compile("Delete")).click()
    expect(page.locator(".open-talk")).to_have_text(["On cells <b>"])
    expect(page.locator(".turn")).to_have_count(0)  # it was the open one


def test_an_answer_is_copied_with_its_footnotes_and_a_place_has_a_link(open_page: Opened) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    turn = ask(page, "What is stem cell transplantation?")
    turn.get_by_role("button", name="Copy").click()
    expect(turn.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    marker = turn.locator(".statement .marker").first
    quote = marker.get_attribute("data-quote") or ""
    assert "[^1]" in copied and "immunotherapy.txt" in copied and quote.split(",")[0].replace("(", "").split()[-1] in copied
    marker.click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Link copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    other = open_page()
    other.goto(link)
    other.reload()
    expect(other.locator(".text .is-cited").first).to_be_in_viewport()
    assert "".join(other.locator(".text .is-cited").all_text_contents()) == quote
    place = turn.locator(".footnotes a.place").first
    assert (place.get_attribute("href") or "") in link


def test_the_question_is_asked_again_or_otherwise_in_the_place_of_the_last(open_page: Opened) -> None:
    page = open_page()
    ask(page, "What is cell therapy?")
    turn = ask(page, "What is the capital of France?")
    turn.get_by_role("button", name="Ask again").click()
    expect(page.locator(".turn").nth(1).get_by_role("button", name="Ask again")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(2)
    page.get_by_role("button", name="Edit the question").click()
    field = page.get_by_label("Put it otherwise")
    expect(field).to_be_focused()
    assert field.input_value() == "What is the capital of France?"
    field.fill("What are cytokines?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn").nth(1).locator(".statement").first).to_be_visible()
    assert page.locator(".question").all_text_contents() == ["What is cell therapy?", "What are cytokines?"]


def test_a_complaint_with_the_right_passage_becomes_a_case(open_page: Opened, data: Path) -> None:
    page = open_page()
    turn = ask(page, "What is the capital of France?")
    turn.get_by_role("button", name="Something wrong?").click()
    send = turn.get_by_role("button", name="Keep it as a test")
    expect(send).to_be_disabled()
    sentence = page.locator(".text .sentence", has_text="Cell therapy refers to")
    sentence.scroll_into_view_if_needed()
    sentence.select_text()
    turn.get_by_role("button", name="Take what is selected").click()
    expect(turn.locator(".picked q")).to_have_text(sentence.text_content())
    turn.get_by_label("Anything else?").fill("It was there.")
    send.click()
    expect(turn.locator(".complained")).to_contain_text("Thank you. It is kept as a test")
    expect(turn.get_by_role("button", name="Something wrong?")).to_have_count(0)
    case = json.loads((data / "complaints" / "complaints.jsonl").read_text().splitlines()[-1])
    assert (case["question"], case["answerable"], case["note"]) == ("What is the capital of France?", True, "It was there.")
    assert case["evidence"] == [sentence.text_content()]


def test_the_documents_that_are_left_out_are_not_searched(open_page: Opened, tmp_path: Path) -> None:
    page = open_page()
    (tmp_path / "zwarg.txt").write_text("The zwarg is a small animal of the northern forests.")
    add(page, tmp_path / "zwarg.txt")
    page.get_by_label("Search in zwarg.txt").uncheck()
    expect(ask(page, "What is the zwarg?").locator(".decline")).to_be_visible()
    page.get_by_label("Search in zwarg.txt").check()
    expect(ask(page, "What is the zwarg?").locator(".statement")).to_contain_text("small animal")


def test_by_keys_alone_one_goes_from_footnote_to_footnote(open_page: Opened) -> None:
    page = open_page()
    turn = ask(page, "How is immunotherapy classified?")
    markers = turn.locator(".statement .marker")
    assert markers.count() > 1
    page.locator(".source-scroll").focus()
    for number in range(2):
        page.keyboard.press("n")
        expect(markers.nth(number)).to_have_class(re.compile("is-chosen"))
        check_cited(page, markers.nth(number))
    page.keyboard.press("p")
    expect(markers.nth(0)).to_have_class(re.compile("is-chosen"))
    expect(page.locator(".walk span")).to_have_text(f"1 of {markers.count()}")
    page.keyboard.press("/")
    expect(page.locator("#question textarea")).to_be_focused()


def test_a_hostile_file_is_text_wherever_it_is_shown(open_page: Opened, tmp_path: Path) -> None:
    page = open_page()
    attack = "<img src=x onerror=\"document.title='broken into'\">"
    path = tmp_path / "<img src=x onerror=alert(1)>.html"
    path.write_text(
        f"<title>&lt;script&gt;</title><h1>Quokkas {attack.replace('<', '&lt;')}</h1><p>The quokka {attack}"
        " <script>document.title='broken into'</script> lives on Rottnest Island, as the keepers of the park say.</p>"
    )
    add(page, path)
    turn = ask(page, "Where does the quokka live?")
    expect(turn.locator(".statement")).to_contain_text("Rottnest Island")
    turn.locator(".statement .marker").first.click()
    expect(page.locator(".is-cited").first).to_be_in_viewport()
    assert page.locator("#page img, #page script").count() == 0
    expect(page).to_have_title("Footnote")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_serious(open_page: Opened, viewport: dict[str, int], scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def check(where: str) -> None:
        found = [one for one in axe.run(page).response["violations"] if one["impact"] in ("serious", "critical")]
        assert not found, (where, [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found])

    page = open_page(viewport, color_scheme=scheme)
    expect(page.locator(".source .text")).to_be_visible()
    check("the first visit")
    add(page, PDF / "review.pdf", PDF / "locked.pdf")
    turn = ask(page, PATIENTS)
    check("an answer")
    turn.locator(".statement .marker").first.click()
    page.get_by_role("button", name="Page", exact=True).click()
    expect(page.locator(".sheet img")).to_be_visible()
    check("a page")
    other = ask(page, "What is the capital of France?")
    other.get_by_role("button", name="Something wrong?").click()
    check("a decline and a complaint")
    if viewport is PHONE:
        page.get_by_role("button", name="Documents").click()
    page.locator("#talks summary").first.click()
    check("the documents and a menu")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]

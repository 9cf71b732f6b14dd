"""The page without a browser: what it writes as HTML, and what its command refuses."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from played import Reading, answered, cite, declined, replied
from served import served

import app
from assistant.answer import Unsupported
from assistant.kept.conversations import Summary
from corpus import Document, Extract, load_document, make_document, split_passages
from corpus.errors import SettingsError
from index import Settings
from index.manifest import make_record
from page.conversation import Exchange, render_conversation, render_status
from page.html import attributes, escape, shorten
from page.library import render_library
from page.source import Picture, render_no_source, render_source
from page.talks import render_talks
from page.uploads import Adding, Stage

ROOT = Path(app.__file__).parent
HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=\"alert('2')\"> &amp; [link](javascript:alert(3)) **bold** {{value}} ${value}"
)


@pytest.fixture(scope="module")
def article() -> Document:
    return load_document(app.SHIPPED / "immunotherapy.txt")


def pane(document: Document, **options: int) -> str:
    return render_source([document.name], document, split_passages(document), **options)


# Text as HTML


def test_escape_shows_the_same_characters_one_for_one() -> None:
    text = "a<b>&\"'\r\n\tÄ😀"
    assert Reading(f"<p>{escape(text)}</p>").text == text
    assert escape("\0\ud800") == "\ufffd\ufffd"
    assert "\r" not in escape("\r")


def test_attributes_are_quoted_and_switches_stand_bare() -> None:
    assert attributes(data_start=3, class_='a"b', hidden=True, selected=False) == ' data-start="3" class="a&quot;b" hidden'


def test_shorten_cuts_between_words() -> None:
    assert shorten("one  two\nthree", 99) == "one two three"
    assert shorten("one two, three", 9) == "one two …"


# The document


def test_the_pane_holds_exactly_the_characters_of_the_article_in_order(article: Document) -> None:
    assert Reading(pane(article), within="text").text == article.text


@given(st.text(alphabet=st.sampled_from("ab .\n\r-#<&>\"'`*(1)\té😀"), max_size=300), st.booleans())
def test_the_pane_holds_exactly_the_characters_of_any_text(text: str, markdown: bool) -> None:
    document = make_document("any.md", text, media_type="text/markdown" if markdown else "text/plain")
    assert Reading(pane(document), within="text").text == text


def test_every_sentence_of_every_passage_is_an_element_with_its_offsets(article: Document) -> None:
    spans = [span for passage in split_passages(article) for span in passage.sentences]
    found = [(int(s["data-start"] or ""), int(s["data-end"] or "")) for s in Reading(pane(article)).all("sentence")]
    whole = [span for span in found if span in spans]
    assert whole == [span for span in spans if "\n" not in article.text[slice(*span)]]
    # Fragments of a list are one quote, and an element in each item.
    (fragments,) = [span for span in spans if span not in whole]
    parts = [span for span in found if span not in whole]
    assert [article.text[slice(*part)] for part in parts] == [
        "Chinese name",
        "immunity therapy",
        "Foreign name",
        "Immunotherapy",
    ]
    assert (parts[0][0], parts[-1][1]) == fragments
    start, end = spans[0]
    assert f">{escape(article.text[start:end])}</span>" in pane(article)


def test_headings_items_and_their_marks_are_told_apart(article: Document) -> None:
    reading = Reading(pane(article))
    tags = [tag for tag, attrs in reading.elements if "heading" in (attrs.get("class") or "")]
    assert tags[0] == "h3" and set(tags) == {"h3", "h4"}
    assert len(reading.all("title")) == 1
    assert len(reading.all("item")) > 15
    assert all(item["role"] == "listitem" for item in reading.all("item"))


def test_nothing_of_a_hostile_document_becomes_an_element() -> None:
    document = make_document(
        f"{HOSTILE}.md", f"# {HOSTILE}\n\n{HOSTILE}. So it says.\n\n- {HOSTILE}", media_type="text/markdown"
    )
    passages = split_passages(document)
    shown = render_source([document.name, "other.txt"], document, passages)
    statement = cite(document, passages[0].text, heading=HOSTILE)
    carrying = replace(
        answered(statement, question=HOSTILE, searched_for=f"more {HOSTILE}"),
        notice=HOSTILE,
        unsupported=(Unsupported(HOSTILE, HOSTILE),),
        engine=HOSTILE,
        model=HOSTILE,
    )
    talk = render_conversation(
        [
            Exchange(HOSTILE, answered(statement, question=HOSTILE, searched_for=f"more {HOSTILE}")),
            Exchange(HOSTILE, carrying, searched_for=HOSTILE),
            Exchange(HOSTILE, declined(document)),
            Exchange(HOSTILE, replied(document, HOSTILE, HOSTILE)),
            Exchange(HOSTILE, failure=HOSTILE),
            Exchange(HOSTILE, waiting=HOSTILE, searched_for=HOSTILE),
            Exchange(HOSTILE, carrying, stopped=True),
        ],
        documents=2,
    )
    record = replace(make_record(document, 1, ""), skipped=((HOSTILE, HOSTILE, ((1, 1),)),))
    library = render_library([record], [HOSTILE], adding=[Adding(HOSTILE, Stage.REFUSED, HOSTILE)], message=HOSTILE)
    kept = Summary("0" * 32, HOSTILE, "2026-01-01", "2026-01-01", 1)
    talks = render_talks([kept, replace(kept, damage=HOSTILE)], sought=HOSTILE, message=HOSTILE)
    picture = Picture(1, b"webp", words=HOSTILE)
    paged = make_document(HOSTILE, Extract("Words.", pages=((0, 6),), page_names=(HOSTILE,)))
    sheet = render_source([HOSTILE], paged, [], has_pictures=True, picture=picture)
    (alt,) = [attrs["alt"] for tag, attrs in Reading(sheet).elements if tag == "img"]
    assert alt == f"page {HOSTILE} of {HOSTILE}: {HOSTILE}"
    states = (render_status(HOSTILE), render_status(HOSTILE, failed=True), render_no_source(HOSTILE))
    for html in (shown, talk, library, talks, render_source([HOSTILE], paged, []), *states):
        reading = Reading(html)
        tags = {tag for tag, _ in reading.elements}
        assert not tags & {"script", "img", "strong.bold"} and HOSTILE in reading.text
        links = [attrs for tag, attrs in reading.elements if tag == "a"]
        assert all((link["href"] or "").startswith("#document=%3Cscript%3E") for link in links)
        assert not any(name.startswith("on") for _, attrs in reading.elements for name in attrs)
    assert Reading(shown, within="text").text == document.text
    marker = Reading(talk).all("marker")[0]
    assert (marker["data-document"], marker["data-heading"], marker["data-quote"]) == (document.name, HOSTILE, passages[0].text)


def test_with_several_documents_one_can_be_chosen_and_the_shown_one_is() -> None:
    document = make_document("b.txt", "Here it is.")
    reading = Reading(render_source(["a.txt", "b.txt"], document, split_passages(document)))
    options = [attrs for tag, attrs in reading.elements if tag == "option"]
    assert [option["value"] for option in options] == ["a.txt", "b.txt"]
    assert ["selected" in option for option in options] == [False, True]


def test_of_a_long_document_the_part_around_a_place_is_shown() -> None:
    text = "\n\n".join(f"Paragraph number {number} says a little something." for number in range(2000))
    document = make_document("long.txt", text)
    place = text.index("number 1500")
    html = pane(document, around=place, shown=5000)
    shown = Reading(html, within="text").text
    assert "number 1500 says" in shown and shown in text and len(shown) < 5100
    assert "of them shown" in html
    assert Reading(pane(document, around=len(text) - 1, shown=5000), within="text").text.endswith(
        "1999 says a little something."
    )
    assert Reading(pane(document, around=0, shown=5000), within="text").text.startswith("Paragraph number 0 ")


# The command


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.7", "example.org", ""])
def test_a_host_that_others_could_reach_is_refused_without_accounts(host: str) -> None:
    with pytest.raises(SettingsError, match="there are no accounts.*python -m page.accounts add NAME"):
        app.check_host(host, has_accounts=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1"])
def test_loopback_is_served_with_accounts_and_without(host: str) -> None:
    app.check_host(host, has_accounts=False)
    app.check_host(host, has_accounts=True)


def test_with_accounts_other_machines_are_served() -> None:
    app.check_host("0.0.0.0", has_accounts=True)
    with pytest.raises(SettingsError, match="--host is empty"):
        app.check_host("", has_accounts=True)


def test_the_page_goes_by_the_names_of_its_host_and_those_it_is_given() -> None:
    assert app.names_of("127.0.0.1", ["Docs.Example.org"]) == ["localhost", "docs.example.org"]
    own = socket.gethostname().lower()
    assert app.names_of("0.0.0.0", []) == ["localhost", "0.0.0.0", own, f"{own}.local"]
    with pytest.raises(SettingsError, match="--name is 'http://x'"):
        app.names_of("127.0.0.1", ["http://x"])


def test_the_hub_is_asked_only_where_a_model_may_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for changed, is_offline in (({}, True), ({"embedder": "other/model"}, False), ({"reader": "other/model"}, False)):
        for name in ("GRADIO_ANALYTICS_ENABLED", "HF_HUB_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
            monkeypatch.setenv(name, "as it was")
        app.stay_local(replace(Settings(), **changed))
        assert (os.environ["HF_HUB_OFFLINE"] == "1") is is_offline
        assert (os.environ["GRADIO_ANALYTICS_ENABLED"], os.environ["HF_HUB_DISABLE_TELEMETRY"]) == ("False", "1")


@pytest.mark.parametrize("port", ["0", "65536", "-1", "eighty", "80.5", ""])
def test_what_is_no_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        app.main(["--port", port])
    assert "is not a port" in capsys.readouterr().err


def run_app(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "app.py", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_a_port_in_use_is_one_paragraph_and_exit_code_1(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((app.DEFAULT_HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run_app("--port", str(port), "--data", str(tmp_path / "data"))
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(f"error: Port {port} on 127.0.0.1 cannot be opened: Address already in use.")
    assert "Traceback" not in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_the_page_is_served_over_ipv6_too(tmp_path: Path) -> None:
    with served(tmp_path / "data", "--host", "::1") as address:
        port = address.rpartition(":")[2]
        assert httpx.get(f"http://[::1]:{port}", timeout=60).status_code == 200


def test_other_machines_without_accounts_are_one_paragraph_and_exit_code_1(tmp_path: Path) -> None:
    done = run_app("--host", "0.0.0.0", "--data", str(tmp_path / "data"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("error: --host is '0.0.0.0', which other machines could reach, and there are no accounts")
    assert not (tmp_path / "data").exists()


def test_a_data_folder_of_something_else_is_one_paragraph_and_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    with socket.socket() as free:
        free.bind((app.DEFAULT_HOST, 0))
        port = free.getsockname()[1]
    done = run_app("--port", str(port), "--data", str(tmp_path))
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("error: ") and "thesis.docx" in done.stderr
    assert "Traceback" not in done.stderr and done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]

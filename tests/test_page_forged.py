"""Requests that no page of ours would send, and uploads that meet: nothing leaks, and nothing fails without a word."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from conftest import WordEmbedder
from gradio import Request
from played import FakeIndex, PlayedChain, Reading, answered, cite, played_events

import app
from assistant import Answer
from assistant.complaints import ComplaintFile
from assistant.kept.store import ConversationStore
from corpus import DEFAULT_LIMITS, Document
from corpus.errors import SettingsError
from index import PassageIndex
from page.browsers import COOKIE, owner_of
from page.conversation import Exchange
from page.events import PageEvents
from page.people import People
from page.pictures import Pictures
from page.preparation import Preparation
from page.received import Received
from page.uploads import NOT_ARRIVED, Uploads

ANNA, BERT = "a" * 43, "b" * 43
ZWARG = "The zwarg is a small animal of the northern forests."


class LoadedEmbedder(WordEmbedder):
    """Counts words, and has nothing to load; stops where it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go_on, self.is_at_it = threading.Event(), threading.Event()
        self.may_go_on.set()

    def load(self) -> None:
        """Do nothing."""

    def encode(self, texts: Any, *, query: bool = False) -> Any:
        self.is_at_it.set()
        assert self.may_go_on.wait(20)
        return super().encode(texts, query=query)


@pytest.fixture
def embedder() -> LoadedEmbedder:
    return LoadedEmbedder()


@pytest.fixture
def index(tmp_path: Path, embedder: LoadedEmbedder, article: Document) -> Iterator[PassageIndex]:
    made = PassageIndex(tmp_path / "data", embedder, create=True)
    made.add([article])
    yield made
    made.close()


@pytest.fixture
def events(index: PassageIndex, embedder: LoadedEmbedder, article: Document, tmp_path: Path) -> PageEvents:
    """The real page over a real index; its chain says one sentence."""
    data = tmp_path / "data"

    def play(asked: Mapping[str, Any]) -> Iterator[Answer]:
        yield answered(cite(article, "immunity therapy"), question=asked["question"])

    preparation = Preparation(index, embedder, app.SHIPPED)
    preparation.start()
    for _ in preparation.stages():
        pass
    (data / "received").mkdir()
    return PageEvents(
        People(index, lambda library: PlayedChain(play)),  # type: ignore[arg-type,return-value]
        preparation,
        Uploads(data / "uploads", DEFAULT_LIMITS),
        Pictures(data / "pictures"),
        ConversationStore(data),
        ComplaintFile(data),
        data / "received",
    )


def by(key: str = "") -> Request:
    """Return a request of a browser."""
    return Request(username=None, cookies={COOKIE: key} if key else {})  # type: ignore[arg-type]


def sent(**fields: Any) -> gr.EventData:
    return gr.EventData(None, fields)


def came(tmp_path: Path, name: str, text: str) -> dict[str, str]:
    """Put a file where files come in, and return what a browser says of it."""
    folder = tmp_path / "data" / "received" / f"{time.monotonic_ns()}"
    folder.mkdir()
    (folder / f"1{Path(name).suffix}").write_text(text)
    return {"path": str(folder / f"1{Path(name).suffix}"), "name": name}


def added(events: PageEvents, *files: Any, key: str = ANNA) -> str:
    """Add files, and return the list in the end."""
    *_, (html, _, _) = events.add(sent(files=list(files)), None, by(key))
    return str(html)


def steps(html: str) -> list[str]:
    return Reading(html, "adding").text.replace("Added ", "\nAdded ").replace("Not added", "\nNot added").splitlines()[1:]


ODD: list[Any] = [None, True, -1, 10**30, 1.5, float("nan"), "", "x" * 100_000, "\0", "\ud800", "../../etc/passwd", [], {}]


@pytest.mark.parametrize("value", ODD, ids=lambda value: repr(value)[:20])
def test_a_value_of_any_type_anywhere_is_an_ordinary_answer(events: PageEvents, value: Any, article: Document) -> None:
    name = article.name
    pane, shown = events.show(sent(document=value, start=value, end=value, page=value, view=value, asked=value), by(ANNA))
    assert "There is no document" in pane or shown is None
    for view in ("text", "page"):
        pane, shown = events.show(sent(document=name, start=value, end=value, page=value, view=view), by(ANNA))
        assert shown == name and "Immunotherapy" in pane
    exchanges = (Exchange("What?", answered(cite(article, "immunity therapy"))),)
    events.complain(sent(turn=value, passages=value, answerable=value, note=value), exchanges, by(ANNA))
    picked = {"document": value, "start": value, "end": value, "quote": value}
    (now,), html = events.complain(sent(turn=0, passages=[picked, value], answerable=True, note="x"), exchanges, by(ANNA))
    assert now.complaint.startswith("This was not kept.") and "This was not kept." in html
    files = {"path": value, "name": value}
    for carried in (value, [value], [files]):
        *_, (html, _, _) = events.add(sent(files=carried), None, by(ANNA))
        assert "Added" not in html
    html, *_ = events.remove(sent(document=value), None, by(ANNA))
    assert 'role="alert"' in html
    *_, talks = events.open_talk(sent(conversation=value), by(ANNA))
    assert 'role="alert"' in talks
    assert "<section" in events.change_talk(sent(conversation=value, title=value, sought=value), None, by(ANNA))
    *_, talks = events.delete_talk(sent(conversation=value), None, by(ANNA))
    assert 'role="alert"' in talks
    assert 'role="alert"' in events.export(sent(conversation=value, form=value), by(ANNA))[1]


def test_places_outside_of_a_document_show_its_nearest_part(events: PageEvents, article: Document) -> None:
    for start, end in ((-5, -1), (10**12, 10**13), (100, 50), (-(10**30), 10**30)):
        pane, shown = events.show(sent(document=article.name, start=start, end=end), by(ANNA))
        assert shown == article.name and "Immunotherapy" in pane
        picked = {"document": article.name, "start": start, "end": end, "quote": "immunity"}
        exchanges = (Exchange("What?", answered(cite(article, "immunity therapy"))),)
        (now,), _ = events.complain(sent(turn=0, passages=[picked]), exchanges, by(ANNA))
        assert now.complaint.startswith("This was not kept.")


def test_a_file_elsewhere_on_the_machine_is_neither_read_nor_removed(events: PageEvents, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(ZWARG)
    received = tmp_path / "data" / "received"
    (received / "link.txt").symlink_to(secret)
    for path in (str(secret), "/etc/passwd", f"{received}/../../secret.txt", str(received / "link.txt"), str(received), "."):
        html = added(events, {"path": path, "name": "mine.txt"})
        assert steps(html) == [f"Not added: mine.txt{NOT_ARRIVED}"]
    assert secret.read_text() == ZWARG and ZWARG not in events.library(events.person(by(ANNA)))


def test_nobody_opens_renames_exports_or_deletes_the_conversation_of_somebody_else(events: PageEvents) -> None:
    anna, bert = events.person(by(ANNA)), events.person(by(BERT))
    key, _ = events.keep(anna, (Exchange("Whose zwarg is it?", failure="Nobody's."),), None)
    for request in (by(BERT), by()):
        for out in (
            events.open_talk(sent(conversation=key), request),
            events.delete_talk(sent(conversation=key), key, request),
            events.export(sent(conversation=key, form="json"), request),
            (events.change_talk(sent(conversation=key, title="Mine"), None, request),),
        ):
            assert "zwarg" not in str(out)
    events.keep(bert, (Exchange("And mine?", failure="No."),), key)
    exchanges, *_ = events.open_talk(sent(conversation=key), by(ANNA))
    assert [one.question for one in exchanges] == ["Whose zwarg is it?"]
    assert "Whose zwarg is it?" in events.change_talk(sent(), None, by(ANNA))


def test_nobody_sees_or_removes_the_document_of_somebody_else(events: PageEvents, tmp_path: Path) -> None:
    added(events, came(tmp_path, "zwarg.txt", ZWARG))
    for key in (BERT, ""):
        pane, shown = events.show(sent(document="zwarg.txt"), by(key))
        assert shown is None and "small animal" not in pane
        events.remove(sent(document="zwarg.txt"), None, by(key))
    assert "small animal" in events.show(sent(document="zwarg.txt"), by(ANNA))[0]


# Adding


def test_what_was_added_leaves_nothing_where_it_came_in_and_no_path_is_told(events: PageEvents, tmp_path: Path) -> None:
    files = {"zwarg.txt": ZWARG, "e.txt": "", "a.exe": "MZ"}
    html = added(events, *(came(tmp_path, name, text) for name, text in files.items()))
    assert steps(html)[0] == "Added zwarg.txt52 characters"
    assert steps(html)[1].startswith("Not added: e.txte.txt is empty") and "a.exe is of a kind" in steps(html)[2]
    assert str(tmp_path) not in html
    assert not [path for path in (tmp_path / "data" / "received").rglob("*") if path.is_file()]


def test_a_file_that_takes_the_place_of_another_leaves_nothing_of_that(events: PageEvents, tmp_path: Path) -> None:
    data = tmp_path / "data"
    added(events, came(tmp_path, "zwarg.txt", ZWARG))
    (before,) = events.person(by(ANNA)).view.own()  # type: ignore[union-attr]
    (data / "pictures").mkdir()
    (data / "pictures" / f"{before.id}-1.webp").write_bytes(b"a page of it")
    added(events, came(tmp_path, "zwarg.txt", "The zwarg is a bird."))
    (after,) = events.person(by(ANNA)).view.own()  # type: ignore[union-attr]
    assert [path for path in (data / "uploads").rglob("*") if path.is_file()] == [Path(after.source)]
    assert list((data / "pictures").iterdir()) == []


def test_a_second_upload_waits_for_its_turn_and_a_page_opened_meanwhile_removes_nothing(
    events: PageEvents, embedder: LoadedEmbedder, tmp_path: Path
) -> None:
    files = [came(tmp_path, "zwarg.txt", ZWARG), came(tmp_path, "quokka.txt", "The quokka smiles.")]
    embedder.may_go_on.clear()
    embedder.is_at_it.clear()
    first = threading.Thread(target=added, args=(events, files[0]))
    first.start()
    assert embedder.is_at_it.wait(10)
    second = events.add(sent(files=[files[1]]), None, by(BERT))
    said = [str(next(second)[0]) for _ in range(2)]
    assert [Reading(html, "step-words").text for html in said] == ["reading …", "waiting until other files are searchable …"]
    list(events.opening(by(ANNA)))  # tidies, and the file at hand belongs to no document yet
    embedder.may_go_on.set()
    *_, (html, _, _) = second
    first.join(10)
    assert steps(str(html)) == ["Added quokka.txt18 characters"]
    (own,) = events.person(by(ANNA)).view.own()  # type: ignore[union-attr]
    assert own.name == "zwarg.txt" and Path(own.source).read_text() == ZWARG


def test_what_an_upload_that_was_cut_off_has_left_goes_when_its_owner_comes(events: PageEvents, tmp_path: Path) -> None:
    added(events, came(tmp_path, "zwarg.txt", ZWARG))
    folder = tmp_path / "data" / "uploads" / owner_of(None, ANNA)
    (folder / "left.pdf").write_bytes(b"half of a")
    list(events.opening(by(ANNA)))
    assert [path.read_text() for path in folder.iterdir()] == [ZWARG]


def test_files_of_a_program_that_has_ended_go_and_those_of_one_that_runs_stay(tmp_path: Path) -> None:
    ended = tmp_path / "received" / "0123456789abcdef"
    (ended / "digest").mkdir(parents=True)
    (ended / "digest" / "patient.pdf").write_bytes(b"%PDF")
    ended.with_suffix(".lock").touch()
    first = Received(tmp_path)
    assert not ended.exists() and not ended.with_suffix(".lock").exists()
    (first.path / "coming.pdf").write_bytes(b"%PDF")
    second = Received(tmp_path)
    assert (first.path / "coming.pdf").exists() and second.path != first.path and list(second.path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "received").write_text("not a folder")
    with pytest.raises(SettingsError, match="Files cannot be received in .*received: "):
        Received(tmp_path)


# Many


def test_people_who_come_and_go_do_not_pile_up(index: PassageIndex) -> None:
    made: list[Any] = []
    people = People(index, lambda library: made.append(library) or PlayedChain(lambda asked: iter(())))  # type: ignore[arg-type,return-value,func-returns-value]
    for number in range(300):
        people.of(f"{number:032x}")
        people.of("")
    assert len(made) == 301 and people.of.cache_info().currsize <= 64


def test_a_question_that_waits_for_the_index_lets_the_others_go_on(
    article: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()

    class Held(FakeIndex):
        def records(self) -> Any:
            may_go_on.wait(10)
            return super().records()

    def play(asked: Mapping[str, Any]) -> Iterator[Answer]:
        yield answered(cite(article, "immunity therapy"))

    may_go_on.set()
    events = played_events(Held(article), PlayedChain(play), tmp_path)
    list(events.opening(by()))
    may_go_on.clear()

    async def ask() -> list[Any]:
        asked = events.respond(sent(), "What?", (), ["other.txt"], None, None, by())
        return [step async for step in asked]

    async def both() -> tuple[list[Any], float]:
        asking = asyncio.ensure_future(ask())
        began = time.monotonic()
        await asyncio.sleep(0.05)
        waited = time.monotonic() - began
        may_go_on.set()
        return await asking, waited

    came, waited = asyncio.run(both())
    assert waited < 5 and came[-1][1][-1].answer is not None and not came[-1][1][-1].waiting

"""Where conversations are kept: one file each, below a folder for each owner.

DATA/conversations/<digest of the owner>/<id>.json

A file is one JSON object on three lines. The first holds all that a list shows, and the size and digest of the others, so that
a thousand conversations are listed without reading their answers, and a file that is damaged anywhere is told from a whole
one. The second holds the words that are searched, the third the exchanges.

A file is always replaced as a whole. Where two tabs continue one conversation, the last that is written stands, whole; the
exchange that only the other one had is no longer in it. What was deleted stays deleted: a tab that still shows it cannot bring
it back.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.kept.conversations import Conversation, KeptExchange, Summary, short_title, title_of
from assistant.kept.folding import folded
from assistant.kept.serial import Links, answer_from_kept, answer_to_kept
from corpus.errors import KeepingError
from index import Library
from index.folder import locked
from index.manifest import replacing

FORMAT = 1
"""Raised when a conversation is written in a way that older programs cannot read."""

FOLDER = "conversations"
"""Of the data folder."""

_HEAD, _WORDS = b'{"head": ', b'"words": '
_LONGEST_HEAD = 10_000  # bytes; a title has 80 characters, of which each may take 12
_LONGEST_OWNER = 1_000  # characters
_ID = re.compile("[0-9a-f]{32}")
_FILE = re.compile(r"([0-9a-f]{32})\.json")


class ConversationStore:
    """The conversations in a data folder. May be shared between threads and processes; keeps nothing in memory.

    Attributes:
        folder: Where they are; it need not be there yet.
    """

    def __init__(self, data: str | os.PathLike[str]) -> None:
        """
        :param data: The data folder.
        """
        self.folder = Path(data).expanduser().absolute() / FOLDER

    # Writing

    def keep(self, owner: str, exchanges: Iterable[KeptExchange], conversation_id: str | None = None) -> Summary:
        """Keep a conversation as it stands now, in the place of what was kept of it before; its title stays.

        :param owner: An opaque key of whose it is; nobody else finds it.
        :param exchanges: All of them, the oldest first; at least one, and none that is still being answered.
        :param conversation_id: Its key; None for a new one.
        :return: What a list shows of it, with its key.
        :raises ValueError: there are no exchanges.
        :raises KeepingError: the disk is full, or it was deleted meanwhile; what was kept before stays as it was.
        """
        exchanges = tuple(exchanges)
        if not exchanges:
            raise ValueError("a conversation without questions is not kept")
        rest = _rest_of(exchanges)
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._writing(owner):
            if conversation_id is None:
                summary = Summary(secrets.token_hex(16), title_of(exchanges), now, now, len(exchanges))
            else:
                before = _read_head(self._existing(owner, conversation_id))[0]
                summary = replace(before, changed=now, questions=len(exchanges))
            _write(self._path(owner, summary.id), summary, rest)
        return summary

    def rename(self, owner: str, conversation_id: str, title: str) -> Summary:
        """Give a conversation another title, on one line and shortened; its place in the list stays.

        :raises KeepingError: the title is empty, there is no such conversation, it is damaged, or the disk is full.
        """
        short = short_title(title)
        if not short:
            raise KeepingError("The title is empty. Write a few words by which you will find the conversation again.")
        with self._writing(owner):
            path = self._existing(owner, conversation_id)
            before, rest = _read(path)
            summary = replace(before, title=short)
            _write(path, summary, rest)
        return summary

    def delete(self, owner: str, conversation_id: str) -> None:
        """Delete a conversation, a damaged one too, and what cut-off writing has left; one that is not there is passed over.

        :raises KeepingError: it cannot be deleted.
        """
        path = self._path(owner, conversation_id)
        if not path.parent.is_dir():
            return
        with self._writing(owner):
            for one in [path, *path.parent.glob(f".{path.name}.*")]:
                _unlink(one)

    def delete_all(self, owner: str) -> int:
        """Delete every conversation of an owner, and what interrupted writing has left; return how many there were.

        :raises KeepingError: one cannot be deleted; those before it are.
        """
        folder = self._of(owner)
        if not folder.is_dir():
            return 0
        with self._writing(owner):
            ids = self._ids(owner)
            for path in [*(self._path(owner, key) for key in ids), *folder.glob(".*.json.*")]:
                _unlink(path)
        return len(ids)

    # Reading

    def summaries(self, owner: str) -> list[Summary]:
        """Return what a list shows of an owner's conversations, the last changed first. One that is damaged is among them.

        :raises KeepingError: their folder cannot be read.
        """
        return self._found(owner, ())

    def search(self, owner: str, text: str) -> list[Summary]:
        """Return those that have every word of a text in their title, questions or answers, the last changed first.

        Upper and lower case and accents do not matter, and a word is found within a longer one. Nothing but white space
        finds all of them. Damaged ones are found by nothing else.

        :raises KeepingError: their folder cannot be read.
        """
        return self._found(owner, folded(text).split())

    def load(self, owner: str, conversation_id: str, library: Library) -> Conversation:
        """Return a whole conversation; what it cites is linked to the documents that there are now.

        :param library: The documents that its owner sees.
        :raises KeepingError: there is no such conversation, or it is damaged or of another version.
        :raises IndexStoreError: a document's stored text is damaged.
        """
        path = self._existing(owner, conversation_id)
        summary, rest = _read(path)
        links = Links(library)
        try:
            exchanges = tuple(_exchange_from_kept(one, links) for one in json.loads(b"{" + rest)["exchanges"])
        except (ValueError, TypeError, KeyError) as error:
            raise _damaged(f"what it holds is not of the form of a conversation ({type(error).__name__})") from error
        return Conversation(summary, exchanges)

    def _found(self, owner: str, words: Sequence[str]) -> list[Summary]:
        """Return those of an owner's conversations that have all of some words, each file read once."""
        heads = (self._head(owner, key) for key in self._ids(owner))
        found = [head[0] for head in heads if head is not None and (not words or _has(*head, words))]
        return sorted(found, key=lambda summary: (summary.changed, summary.id), reverse=True)

    def _head(self, owner: str, key: str) -> tuple[Summary, bytes] | None:
        """Return what a list shows of a conversation, and the line of its words; None if it was deleted just now."""
        path = self._path(owner, key)
        try:
            return _read_head(path)
        except KeepingError as error:
            try:
                written = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="milliseconds")
            except FileNotFoundError:
                return None
            return Summary(key, "", written, written, 0, damage=str(error)), b""

    # Places

    def _of(self, owner: str) -> Path:
        """Return the folder of an owner.

        :raises KeepingError: the key is none.
        """
        if not owner or len(owner) > _LONGEST_OWNER or any(one in "/\\" or not one.isprintable() for one in owner):
            raise KeepingError("The conversations of this browser cannot be found: its key is not one that Footnote gave.")
        return self.folder / hashlib.sha256(owner.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def _path(self, owner: str, conversation_id: str) -> Path:
        if not _ID.fullmatch(conversation_id):
            raise KeepingError(f"There is no conversation {conversation_id[:40]!r}.")
        return self._of(owner) / f"{conversation_id}.json"

    def _existing(self, owner: str, conversation_id: str) -> Path:
        path = self._path(owner, conversation_id)
        if not path.is_file():
            raise KeepingError("This conversation has been deleted, here or in another tab. Start a new one to keep it.")
        return path

    def _ids(self, owner: str) -> list[str]:
        try:
            names = os.listdir(self._of(owner))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise KeepingError(f"The conversations in {self._of(owner)} cannot be read: {error.strerror}.") from error
        return [match.group(1) for match in map(_FILE.fullmatch, names) if match]

    @contextmanager
    def _writing(self, owner: str) -> Iterator[None]:
        """Hold the right to change an owner's conversations."""
        folder = self._of(owner)
        held = ExitStack()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            held.enter_context(locked(folder / "lock"))
        except TimeoutError as error:
            raise KeepingError(f"The conversations in {folder} are being written by another process. Try again.") from error
        except OSError as error:
            raise _unwritable(folder, error) from error
        with held:
            yield


def _rest_of(exchanges: Sequence[KeptExchange]) -> bytes:
    """Return what follows the first line of a file."""
    kept = json.dumps([_exchange_to_kept(exchange) for exchange in exchanges])
    return b'%s%s,\n"exchanges": %s}\n' % (_WORDS, json.dumps(folded("\n".join(_said(exchanges)))).encode(), kept.encode())


def _write(path: Path, summary: Summary, rest: bytes) -> None:
    head = {
        "format": FORMAT,
        "id": summary.id,
        "title": summary.title,
        "created": summary.created,
        "changed": summary.changed,
        "questions": summary.questions,
        "size": len(rest),
        "sha256": hashlib.sha256(rest).hexdigest(),
    }
    try:
        with replacing(path) as stream:
            stream.write(f"{_HEAD.decode()}{json.dumps(head)},\n{rest.decode()}")
    except OSError as error:
        raise _unwritable(path, error) from error


def _read_head(path: Path) -> tuple[Summary, bytes]:
    """Return what the first line of a file says, and the second line.

    :raises KeepingError: it is damaged, of another version, or cannot be read.
    """
    try:
        with path.open("rb") as stream:
            line, size = stream.readline(_LONGEST_HEAD), os.fstat(stream.fileno()).st_size
            words = stream.readline()
    except OSError as error:
        raise _unreadable(path, error) from error
    return _parse_head(line, path, size)[0], words


def _read(path: Path) -> tuple[Summary, bytes]:
    """Return what the first line of a file says, and all that follows it.

    :raises KeepingError: it is damaged anywhere, of another version, or cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    line, _, rest = content.partition(b"\n")
    summary, digest = _parse_head(line[:_LONGEST_HEAD] + b"\n", path, len(content))
    if hashlib.sha256(rest).hexdigest() != digest:
        raise _damaged("its file is not as it was written")
    return summary, rest


def _parse_head(line: bytes, path: Path, size: int) -> tuple[Summary, str]:
    """Return what the first line of a file says: what a list shows, and the digest of the rest.

    :param size: Bytes of the whole file.
    :raises KeepingError: it is damaged, or of another version.
    """
    try:
        head: Any = json.loads(line.removeprefix(_HEAD).removesuffix(b",\n"))
        version = head["format"]
        texts = [head.get(name) for name in ("id", "title", "created", "changed", "sha256")]
        numbers = [head.get(name) for name in ("questions", "size")]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise _damaged("its file does not begin as one") from error
    if version != FORMAT:
        raise KeepingError(
            f"This conversation was kept by another version of Footnote (format {str(version)[:20]}, and this one reads "
            f"{FORMAT}). Update Footnote to open it."
        )
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(number, int) for number in numbers):
        raise _damaged("its file does not begin as one")
    (key, title, created, changed, digest), (questions, rest) = texts, numbers
    if size != len(line) + rest:
        raise _damaged("its file has been cut off or added to")
    if key != path.stem:
        raise _damaged("its file is a copy of another one's")
    return Summary(key, title, created, changed, questions), digest


def _exchange_to_kept(exchange: KeptExchange) -> dict[str, Any]:
    return {
        "question": exchange.question,
        "searched_for": exchange.searched_for,
        "answer": None if exchange.answer is None else answer_to_kept(exchange.answer),
        "failure": exchange.failure,
        "stopped": exchange.stopped,
        "documents": None if exchange.documents is None else list(exchange.documents),
    }


def _exchange_from_kept(kept: dict[str, Any], links: Links) -> KeptExchange:
    answer = None if kept["answer"] is None else answer_from_kept(kept["answer"], links)
    documents = None if kept["documents"] is None else tuple(kept["documents"])
    return KeptExchange(kept["question"], answer, kept["failure"], kept["searched_for"], kept["stopped"], documents)


def _said(exchanges: Iterable[KeptExchange]) -> Iterator[str]:
    """Yield the questions and what was answered."""
    for exchange in exchanges:
        yield exchange.question
        yield exchange.answer.text if exchange.answer is not None else ""


def _has(summary: Summary, line: bytes, words: Sequence[str]) -> bool:
    """Whether a conversation has all of some words in its title or in the line of its words."""
    if summary.damage:
        return False
    try:
        said = json.loads(line.removeprefix(_WORDS).removesuffix(b",\n"))
    except ValueError:
        return False  # damaged further on, which opening it tells
    whole = f"{folded(summary.title)}\n{said}"
    return all(word in whole for word in words)


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise KeepingError(f"{path} cannot be deleted: {error.strerror}. Check the folder's permissions.") from error


def _unreadable(path: Path, error: OSError) -> KeepingError:
    return KeepingError(f"The conversation {path} cannot be read: {error.strerror}. Check its permissions.")


def _damaged(why: str) -> KeepingError:
    return KeepingError(f"This conversation is damaged: {why}. It cannot be opened any more, only deleted.")


def _unwritable(path: Path, error: OSError) -> KeepingError:
    return KeepingError(
        f"The conversation cannot be kept in {path}: {error.strerror}. What was kept before stays as it was. "
        "Check the disk's space and the folder's permissions."
    )

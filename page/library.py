"""The documents at the page's edge: which there are, which are searched, what of them was not read, and adding more."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from corpus.coverage import Coverage
from corpus.display import counted
from corpus.formats import FORMATS
from corpus.limits import DEFAULT_LIMITS
from index.manifest import DocumentRecord
from page.html import attributes, escape
from page.uploads import Adding, Stage

_ACCEPT = ",".join(FORMATS)
_DOING = {
    Stage.READING: "reading …",
    Stage.WAITING: "waiting until other files are searchable …",
    Stage.INDEXING: "making it searchable …",
}
_TITLES = ("PDF", "Word", "PowerPoint", "Excel", "HTML", "EPUB", "Markdown", "text")


def render_library(
    records: Sequence[DocumentRecord],
    own: Collection[str],
    *,
    shown: str | None = None,
    adding: Sequence[Adding] = (),
    message: str = "",
    largest: int = DEFAULT_LIMITS.bytes,
) -> str:
    """Return the list of documents. All are marked as searched: which of them are not, the browser keeps.

    :param records: All that the person sees.
    :param own: Names of those that they may remove.
    :param shown: Name of the one in the source pane.
    :param adding: Files that are being added, or just were.
    :param message: Why something could not be done.
    :param largest: Bytes of the largest file that is read; the browser does not send a larger one.
    """
    many = len(records) > 1
    listed = "".join(_render_document(record, record.name in own, record.name == shown, can_choose=many) for record in records)
    steps = "".join(_render_adding(one) for one in adding)
    failure = f'<p class="failure" role="alert">{escape(message)}</p>' if message else ""
    kinds = ", ".join(_TITLES[:-1]) + f" or {_TITLES[-1]}"
    return (
        '<section class="library" aria-labelledby="library-title">'
        '<div class="rail-head"><h2 id="library-title">Documents</h2>'
        '<button type="button" class="add">Add files</button>'
        f'<input type="file" class="files" multiple hidden aria-label="Files to add"'
        f"{attributes(accept=_ACCEPT, data_largest=largest)}></div>"
        f'{failure}<ul class="documents">{listed}</ul>'
        f'<div role="status"><ul class="adding" aria-label="Files being added">{steps}</ul></div>'
        f'<p class="drop">Drop files anywhere on the page: {kinds}. They stay on this machine.</p></section>'
    )


def _render_document(record: DocumentRecord, is_own: bool, is_shown: bool, *, can_choose: bool) -> str:
    name = record.name
    box = attributes(type="checkbox", class_="searched-in", data_document=name, checked=True, aria_label=f"Search in {name}")
    choice = f'<label class="choose" title="Search in it"><input{box}></label>' if can_choose else ""
    carried = attributes(data_document=name, aria_current="true" if is_shown else False)
    remove = (
        f'<button type="button" class="remove"{attributes(data_document=name, aria_label=f"Remove {name}")}>Remove</button>'
        if is_own
        else ""
    )
    return (
        f'<li class="document{" is-shown" if is_shown else ""}">{choice}<div class="about">'
        f'<button type="button" class="open-document"{carried}><bdi>{escape(name)}</bdi></button>'
        f'<p class="size">{escape(record.coverage.size)} {remove}</p>{_render_gaps(record.coverage)}</div></li>'
    )


def _render_gaps(coverage: Coverage) -> str:
    """Return what was not read of a document, folded; whole pages are said at once, since an answer may stand on them."""
    pages, unread, left_out = coverage.pages_unread, coverage.unread, ", ".join(coverage.left_out)
    if not unread and not left_out:
        return ""
    kind, said = "unread", "What was left out"
    if unread:
        kind, said = "unread has-gaps", "Not all of it was read"
    if pages:
        said = f"{counted(pages, coverage.page_kind.value)} could not be read"
    lines = (("Not read", unread), ("Left out on purpose", left_out))
    inner = "".join(f"<p>{label}: {escape(words)}</p>" for label, words in lines if words)
    return f'<details class="{kind}"><summary>{said}</summary>{inner}</details>'


def _render_adding(one: Adding) -> str:
    doing = _DOING.get(one.stage, one.words)
    spinner = '<span class="spinner" aria-hidden="true"></span>' if one.stage in _DOING else ""
    label = {Stage.ADDED: "Added ", Stage.REFUSED: "Not added: "}.get(one.stage, "")
    return (
        f'<li class="step {one.stage.value}">{spinner}<span>{label}<bdi class="step-name">{escape(one.name)}</bdi>'
        f'<span class="step-words">{escape(doing)}</span></span></li>'
    )

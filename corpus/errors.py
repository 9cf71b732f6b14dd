"""Every error that Footnote shows to a person, as one tree.

    FootnoteError                 the root: its text is written for the person who reads it
    ├── DocumentError             a file cannot be read as a document (corpus)
    ├── ModelError                the weights asked for are missing or are not what they should be (index)
    ├── IndexStoreError           the index in the data folder cannot be used (index)
    │   ├── IndexMissingError     there is no index there yet
    │   ├── IndexMismatchError    it was built with another model or splitter, or by another program
    │   └── IndexBusyError        another process is writing to it
    ├── ScopeError                a document was named that the index does not hold (index)
    ├── QuestionError             the question cannot be asked (assistant)
    ├── ChatModelError            a chat model cannot be asked, or gave no answer (assistant)
    │   └── ChatReplyError        it replied, and what it said cannot be used
    ├── KeepingError              a conversation or a complaint cannot be kept, or read back (assistant)
    ├── CaseError                 an evaluation case file is malformed (eval)
    ├── JudgeError                the model that judges answers cannot be asked, or its reply cannot be used (eval)
    └── SettingsError             a setting has a value that cannot be used (entry points)

Library code raises these; only the commands and the page turn them into words on a screen. Each message says what was
found, what was expected, and what to do. A "the document does not say" is an answer and never an exception.
"""


class FootnoteError(Exception):
    """The root: a failure with a message for its reader."""


class DocumentError(FootnoteError):
    """A file cannot be read as a document."""


class ModelError(FootnoteError):
    """Model weights are missing or are not what they should be."""


class IndexStoreError(FootnoteError):
    """The index in the data folder cannot be used."""


class IndexMissingError(IndexStoreError):
    """The data folder holds no index yet."""


class IndexMismatchError(IndexStoreError):
    """The index was built with another model or splitter, or is not ours."""


class IndexBusyError(IndexStoreError):
    """Another process is writing to the index."""


class ScopeError(FootnoteError):
    """A document was named that the index does not hold."""


class QuestionError(FootnoteError):
    """The question cannot be asked: empty, or far too long."""


class ChatModelError(FootnoteError):
    """A chat model cannot be asked, or gave no answer: no such model, no key, too many requests, no reply in time."""


class ChatReplyError(ChatModelError):
    """A chat model replied, and what it said cannot be used: it was refused, cut off, or of another form."""


class KeepingError(FootnoteError):
    """A conversation or a complaint cannot be kept, or read back: the disk is full, the file damaged or another version's."""


class CaseError(FootnoteError):
    """An evaluation case file is malformed."""


class JudgeError(FootnoteError):
    """The model that judges answers cannot be asked, or its reply cannot be used."""


class SettingsError(FootnoteError):
    """A setting has a value that cannot be used."""

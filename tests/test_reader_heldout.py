"""`python -m assistant.reader.heldout`: the figures of the model card."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_sets import write_sets

from assistant.reader.data import SETS
from assistant.reader.heldout import main
from assistant.reader.model import ReaderModel, save_reader
from assistant.reader.trained import WEIGHTS_FOLDER


@pytest.mark.parametrize("shipped", [True, False], ids=["8 bits, as shipped", "as training writes them"])
def test_a_row_is_printed_for_every_set_that_is_held_back(
    shipped: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sets = write_sets(tmp_path)
    if not shipped:
        save_reader(ReaderModel(), tmp_path / "final")
    weights = WEIGHTS_FOLDER if shipped else tmp_path / "final"
    assert main(["--data", str(sets), "--written", str(sets), "--weights", str(weights)]) == 0
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in capsys.readouterr().out.splitlines() if "|" in line]
    found = {cells[0]: cells[1:] for cells in rows[2:]}
    names = {*SETS, "written", "follow-ups, in conversation", "follow-ups, written out"}
    names.add("follow-ups, in whole conversations")
    assert set(found) <= names and {"squad2", "written", "follow-ups, in conversation"} <= set(found)
    assert found["written"][0] == "24" and 0.0 <= float(found["written"][1]) <= 1.0
    assert not shipped or float(found["written"][1]) > 0.9  # who asks what it costs is told nothing

"""Questions whose wording alone gives away that they have no answer, and how many of them to keep.

Such wording (a negation is six times as frequent among SQuAD 2.0's unanswerable questions) is the habit of those who wrote the
set, and a reader that learns it declines plain questions elsewhere.
"""

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from assistant.reader.data import Record

_FOLDS = 5
_FEWEST = 50  # of either kind, for words to be told from chance


def shares_to_keep(records: Sequence[Record]) -> list[float]:
    """Return for each record how likely to keep it, so that a question's words alone tell nothing of its answer.

    A logistic regression on the words and word pairs of the questions, fitted on other titles than the one it judges, gives
    the odds that a question has no answer; unanswerable questions are thinned by these odds where they are above 1. Answerable
    questions, and sets with hardly any unanswerable ones, are kept whole.
    """
    unanswerable = np.array([not record.answerable for record in records])
    groups = [record.group for record in records]
    if min(unanswerable.sum(), (~unanswerable).sum()) < _FEWEST or len(set(groups)) < _FOLDS:
        return [1.0] * len(records)
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True, token_pattern=r"\w+")
    model = make_pipeline(words, LogisticRegression(class_weight="balanced"))
    odds_of = cross_val_predict(
        model,
        [record.question for record in records],
        unanswerable,
        groups=groups,
        cv=GroupKFold(_FOLDS),
        method="predict_proba",
    )[:, 1]
    odds = odds_of / np.clip(1 - odds_of, 1e-6, None)
    return [float(min(1.0, 1 / one)) if without else 1.0 for one, without in zip(odds, unanswerable, strict=True)]

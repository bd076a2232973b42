"""What a teacher writes in ten minutes: read the reference, read the submission, compare to three decimals.

``python check_numpy.py REFERENCE.json SUBMISSION.json``
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

# The student's name for an answer, where it is not the reference's.
NAMES = {
    "dW2": "grad(W2)", "dL/dH2": "grad(H2)", "W1.grad": "grad(W1)", "∇h1": "grad(h1)", "db0": "grad(b0)",
}  # fmt: skip
ALLOWED = 0.001


def main(reference_file: str, submission_file: str) -> None:
    """Print a line for each answer, and the score."""
    reference = json.loads(Path(reference_file).read_text(encoding="utf-8"))["quantities"]
    answers = json.loads(Path(submission_file).read_text(encoding="utf-8"))["answers"]
    right = 0
    for name, answer in answers.items():
        expected = np.asarray(reference[NAMES.get(name, name)], dtype=np.float64)
        given = np.asarray(answer, dtype=np.float64)
        if given.shape != expected.shape:
            print(f"{name:20} wrong shape")
            continue
        difference = np.abs(given - expected)
        entries = int((difference <= ALLOWED).sum())
        right += entries == expected.size
        verdict = "right" if entries == expected.size else "wrong"
        print(f"{name:20} {verdict:8} {entries}/{expected.size} {difference.max():.2g}")
    print(f"{right} of {len(answers)}")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Records of the misconceptions about a ReLU that is written as a maximum, by cases or as a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.support.misconception_records import Record

MAXIMUM = 'inputs: {z: [1.5, -2]}\nnetwork: {y: "maximum(0, z)"}\nupstream: {y: [3, -5]}\n'
FORMS = [
    MAXIMUM.replace("maximum(0, z)", form)
    for form in ("maximum(0, z)", "maximum(z, 0)", "where(z > 0, z, 0)", "where(z <= 0, 0, z)", "clip(z, 0)")
]
HINGE = MAXIMUM.replace("maximum(0, z)", "maximum(0, 1 - z)")

RECORDS: Mapping[str, Sequence[Record]] = {
    "activation-left-out": [Record(form, "y", [1.5, -2]) for form in FORMS[:2]] + [Record(HINGE, "y", [-0.5, 3])],
    "relu-misunderstood": [
        Record(MAXIMUM, "y", [1.5, 2], "the absolute value"),
        Record(MAXIMUM, "y", [1, 0], "0 or 1"),
        Record(MAXIMUM, "y", [0, 2], "of -z"),
    ],
    "relu-mask-left-out": [*(Record(form, "grad(z)", [3, -5]) for form in FORMS), Record(HINGE, "grad(z)", [-3, 5])],
    # of 1 - z = [-0.5, 3] the second is positive
    "relu-mask-inverted": [*(Record(form, "grad(z)", [0, -5]) for form in FORMS), Record(HINGE, "grad(z)", [-3, 0])],
    "relu-output-for-its-mask": [Record(form, "grad(z)", [4.5, 0]) for form in FORMS],
    "relu-mask-of-the-gradient": [
        Record(form.replace("[3, -5]", "[-3, 5]"), "grad(z)", [0, 5], "in place of the mask") for form in FORMS
    ],
    "margin-left-out": [Record(HINGE, "y", [0, 2], "left out")],
}

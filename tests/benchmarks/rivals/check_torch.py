"""The same check where PyTorch computes the reference: forward and backward by autograd, then compare.

``python check_torch.py REFERENCE.json SUBMISSION.json``; of the reference only inputs and weights are read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import conv2d

Tensor = Any

# The student's name for an answer, where it is not the reference's.
NAMES = {
    "dW2": "grad(W2)", "dL/dH2": "grad(H2)", "W1.grad": "grad(W1)", "∇h1": "grad(h1)", "db0": "grad(b0)",
}  # fmt: skip
ALLOWED = 0.001


def step(z: Tensor, W0: Tensor, b0: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> dict[str, Tensor]:
    """All quantities by the names that the problem file gives them; the arguments are float64 leaves."""
    h0 = torch.relu(W0 @ z + b0)
    h1 = h0.reshape(2, 2, 2)
    C1 = conv2d(h1[None], W1.reshape(2, 1, 3, 3), padding=2, groups=2)[0]
    H2 = C1.sum(dim=0, keepdim=True) + b1
    m = W2 @ H2.flatten() + b2
    yhat = torch.sigmoid(m)
    L = -torch.log(yhat)
    lines = {"h0": h0, "h1": h1, "C1": C1, "H2": H2, "m": m, "yhat": yhat}
    inputs = {"z": z, "W0": W0, "b0": b0, "W1": W1, "b1": b1, "W2": W2, "b2": b2}
    asked = {**inputs, **lines}
    gradients = torch.autograd.grad(L, list(asked.values()), retain_graph=True)
    result = {**lines, "L": L, "grad(L)": torch.ones_like(L)}
    result.update((f"grad({name})", gradient) for name, gradient in zip(asked, gradients, strict=True))
    units = torch.eye(4, dtype=torch.float64).reshape(4, 1, 2, 2)
    for channel in (0, 1):
        result[f"K{channel}"] = conv2d(units, W1[:, channel : channel + 1], padding=2).reshape(4, 16).T
        result[f"dK{channel}"] = torch.outer(result["grad(H2)"].flatten(), h1[channel].flatten())
    rows = torch.eye(8, dtype=torch.float64)
    (result["jacobian(h0, W0)"],) = torch.autograd.grad(h0, W0, rows, is_grads_batched=True)
    return result


def main(reference_file: str, submission_file: str) -> None:
    """Print a line for each answer, and the score."""
    stated = json.loads(Path(reference_file).read_text(encoding="utf-8"))["quantities"]
    answers = json.loads(Path(submission_file).read_text(encoding="utf-8"))["answers"]
    names = ("z", "W0", "b0", "W1", "b1", "W2", "b2")
    reference = step(*(torch.tensor(stated[name], dtype=torch.float64, requires_grad=True) for name in names))
    right = 0
    for name, answer in answers.items():
        expected = reference[NAMES.get(name, name)].detach()
        given = torch.tensor(answer, dtype=torch.float64)
        if given.shape != expected.shape:
            print(f"{name:20} wrong shape")
            continue
        difference = (given - expected).abs()
        entries = int((difference <= ALLOWED).sum())
        right += entries == expected.numel()
        verdict = "right" if entries == expected.numel() else "wrong"
        print(f"{name:20} {verdict:8} {entries}/{expected.numel()} {float(difference.max()):.2g}")
    print(f"{right} of {len(answers)}")


if __name__ == "__main__":
    main(*sys.argv[1:])

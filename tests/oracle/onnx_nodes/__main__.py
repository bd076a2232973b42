"""Writes cases.txt anew, for new translations or another version of onnx: ``python -m tests.oracle.onnx_nodes``."""

from __future__ import annotations

from tests.oracle.onnx_nodes.listing import write

if __name__ == "__main__":
    write()

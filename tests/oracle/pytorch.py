"""PyTorch, untyped: its own types are incomplete, and take a type checker minutes to read."""

from __future__ import annotations

import importlib
from typing import Any

torch: Any = importlib.import_module("torch")

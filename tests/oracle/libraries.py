"""PyTorch and JAX, untyped: their own types are incomplete, and take a type checker minutes to read."""

from __future__ import annotations

import importlib
from typing import Any

__all__ = ["jax", "torch"]

torch: Any = importlib.import_module("torch")


def _jax() -> Any:
    """JAX with float64, which it has switched off, on the CPU."""
    module = importlib.import_module("jax")
    module.config.update("jax_enable_x64", True)
    module.config.update("jax_platforms", "cpu")
    return module


jax: Any = _jax()

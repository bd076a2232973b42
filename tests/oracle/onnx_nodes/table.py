"""All translations, by the operator's name in ONNX."""

from __future__ import annotations

from collections.abc import Mapping

from tests.oracle.onnx_nodes import activations, arrays, attention, elementwise, linear, losses, normalization, reductions, static
from tests.oracle.onnx_nodes.translation import Translation

__all__ = ["STATIC", "TRANSLATIONS"]

STATIC = frozenset(static.TABLE)
TRANSLATIONS: Mapping[str, Translation] = {
    name: translation
    for family in (static, elementwise, activations, arrays, reductions, linear, losses, normalization, attention)
    for name, translation in family.TABLE.items()
}

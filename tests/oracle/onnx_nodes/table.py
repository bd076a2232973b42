"""All translations, by the operator's name in ONNX."""

from __future__ import annotations

from collections.abc import Mapping

from tests.oracle.onnx_nodes import (
    activations,
    arrays,
    attention,
    control,
    convolution,
    elementwise,
    images,
    linear,
    losses,
    normalization,
    recurrent,
    reductions,
    static,
    training,
)
from tests.oracle.onnx_nodes.translation import Translation

__all__ = ["STATIC", "TRANSLATIONS"]

FAMILIES = [activations, arrays, attention, control, convolution, elementwise, images, linear, losses, normalization]
FAMILIES += [recurrent, reductions, static, training]
STATIC = frozenset(static.TABLE) | frozenset(control.TABLE)
TRANSLATIONS: Mapping[str, Translation] = {
    name: translation for family in FAMILIES for name, translation in family.TABLE.items()
}

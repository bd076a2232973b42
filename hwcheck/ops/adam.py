"""Optimiser steps: Adam and its relatives. What all optimisers share is in optimisers.py."""

from __future__ import annotations

import math
from typing import Literal

from hwcheck.graph.node import Node
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.graph.options import Floats
from hwcheck.ops.arithmetic import maximum
from hwcheck.ops.bounds import require_from, require_share
from hwcheck.ops.functions import abs, rooted, sqrt
from hwcheck.ops.optimisers import averaged, decayed, rest
from hwcheck.ops.shapes import require_same


def _require_betas(betas: Floats) -> tuple[float, float]:
    if len(betas) != 2:
        raise Misfit(f"betas must be two numbers, not {len(betas)}")
    first, second = betas
    require_share(**{"the first of betas": first, "the second of betas": second})
    return first, second


def _adam_step(
    step: Steps,
    g: Node,
    states: tuple[Node | None, Node | None],
    t: int,
    betas: tuple[float, float],
    eps: float,
    bias_correction: bool,
    eps_place: str,
) -> Node:
    """What Adam goes along: ``m_hat / (sqrt(v_hat) + eps)``."""
    m = step("m", averaged(states[0], g, betas[0]))
    v = step("v", averaged(states[1], g**2, betas[1]))
    first, second = (rest(beta**t) if bias_correction else 1.0 for beta in betas)
    if eps_place == "uncorrected":
        return math.sqrt(second) / first * m / (sqrt(v) + eps)
    m_hat = step("m_hat", m / first) if bias_correction else m
    v_hat = step("v_hat", v / second) if bias_correction else v
    return m_hat / rooted(v_hat, eps, eps_place)


@composite()
def adam(
    step: Steps,
    param: Node,
    grad: Node,
    m: Node | None = None,
    v: Node | None = None,
    t: int = 1,
    lr: float = 0.001,
    betas: Floats = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    bias_correction: bool = True,
    eps_place: Literal["outside", "inside", "uncorrected"] = "outside",
) -> Node:
    """A step of Adam, ``param - lr * m_hat / (sqrt(v_hat) + eps)``.

    With the betas b1 and b2, ``m_new = b1 * m + (1 - b1) * grad``, ``v_new = b2 * v + (1 - b2) * grad**2``,
    ``m_hat = m_new / (1 - b1**t)`` and ``v_hat = v_new / (1 - b2**t)``. Its steps are m and v, the new ones, m_hat and
    v_hat, and with weight decay g, the gradient that includes it.

    param: the parameter, any shape.
    grad: its gradient.
    m, v: the averages of the gradient and of its square after the step before; None stands for zeros.
    t: the number of this step, from 1.
    lr: the learning rate.
    betas: the shares of the two averages that stay.
    eps: keeps the divisor away from 0.
    weight_decay: the factor of param that is added to the gradient; adamw has the decoupled form.
    bias_correction: False takes m_new and v_new in place of m_hat and v_hat.
    eps_place: 'outside' the root; 'inside' it, ``sqrt(v_hat + eps)``; 'uncorrected': outside the root of v_new,
    ``param - lr * sqrt(1 - b2**t) / (1 - b1**t) * m_new / (sqrt(v_new) + eps)``, which has no m_hat and v_hat.
    Elsewhere: PyTorch and JAX's optax put eps 'outside'; TensorFlow, Keras and ONNX have 'uncorrected', the "epsilon
    hat" of the paper's section 2.
    Source: Kingma, Ba, Adam: a method for stochastic optimization (2015), algorithm 1.
    Example: adam(W, g, lr=0.1); W = [1, 2]; g = [3, -4]
    """
    require_same(param=param, grad=grad, m=m, v=v)
    require_from(0, lr=lr, eps=eps)
    require_from(1, t=t)
    g = decayed(step, param, grad, weight_decay)
    return param - lr * _adam_step(step, g, (m, v), t, _require_betas(betas), eps, bias_correction, eps_place)


@composite()
def adamw(
    step: Steps,
    param: Node,
    grad: Node,
    m: Node | None = None,
    v: Node | None = None,
    t: int = 1,
    lr: float = 0.001,
    betas: Floats = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.01,
    bias_correction: bool = True,
    eps_place: Literal["outside", "inside", "uncorrected"] = "outside",
) -> Node:
    """A step of AdamW, ``(1 - lr * weight_decay) * param - lr * m_hat / (sqrt(v_hat) + eps)``.

    The averages are those of ``adam``, of the gradient without weight decay. Its steps are m and v, the new ones, m_hat
    and v_hat, and decayed, the parameter that the step is taken from.

    param: the parameter, any shape.
    grad: its gradient.
    m, v: the averages of the gradient and of its square after the step before; None stands for zeros.
    t: the number of this step, from 1.
    lr: the learning rate.
    betas: the shares of the two averages that stay.
    eps: keeps the divisor away from 0.
    weight_decay: the parameter shrinks by ``lr * weight_decay`` of itself.
    bias_correction: False takes m_new and v_new in place of m_hat and v_hat.
    eps_place: as in ``adam``: 'outside', 'inside' or 'uncorrected'.
    Elsewhere: the paper multiplies the decay by the factor of its schedule alone, PyTorch by the learning rate.
    Source: Loshchilov, Hutter, Decoupled weight decay regularization (2019), algorithm 2.
    Example: adamw(W, g, lr=0.1, weight_decay=0.5); W = [1, 2]; g = [3, -4]
    """
    require_same(param=param, grad=grad, m=m, v=v)
    require_from(0, lr=lr, eps=eps, weight_decay=weight_decay)
    require_from(1, t=t)
    decayed = step("decayed", (1 - lr * weight_decay) * param) if weight_decay else param
    return decayed - lr * _adam_step(step, grad, (m, v), t, _require_betas(betas), eps, bias_correction, eps_place)


@composite()
def nadam(
    step: Steps,
    param: Node,
    grad: Node,
    m: Node | None = None,
    v: Node | None = None,
    t: int = 1,
    lr: float = 0.002,
    betas: Floats = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum_decay: float = 0.004,
) -> Node:
    """A step of NAdam, Adam with Nesterov's momentum: ``param - lr * m_hat / (sqrt(v_hat) + eps)``.

    The averages m_new and v_new, and v_hat, are those of ``adam``. With ``mu(t) = b1 * (1 - 0.5 * 0.96**(t * d))``,
    where d is momentum_decay, and p the product of mu(1) to mu(t),
    ``m_hat = mu(t+1) * m_new / (1 - p * mu(t+1)) + (1 - mu(t)) * grad / (1 - p)``. Its steps are m, v, m_hat, v_hat,
    and with weight decay g.

    param: the parameter, any shape.
    grad: its gradient.
    m, v: the averages of the gradient and of its square after the step before; None stands for zeros.
    t: the number of this step, from 1.
    lr: the learning rate.
    betas: the shares of the two averages that stay, b1 and b2.
    eps: keeps the divisor away from 0.
    weight_decay: the factor of param that is added to the gradient.
    momentum_decay: how fast mu grows towards b1; 0 keeps it at half of b1.
    Elsewhere: Keras fixes momentum_decay at 0.004.
    Source: Dozat, Incorporating Nesterov momentum into Adam (2016).
    Example: nadam(W, g, lr=0.1); W = [1, 2]; g = [3, -4]
    """
    require_same(param=param, grad=grad, m=m, v=v)
    require_from(0, lr=lr, eps=eps, momentum_decay=momentum_decay)
    require_from(1, t=t)
    first, second = _require_betas(betas)
    mu = [first * (1 - 0.5 * 0.96 ** (s * momentum_decay)) for s in range(1, t + 2)]
    g = decayed(step, param, grad, weight_decay)
    m = step("m", averaged(m, g, first))
    v = step("v", averaged(v, g**2, second))
    ahead, here = mu[-1] / (1 - math.prod(mu)), (1 - mu[-2]) / (1 - math.prod(mu[:-1]))
    m_hat = step("m_hat", ahead * m + here * g)
    v_hat = step("v_hat", v / rest(second**t))
    return param - lr * (m_hat / (sqrt(v_hat) + eps))


@composite()
def adamax(
    step: Steps,
    param: Node,
    grad: Node,
    m: Node | None = None,
    u: Node | None = None,
    t: int = 1,
    lr: float = 0.002,
    betas: Floats = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
) -> Node:
    """A step of Adamax, ``param - lr / (1 - b1**t) * m_new / u_new``.

    With the betas b1 and b2, ``m_new = b1 * m + (1 - b1) * grad`` and ``u_new = max(b2 * u, abs(grad) + eps)``. Its
    steps are m and u, the new ones, and with weight decay g, the gradient that includes it.

    param: the parameter, any shape.
    grad: its gradient.
    m, u: the average of the gradient and the decaying largest size of it after the step before; None stands for zeros.
    t: the number of this step, from 1.
    lr: the learning rate.
    betas: the shares of m and u that stay.
    eps: keeps u away from 0.
    weight_decay: the factor of param that is added to the gradient.
    Elsewhere: the paper has no eps; Keras adds it to u outside the maximum.
    Source: Kingma, Ba, Adam: a method for stochastic optimization (2015), algorithm 2.
    Example: adamax(W, g, lr=0.1); W = [1, 2]; g = [3, -4]
    """
    require_same(param=param, grad=grad, m=m, u=u)
    require_from(0, lr=lr, eps=eps)
    require_from(1, t=t)
    first, second = _require_betas(betas)
    g = decayed(step, param, grad, weight_decay)
    m = step("m", averaged(m, g, first))
    size = abs(g) + eps
    u = step("u", size if u is None else maximum(second * u, size))
    return param - lr / rest(first**t) * m / u

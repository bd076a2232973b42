"""Optimiser steps: gradient descent, Adagrad, RMSprop, Adadelta. Each gives a parameter's new value from its gradient.

The states that an optimiser carries along (m and v of Adam, a velocity) are arguments; left out, they are zeros. The
new states are named steps: in a line ``W_new: adam(W, grad(W), m, v, t=2)`` they are W_new.m and W_new.v. Names and
defaults are those of torch.optim.
"""

from __future__ import annotations

import math
from typing import Literal

from hwcheck.graph.node import Node
from hwcheck.graph.op import Misfit, Steps, composite
from hwcheck.ops.bounds import require_from, require_share
from hwcheck.ops.functions import rooted, sqrt
from hwcheck.ops.shapes import require_same


def decayed(step: Steps, param: Node, grad: Node, weight_decay: float) -> Node:
    """The gradient with that of ``weight_decay / 2 * param**2`` added, which is its step g."""
    require_from(0, weight_decay=weight_decay)
    return step("g", grad + weight_decay * param) if weight_decay else grad


def averaged(old: Node | None, new: Node, share: float) -> Node:
    """An exponential average: the old one, of which a share stays, and the rest of the new; it begins at zeros."""
    return rest(share) * new if old is None else share * old + rest(share) * new


def rest(share: float) -> float:
    """What a share leaves: 0.1 of 0.9, where float64 would have 0.09999999999999998."""
    return round(1 - share, 15)


@composite()
def sgd(
    step: Steps,
    param: Node,
    grad: Node,
    velocity: Node | None = None,
    lr: float = 0.001,
    momentum: float = 0.0,
    dampening: float = 0.0,
    weight_decay: float = 0.0,
    nesterov: bool = False,
    form: Literal["sum", "average", "step"] = "sum",
) -> Node:
    """A step of gradient descent, ``param - lr * v``, where v is the gradient, or with momentum the velocity.

    The velocity is ``v = momentum * velocity + (1 - dampening) * grad``, at the first step, without a velocity, the
    gradient. Its steps are v, and with weight decay g, the gradient that includes it.

    param: the parameter, any shape.
    grad: its gradient.
    velocity: v of the step before; None at the first one.
    lr: the learning rate.
    momentum: the share of the velocity that stays.
    dampening: the share of the gradient that is left out of the velocity.
    weight_decay: the factor of param that is added to the gradient (L2 regularisation).
    nesterov: True steps along ``grad + momentum * v``.
    form: what the velocity is. 'sum': as above; 'average': the exponential average
    ``v = momentum * velocity + (1 - momentum) * grad``, from zeros; 'step': the step itself,
    ``v = momentum * velocity - lr * grad``, and then ``param + v``.
    Elsewhere: PyTorch has 'sum'; Keras, Sutskever and others, and the book below have 'step'; Ng's course has
    'average', which comes to a learning rate of ``(1 - momentum) * lr``.
    Source: Goodfellow, Bengio, Courville, Deep Learning (2016), equations 8.15 and 8.16; 'step' and Nesterov:
    Sutskever, Martens, Dahl, Hinton, On the importance of initialization and momentum in deep learning (2013).
    Example: sgd(W, g, v, lr=0.1, momentum=0.5); W = [1, 2]; g = [10, -4]; v = [2, 0]
    """
    require_same(param=param, grad=grad, velocity=velocity)
    require_from(0, lr=lr)
    require_share(momentum=momentum, dampening=dampening)
    _require_velocity(momentum, dampening, nesterov, form, velocity)
    g = decayed(step, param, grad, weight_decay)
    if not momentum:
        return param - lr * g
    if form == "step":
        v = step("v", -lr * g if velocity is None else momentum * velocity - lr * g)
        return param + (momentum * v - lr * g if nesterov else v)
    fresh = rest(momentum if form == "average" else dampening) * g
    begun = fresh if form == "average" else g
    v = step("v", begun if velocity is None else momentum * velocity + fresh)
    return param - lr * (g + momentum * v if nesterov else v)


def _require_velocity(momentum: float, dampening: float, nesterov: bool, form: str, velocity: Node | None) -> None:
    if nesterov and (dampening or form == "average"):
        raise Misfit("nesterov needs whole gradients in the velocity: no dampening, and form 'sum' or 'step'")
    if dampening and form != "sum":
        raise Misfit(f"dampening belongs to form='sum', not to form={form!r}")
    if not momentum and (nesterov or dampening or velocity is not None or form != "sum"):
        raise Misfit("momentum is 0, so there is no velocity: leave out velocity, dampening, nesterov and form")


@composite()
def adagrad(
    step: Steps,
    param: Node,
    grad: Node,
    state_sum: Node | None = None,
    t: int = 1,
    lr: float = 0.01,
    lr_decay: float = 0.0,
    weight_decay: float = 0.0,
    initial_accumulator_value: float = 0.0,
    eps: float = 1e-10,
    eps_place: Literal["outside", "inside"] = "outside",
) -> Node:
    """A step of Adagrad, ``param - lr * grad / (sqrt(s) + eps)`` with ``s = state_sum + grad**2``.

    Its steps are s, the new sum of squares, and with weight decay g, the gradient that includes it.

    param: the parameter, any shape.
    grad: its gradient.
    state_sum: the sum of the squares of the gradients before; None at the first step.
    t: the number of this step, from 1.
    lr: the learning rate.
    lr_decay: the learning rate is divided by ``1 + (t - 1) * lr_decay``.
    weight_decay: the factor of param that is added to the gradient.
    initial_accumulator_value: what the sum begins with at the first step.
    eps: keeps the divisor away from 0.
    eps_place: 'outside' the root, or 'inside' it, ``sqrt(s + eps)``.
    Elsewhere: ONNX counts the steps from 0. Goodfellow and others have eps = 1e-7; Dive into Deep Learning has it
    inside.
    Source: Duchi, Hazan, Singer, Adaptive subgradient methods for online learning and stochastic optimization (2011);
    Goodfellow, Bengio, Courville, Deep Learning (2016), algorithm 8.4.
    Example: adagrad(W, g, s, lr=0.1); W = [1, 2]; g = [3, -4]; s = [16, 9]
    """
    require_same(param=param, grad=grad, state_sum=state_sum)
    require_from(0, lr=lr, lr_decay=lr_decay, eps=eps, initial_accumulator_value=initial_accumulator_value)
    require_from(1, t=t)
    g = decayed(step, param, grad, weight_decay)
    s = step("s", g**2 + (initial_accumulator_value if state_sum is None else state_sum))
    return param - lr / (1 + (t - 1) * lr_decay) * g / rooted(s, eps, eps_place)


@composite()
def rmsprop(
    step: Steps,
    param: Node,
    grad: Node,
    square_avg: Node | None = None,
    velocity: Node | None = None,
    grad_avg: Node | None = None,
    lr: float = 0.01,
    alpha: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum: float = 0.0,
    centered: bool = False,
    eps_place: Literal["outside", "inside"] = "outside",
) -> Node:
    """A step of RMSprop: ``param - lr * grad / (sqrt(s) + eps)`` with an average s of the squared gradients.

    The average is ``s = alpha * square_avg + (1 - alpha) * grad**2``. With momentum it is ``param - lr * v`` with
    ``v = momentum * velocity + grad / (sqrt(s) + eps)``. Its steps are s, v with momentum, a, the average gradient,
    where centered, and with weight decay g, the gradient that includes it.

    param: the parameter, any shape.
    grad: its gradient.
    square_avg: s of the step before; None stands for zeros.
    velocity: v of the step before; None stands for zeros.
    grad_avg: a of the step before; None stands for zeros.
    lr: the learning rate.
    alpha: the share of the averages that stays.
    eps: keeps the divisor away from 0.
    weight_decay: the factor of param that is added to the gradient.
    momentum: the share of the velocity that stays.
    centered: True divides by the root of ``s - a**2``, with ``a = alpha * grad_avg + (1 - alpha) * grad``.
    eps_place: 'outside' the root, or 'inside' it, ``sqrt(s + eps)``.
    Elsewhere: Goodfellow and others have eps 'inside', 1e-6; Keras calls alpha rho, with 0.9, and puts lr into the
    velocity.
    Source: Tieleman, Hinton, Lecture 6.5 of Neural networks for machine learning (2012); Goodfellow, Bengio, Courville,
    Deep Learning (2016), algorithm 8.5; centered: Graves, Generating sequences with recurrent neural networks (2013).
    Example: rmsprop(W, g, s, lr=0.1, alpha=0.5); W = [1, 2]; g = [3, -4]; s = [41, 2]
    """
    require_same(param=param, grad=grad, square_avg=square_avg, velocity=velocity, grad_avg=grad_avg)
    require_from(0, lr=lr, eps=eps)
    require_share(alpha=alpha, momentum=momentum)
    if velocity is not None and not momentum:
        raise Misfit("momentum is 0, so there is no velocity: leave it out")
    if grad_avg is not None and not centered:
        raise Misfit("grad_avg is for centered=True only")
    g = decayed(step, param, grad, weight_decay)
    s = step("s", averaged(square_avg, g**2, alpha))
    spread = s - step("a", averaged(grad_avg, g, alpha)) ** 2 if centered else s
    update = g / rooted(spread, eps, eps_place)
    if momentum:
        update = step("v", update if velocity is None else momentum * velocity + update)
    return param - lr * update


@composite()
def adadelta(
    step: Steps,
    param: Node,
    grad: Node,
    square_avg: Node | None = None,
    acc_delta: Node | None = None,
    lr: float = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.0,
) -> Node:
    """A step of Adadelta, ``param - lr * delta`` with ``delta = sqrt(acc_delta + eps) / sqrt(s + eps) * grad``.

    Its steps are ``s = rho * square_avg + (1 - rho) * grad**2``, delta,
    ``acc = rho * acc_delta + (1 - rho) * delta**2``, and with weight decay g, the gradient that includes it.

    param: the parameter, any shape.
    grad: its gradient.
    square_avg: s of the step before; None stands for zeros.
    acc_delta: acc of the step before; None stands for zeros.
    lr: the factor of delta.
    rho: the share of the averages that stays.
    eps: keeps the divisor, and the first steps, away from 0.
    weight_decay: the factor of param that is added to the gradient.
    Elsewhere: the paper has no lr, which is lr = 1; Keras has lr = 0.001 and rho = 0.95.
    Source: Zeiler, ADADELTA: an adaptive learning rate method (2012), algorithm 1.
    Example: adadelta(W, g, s, d, rho=0.5, eps=0); W = [1, 2]; g = [3, -4]; s = [41, 2]; d = [1, 4]
    """
    require_same(param=param, grad=grad, square_avg=square_avg, acc_delta=acc_delta)
    require_from(0, lr=lr, eps=eps)
    require_share(rho=rho)
    g = decayed(step, param, grad, weight_decay)
    s = step("s", averaged(square_avg, g**2, rho))
    before = math.sqrt(eps) if acc_delta is None else sqrt(acc_delta + eps)
    delta = step("delta", before / sqrt(s + eps) * g)
    step.beside("acc", averaged(acc_delta, delta**2, rho))
    return param - lr * delta

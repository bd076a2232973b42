"""The records of optimisers, of the perceptron's rule and of clipped gradients.

PyTorch's optimisers take their step as differentiable, on states that are put in; conventions that PyTorch does not
have are formulas in JAX.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.support.op_records import Bad, Record, bad, drawn, kink

POSITIVE = (0.5, 1.5)


def torch_step(T: Any, optimiser: str, param: Any, grad: Any, states: Mapping[str, Any], **options: Any) -> Any:
    """One step of an optimiser of torch.optim; what is left out of its states stays as it begins."""
    moved = param.clone()
    moved.grad = grad
    stepping = getattr(T.optim, optimiser)([moved], differentiable=True, foreach=False, **options)
    known = {name: state.clone() for name, state in states.items() if state is not None}
    if known:
        begun = {"step": T.tensor(0.0, dtype=T.float64), **stepping.state.get(moved, {})}
        stepping.state[moved].update({**begun, **known})
    stepping.step()
    return moved


def torch_sgd(
    T: Any,
    param: Any,
    grad: Any,
    velocity: Any = None,
    form: str = "sum",
    momentum: float = 0.0,
    dampening: float = 0.0,
    **options: Any,
) -> Any:
    """The average of gradients is dampened by the momentum, from zeros; the step is -lr times PyTorch's velocity.

    At the first step PyTorch takes a copy of the gradient, which cannot be differentiated: it gets the velocity that
    makes the same of it.
    """
    if form == "average":
        dampening = momentum
    if velocity is None and momentum:
        first = grad + options.get("weight_decay", 0.0) * param
        velocity = 0 * grad if form == "average" else first * dampening / momentum
    elif form == "step":
        velocity = -velocity / options["lr"]
    options |= {"momentum": momentum, "dampening": dampening}
    return torch_step(T, "SGD", param, grad, {"momentum_buffer": velocity}, **options)


def counted(T: Any, t: int) -> Any:
    return T.tensor(float(t - 1), dtype=T.float64)


def torch_adam(name: str, *names: str) -> Callable[..., Any]:
    """An optimiser of PyTorch with two states and a count of steps."""

    def taken(T: Any, param: Any, grad: Any, *states: Any, t: int = 1, **options: Any) -> Any:
        given = list(states) + [None] * (2 - len(states))
        known = {key: T.zeros_like(param) if s is None else s for key, s in zip(names, given, strict=True)}
        known["step"] = counted(T, t)
        if name == "NAdam":
            decay, first = options.get("momentum_decay", 0.004), options.get("betas", (0.9, 0.999))[0]
            product = T.ones((), dtype=T.float64)
            for s in range(1, t):
                product = product * first * (1 - 0.5 * 0.96 ** (s * decay))
            known["mu_product"] = product
        return torch_step(T, name, param, grad, known, **options)

    return taken


def jax_adam(decoupled: bool) -> Callable[..., Any]:
    """The algorithm of Adam's paper, with its epsilon where the option says."""

    def taken(
        J: Any, param: Any, grad: Any, m: Any = 0.0, v: Any = 0.0, t: int = 1, lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8, weight_decay: float = 0.01 * decoupled,
        bias_correction: bool = True, eps_place: str = "outside",
    ) -> Any:  # fmt: skip
        grad = grad if decoupled else grad + weight_decay * param
        shrunk = param - lr * weight_decay * param if decoupled else param
        m = m + (1 - betas[0]) * (grad - m)
        v = v + (1 - betas[1]) * (grad * grad - v)
        left = [1 - beta**t if bias_correction else 1 for beta in betas]
        if eps_place == "uncorrected":
            return shrunk - lr * left[1] ** 0.5 / left[0] * m / (J.numpy.sqrt(v) + eps)
        inside, outside = (eps, 0) if eps_place == "inside" else (0, eps)
        return shrunk - lr * (m / left[0]) / ((v / left[1] + inside) ** 0.5 + outside)

    return taken


def torch_adagrad(T: Any, param: Any, grad: Any, state_sum: Any = None, t: int = 1, **options: Any) -> Any:
    begun = options.get("initial_accumulator_value", 0.0)
    known = {"sum": T.full_like(param, begun) if state_sum is None else state_sum, "step": counted(T, t)}
    return torch_step(T, "Adagrad", param, grad, known, **options)


def jax_adagrad(
    J: Any, param: Any, grad: Any, state_sum: Any = None, t: int = 1, lr: float = 0.01, lr_decay: float = 0.0,
    weight_decay: float = 0.0, initial_accumulator_value: float = 0.0, eps: float = 1e-10, eps_place: str = "outside",
) -> Any:  # fmt: skip
    grad = grad + weight_decay * param
    total = (initial_accumulator_value if state_sum is None else state_sum) + grad * grad
    below = J.numpy.sqrt(total + eps) if eps_place == "inside" else J.numpy.sqrt(total) + eps
    return param - lr * grad / below / (1 + (t - 1) * lr_decay)


def torch_rmsprop(
    T: Any, param: Any, grad: Any, square_avg: Any = None, velocity: Any = None, grad_avg: Any = None, **options: Any
) -> Any:
    states = {"square_avg": square_avg, "momentum_buffer": velocity, "grad_avg": grad_avg}
    known = {name: T.zeros_like(param) if state is None else state for name, state in states.items()}
    return torch_step(T, "RMSprop", param, grad, known, **options)


def jax_rmsprop(
    J: Any, param: Any, grad: Any, square_avg: Any = 0.0, velocity: Any = 0.0, grad_avg: Any = 0.0, lr: float = 0.01,
    alpha: float = 0.99, eps: float = 1e-8, weight_decay: float = 0.0, momentum: float = 0.0, centered: bool = False,
    eps_place: str = "outside",
) -> Any:  # fmt: skip
    grad = grad + weight_decay * param
    square = square_avg + (1 - alpha) * (grad * grad - square_avg)
    if centered:
        square = square - (grad_avg + (1 - alpha) * (grad - grad_avg)) ** 2
    below = J.numpy.sqrt(square + eps) if eps_place == "inside" else J.numpy.sqrt(square) + eps
    return param - lr * (momentum * velocity + grad / below)


def torch_adadelta(T: Any, param: Any, grad: Any, square_avg: Any = None, acc_delta: Any = None, **options: Any) -> Any:
    states = {"square_avg": square_avg, "acc_delta": acc_delta}
    known = {name: T.zeros_like(param) if state is None else state for name, state in states.items()}
    return torch_step(T, "Adadelta", param, grad, known, **options)


A = (2, 3)


def faults(state: str) -> tuple[Bad, ...]:
    """What all optimisers refuse; ``state`` is the first one that they carry along."""
    return (
        bad("{param} is 2 x 3, but {grad} is 3", A, (3,)),
        bad(f"{{param}} is 2 x 3, but {{{state}}} is 3 x 2", A, A, (3, 2)),
        bad("lr must be at least 0, but is -0.1", A, A, lr=-0.1),
        bad("weight_decay must be at least 0, but is -1", A, A, weight_decay=-1),
    )


ADAM_FAULTS = (
    bad("lr must be at least 0, but is inf", A, A, lr=float("inf")),
    bad("eps must be at least 0, but is -1", A, A, eps=-1),
    bad("t must be at least 1, but is 0", A, A, t=0),
    bad("betas must be two numbers, not 1", A, A, betas=0.9),
    bad("the second of betas must be from 0 to below 1, but is 1", A, A, betas=[0.9, 1]),
    bad("must be a number, not 'large'", A, A, betas=["large", 1]),
)


def adam_record(name: str, decoupled: bool) -> Record:
    return Record(
        samples=(
            drawn(A, A, between=POSITIVE),
            drawn(A, A, A, A, between=POSITIVE, t=3, lr=0.1, betas=[0.8, 0.7], eps=0.01, weight_decay=0.2),
            drawn((), (), (), (), between=POSITIVE, t=2, lr=0.1),
            drawn(A, A, A, between=POSITIVE, t=2, lr=0.1, weight_decay=0),
            drawn(A, A, A, A, between=POSITIVE, t=3, lr=0.1, bias_correction=False, eps=0.1).without_torch(),
            drawn(A, A, A, A, between=POSITIVE, t=3, lr=0.1, eps=0.1, eps_place="inside").without_torch(),
            drawn(A, A, A, A, between=POSITIVE, t=3, lr=0.1, eps=0.1, eps_place="uncorrected").without_torch(),
            drawn(A, A, between=POSITIVE, bias_correction=False, eps_place="uncorrected").without_torch(),
        ),
        bad=(
            *faults("m"),
            *ADAM_FAULTS,
            bad("eps_place of", A, A, eps_place="under"),
            bad("{param} is 2 x 3, but {v} is 2", A, A, A, (2,)),
        ),
        torch=torch_adam(name, "exp_avg", "exp_avg_sq"),
        jax=jax_adam(decoupled),
    )


OPTIMISERS: Mapping[str, Record] = {
    "sgd": Record(
        samples=(
            drawn(A, A),
            drawn((), (), lr=0.1, weight_decay=0.5),
            drawn(A, A, lr=0.1, momentum=0.9, dampening=0.3),
            drawn(A, A, A, lr=0.1, momentum=0.9, dampening=0.3, weight_decay=0.5),
            drawn(A, A, A, lr=0.1, momentum=0.9, nesterov=True),
            drawn(A, A, lr=0.1, momentum=0.9, nesterov=True),
            drawn(A, A, A, lr=0.1, momentum=0.9, form="average"),
            drawn(A, A, lr=0.1, momentum=0.9, form="average"),
            drawn(A, A, A, lr=0.1, momentum=0.9, form="step"),
            drawn(A, A, lr=0.1, momentum=0.9, form="step", nesterov=True),
            drawn(A, A, A, lr=0.1, momentum=0.9, form="step", nesterov=True, weight_decay=0.5),
        ),
        bad=(
            *faults("velocity"),
            bad("momentum must be from 0 to below 1, but is 1", A, A, momentum=1),
            bad("dampening must be from 0 to below 1, but is -1", A, A, momentum=0.9, dampening=-1),
            bad("nesterov needs whole gradients", A, A, momentum=0.9, dampening=0.5, nesterov=True),
            bad("nesterov needs whole gradients", A, A, momentum=0.9, form="average", nesterov=True),
            bad("dampening belongs to form='sum', not to form='step'", A, A, momentum=0.9, dampening=0.5, form="step"),
            bad("momentum is 0, so there is no velocity", A, A, A),
            bad("momentum is 0, so there is no velocity", A, A, nesterov=True),
            bad("form of sgd must be 'sum', 'average' or 'step', not 'keras'", A, A, momentum=0.9, form="keras"),
        ),
        torch=torch_sgd,
    ),
    "adam": adam_record("Adam", decoupled=False),
    "adamw": adam_record("AdamW", decoupled=True),
    "nadam": Record(
        samples=(
            drawn(A, A, between=POSITIVE),
            drawn(A, A, A, A, between=POSITIVE, t=3, lr=0.1, betas=[0.8, 0.7], eps=0.01, weight_decay=0.2),
            drawn((), (), (), (), between=POSITIVE, t=2, lr=0.1, momentum_decay=0.5),
        ),
        bad=(
            *faults("m"),
            *ADAM_FAULTS,
            bad("momentum_decay must be at least 0, but is -1", A, A, momentum_decay=-1),
        ),
        torch=torch_adam("NAdam", "exp_avg", "exp_avg_sq"),
    ),
    "adamax": Record(
        samples=(
            drawn(A, A, between=POSITIVE),
            drawn(A, A, A, A, between=POSITIVE, t=3, lr=0.1, betas=[0.8, 0.7], eps=0.01, weight_decay=0.2),
            drawn((), (), (), (), between=POSITIVE, t=2, lr=0.1),
        ),
        bad=(*faults("m"), *ADAM_FAULTS),
        torch=torch_adam("Adamax", "exp_avg", "exp_inf"),
    ),
    "adagrad": Record(
        samples=(
            drawn(A, A, between=POSITIVE),
            drawn(A, A, A, between=POSITIVE, t=3, lr=0.1, lr_decay=0.5, weight_decay=0.2, eps=0.01),
            drawn((), (), between=POSITIVE, initial_accumulator_value=0.5, lr=0.1),
            drawn(A, A, A, between=POSITIVE, lr=0.1, eps=0.5, eps_place="inside").without_torch(),
        ),
        bad=(
            *faults("state_sum"),
            *ADAM_FAULTS[:3],
            bad("lr_decay must be at least 0, but is -1", A, A, lr_decay=-1),
            bad("initial_accumulator_value must be at least 0", A, A, initial_accumulator_value=-1),
            bad("eps_place of adagrad must be 'outside' or 'inside'", A, A, eps_place="uncorrected"),
        ),
        torch=torch_adagrad,
        jax=jax_adagrad,
    ),
    "rmsprop": Record(
        samples=(
            drawn(A, A, between=POSITIVE),
            drawn(A, A, A, between=POSITIVE, lr=0.1, alpha=0.7, eps=0.01, weight_decay=0.2),
            drawn(A, A, A, A, between=POSITIVE, lr=0.1, alpha=0.7, momentum=0.9),
            drawn(A, A, A, A, A, between=(0.3, 0.5), lr=0.1, alpha=0.5, momentum=0.9, centered=True, eps=0.3),
            drawn((), (), between=POSITIVE, alpha=0.5, lr=0.1, momentum=0.9, centered=True),
            drawn(A, A, A, between=POSITIVE, lr=0.1, eps=0.5, eps_place="inside").without_torch(),
        ),
        bad=(
            *faults("square_avg"),
            bad("eps must be at least 0, but is -1", A, A, eps=-1),
            bad("alpha must be from 0 to below 1, but is 1", A, A, alpha=1),
            bad("momentum must be from 0 to below 1, but is -1", A, A, momentum=-1),
            bad("momentum is 0, so there is no velocity: leave it out", A, A, A, A),
            bad("grad_avg is for centered=True only", A, A, A, A, A, momentum=0.5),
        ),
        torch=torch_rmsprop,
        jax=jax_rmsprop,
    ),
    "adadelta": Record(
        samples=(
            drawn(A, A, between=POSITIVE, eps=0.1),
            drawn(A, A, A, A, between=POSITIVE, lr=0.5, rho=0.7, eps=0.01, weight_decay=0.2),
            drawn((), (), (), (), between=POSITIVE),
        ),
        bad=(
            *faults("square_avg"),
            bad("eps must be at least 0, but is -1", A, A, eps=-1),
            bad("rho must be from 0 to below 1, but is 1", A, A, rho=1),
        ),
        torch=torch_adadelta,
    ),
}


def jax_perceptron(
    J: Any, weight: Any, input: Any, target: Any, bias: Any = 0.0, lr: float = 1.0, labels: str = "signs",  # noqa: A002
    at_zero: str = "mistake",
) -> Any:  # fmt: skip
    """The rule as a choice: what is predicted, and whether that is the label."""
    score = J.numpy.dot(weight, input) + bias
    low = 0.0 if labels == "bits" else -1.0
    middle = {"mistake": J.numpy.nan, "positive": 1.0, "negative": low}[at_zero]
    predicted = J.numpy.where(score > 0, 1.0, J.numpy.where(score < 0, low, middle))
    direction = 2 * target - 1 if labels == "bits" else target
    return J.numpy.where(predicted == target, weight, weight + lr * direction * input)


def torch_clipped(
    T: Any, grad: Any, total_norm: Any = None, max_norm: float = 1.0, norm_type: float = 2.0, eps: float = 1e-6
) -> Any:
    """The formula of torch.nn.utils.clip_grad_norm_, which works in place and cannot be differentiated."""
    norm = T.linalg.vector_norm(grad, norm_type) if total_norm is None else total_norm
    return grad * T.clamp(max_norm / (norm + eps), max=1.0)


UPDATES: Mapping[str, Record] = {
    "perceptron_update": Record(
        samples=tuple(
            drawn((3,), (3,), np.array(label), *bias, lr=0.5, labels=labels)
            for labels, values in {"signs": (-1, 1), "bits": (0, 1)}.items()
            for label in values
            for bias in ((), ((),))
        ),
        bad=(
            bad("{weight} must have 1 axes (features), but has 2 (2 x 3)", A, A, ()),
            bad("{input} is 2, but {weight} is 3", (3,), (2,), ()),
            bad("{target} must have 0 axes (one label), but has 1 (3)", (3,), (3,), (3,)),
            bad("{bias} must have 0 axes (one number), but has 1 (1)", (3,), (3,), (), (1,)),
            bad("lr must be at least 0, but is -1", (3,), (3,), (), lr=-1),
            bad("labels of perceptron_update must be 'signs' or 'bits'", (3,), (3,), (), labels="classes"),
            bad("at_zero of perceptron_update must be", (3,), (3,), (), at_zero=1),
        ),
        jax=jax_perceptron,
        kinks=tuple(
            kink([1, -1], [2, 2], label, 0, fixed=[2], labels=labels, at_zero=at_zero)
            for labels, values in {"signs": (-1, 1), "bits": (0, 1)}.items()
            for label in values
            for at_zero in ("mistake", "positive", "negative")
        ),
    ),
    "clip_grad_norm": Record(
        samples=(
            drawn(A),
            drawn(A, max_norm=20.0),
            drawn(A, (), between=POSITIVE, max_norm=0.3, eps=0.1),
            drawn((4,), max_norm=0.5, norm_type=1),
            drawn((4,), between=POSITIVE, max_norm=0.5, norm_type=float("inf")),
            drawn((4,), max_norm=0.5, norm_type=3),
            drawn((), max_norm=0.1),
        ),
        bad=(
            bad("max_norm must be at least 0, but is -1", A, max_norm=-1),
            bad("eps must be at least 0, but is -1", A, eps=-1),
            bad("norm_type must be at least 1, but is 0", A, norm_type=0),
            bad("{total_norm} must have 0 axes (one norm), but has 2 (2 x 3)", A, A),
        ),
        torch=torch_clipped,
    ),
    "clip_grad_value": Record(
        samples=(drawn(A, clip_value=0.7), drawn((), clip_value=2)),
        bad=(bad("clip_value must be at least 0, but is -1", A, -1), bad("needs 'clip_value'", A)),
        torch=lambda T, grad, clip_value: T.clamp(grad, -clip_value, clip_value),
    ),
}

RECORDS = {**OPTIMISERS, **UPDATES}

"""Recurrent networks, as a student works them: step by step, and back through time."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tests.benchmarks.simulation.digits import Numbers
from tests.benchmarks.simulation.maths import column, dot, mm, mv, outer, sigmoid, sums, total, turned
from tests.benchmarks.simulation.paper import Paper

__all__ = ["bptt", "gru", "lstm"]


def bptt(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/rnn/bptt-three-steps.yaml: tanh, an output and half a squared error at each step."""
    h, y, losses = {0: n["h[0]"]}, {}, []
    for t in (1, 2, 3):
        h[t], y[t], loss = _bptt_forward(paper, n, t, h[t - 1])
        losses.append(loss)
    summed = np.sum(np.stack(np.broadcast_arrays(*losses)), axis=0)
    paper.step(
        "L", summed, {"mean-for-sum": summed / 3, "last-step-only": losses[-1], "sign-flipped": -summed}, sums(*losses)
    )
    g_y, g_a = {}, {}
    later = None
    for t in (3, 2, 1):
        g_y[t], g_a[t] = _bptt_backward(paper, n, t, (y[t], h[t]), later)
        later = g_a[t]
    U_shares = {t: _share(paper, "U", t, g_a[t], h[t - 1], h[t]) for t in (1, 2, 3)}
    W_shares = {t: _share(paper, "W", t, g_a[t], n[f"x[{t}]"]) for t in (1, 2, 3)}
    _whole(paper, "grad(U)", U_shares)
    _whole(paper, "grad(W)", W_shares)
    _whole(paper, "grad(b)", g_a)
    _whole(paper, "grad(v)", {t: column(g_y[t]) * h[t] for t in g_y})
    _whole(paper, "grad(c)", g_y)
    D3, D2 = (column(1 - h[t] ** 2) for t in (3, 2))
    first, second = paper.aside(D3 * n["U"]), paper.aside(D2 * n["U"])
    wrong = {
        "activation-derivative-left-out": total(mm(n["U"], n["U"])),
        "weights-transposed": total(mm(D3 * turned(n["U"]), D2 * turned(n["U"]))),
        "factors-in-other-order": total(mm(second, first)),
        "one-step-only": first,
    }
    paper.step("jacobian(h[3], h[1])", total(mm(first, second)), wrong, mm(first, second))


def _bptt_forward(paper: Paper, n: Mapping[str, Numbers], t: int, before: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    W, U, b, x = n["W"], n["U"], n["b"], n[f"x[{t}]"]
    new, old = total(mv(W, x)), total(mv(U, before))
    wrong = {
        "bias-left-out": new + old,
        "recurrence-left-out": new + b,
        "weights-transposed": new + total(mv(turned(U), before)) + b,
        "bias-subtracted": new + old - b,
        "state-not-carried": new + total(mv(U, n["h[0]"])) + b,
    }
    a = paper.step(f"a[{t}]", new + old + b, wrong, mv(U, before))
    wrong = {"activation-left-out": a, "sigmoid-for-tanh": sigmoid(a)}
    h = paper.step(f"h[{t}]", np.tanh(a), wrong)
    out = total(dot(n["v"], h))
    wrong = {"bias-left-out": out, "activation-not-used": total(dot(n["v"], a)) + n["c"]}
    y = paper.step(f"y[{t}]", out + n["c"], wrong, dot(n["v"], h))
    error = y - n[f"target[{t}]"]
    loss = paper.step(f"l[{t}]", 0.5 * error**2, {"half-left-out": error**2, "square-left-out": 0.5 * error})
    return h, y, loss


def _bptt_backward(
    paper: Paper, n: Mapping[str, Numbers], t: int, state: tuple[Numbers, Numbers], later: Numbers | None
) -> tuple[Numbers, Numbers]:
    (y, h), U = state, n["U"]
    error = y - n[f"target[{t}]"]
    g_y = paper.step(f"grad(y[{t}])", error, {"sign-flipped": -error, "factor-2": 2 * error, "factor-half": error / 2})
    own = n["v"] * column(g_y)
    if later is None:
        g_h = paper.step(f"grad(h[{t}])", own, {"sign-flipped": -own})
    else:
        back = total(mv(turned(U), later))
        wrong = {
            "branch-left-out": own,
            "longest-path-only": back,
            "weights-not-transposed": own + total(mv(U, later)),
            "branch-sign": own - back,
        }
        g_h = paper.step(f"grad(h[{t}])", own + back, wrong, mv(turned(U), later))
    wrong = {
        "activation-derivative-left-out": g_h,
        "derivative-at-output": g_h * (1 - np.tanh(h) ** 2),
        "derivative-of-sigmoid": g_h * h * (1 - h),
        "derivative-square-left-out": g_h * (1 - h),
        "sign-flipped": -g_h * (1 - h**2),
    }
    return g_y, paper.step(f"grad(a[{t}])", g_h * (1 - h**2), wrong)


def _share(paper: Paper, weight: str, t: int, g: Numbers, a: Numbers, after: Numbers | None = None) -> Numbers:
    """What one step adds to a weight's gradient; ``after`` is the state that it must not be taken with."""
    wrong = {"sign-flipped": -total(outer(g, a))}
    if g.shape[-1] == a.shape[-1]:
        wrong["outer-product-order"] = total(outer(a, g))
    if after is not None:
        wrong["state-of-wrong-step"] = total(outer(g, after))
    return paper.step(f"grad({weight}, t={t})", total(outer(g, a)), wrong, outer(g, a))


def _whole(paper: Paper, name: str, shares: Mapping[int, Numbers]) -> None:
    parts = list(shares.values())
    whole = total(sums(*parts))
    wrong = {
        "one-step-only": np.broadcast_to(shares[max(shares)], whole.shape),
        "mean-for-sum": whole / len(parts),
        "first-step-only": np.broadcast_to(shares[min(shares)], whole.shape),
        "sign-flipped": -whole,
    }
    paper.step(name, whole, wrong, sums(*parts))


def lstm(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/rnn/lstm-two-steps.yaml: one unit, four gates."""
    zero = n["out[-1]"]
    first = _lstm_forward(paper, n, 0, zero, n["state[-1]"])
    second = _lstm_forward(paper, n, 1, first["out"], first["state"])
    losses = first["loss"], second["loss"]
    paper.step("L", losses[0] + losses[1], {"last-step-only": losses[1]}, sums(*losses))
    g_1, g_state = _lstm_backward(paper, n, 1, second, {"state": first["state"]})
    later = {"state": n["state[-1]"], "gates": g_1, "carried": g_state * second["f"]}
    g_0, _ = _lstm_backward(paper, n, 0, first, later)
    W = [_lstm_share(paper, "W", t, total(outer(g, n[f"x[{t}]"]))) for t, g in enumerate((g_0, g_1))]
    U = [_lstm_share(paper, "U", t, g * column(o)) for t, (g, o) in enumerate([(g_0, zero), (g_1, first["out"])])]
    b = [_lstm_share(paper, "b", t, g) for t, g in enumerate((g_0, g_1))]
    for name, shares in (("W", W), ("U", U), ("b", b)):
        whole = total(sums(*shares))
        wrong = {"one-step-only": shares[1] + 0 * shares[0], "first-step-only": shares[0] + 0 * shares[1]}
        gradient = paper.step(f"grad({name})", whole, wrong | {"sign-flipped": -whole}, sums(*shares))
        wrong = {
            "learning-rate-sign": n[name] + 0.1 * gradient,
            "learning-rate-left-out": n[name] - gradient,
            "step-only": -0.1 * gradient,
        }
        paper.step(f"{name}_new", n[name] - 0.1 * gradient, wrong)


def _lstm_forward(paper: Paper, n: Mapping[str, Numbers], t: int, out: Numbers, state: Numbers) -> dict[str, Numbers]:
    W, U, b, x = n["W"], n["U"], n["b"], n[f"x[{t}]"]
    new = total(mv(W, x))
    wrong = {
        "bias-left-out": new + U * column(out),
        "recurrence-left-out": new + b,
        "state-for-output": new + U * column(state) + b,
    }
    gates = paper.step(f"gates[{t}]", new + U * column(out) + b, wrong, mv(W, x))
    z = [gates[..., k] for k in range(4)]
    a = paper.step(f"a[{t}]", np.tanh(z[0]), {"sigmoid-for-tanh": sigmoid(z[0]), "activation-left-out": z[0]})
    found = {}
    for name, own, other in (("i", z[1], z[2]), ("f", z[2], z[1]), ("o", z[3], z[2])):
        wrong = {"tanh-for-sigmoid": np.tanh(own), "gates-swapped": sigmoid(other), "activation-left-out": own}
        found[name] = paper.step(f"{name}[{t}]", sigmoid(own), wrong)
    i, f, o = found["i"], found["f"], found["o"]
    wrong = {
        "gates-swapped": a * f + i * state,
        "recurrence-left-out": a * i + 0 * state,
        "forget-gate-left-out": a * i + state + 0 * f,
    }
    new_state = paper.step(f"state[{t}]", a * i + f * state, wrong)
    wrong = {
        "tanh-left-out-at-output": new_state * o,
        "output-gate-left-out": np.tanh(new_state) + 0 * o,
        "gates-swapped": np.tanh(new_state) * i,
    }
    result = paper.step(f"out[{t}]", np.tanh(new_state) * o, wrong)
    error = result - n[f"y[{t}]"]
    loss = paper.step(f"l[{t}]", 0.5 * error**2, {"half-left-out": error**2})
    return {"a": a, "i": i, "f": f, "o": o, "state": new_state, "out": result, "loss": loss}


def _lstm_backward(
    paper: Paper, n: Mapping[str, Numbers], t: int, s: Mapping[str, Numbers], around: Mapping[str, Numbers]
) -> tuple[Numbers, Numbers]:
    """The gradients of the gates and of the state; ``around``: the state before, what comes from the step after."""
    error = s["out"] - n[f"y[{t}]"]
    inner = np.tanh(s["state"])
    if "gates" in around:
        back = total(dot(n["U"], around["gates"]))
        wrong = {"branch-left-out": error + 0 * back, "sign-flipped": -error - back, "longest-path-only": back}
        g_out = paper.step(f"grad(out[{t}])", error + back, wrong, dot(n["U"], around["gates"]))
        own = g_out * s["o"] * (1 - inner**2)
        wrong = {"branch-left-out": own + 0 * around["carried"], "longest-path-only": around["carried"] + 0 * own}
        whole = own + around["carried"]
    else:
        g_out = paper.step(f"grad(out[{t}])", error, {"sign-flipped": -error, "factor-2": 2 * error})
        whole, wrong = g_out * s["o"] * (1 - inner**2), {}
    more = whole - g_out * s["o"] * (1 - inner**2)
    wrong |= {
        "activation-derivative-left-out": g_out * s["o"] + more,
        "derivative-at-wrong-argument": g_out * s["o"] * (1 - s["state"] ** 2) + more,
        "output-gate-left-out": g_out * (1 - inner**2) + more,
    }
    g_state = paper.step(f"grad(state[{t}])", whole, wrong)
    into = {
        "a": (g_state * s["i"], 1 - s["a"] ** 2),
        "i": (g_state * s["a"], s["i"] * (1 - s["i"])),
        "f": (g_state * around["state"], s["f"] * (1 - s["f"])),
        "o": (g_out * inner, s["o"] * (1 - s["o"])),
    }
    swapped = {"a": s["f"], "i": s["f"], "f": s["a"], "o": s["state"]}
    arrived = {}
    for gate, (value, _) in into.items():
        other = (g_out if gate == "o" else g_state) * swapped[gate]
        arrived[gate] = paper.step(f"grad({gate}[{t}])", value, {"wrong-factor": other, "sign-flipped": -value})
    slopes = np.stack(np.broadcast_arrays(*[slope for _, slope in into.values()]), axis=-1)
    g = np.stack(np.broadcast_arrays(*arrived.values()), axis=-1)
    wrong = {"activation-derivative-left-out": g + 0 * slopes, "sign-flipped": -g * slopes}
    g_gates = paper.step(f"grad(gates[{t}])", g * slopes, wrong)
    paper.step(f"grad(x[{t}])", total(mv(turned(n["W"]), g_gates)), {}, mv(turned(n["W"]), g_gates))
    return g_gates, g_state


def _lstm_share(paper: Paper, weight: str, t: int, share: Numbers) -> Numbers:
    return paper.step(f"grad({weight}, t={t})", share, {"sign-flipped": -share})


def gru(paper: Paper, n: Mapping[str, Numbers]) -> None:
    """problems/rnn/gru-step.yaml: the gates and the candidate, two rows each; the reset gate as in PyTorch."""
    x, before, y = n["x"], n["h_prev"], n["y"]
    W, U, b, c = (_thirds(n[name]) for name in ("W_ih", "W_hh", "b_ih", "b_hh"))
    own = [total(mv(W[k], x)) + b[k] for k in range(3)]
    old = [total(mv(U[k], before)) + c[k] for k in range(3)]
    z_r = paper.step("h.z_r", own[0] + old[0], {"bias-left-out": own[0] + old[0] - c[0]}, mv(W[0], x))
    r = paper.step("h.r", sigmoid(z_r), {"tanh-for-sigmoid": np.tanh(z_r), "activation-left-out": z_r})
    z_z = paper.step("h.z_z", own[1] + old[1], {"bias-left-out": own[1] + old[1] - c[1]}, mv(W[1], x))
    z = paper.step("h.z", sigmoid(z_z), {"tanh-for-sigmoid": np.tanh(z_z), "activation-left-out": z_z})
    inner = paper.aside(old[2])
    wrong = {
        "reset-gate-left-out": own[2] + inner,
        "bias-outside-reset": own[2] + r * (inner - c[2]) + c[2],
        "gates-swapped": own[2] + z * inner,
    }
    z_n = paper.step("h.z_n", own[2] + r * inner, wrong, mv(W[2], x))
    new = paper.step("h.n", np.tanh(z_n), {"sigmoid-for-tanh": sigmoid(z_n), "activation-left-out": z_n})
    wrong = {
        "gates-swapped": z * new + (1 - z) * before,
        "recurrence-left-out": (1 - z) * new,
        "wrong-gate": (1 - r) * new + r * before,
    }
    h = paper.step("h", (1 - z) * new + z * before, wrong)
    error = h - y
    wrong = {"half-left-out": np.sum(error**2, axis=-1), "mean-for-sum": 0.5 * np.mean(error**2, axis=-1)}
    paper.step("L", 0.5 * np.sum(error**2, axis=-1), wrong)
    g_h = paper.step("grad(h)", error, {"sign-flipped": -error, "factor-2": 2 * error})
    g_n = paper.step("grad(h.n)", g_h * (1 - z), {"gates-swapped": g_h * z, "sign-flipped": -g_h * (1 - z)})
    wrong = {"sign-flipped": g_h * (new - before), "branch-left-out": g_h * before, "other-branch-only": -g_h * new}
    g_z = paper.step("grad(h.z)", g_h * (before - new), wrong)
    g_zn = paper.step("grad(h.z_n)", g_n * (1 - new**2), _slope_wrong(g_n, 1 - new**2))
    g_zz = paper.step("grad(h.z_z)", g_z * z * (1 - z), _slope_wrong(g_z, z * (1 - z), r * (1 - r)))
    wrong = {"wrong-factor": g_zn * before, "sign-flipped": -g_zn * inner}
    g_r = paper.step("grad(h.r)", g_zn * inner, wrong)
    g_zr = paper.step("grad(h.z_r)", g_r * r * (1 - r), _slope_wrong(g_r, r * (1 - r), z * (1 - z)))
    into = np.concatenate(np.broadcast_arrays(g_zr, g_zz, g_zn), axis=-1)
    hidden = np.concatenate(np.broadcast_arrays(g_zr, g_zz, g_zn * r), axis=-1)
    paper.step("grad(W_ih)", total(outer(into, x)), {"sign-flipped": -total(outer(into, x))}, outer(into, x))
    wrong = {"reset-gate-left-out": total(outer(into, before)), "state-of-wrong-step": total(outer(hidden, h))}
    paper.step("grad(W_hh)", total(outer(hidden, before)), wrong, outer(hidden, before))
    paper.step("grad(b_ih)", into, {"sign-flipped": -into})
    paper.step("grad(b_hh)", hidden, {"reset-gate-left-out": into, "sign-flipped": -hidden})
    direct, through = g_h * z, total(mv(turned(n["W_hh"]), hidden))
    wrong = {
        "branch-left-out": through + 0 * direct,
        "direct-branch-only": direct + 0 * through,
        "reset-gate-left-out": direct + total(mv(turned(n["W_hh"]), into)),
    }
    paper.step("grad(h_prev)", direct + through, wrong, mv(turned(n["W_hh"]), hidden))
    paper.step("grad(x)", total(mv(turned(n["W_ih"]), into)), {}, mv(turned(n["W_ih"]), into))


def _slope_wrong(g: Numbers, slope: Numbers, other: Numbers | None = None) -> dict[str, Numbers]:
    wrong = {"activation-derivative-left-out": g + 0 * slope, "sign-flipped": -g * slope}
    return wrong if other is None else wrong | {"derivative-of-wrong-layer": g * other}


def _thirds(stacked: Numbers) -> list[Numbers]:
    """The rows of the two gates and of the candidate."""
    return [stacked[:, 2 * k : 2 * k + 2] for k in range(3)]

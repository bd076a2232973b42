"""Losses and the pieces of generative models: values and gradients that a hand, a book or a course gives."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.support.known_values import Known, check_gradient_of_the_sum, check_value, ids

LN2, LN3, E, INF, NAN = 0.6931471805599453, 1.0986122886681098, math.e, math.inf, math.nan
D2L = "Zhang, Lipton, Li, Smola, Dive into Deep Learning (2023)"
COVER = "Cover, Thomas, Elements of Information Theory (2006)"
BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006), equation 4.109: softmax less one-hot"
CS231N = "Karpathy, CS231n, notes on linear classification: scores 13, -7, 11, the first one right, margin 10"

VALUES = [
    Known("mse_loss", [[1, 2, 3], [1, 4, 7]], {}, 20 / 3),
    Known("mse_loss", [[[1, 2, 3]], [[1, 4, 7]]], {"reduction": "batchmean", "half": True}, 10),
    Known("l1_loss", [[1, 2, 3], [1, 4, 7]], {"reduction": "sum"}, 6),
    Known("huber_loss", [[0, 1, 2, -4], [0, 0, 0, 0]], {"delta": 2, "reduction": "none"}, [0, 0.5, 2, 6]),
    Known("smooth_l1_loss", [[0, 1, 2, -4], [0, 0, 0, 0]], {"beta": 2, "reduction": "none"}, [0, 0.25, 1, 3]),
    Known("smooth_l1_loss", [[0, -4], [0, 0]], {"beta": 0}, 2),
    Known("log_cosh", [[0, LN2, -LN3, 1000]], {}, [0, math.log(1.25), math.log(5 / 3), 1000 - LN2]),
    Known("log_cosh_loss", [[LN2, 5], [0, 5]], {"reduction": "sum"}, math.log(1.25)),
    Known("binary_cross_entropy", [[0.5, 0.25], [1, 0]], {"reduction": "sum"}, LN2 + (2 * LN2 - LN3)),
    Known("binary_cross_entropy", [[0.5, 0.25], [1, 0], [2, 0]], {}, LN2),
    Known("binary_cross_entropy", [[0, 1, 1], [0, 1, 0]], {"reduction": "none"}, [0, 0, INF]),
    Known("logistic_loss", [[0, LN3, LN3, 1000], [1, 1, 0, 0]], {}, [LN2, 2 * LN2 - LN3, 2 * LN2, 1000]),
    Known("binary_cross_entropy_with_logits", [[0, LN3], [1, 0]], {}, 1.5 * LN2),
    Known("binary_cross_entropy_with_logits", [[0, LN3], [1, 0], [1, 1], [3, 3]], {"reduction": "sum"}, 5 * LN2),
    Known("xlogy", [[0, 0, 2, 1], [0, 5, E, 0]], {}, [0, 0, 2, -INF]),
    Known("xdivy", [[0, 0, 2, 1], [0, 5, 4, 0]], {}, [0, 0, 0.5, INF]),
    Known("entropy", [[1 / 2, 1 / 4, 1 / 8, 1 / 8]], {"base": 2}, 7 / 4, f"{COVER}, example 2.1.2"),
    Known("entropy", [[[1, 0], [0.5, 0.5]]], {}, [0, LN2]),
    Known("kl_divergence", [[1 / 2, 1 / 2], [3 / 4, 1 / 4]], {"base": 2}, 1 - math.log2(3) / 2,
          f"{COVER}, example 2.3.1 with r = 1/2, s = 1/4"),
    Known("kl_divergence", [[3 / 4, 1 / 4], [1 / 2, 1 / 2]], {"base": 2}, 0.75 * math.log2(3) - 1,
          f"{COVER}, example 2.3.1 with r = 1/2, s = 1/4"),
    Known("js_divergence", [[1, 0], [0, 1]], {"base": 2}, 1),
    Known("kl_div", [np.log([3 / 4, 1 / 4]), [1 / 2, 1 / 2]], {"reduction": "sum", "base": 2}, 1 - math.log2(3) / 2,
          f"{COVER}, example 2.3.1"),
    Known("kl_div", [[0, 0], [0, LN2]], {"log_target": True}, LN2),
    Known("gaussian_nll_loss", [[1, 2], [3, 2], [4, 1]], {"reduction": "none"}, [LN2 + 0.5, 0]),
    Known("gaussian_nll_loss", [2, 2, 0], {"eps": 1, "full": True}, 0.5 * math.log(2 * math.pi)),
    Known("poisson_nll_loss", [[0, LN2], [2, 3]], {"reduction": "none"}, [1, 2 - 3 * LN2]),
    Known("poisson_nll_loss", [[1, 2], [2, 1]], {"log_input": False, "eps": 0, "reduction": "none"}, [1, 2 - LN2]),
    Known("poisson_nll_loss", [[0, 0], [1, 2]], {"full": True, "reduction": "none"},
          [1, 2 * LN2 - 1 + 0.5 * math.log(4 * math.pi)]),
    Known("one_hot", [[2, 0, 1.5, 3]], {"num_classes": 3}, [[0, 0, 1], [1, 0, 0], [0, 0, 0], [0, 0, 0]]),
    Known("one_hot", [[1, 0]], {"num_classes": 3, "axis": 0}, [[0, 1], [1, 0], [0, 0]]),
    Known("class_entry", [[[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]], [0, 2]], {}, [0.1, 0.5], f"{D2L}, section 4.4.3"),
    Known("class_entry", [[1, 2, 3], 3], {}, NAN),
    Known("nll_loss", [np.log([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]]), [0, 2]], {"reduction": "none"},
          [2.302585092994046, LN2], f"{D2L}, section 4.4.3"),
    Known("nll_loss", [[[-1, -INF], [-2, -3]], [0, 1], [1, 3]], {}, 10 / 4),
    Known("nll_loss", [[[-1, -2], [-2, -3]], [0, 9]], {"ignore_index": 9}, 1),
    Known("cross_entropy", [[0, LN3], 0], {}, 2 * LN2),
    Known("cross_entropy", [[[0, LN3], [0, LN3]], [0, 1]], {}, 2 * LN2 - LN3 / 2),
    Known("cross_entropy", [[0, LN3], [0.5, 0.5]], {}, 2 * LN2 - LN3 / 2),
    Known("cross_entropy", [[0, LN3], 0], {"label_smoothing": 0.5, "base": 2}, 2 - LN3 / LN2 / 4),
    Known("cross_entropy", [[[0.25, 1], [0.75, 0]], [0, 0]], {"axis": 0, "from_logits": False, "base": 2}, 1),
    Known("cross_entropy", [[0.7, 0.2, 0.1], [1, 0, 0]], {"from_logits": False}, -math.log(0.7)),
    Known("perplexity", [[[0.5, 0.5], [0.125, 0.875]], [0, 0]], {"from_logits": False}, 4),
    Known("hinge_loss", [[0.5, -2, 3], [1, 1, 1]], {"reduction": "none"}, [0.5, 3, 0]),
    Known("hinge_loss", [[0.5, -2, 3], [-1, 1, 1]], {"squared": True, "margin": 2}, (6.25 + 16) / 3),
    Known("soft_margin_loss", [[0, LN3], [1, -1]], {"reduction": "none"}, [LN2, 2 * LN2]),
    Known("hinge_embedding_loss", [[0.5, 0.25, 3], [1, -1, -1]], {"reduction": "none"}, [0.5, 0.75, 0]),
    Known("margin_ranking_loss", [[3, 1], [1, 2], [1, 1]], {"margin": 1, "reduction": "none"}, [0, 2]),
    Known("multi_margin_loss", [[13, -7, 11], 0], {"margin": 10, "class_mean": False}, 8, CS231N),
    Known("multi_margin_loss", [[13, -7, 11], 0], {"margin": 10}, 8 / 3, CS231N),
    Known("multi_margin_loss", [[1, 2, 3], 0], {"form": "crammer-singer", "p": 2}, 9),
    Known("multi_margin_loss", [[[1, 2], [1, 2]], [0, 1], [5, 7]], {"class_mean": False}, 5),
    Known("multilabel_soft_margin_loss", [[0, LN3], [1, 0]], {}, 1.5 * LN2),
    Known("focal_loss", [[0.9, 0.4], [1, 1]], {"alpha": None, "from_logits": False, "reduction": "none"},
          [0.01 * -math.log(0.9), 0.36 * -math.log(0.4)]),
    Known("focal_loss", [0, 0], {}, 0.75 * 0.25 * LN2),
    Known("dice_loss", [[1, 1, 0, 0], [1, 0, 1, 0]], {"smooth": 0}, 0.5),
    Known("dice_loss", [[0, 0], [0, 0]], {}, 0),
    Known("dice_loss", [[[0.5, 0.5], [1, 0]], [[1, 1], [1, 0]]],
          {"axis": 1, "squared": True, "smooth": 0, "reduction": "none"}, [0.2, 0]),
    Known("tversky_loss", [[1, 1, 0, 0], [1, 0, 1, 0]], {"smooth": 0, "alpha": 1, "beta": 3}, 0.8),
    Known("l1_penalty", [[[1, -2], [0, 3]], [-1, 1]], {}, 8),
    Known("l2_penalty", [[[1, -2], [0, 3]], [1, 1]], {"half": True}, 8),
    Known("l2_penalty", [[3, 4]], {}, 25),
    Known("norm", [[[3, 4], [0, 0]]], {"axis": 1}, [5, 0]),
    Known("norm", [-3], {}, 3),
    Known("cosine_similarity", [[3, 4], [4, 3]], {}, 0.96),
    Known("cosine_similarity", [[0, 0], [4, 3]], {}, 0),
    Known("pairwise_distance", [[1, 2], [4, 6]], {"eps": 0}, 5),
    Known("pairwise_distance", [[1, 2], [4, 6]], {"eps": 0, "p": 1}, 7),
    Known("pairwise_distance", [[1, 2], [4, 6]], {"eps": 0, "p": INF, "keepdims": True}, [4]),
    Known("cosine_embedding_loss", [[[3, 4], [3, 4]], [[4, 3], [4, 3]], [1, -1]], {"margin": 0.5, "reduction": "none"},
          [0.04, 0.46]),
    Known("contrastive_loss", [[[0, 0], [0, 0]], [[3, 4], [0, 1]], [0, 1]], {"margin": 3, "reduction": "none"},
          [12.5, 2]),
    Known("contrastive_loss", [[0, 0], [3, 4], 1], {"similar": 1, "half": False}, 25),
    Known("triplet_margin_loss", [[0, 0], [3, 4], [0, 2]], {"eps": 0}, 4),
    Known("triplet_margin_loss", [[0, 0], [1, 1], [1, 0]], {"squared": True}, 2),
    Known("triplet_margin_loss", [[0, 0], [3, 4], [9, 12]], {"eps": 0, "swap": True, "margin": 6}, 1),
    Known("info_nce", [[[1, 0], [0, 1]], [[LN3, 0], [0, 0]]],
          {"temperature": 1, "normalize": False, "reduction": "none"}, [2 * LN2 - LN3, LN2]),
    Known("info_nce", [[[1, 0]], [[LN3, 0]], [[0, 5]]], {"temperature": 0.5, "normalize": False}, math.log(10 / 9)),
    Known("nt_xent", [[[1, 0], [0, 2]], [[3, 0], [0, 1]]], {"temperature": 1}, math.log(E + 2) - 1),
    Known("minimax_discriminator_loss", [[0.5, 0.5], [0.5]], {}, 2 * LN2,
          "Goodfellow et al., Generative Adversarial Nets (2014), theorem 1: V is -log 4 where D is 1/2"),
    Known("minimax_discriminator_loss", [[LN3], [0]], {"from_logits": True, "half": True}, (3 * LN2 - LN3) / 2),
    Known("minimax_generator_loss", [[0.5, 0.75]], {}, -1.5 * LN2),
    Known("non_saturating_generator_loss", [[0.5, 0.25]], {}, 1.5 * LN2),
    Known("least_squares_discriminator_loss", [[0.5, 1], [0, 1]], {}, 0.0625 + 0.25),
    Known("least_squares_generator_loss", [[0, 0.5]], {"half": False}, 0.625),
    Known("wasserstein_critic_loss", [[2, 1], [0.5, -0.5, 3]], {}, -0.5),
    Known("wasserstein_generator_loss", [[0.5, -1.5]], {}, 0.5),
    Known("gradient_penalty", [[[3, 4], [0, 0]]], {}, 8.5),
    Known("gradient_penalty", [[[3, 4], [0, 0]]], {"one_sided": True, "reduction": "sum"}, 16),
    Known("reparameterize", [[1, 2], [0, 2 * LN2], [1, -0.5]], {}, [2, 1]),
    Known("gaussian_kl", [[1, 2], [0, LN2]], {}, 0.5 + 2 + 0.5 - LN2 / 2),
    Known("gaussian_kl", [[1, 0], [1, 2]], {"form": "std"}, 0.5 + 1.5 - LN2),
    Known("vae_loss", [[0, 1], [1, 1], [2], [0]], {"likelihood": "squares", "beta": 3}, 7),
    Known("elbo", [[0.5], [1], [1], [0]], {}, -LN2 - 0.5),
    Known("linear_beta_schedule", [], {"steps": 4, "start": 0.1, "end": 0.4}, [0.1, 0.2, 0.3, 0.4]),
    Known("q_sample", [[1, 2], [0.5, -1], 0.64], {}, [1.1, 1]),
    Known("q_sample", [[[1], [2]], [[3], [4]], [1, 0]], {}, [[1], [4]]),
    Known("predict_x0", [[1.1, 1], [0.5, -1], 0.64], {}, [1, 2]),
    Known("posterior_variance", [[0.5, 0.5], [0.25, 0.5]], {}, [1 / 3, 0]),
    Known("posterior_mean", [[1], [2], 0.75, 0.0625], {}, [1.2]),
    Known("ddpm_step", [[1, 2], [0.9, 0], 0.36, 0.19, [1, 0]], {}, [0.8 + 0.6, 2.5]),
]  # fmt: skip

# The gradient of the sum of all entries, for each input.
GRADIENTS = [
    Known("mse_loss", [[1, 2, 3], [1, 4, 7]], {}, [[0, -4 / 3, -8 / 3], [0, 4 / 3, 8 / 3]]),
    Known("mse_loss", [[1, 2, 3], [1, 4, 7]], {"half": True, "reduction": "sum"}, [[0, -2, -4], [0, 2, 4]]),
    Known("cross_entropy", [[0, LN3], 0], {}, [[-0.75, 0.75], None], BISHOP),
    Known("cross_entropy", [[[0, 0], [LN3, 0]], [0, 1]], {"axis": 0}, [[[-0.375, 0.25], [0.375, -0.25]], None], BISHOP),
    Known("logistic_loss", [[LN3, -LN3], [1, 1]], {}, [[-0.25, -0.75], [-LN3, LN3]]),
    Known("huber_loss", [[0, 1, -4], [0, 0, 0]], {"delta": 2, "reduction": "sum"}, [[0, 1, -2], [0, -1, 2]]),
    Known("hinge_loss", [[0.5, -2, 3, 1], [1, -1, 1, 1]], {"reduction": "sum"}, [[-1, 0, 0, 0], [-0.5, 0, 0, 0]]),
    Known("multi_margin_loss", [[13, -7, 11], 0], {"margin": 10, "class_mean": False}, [[-1, 0, 1], None], CS231N),
    Known("contrastive_loss", [[0, 0], [3, 4], 0], {}, [[-3, -4], [3, 4], None]),
    Known("gaussian_kl", [[1, 2], [0, LN2]], {}, [[1, 2], [0, 0.5]]),
    Known("gradient_penalty", [[[3, 4], [0, 0]]], {"reduction": "sum"}, [[[4.8, 6.4], [0, 0]]]),
]  # fmt: skip


@pytest.mark.parametrize("known", VALUES, ids=ids(VALUES))
def test_value(known: Known) -> None:
    check_value(known)


@pytest.mark.parametrize("known", GRADIENTS, ids=ids(GRADIENTS))
def test_gradient_of_the_sum(known: Known) -> None:
    check_gradient_of_the_sum(known)

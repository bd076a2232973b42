"""Convolution, pooling and resizing: values and gradients that a hand or a book gives."""

from __future__ import annotations

from tests.support.known_values import Known, gradients_of_the_sum, values

D2L = "Zhang, Lipton, Li, Smola, Dive into Deep Learning (2023)"
ONNX = "ONNX operator specification, Resize, examples"

NINE = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]  # D2L's image
EIGHT = [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]
FOUR = [[1, 2], [3, 4]]
ROOT5, ROOT30 = 2.23606797749979, 5.477225575051661

VALUES = [
    Known("conv1d", [[[0, 1, 2, 3, 4, 5, 6]], [[[1, 2]]]], {}, [[2, 5, 8, 11, 14, 17]], f"{D2L}, section 16.3.1"),
    Known("conv1d", [[[0, 1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6, 7], [2, 3, 4, 5, 6, 7, 8]],
                     [[[1, 2], [3, 4], [-1, -3]]]], {}, [[2, 8, 14, 20, 26, 32]], f"{D2L}, section 16.3.1"),
    Known("conv1d", [[[1, 2, 4]], [[[1, 10]]]], {"flip": True, "padding": 1}, [[1, 12, 24, 40]]),
    Known("conv1d", [[[1, 2, 4]], [[[1, 10, 100]]]], {"padding": 1, "padding_mode": "circular"}, [[214, 421, 142]]),
    Known("conv1d", [[[1, 2, 4]], [[[1, 10, 100]]]], {"padding": 1, "padding_mode": "reflect"}, [[212, 421, 242]]),
    Known("conv2d", [[NINE], [[FOUR]]], {"flip": True}, [[[13, 23], [43, 53]]]),
    Known("conv3d", [[EIGHT], [[[[[1]], [[10]]]]]], {}, [[[[51, 62], [73, 84]]]]),
    Known("conv_transpose1d", [[[1, 2]], [[[1, 10]]]], {"stride": 2}, [[1, 10, 2, 20]]),
    Known("conv_transpose3d", [[[[[1, 2]]]], [[[[[1]], [[10]]]]]], {}, [[[[1, 2]], [[10, 20]]]]),
    Known("conv1d_weight", [[[1, 2, 4]], [[1, 10]]], {"size": 2}, [[[21, 42]]]),
    Known("conv3d_weight", [[EIGHT], [[[[1, 10]]]]], {"size": [2, 2, 1]}, [[[[[21], [43]], [[65], [87]]]]]),
    Known("unfold", [[[[1, 2, 3], [4, 5, 6]]]], {"kernel_size": 2}, [[1, 2], [2, 3], [4, 5], [5, 6]]),
    Known("fold", [[[1, 2], [2, 3], [4, 5], [5, 6]]], {"output_size": [2, 3], "kernel_size": 2},
          [[[1, 4, 3], [4, 10, 6]]]),
    Known("unpad", [[10, 1, 2, 3, 20]], {"pad": [1, 1], "mode": "reflect"}, [1, 32, 3]),
    Known("unpad", [[10, 1, 2, 3, 20]], {"pad": [1, 1], "mode": "replicate"}, [11, 2, 23]),
    Known("unpad", [[10, 1, 2, 3, 20]], {"pad": [1, 1], "mode": "circular"}, [21, 2, 13]),
    Known("max_pool1d", [[1, 3, 2, 5, 9]], {"kernel_size": 2}, [3, 5]),
    Known("max_pool1d", [[1, 3, 2, 5, 9]], {"kernel_size": 2, "ceil_mode": True}, [3, 5, 9]),
    Known("max_pool2d", [NINE], {"kernel_size": 2, "stride": 1}, [[4, 5], [7, 8]], f"{D2L}, section 7.5.1"),
    Known("max_pool2d", [[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]], {"kernel_size": 3}, [[10]],
          f"{D2L}, section 7.5.2"),
    Known("max_pool2d", [[[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]],
          {"kernel_size": 3, "stride": 2, "padding": 1}, [[5, 7], [13, 15]], f"{D2L}, section 7.5.2"),
    Known("max_pool3d", [EIGHT], {"kernel_size": [1, 2, 1]}, [[[3, 4]], [[7, 8]]]),
    Known("max_pool1d_indices", [[3, 3, 2, 5]], {"kernel_size": 2}, [0, 3]),
    Known("max_pool2d_indices", [[[1, 5, 2, 0], [5, 4, 2, 9]]], {"kernel_size": 2}, [[1, 7]]),
    Known("max_pool3d_indices", [EIGHT], {"kernel_size": 2}, [[[7]]]),
    Known("max_unpool1d", [[3, 5], [1, 3]], {"kernel_size": 2}, [0, 3, 0, 5]),
    Known("max_unpool2d", [[[4, 9]], [[4, 6]]], {"kernel_size": 2}, [[0, 0, 0, 0], [4, 0, 9, 0]]),
    Known("max_unpool3d", [[[[9]]], [[[6]]]], {"kernel_size": 2}, [[[0, 0], [0, 0]], [[0, 0], [9, 0]]]),
    Known("put_at", [[5, 7, 1], [2, 0, 2]], {"size": [4]}, [7, 0, 6, 0]),
    Known("take_at", [FOUR, [[3, 0, 0]]], {"axes": 2}, [[4, 1, 1]]),
    Known("avg_pool1d", [[1, 3, 2, 5]], {"kernel_size": 2}, [2, 3.5]),
    Known("avg_pool1d", [[1, 3, 2]], {"kernel_size": 2, "padding": 1}, [0.5, 2.5]),
    Known("avg_pool1d", [[1, 3, 2]], {"kernel_size": 2, "padding": 1, "count_include_pad": False}, [1, 2.5]),
    Known("avg_pool1d", [[1, 3, 2]], {"kernel_size": 2, "divisor_override": 4}, [1]),
    Known("avg_pool2d", [NINE], {"kernel_size": 2, "stride": 1}, [[2, 3], [5, 6]], f"{D2L}, section 7.5.1"),
    Known("avg_pool3d", [EIGHT], {"kernel_size": 2}, [[[4.5]]]),
    Known("avg_pool1d_back", [[1, 3]], {"size": 4, "kernel_size": 2}, [0.5, 0.5, 1.5, 1.5]),
    Known("avg_pool2d_back", [[[4, 8]]], {"size": [2, 3], "kernel_size": 2, "stride": 1}, [[1, 3, 2], [1, 3, 2]]),
    Known("avg_pool3d_back", [[[[8]]]], {"size": 2, "kernel_size": 2}, [[[1, 1], [1, 1]], [[1, 1], [1, 1]]]),
    Known("lp_pool1d", [[-1, 2, 0, 0]], {"norm_type": 2, "kernel_size": 2}, [ROOT5, 0]),
    Known("lp_pool2d", [FOUR], {"norm_type": 2, "kernel_size": 2}, [[ROOT30]]),
    Known("lp_pool3d", [EIGHT], {"norm_type": 1, "kernel_size": 2}, [[[36]]]),
    Known("adaptive_avg_pool1d", [[1, 3, 2, 5, 4]], {"output_size": 2}, [2, 11 / 3]),
    Known("adaptive_avg_pool2d", [NINE], {"output_size": [2, 1]}, [[2.5], [5.5]]),
    Known("adaptive_avg_pool3d", [EIGHT], {"output_size": [2, 1, 1]}, [[[2.5]], [[6.5]]]),
    Known("adaptive_max_pool1d", [[1, 3, 2, 5, 4]], {"output_size": 2}, [3, 5]),
    Known("adaptive_max_pool2d", [NINE], {"output_size": [2, 1]}, [[5], [8]]),
    Known("adaptive_max_pool3d", [EIGHT], {"output_size": [2, 1, 1]}, [[[4]], [[8]]]),
    Known("adaptive_max_pool1d_indices", [[1, 3, 2, 5, 4]], {"output_size": 2}, [1, 3]),
    Known("adaptive_max_pool2d_indices", [NINE], {"output_size": [2, 1]}, [[5], [8]]),
    Known("adaptive_max_pool3d_indices", [EIGHT], {"output_size": [2, 1, 1]}, [[[3]], [[7]]]),
    Known("global_avg_pool1d", [[[1, 3, 2]]], {}, [2]),
    Known("global_avg_pool2d", [[NINE]], {}, [4]),
    Known("global_avg_pool3d", [[EIGHT]], {"keepdims": True}, [[[[4.5]]]]),
    Known("global_max_pool1d", [[[1, 3, 2]]], {}, [3]),
    Known("global_max_pool2d", [[NINE]], {}, [8]),
    Known("global_max_pool3d", [[EIGHT]], {"keepdims": True}, [[[[8]]]]),
    Known("interpolate", [[[FOUR]]], {"size": [4, 6]},
          [[[[1, 1, 1, 2, 2, 2], [1, 1, 1, 2, 2, 2], [3, 3, 3, 4, 4, 4], [3, 3, 3, 4, 4, 4]]]],
          f"{ONNX} (resize_upsample_scales_nearest)"),
    Known("interpolate", [FOUR], {"scale_factor": 2, "mode": "bilinear"},
          [[1, 1.25, 1.75, 2], [1.5, 1.75, 2.25, 2.5], [2.5, 2.75, 3.25, 3.5], [3, 3.25, 3.75, 4]],
          f"{ONNX} (resize_upsample_scales_linear)"),
    Known("interpolate", [FOUR], {"scale_factor": 2, "mode": "bilinear", "align_corners": True},
          [[1, 4 / 3, 5 / 3, 2], [5 / 3, 2, 7 / 3, 8 / 3], [7 / 3, 8 / 3, 3, 10 / 3], [3, 10 / 3, 11 / 3, 4]],
          f"{ONNX} (resize_upsample_scales_linear_align_corners)"),
    Known("resample", [[1, 3]], {"size": 4, "mode": "linear"}, [1, 1.5, 2.5, 3]),
    Known("resample", [[0, 16]], {"size": 4, "mode": "cubic"}, [-1.6875, 3.625, 12.375, 17.6875]),
    Known("resample_back", [[1, 2, 4, 8]], {"size": 2, "mode": "nearest"}, [3, 12]),
    Known("resample_back", [[4, 4, 8, 8]], {"size": 2, "mode": "linear"}, [9, 15]),
    Known("pixel_shuffle", [[[[1, 5]], [[2, 6]], [[3, 7]], [[4, 8]]]], {"upscale_factor": 2},
          [[[1, 2, 5, 6], [3, 4, 7, 8]]]),
    Known("pixel_shuffle", [[[[n]] for n in range(8)]], {"upscale_factor": 2, "order": "DCR"},
          [[[0, 2], [4, 6]], [[1, 3], [5, 7]]]),
    Known("pixel_unshuffle", [[[[1, 2, 5, 6], [3, 4, 7, 8]]]], {"downscale_factor": 2},
          [[[1, 5]], [[2, 6]], [[3, 7]], [[4, 8]]]),
    Known("pixel_unshuffle", [[FOUR, [[5, 6], [7, 8]]]], {"downscale_factor": 2, "order": "DCR"},
          [[[1]], [[5]], [[2]], [[6]], [[3]], [[7]], [[4]], [[8]]]),
]  # fmt: skip

# The gradient of the sum of all entries, for each input.
GRADIENTS = [
    Known("conv1d", [[[1, 2, 4]], [[[1, 10]]]], {"flip": True}, [[[10, 11, 1]], [[[6, 3]]]]),
    Known("conv1d", [[[1, 2, 4]], [[[1, 10, 100]]]], {"padding": 1, "padding_mode": "replicate"},
          [[[12, 111, 210]], [[[4, 7, 10]]]]),
    Known("max_pool2d", [[[5, 5], [5, 5]]], {"kernel_size": 2}, [[[1, 0], [0, 0]]], "PyTorch: the first of equals"),
    Known("max_pool1d", [[1, 3, 2]], {"kernel_size": 2, "stride": 1}, [[0, 2, 0]]),
    Known("avg_pool1d", [[1, 3, 2]], {"kernel_size": 2, "stride": 1}, [[0.5, 1, 0.5]]),
    Known("lp_pool1d", [[-3, 4, 0, 0]], {"norm_type": 2, "kernel_size": 2}, [[-0.6, 0.8, 0, 0]]),
    Known("max_unpool1d", [[3, 5], [1, 2]], {"kernel_size": 2}, [[1, 1], None]),
    Known("global_max_pool1d", [[[3, 3, 2]]], {}, [[[1, 0, 0]]]),
    Known("interpolate", [FOUR], {"scale_factor": 2, "mode": "bilinear"}, [[[4, 4], [4, 4]]]),
]  # fmt: skip

test_value = values(VALUES)


test_gradient_of_the_sum = gradients_of_the_sum(GRADIENTS)

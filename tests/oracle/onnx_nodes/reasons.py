"""Why the other cases are left out."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CASES", "OPERATORS"]

# By reason: the operators without a translation, and those that compute nothing where a model has no others.
_OPERATORS = {
    "nothing is computed": "BitCast Cast CastLike Constant ConstantOfShape Identity If Shape Size",
    "integers and bits": "BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor",
    "strings": "LabelEncoder RegexFullMatch StringConcat StringNormalizer StringSplit TfIdfVectorizer",
    "sequences and optionals": """
        Optional OptionalGetElement OptionalHasElement SequenceAt SequenceConstruct SequenceEmpty SequenceInsert
        SequenceLength SequenceMap SplitToSequence
    """,
    "random numbers": "Bernoulli Dropout RandomUniformLike",
    "quantisation": """
        ConvInteger DequantizeLinear DynamicQuantizeLinear MatMulInteger QLinearConv QLinearMatMul QuantizeLinear
    """,
    "image files": "ImageDecoder",
    "a shape that depends on the numbers": "NonMaxSuppression NonZero Unique",
    "no such op": """
        AffineGrid BlackmanWindow DeformConv Det DFT GridSample HammingWindow HannWindow MelWeightMatrix RoiAlign STFT
        TreeEnsemble
    """,
}
# By reason: the cases that fail although there is a translation.
_CASES = {
    "strings": "equal_string equal_string_broadcast",
    "arrays without entries": """
        causal_conv_with_state_kernel_size_one causal_conv_with_state_kernel_size_one_expanded
        reduce_log_sum_exp_empty_set reduce_max_empty_set reduce_max_empty_set_bool reduce_min_empty_set
        rotary_embedding_3d_input_expanded rotary_embedding_expanded rotary_embedding_interleaved_expanded
        rotary_embedding_no_position_ids_expanded rotary_embedding_no_position_ids_interleaved_expanded
        slice_start_out_of_bounds split_zero_size_splits_opset13 split_zero_size_splits_opset18
    """,
    "no such op: scatter by product or extreme": """
        scatter_elements_with_reduction_max scatter_elements_with_reduction_min scatter_elements_with_reduction_mul
        scatternd_max scatternd_max_with_element_indices scatternd_min scatternd_min_with_element_indices
        scatternd_multiply
    """,
    "no such op: fold along three axes": "col2im_5d",
    "an older form of Scan": "scan_sum",
    # Where a pixel lies: other corners, cropped, or counted from a length that is no whole number.
    "interpolate has no such choice: position": """
        resize_downsample_scales_cubic_align_corners resize_downsample_scales_linear_align_corners
        resize_downsample_scales_linear_half_pixel_symmetric resize_downsample_sizes_linear_pytorch_half_pixel
        resize_tf_crop_and_resize resize_tf_crop_and_resize_axes_2_3 resize_tf_crop_and_resize_axes_3_2
        resize_tf_crop_and_resize_extrapolation_value resize_upsample_scales_cubic_asymmetric
        resize_upsample_scales_linear_half_pixel_symmetric resize_upsample_sizes_nearest_floor_align_corners
    """,
    # To which neighbour one half goes, in the position or in the new length.
    "interpolate has no such choice: rounding": """
        resize_downsample_sizes_nearest resize_downsample_sizes_nearest_not_larger
        resize_downsample_sizes_nearest_not_smaller resize_upsample_sizes_nearest
        resize_upsample_sizes_nearest_axes_2_3 resize_upsample_sizes_nearest_axes_3_2
        resize_upsample_sizes_nearest_ceil_half_pixel resize_upsample_sizes_nearest_not_larger
        resize_upsample_sizes_nearest_round_prefer_ceil_asymmetric
    """,
    "interpolate has no such choice: weights": """
        resize_downsample_scales_cubic_A_n0p5_exclude_outside resize_downsample_scales_cubic_antialias
        resize_downsample_scales_linear_antialias resize_downsample_sizes_cubic_antialias
        resize_downsample_sizes_linear_antialias resize_upsample_scales_cubic_A_n0p5_exclude_outside
    """,
}


def _by_name(table: Mapping[str, str]) -> Mapping[str, str]:
    return {name: reason for reason, names in table.items() for name in names.split()}


OPERATORS = _by_name(_OPERATORS)
CASES = {f"test_{name}": reason for name, reason in _by_name(_CASES).items()}

"""The ops: one file a family, and in it for each op its value, shape rule, gradient rules and source, side by side."""

import hwcheck.ops.operators  # noqa: F401  gives Python's operators their meaning between nodes

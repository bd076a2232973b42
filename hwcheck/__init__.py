"""hwcheck: reference values, gradients and fair marking for deep-learning homework."""

__version__ = "0.1.0"

"""The graph: nodes, evaluation, differentiation. It knows no op by name."""

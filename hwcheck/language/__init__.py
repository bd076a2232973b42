"""The expression language: text to graph, and graph to text and LaTeX."""

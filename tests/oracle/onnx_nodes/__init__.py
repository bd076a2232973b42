"""The node tests that come with ONNX, worked by hwcheck: how each ONNX operator is said in hwcheck's ops."""

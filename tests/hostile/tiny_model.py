"""A child of the silence test: one run of a one-node ONNX graph. ``python -m tests.hostile.tiny_model [edge] SECONDS``.

With ``edge`` the package is imported first, as everything of the vehicle does.
"""

import importlib
import sys
import time

import numpy as np


def field(number: int, data: bytes) -> bytes:
    """A protobuf field of bytes."""
    return bytes([number << 3 | 2, len(data)]) + data


def number(number: int, value: int) -> bytes:
    """A protobuf field of a small number."""
    return bytes([number << 3, value])


def value(name: bytes) -> bytes:
    """One float."""
    shape = field(2, field(1, number(1, 1)))
    return field(1, name) + field(2, field(1, number(1, 1) + shape))


def model() -> bytes:
    """Y = x."""
    node = field(1, b"x") + field(2, b"y") + field(4, b"Identity")
    graph = field(1, node) + field(2, b"g") + field(11, value(b"x")) + field(12, value(b"y"))
    return number(1, 8) + field(7, graph) + field(8, number(2, 13))


if __name__ == "__main__":
    if "edge" in sys.argv:
        importlib.import_module("edge")
    runtime = importlib.import_module("onnxruntime")
    session = runtime.InferenceSession(model(), providers=["CPUExecutionProvider"])
    assert session.run(None, {"x": np.ones(1, np.float32)})[0][0] == 1.0
    time.sleep(float(sys.argv[-1]))

"""Writes the graphs with which onnxruntime-web 1.19 trains the reference net: python ort_graphs.py

They are committed in ort/, so that the benchmark needs no Python. To make them anew:
    python3.11 -m venv venv
    venv/bin/pip install onnxruntime-training-cpu==1.19.2 onnx==1.16.2 'numpy<2' 'protobuf<5' setuptools
    venv/bin/python ort_graphs.py
The weights are zeros, which pack into a few kilobytes; the page draws others.
"""

import gzip
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from unittest.mock import MagicMock


class NoTorch:
    """Stands in for torch, which onnxruntime.training imports for a part that is not used here."""

    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self, is_package=True) if name.split(".")[0] == "torch" else None

    def create_module(self, spec):
        return MagicMock(__name__=spec.name, __spec__=spec, __path__=[], __version__="2.0.0")

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, NoTorch())

import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from onnxruntime.training import artifacts  # noqa: E402

SHAPES = {
    "conv.kernel": (32, 1, 3, 3),
    "conv.bias": (32,),
    "hidden.kernel": (5408, 64),
    "hidden.bias": (64,),
    "classes.kernel": (64, 10),
    "classes.bias": (10,),
}

nodes = [
    helper.make_node("Conv", ["images", "conv.kernel", "conv.bias"], ["conv"], kernel_shape=[3, 3]),
    helper.make_node("Relu", ["conv"], ["conv.relu"]),
    helper.make_node("MaxPool", ["conv.relu"], ["pool"], kernel_shape=[2, 2], strides=[2, 2]),
    helper.make_node("Flatten", ["pool"], ["flat"], axis=1),
    helper.make_node("Gemm", ["flat", "hidden.kernel", "hidden.bias"], ["hidden"]),
    helper.make_node("Relu", ["hidden"], ["hidden.relu"]),
    helper.make_node("Gemm", ["hidden.relu", "classes.kernel", "classes.bias"], ["logits"]),
]
graph = helper.make_graph(
    nodes,
    "reference",
    [helper.make_tensor_value_info("images", TensorProto.FLOAT, ["batch", 1, 28, 28])],
    [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 10])],
    [numpy_helper.from_array(np.zeros(shape, np.float32), name) for name, shape in SHAPES.items()],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
onnx.checker.check_model(model)

folder = Path(__file__).parent / "ort"
folder.mkdir(exist_ok=True)
artifacts.generate_artifacts(
    model,
    requires_grad=list(SHAPES),
    frozen_params=[],
    loss=artifacts.LossType.CrossEntropyLoss,
    optimizer=artifacts.OptimType.AdamW,
    additional_output_names=["logits"],
    artifact_directory=str(folder),
)
checkpoint = folder / "checkpoint"
# No time in the header: the same graphs give the same bytes.
(folder / "checkpoint.gz").write_bytes(gzip.compress(checkpoint.read_bytes(), 9, mtime=0))
checkpoint.unlink()

"""What to say about names of Keras's that are not here."""

import difflib

_INSTEAD = {
    "Conv3D": "Conv2D", "Conv3DTranspose": "Conv2DTranspose", "MaxPooling3D": "MaxPooling2D", "AveragePooling3D": "AveragePooling2D",
    "ConvLSTM2D": "LSTM after Conv2D", "ConvLSTM1D": "LSTM", "StringLookup": "a Python dict", "IntegerLookup": "a Python dict",
    "Hashing": "hash(text) % size", "Discretization": "np.digitize", "GroupQueryAttention": "MultiHeadAttention",
    "SpectralNormalization": "UnitNormalization", "EinsumDense": "Dense", "SeparableConv1D": "Conv1D", "DepthwiseConv1D": "Conv1D with groups",
    "LocallyConnected1D": "Conv1D", "LocallyConnected2D": "Conv2D", "ThresholdedReLU": "ReLU(threshold=…)", "CuDNNLSTM": "LSTM",
    "TensorBoard": "CSVLogger", "RemoteMonitor": "LambdaCallback", "BackupAndRestore": "ModelCheckpoint", "ProgbarLogger": "fit(verbose=1)",
    "Ftrl": "Adagrad", "Adafactor": "Adam", "Lamb": "AdamW", "Muon": "AdamW", "LossScaleOptimizer": "the optimizer itself",
    "ResNet50": "VGG16", "ResNet101": "VGG16", "InceptionV3": "VGG16", "Xception": "VGG16", "MobileNet": "VGG16", "MobileNetV2": "VGG16",
    "EfficientNetB0": "VGG16", "DenseNet121": "VGG16", "NASNetMobile": "VGG16", "ConvNeXtTiny": "VGG16",
    "imdb": "mnist", "reuters": "mnist", "boston_housing": "mnist", "california_housing": "mnist",
    "get_file": "a file that you drop into the working folder", "audio_dataset_from_directory": "image_dataset_from_directory",
    "text_dataset_from_directory": "image_dataset_from_directory", "mixed_precision": "float32", "distribution": "fit on this machine",
    "tree": "Python's own lists and dicts", "vmap": "a batch axis", "while_loop": "Python's while", "cond": "Python's if",
    "scan": "a Python loop", "fft": "np.convolve", "dtype_policies": "float32",
}  # fmt: skip


def module_attribute(module, known, name):
    if name.startswith("__"):
        return AttributeError(f"module '{module}' has no attribute {name!r}")
    if name in _INSTEAD:
        return NotImplementedError(f"{module}.{name} is not in this Keras; nearest here: {_INSTEAD[name]}")
    close = difflib.get_close_matches(name, [n for n in known if not n.startswith("_")], 1, 0.5)
    hint = f"; nearest here: {module}.{close[0]}" if close else ""
    return AttributeError(f"module '{module}' has no attribute {name!r} in this Keras{hint}")

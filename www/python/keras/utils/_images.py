"""Images in files: PNG, and the plain formats PPM, PGM and BMP."""

import os
import struct
import zlib

import numpy as np
from tensorflow._core import as_tensor, to_numpy

_KINDS = (".png", ".ppm", ".pgm", ".bmp")
_REFUSED = (".jpg", ".jpeg", ".gif", ".webp")


def decode(data, name="image"):
    """A [height, width, channels] array of 0 to 255."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(data, name)
    if data[:2] in (b"P5", b"P6"):
        return _netpbm(data)
    if data[:2] == b"BM":
        return _bmp(data, name)
    kind = "JPEG" if data[:2] == b"\xff\xd8" else "GIF" if data[:3] == b"GIF" else "unknown"
    raise ValueError(f"{name} is {kind}: PNG, PPM, PGM and BMP files are read here")


def _png(data, name):
    at, idat, palette = 8, [], None
    while at < len(data):
        (length,), kind = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", body)
        elif kind == b"PLTE":
            palette = np.array(list(body)).reshape(-1, 3)
        elif kind == b"IDAT":
            idat.append(body)
        at += 12 + length
    if interlaced or depth not in (1, 2, 4, 8, 16):
        raise ValueError(f"{name} is an interlaced PNG: save it without interlacing")
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    raw = zlib.decompress(b"".join(idat))
    bits = depth * channels
    stride, step = (width * bits + 7) // 8, max(bits // 8, 1)
    rows = _unfiltered(raw, height, stride, step)
    values = np.array(list(b"".join(rows))).reshape(height, stride)
    if depth == 16:
        values = values.reshape(height, width, channels, 2)[..., 0]
    elif depth == 8:
        values = values.reshape(height, width, channels)
    else:
        shifts = np.arange(8 // depth)[::-1] * depth
        values = ((values[:, :, None] >> shifts) & ((1 << depth) - 1)).reshape(height, -1)[:, :width, None]
        values = values if palette is not None else values * (255 // ((1 << depth) - 1))
    return palette[values[..., 0]] if palette is not None else values


def _unfiltered(raw, height, stride, step):
    before, rows = bytearray(stride), []
    for y in range(height):
        kind = raw[y * (stride + 1)]
        row = bytearray(raw[y * (stride + 1) + 1 : (y + 1) * (stride + 1)])
        if kind == 1:
            for i in range(step, stride):
                row[i] = (row[i] + row[i - step]) & 255
        elif kind == 2:
            row = bytearray((a + b) & 255 for a, b in zip(row, before))
        elif kind == 3:
            for i in range(stride):
                left = row[i - step] if i >= step else 0
                row[i] = (row[i] + (left + before[i]) // 2) & 255
        elif kind == 4:
            for i in range(stride):
                a = row[i - step] if i >= step else 0
                b, c = before[i], before[i - step] if i >= step else 0
                p = a + b - c
                da, db, dc = abs(p - a), abs(p - b), abs(p - c)
                row[i] = (row[i] + (a if da <= db and da <= dc else b if db <= dc else c)) & 255
        rows.append(bytes(row))
        before = row
    return rows


def _netpbm(data):
    parts, at = [], 2
    while len(parts) < 3:
        while data[at : at + 1].isspace():
            at += 1
        if data[at : at + 1] == b"#":
            at = data.index(b"\n", at)
            continue
        end = at
        while not data[end : end + 1].isspace():
            end += 1
        parts.append(int(data[at:end]))
        at = end
    width, height, _ = parts
    channels = 3 if data[:2] == b"P6" else 1
    return np.array(list(data[at + 1 : at + 1 + width * height * channels])).reshape(height, width, channels)


def _bmp(data, name):
    (begin,), (width, height), (bits, packed) = (
        struct.unpack("<I", data[10:14]), struct.unpack("<ii", data[18:26]), struct.unpack("<HI", data[28:34])
    )  # fmt: skip
    if bits not in (24, 32) or packed not in (0, 3):
        raise ValueError(f"{name} is a BMP of {bits} bits: 24 and 32 without compression are read here")
    channels = bits // 8
    stride = (width * channels + 3) // 4 * 4
    rows = np.array(list(data[begin : begin + stride * abs(height)])).reshape(abs(height), stride)[:, : width * channels]
    image = rows.reshape(abs(height), width, channels)[:, :, :3][:, :, ::-1]
    return image[::-1].copy() if height > 0 else image.copy()


def encode_png(image):
    """PNG bytes of a [height, width, channels] array of 0 to 255."""
    height, width, channels = image.shape
    colour = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    raw = b"".join(b"\0" + bytes(row.reshape(-1).tolist()) for row in image.astype(int))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b"")


class Image:
    """A picture, as far as programs ask PIL's: size, mode, save, and itself as an array."""

    def __init__(self, array):
        self._pixels = array
        self.mode = {1: "L", 3: "RGB", 4: "RGBA"}[array.shape[-1]]

    @property
    def size(self):
        return (self._pixels.shape[1], self._pixels.shape[0])

    def __array__(self, dtype=None, copy=None):
        array = self._pixels[..., 0] if self.mode == "L" else self._pixels
        return array if dtype is None else array.astype(dtype)

    def save(self, path, **kwargs):
        save_img(path, self._pixels)


def _coloured(image, color_mode):
    wanted = {"rgb": 3, "grayscale": 1, "rgba": 4}[color_mode]
    have = image.shape[-1]
    if have == 2:
        image = np.concatenate([np.repeat(image[..., :1], 3, axis=-1), image[..., 1:]], axis=-1)
        have = 4
    if have == wanted:
        return image
    if wanted == 1:
        weights = np.array([0.299, 0.587, 0.114])
        return np.round((image[..., :3] * weights).sum(axis=-1, keepdims=True)).astype(np.int64)
    colours = np.repeat(image[..., :1], 3, axis=-1) if have == 1 else image[..., :3]
    if wanted == 3:
        return colours
    return np.concatenate([colours, np.full((*image.shape[:2], 1), 255)], axis=-1)


def _sized(image, size, interpolation):
    from tensorflow._modules import resize

    return resize(as_tensor(image.astype(np.float32)), size, interpolation)._a


def load_img(path, color_mode="rgb", target_size=None, interpolation="nearest", keep_aspect_ratio=False):
    path = os.fspath(path)
    with open(path, "rb") as file:
        image = _coloured(decode(file.read(), path), color_mode)
    if target_size is not None:
        image = np.round(_sized(image, target_size[:2], interpolation)).astype(np.int64)
    return Image(image)


def img_to_array(img, data_format=None, dtype=None):
    array = np.asarray(img._pixels if isinstance(img, Image) else to_numpy(img)).astype(np.float32)
    return array[..., None] if array.ndim == 2 else array


def array_to_img(x, data_format=None, scale=True, dtype=None):
    x = np.asarray(to_numpy(x)).astype(np.float64)
    if scale:
        x = x - x.min()
        x = x / x.max() * 255 if x.max() != 0 else x
    return Image(x.astype(np.int64))


def save_img(path, x, data_format=None, file_format=None, scale=True, **kwargs):
    pixels = array_to_img(x, scale=scale)._pixels if not isinstance(x, Image) else x._pixels
    path = os.fspath(path)
    if not path.lower().endswith(".png"):
        raise ValueError(f"only .png files are written here. Received: path={path}")
    with open(path, "wb") as file:
        file.write(encode_png(np.clip(pixels, 0, 255)))


def image_dataset_from_directory(directory, labels="inferred", label_mode="int", class_names=None, color_mode="rgb",
                                 batch_size=32, image_size=(256, 256), shuffle=True, seed=None, validation_split=None,
                                 subset=None, interpolation="bilinear", follow_links=False, crop_to_aspect_ratio=False,
                                 verbose=True, **kwargs):  # fmt: skip
    """A data set of (images, labels), a folder for each class; the images are read once."""
    from tensorflow._data import Dataset

    if labels not in ("inferred", None):
        raise NotImplementedError("labels of image_dataset_from_directory are 'inferred' or None here")
    root = os.fspath(directory)
    if not os.path.isdir(root):
        raise FileNotFoundError(f"Could not find directory {directory}")
    found = class_names or (sorted(d for d in os.listdir(root) if os.path.isdir(os.path.join(root, d))) if labels else [""])
    files, numbers = [], []
    for number, name in enumerate(found):
        folder = os.path.join(root, name)
        for file in sorted(os.listdir(folder)):
            if file.lower().endswith(_REFUSED):
                raise ValueError(f"{os.path.join(folder, file)}: PNG, PPM, PGM and BMP files are read here; save the images as .png")
            if file.lower().endswith(_KINDS):
                files.append(os.path.join(folder, file))
                numbers.append(number)
    if not files:
        raise ValueError(f"No images found in directory {directory}. Allowed formats: {_KINDS}")
    if verbose:
        print(f"Found {len(files)} files{f' belonging to {len(found)} classes' if labels else ''}.")
    order = np.random.default_rng(seed).permutation(len(files)) if shuffle else np.arange(len(files))
    if validation_split:
        cut = len(files) - int(validation_split * len(files))
        order = order[:cut] if subset == "training" else order[cut:]
        if verbose:
            print(f"Using {len(order)} files for {subset}.")
    images = np.stack([_sized(_coloured(_read(files[int(i)]), color_mode), image_size, interpolation) for i in order]).astype(np.float32)
    at = np.array(numbers)[order]
    if labels is None or label_mode is None:
        parts = images
    elif label_mode == "int":
        parts = (images, as_tensor(at, "int32"))
    elif label_mode == "binary":
        parts = (images, at.astype(np.float32).reshape(-1, 1))
    else:
        parts = (images, np.eye(len(found), dtype=np.float32)[at])
    source = Dataset.from_tensor_slices(parts)
    if shuffle:
        source = source.shuffle(len(order), seed=seed)
    source = source.batch(batch_size) if batch_size else source
    source.class_names, source.file_paths = found, [files[int(i)] for i in order]
    return source


def _read(path):
    with open(path, "rb") as file:
        return decode(file.read(), path)

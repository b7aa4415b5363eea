"""What a figure holds, what it becomes as data, as SVG and as PNG, and what is refused by name."""

import io
import json
import re
import struct
import zlib

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from matplotlib import _contour


def drawing():
    data = plt.gcf().drawing().data()
    plt.close("all")
    # Only what JSON can carry.
    return json.loads(json.dumps(data, allow_nan=False))


def kinds(data):
    return [item["kind"] for item in data["items"]]


def texts(data):
    return ["".join(run[0] for line in item["lines"] for run in line) for item in data["items"] if item["kind"] == "text"]


def raises(kind, words, run):
    try:
        run()
    except kind as error:
        assert words in str(error), str(error)
    else:
        raise AssertionError(f"no {kind.__name__}")
    finally:
        plt.close("all")


# A line: its points lie where limits and box say.
plt.plot([0, 1, 2], [0, 10, 20], "r--o", label="loss")
plt.title("T")
plt.xlabel("steps")
plt.legend()
data = drawing()
lines = [item for item in data["items"] if item["kind"] == "path" and item.get("stroke") == "#ff0000"]
assert lines[0]["loops"] == [[102.55, 410.4, 328.0, 242.4, 553.45, 74.4]], lines[0]["loops"]
assert lines[0]["dash"] and lines[0]["clip"] == 0 and data["clips"] == [[80.0, 57.6, 496.0, 369.6]]
assert [mark["at"] for mark in data["items"] if mark["kind"] == "marks"][0] == lines[0]["loops"][0]
assert {"T", "steps", "loss", "0.50", "20.0"} <= set(texts(data)), texts(data)
about = data["about"]["axes"][0]
assert about["title"] == "T" and about["series"] == [{"kind": "Line2D", "label": "loss", "points": 3, "count": 1}], about

# A picture: 28 × 28 cells are a PNG of 28 × 28 pixels, whatever its size on the page.
plt.imshow(np.arange(784).reshape(28, 28), cmap=plt.cm.binary)
plt.axis("off")
data = drawing()
[picture] = [item for item in data["items"] if item["kind"] == "image"]
import base64  # noqa: E402

png = base64.b64decode(picture["png"])
assert struct.unpack(">II", png[16:24]) == (28, 28)
rows = zlib.decompress(png[41 : 41 + struct.unpack(">I", png[33:37])[0]])
assert rows[1:5] == b"\xff\xff\xff\xff" and rows[-4:] == b"\x00\x00\x00\xff"
assert texts(data) == [] and picture["lit"]

# RGB, as floats and as whole numbers; an origin below.
plt.imshow(np.array([[[1.0, 0.0, 0.0]], [[0.0, 0.0, 1.0]]]), origin="lower")
[picture] = [item for item in drawing()["items"] if item["kind"] == "image"]
png = base64.b64decode(picture["png"])
rows = zlib.decompress(png[41 : 41 + struct.unpack(">I", png[33:37])[0]])
assert rows == b"\x00\x00\x00\xff\xff" + b"\x00\xff\x00\x00\xff", rows

# Text on a picture keeps its colour in any theme; text beside it is ink.
plt.imshow([[0, 1], [2, 3]])
plt.text(0, 0, "on", color="white")
data = drawing()
lit = {text: item.get("lit", False) for item, text in zip([i for i in data["items"] if i["kind"] == "text"], texts(data))}
assert lit["on"] is True and lit["0.00"] is False, lit

# Long lines are thinned, and keep their extremes; a hundred thousand marks stay one item.
y = np.zeros(100_000)
y[77_777] = 5.0
plt.plot(y)
path = max((i for i in drawing()["items"] if i["kind"] == "path"), key=lambda i: len(i["loops"][0]))
assert len(path["loops"][0]) < 10_000 and min(path["loops"][0][1::2]) == 74.4, len(path["loops"][0])
plt.scatter(np.arange(100_000), np.arange(100_000), s=1)
[marks] = [i for i in drawing()["items"] if i["kind"] == "marks"]
assert len(marks["at"]) == 200_000

# A mesh of even cells is one picture; one of uneven cells is one shape a colour.
plt.pcolormesh(np.arange(11), np.arange(9), np.arange(80).reshape(8, 10))
assert kinds(drawing()).count("image") == 1
plt.pcolormesh(np.logspace(0, 2, 101), np.arange(101), np.arange(10_000).reshape(100, 100) % 7)
meshes = [i for i in drawing()["items"] if i["kind"] == "path" and i.get("lit") and i.get("fill")]
assert len(meshes) == 7 and sum(len(i["loops"]) for i in meshes) == 10_000, len(meshes)

plt.vlines(np.arange(5000), 0, 1, colors=["r", "b"])
assert len([i for i in drawing()["items"] if i.get("stroke") in ("#ff0000", "#0000ff")]) == 2

# What is not a number is left out, and breaks a line.
plt.plot([0, 1, np.nan, 3, 4], [1, 2, 3, np.inf, 5])
[line] = [i for i in drawing()["items"] if i["kind"] == "path" and i.get("stroke") == "#1f77b4"]
assert len(line["loops"]) == 2, line["loops"]

# Filled contours: bands cover the grid exactly, whatever saddles and holes there are.
rng = np.random.default_rng(3)
for n in (2, 5, 12):
    z = [[float(v) for v in row] for row in rng.normal(size=(n, n + 1)).tolist()]
    grid = _contour.Grid([float(j) for j in range(n + 1)], [float(i) for i in range(n)], z)
    heights = [v for row in z for v in row]
    levels = [min(heights), -0.5, 0.0, 0.4, max(heights)]
    levels = sorted(set(levels))

    def area(loop):
        return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(loop, loop[1:] + loop[:1])) / 2

    bands = [sum(map(area, loops)) for loops in grid.areas(levels)]
    assert abs(sum(bands) - n * (n - 1)) < 1e-9 and min(bands) >= -1e-12, (n, bands)
    for height in levels[1:-1]:
        for line in grid.lines(height):
            inside = [(x, y) for x, y in (line[0], line[-1]) if 1e-9 < x < n - 1e-9 and 1e-9 < y < n - 1 - 1e-9]
            assert line[0] == line[-1] or not inside, "a line ends only at the border"

# The object-oriented way: axes come as an array that is indexed, iterated, flattened.
fig, axes = plt.subplots(2, 3, figsize=(9, 4))
assert axes.shape == (2, 3) and axes[1, 2] is axes.flat.__iter__().__next__().figure.axes[5]
assert [len(row) for row in axes] == [3, 3] and axes.ravel()[4] is axes[1][1] and len(axes[:, 0]) == 2
for i, ax in enumerate(axes.flat):
    ax.set(title=f"n{i}", xlabel="x", xlim=(0, 1), ylim=(0, 2))
fig.tight_layout()
assert axes[0, 0].get_title() == "n0" and axes[0, 0].get_ylim() == (0.0, 2.0)
boxes = [ax.get_position() for ax in axes.flat]
assert boxes[0].x1 < boxes[1].x0 and boxes[3].y1 < boxes[0].y0
plt.close("all")
fig, (left, right) = plt.subplots(1, 2)
right.plot([1, 2])
assert plt.gca() is right and len(right.lines) == 1 and left.lines == []
plt.close("all")

# show tells in a line what there is to see, and closes it.
plt.figure(figsize=(4, 3))
plt.subplot(2, 1, 1)
plt.subplot(212)
assert repr(plt.gcf()) == "<Figure size 400x300 with 2 Axes>"
plt.close("all")
assert plt.get_fignums() == []

# Files. Labels of a learner's own never become markup.
plt.plot([1, 2], label="</text><script>alert(1)</script>")
plt.title('"><img src=x onerror=alert(1)> & \x00 \ud800')
plt.legend()
buffer = io.BytesIO()
plt.savefig(buffer, format="svg")
svg = buffer.getvalue().decode()
assert "<script" not in svg and "<img" not in svg and "&lt;script&gt;" in svg
assert set(re.findall(r"<(\w+)", svg)) <= {"svg", "defs", "clipPath", "rect", "g", "path", "text", "tspan", "circle"}, svg
buffer = io.BytesIO()
plt.savefig(buffer, dpi=50)
width, height = struct.unpack(">II", buffer.getvalue()[16:24])
assert buffer.getvalue()[:8] == b"\x89PNG\r\n\x1a\n" and (width, height) == (320, 240)
pixels = zlib.decompress(buffer.getvalue()[41 : 41 + struct.unpack(">I", buffer.getvalue()[33:37])[0]])
assert pixels[1:5] == b"\xff\xff\xff\xff" and b"\x1f\x77\xb4\xff" in pixels
plt.savefig("/tmp/figure.svg", bbox_inches="tight")
with open("/tmp/figure.svg", "rb") as file:
    assert file.read(4) == b"<svg"
raises(NotImplementedError, "svg, png", lambda: plt.savefig("/tmp/figure.pdf"))

# Settings hold until the next run.
plt.rcParams["figure.figsize"] = (3, 2)
with plt.rc_context({"lines.linewidth": 5}):
    assert plt.plot([1])[0].get_linewidth() == 5
assert plt.plot([1])[0].get_linewidth() == 1.5 and plt.gcf().get_size_inches().tolist() == [3.0, 2.0]
matplotlib._begin()
assert plt.get_fignums() == [] and plt.rcParams["figure.figsize"] == [6.4, 4.8]
plt.style.use("ggplot")
assert plt.rcParams["axes.grid"] is True
matplotlib._begin()

# Mistakes say what was expected; what is missing names the nearest thing.
raises(ValueError, "must have same first dimension, but have shapes (2,) and (3,)", lambda: plt.plot([1, 2], [1, 2, 3]))
raises(ValueError, "x and y must be the same size", lambda: plt.scatter([1], [1, 2]))
raises(ValueError, "'zz' is not a valid format string", lambda: plt.plot([1], "zz"))
raises(ValueError, "'bleu' is not a valid color value", lambda: plt.plot([1], color="bleu"))
raises(AttributeError, "did you mean 'linewidth'", lambda: plt.plot([1], linewidht=3))
raises(TypeError, "Invalid shape (2, 2, 2) for image data", lambda: plt.imshow(np.zeros((2, 2, 2))))
raises(ValueError, "nearest here: viridis", lambda: plt.imshow([[1]], cmap="virdis"))
raises(ValueError, "'upper middle' is not a valid value for loc", lambda: plt.legend([], [], loc="upper middle"))
raises(NotImplementedError, "plt.quiver is not in this matplotlib; nearest here", lambda: plt.quiver([1], [1]))
raises(NotImplementedError, "projection='3d'", lambda: plt.figure().add_subplot(projection="3d"))
raises(NotImplementedError, "nearest here: plt.scatter", lambda: plt.scater([1], [1]))
raises(KeyError, "nearest here: lines.linewidth", lambda: plt.rcParams.update({"lines.linewith": 2}))
raises(ValueError, "num must be an integer with 1 <= num <= 4, not 5", lambda: plt.subplot(2, 2, 5))
raises(NotImplementedError, "nearest here", lambda: plt.gca().violinplot([1]))
raises(NotImplementedError, "nearest here: plt.pause", lambda: __import__("matplotlib.animation"))

# What is set on a legend's words and on an axis' labels is seen.
plt.plot([1, 2], label="a")
plt.legend(handles=[matplotlib.patches.Patch(color="red", label="patch")]).get_texts()[0].set_fontsize(20)
plt.setp(plt.gca().get_xticklabels(), visible=False)
plt.locator_params(axis="y", nbins=3)
inset = plt.gca().inset_axes([0.5, 0.5, 0.4, 0.4])
inset.plot([5, 6])
data = drawing()
assert [i["size"] for i in data["items"] if i["kind"] == "text" and i["lines"][0][0][0] == "patch"] == [27.78]
words = texts(data)
assert "1.5" in words and "1.6" not in words and words.count("0.0") == 1, words

print("ok")

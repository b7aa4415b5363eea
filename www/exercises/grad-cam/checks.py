import numpy as np
import torch
from given import Detector, Net, draw_stroke, load, state

from danlu.judge import check

# float32 throughout, and divided by the largest.
CLOSE = {"rtol": 1e-3, "atol": 1e-4}


def draw(t, head=1.0):
    """A Net's state as arrays, as after some training."""
    arrays = {}
    for name, array in state(Net()).items():
        if name.endswith("num_batches_tracked"):
            arrays[name] = np.array(7)
        elif name.endswith("running_var"):
            arrays[name] = t.rng.uniform(0.5, 2.0, size=array.shape).astype(np.float32)
        else:
            scale = head if name.startswith("head") else 0.4
            arrays[name] = (scale * t.rng.normal(size=array.shape)).astype(np.float32)
    return arrays


async def learners(t, arrays):
    return await t.make("given.load", await t.make("given.Net"), arrays)


def reference(arrays, image, target, path="features"):
    """The heat map by the judge's own PyTorch, the model cut open at the layer; and the winning class."""
    model = load(Net(), arrays)
    model.eval()
    parts = [*model.features, *model.head]
    cut = {"features": 6, "features.3": 4, "features.4": 5}[path]
    maps = torch.as_tensor(image)[None]
    for part in parts[:cut]:
        maps = part(maps)
    maps = maps.detach().requires_grad_()
    logits = maps
    for part in parts[cut:]:
        logits = part(logits)
    target = int(logits[0].argmax()) if target is None else target
    (slopes,) = torch.autograd.grad(logits[0, target], maps)
    heat = torch.relu((slopes.mean(dim=(2, 3), keepdim=True) * maps.detach()).sum(dim=1, keepdim=True))
    heat = torch.nn.functional.interpolate(heat, size=image.shape[1:], mode="bilinear", align_corners=False)[0, 0].numpy()
    return heat / heat.max() if heat.max() > 0.0 else heat


def picture(t, h=10, w=8):
    return t.rng.normal(size=(2, h, w)).astype(np.float32)


def telling(t, *sizes, head=1.0, path="features"):
    """A state, an image and a class with places that speak for it and places that don't."""
    while True:
        arrays, image, target = draw(t, head), picture(t, *sizes), int(t.rng.integers(0, 4))
        expected = reference(arrays, image, target, path)
        if 0.02 < float((expected > 0.5).mean()) < 0.8 and float((expected == 0.0).mean()) > 0.05:
            return arrays, image, target, expected


@check("values", visible=True)
async def values(t):
    arrays, image, target, expected = telling(t)
    model = await learners(t, arrays)
    got = await t.call("grad_cam", model, await model.part("features"), image, target)
    t.equal(got, expected, name="heat map", **CLOSE)


@check("finds-the-patch", visible=True)
async def finds_the_patch(t):
    detector = await t.make("given.load", await t.make("given.Detector"), state(Detector()))
    layer = await detector.part("maps")
    image = (0.05 * t.rng.normal(size=(1, 14, 18))).astype(np.float32)
    first, second = (int(n) for n in t.rng.permutation(4)[:2])
    places = {first: (int(t.rng.integers(0, 10)), int(t.rng.integers(0, 3))), second: (int(t.rng.integers(0, 10)), int(t.rng.integers(10, 14)))}
    for kind, (top, left) in places.items():
        draw_stroke(image, kind, top, left)
    for kind, (top, left) in places.items():
        heat = await t.call("grad_cam", detector, layer, image, kind)
        t.true(isinstance(heat, np.ndarray) and heat.shape == (14, 18) and float(heat.max()) > 0.0, got=heat)
        row, column = divmod(int(heat.argmax()), 18)
        inside = top <= row < top + 5 and left <= column < left + 5
        t.true(inside, got=(row, column), expected=f"{top} … {top + 4}, {left} … {left + 4}")


@check("winning-class", visible=True)
async def winning_class(t):
    while True:
        arrays, image, _, _ = telling(t)
        expected = reference(arrays, image, None)
        if float(expected.max()) > 0.0 and float((expected - reference(arrays, image, 0)).max()) > 0.05:
            break
    model = await learners(t, arrays)
    got = await t.call("grad_cam", model, await model.part("features"), image)
    t.equal(got, expected, name="heat map", **CLOSE)


@check("range-and-size", visible=True)
async def range_and_size(t):
    arrays, image, target, _ = telling(t, 7, 13, head=30.0)
    model = await learners(t, arrays)
    got = await t.call("grad_cam", model, await model.part("features"), image, target)
    t.true(isinstance(got, np.ndarray) and got.shape == (7, 13), got=got, expected=(7, 13))
    t.equal(str(got.dtype), "float32", name="dtype")
    t.true(float(got.min()) >= 0.0, got=float(got.min()), expected="≥ 0")
    t.equal(float(got.max()), 1.0, rtol=1e-5, name="largest value")


@check("image-unchanged", visible=True)
async def image_unchanged(t):
    arrays, image, target, _ = telling(t)
    model = await learners(t, arrays)
    layer = await model.part("features")
    held = await t.make("numpy.array", image)
    await t.call("grad_cam", model, layer, held, target)
    t.equal(await t.call("numpy.array", held), image, rtol=0.0, atol=0.0, name="image")
    t.equal(await t.call("given.state", model), arrays, rtol=0.0, atol=0.0, name="the model's state")


@check("nothing-positive", visible=False)
async def nothing_positive(t):
    arrays = draw(t)
    # All evidence speaks against class 2.
    arrays["head.3.weight"][2] = -np.abs(arrays["head.3.weight"][2])
    image = picture(t)
    model = await learners(t, arrays)
    got = await t.call("grad_cam", model, await model.part("features"), image, 2)
    t.equal(got, np.zeros((10, 8), dtype=np.float32), rtol=0.0, atol=1e-6, name="heat map")


@check("saturated", visible=False)
async def saturated(t):
    # Logits hundreds apart: probabilities are 0 and 1, and have no gradient.
    arrays, image, target, expected = telling(t, head=3000.0)
    model = await learners(t, arrays)
    got = await t.call("grad_cam", model, await model.part("features"), image, target)
    t.equal(got, expected, name="heat map", **CLOSE)


@check("training-mode", visible=False)
async def training_mode(t):
    arrays, image, target, expected = telling(t)
    model = await learners(t, arrays)
    await model.make("train")
    await (await model.part("features.3")).make("eval")
    layer = await model.part("features")
    t.equal(await t.call("grad_cam", model, layer, image, target), expected, name="heat map", **CLOSE)
    t.equal(await t.call("given.state", model), arrays, rtol=0.0, atol=0.0, name="the model's state")
    modes = [await model.get("training"), await model.get("head.2.training"), await model.get("features.3.training")]
    t.equal(modes, [True, True, False], name="training of the model, its dropout and its pooling")


@check("leaves-no-trace", visible=False)
async def leaves_no_trace(t):
    arrays, image, target, expected = telling(t)
    model = await learners(t, arrays)
    layer = await model.part("features")
    for _ in range(2):
        t.equal(await t.call("grad_cam", model, layer, image, target), expected, name="heat map", **CLOSE)
    for name in ("features.0.weight", "head.3.weight"):
        t.equal(await model.get(f"{name}.grad"), None, name=f"{name}.grad")
        t.equal(await model.get(f"{name}.requires_grad"), True, name=f"{name}.requires_grad")
    for kind in ("_forward_hooks", "_backward_hooks"):
        t.equal(await t.call("builtins.len", await layer.part(kind)), 0, name="hooks left behind")


@check("frozen", visible=False)
async def frozen(t):
    arrays, image, target, expected = telling(t)
    model = await learners(t, arrays)
    await model.make("requires_grad_", False)
    got = await t.call("grad_cam", model, await model.part("features"), image, target)
    t.equal(got, expected, name="heat map", **CLOSE)
    t.equal(await model.get("features.0.weight.requires_grad"), False, name="requires_grad of a weight")


@check("other-layers", visible=False)
async def other_layers(t):
    for path in ("features.3", "features.4"):
        arrays, image, target, expected = telling(t, path=path)
        model = await learners(t, arrays)
        got = await t.call("grad_cam", model, await model.part(path), image, target)
        t.equal(got, expected, name=f"heat map at {path}", **CLOSE)


@check("random", visible=False)
async def random(t):
    for _ in range(3):
        arrays, image, target, expected = telling(t, int(t.rng.integers(4, 15)), int(t.rng.integers(4, 15)))
        model = await learners(t, arrays)
        got = await t.call("grad_cam", model, await model.part("features"), image, target)
        t.equal(got, expected, name="heat map", **CLOSE)

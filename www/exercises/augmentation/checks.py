import numpy as np

from danlu.judge import check, shape_of

EXACT = {"rtol": 0.0, "atol": 0.0}


def moved(image, down, right, mirrored):
    """One image mirrored, then shifted with zeros coming in, as flat plain numbers."""
    h, w, c = image.shape
    rows = image.tolist()
    if mirrored:
        rows = [row[::-1] for row in rows]
    empty = [0] * c
    return [
        number
        for i in range(h)
        for j in range(w)
        for number in (rows[i - down][j - right] if 0 <= i - down < h and 0 <= j - right < w else empty)
    ]


async def augmented(t, images, labels, seed, **options):
    """What came back, once it is known to be a pair of the right shapes, the labels as they were."""
    got = await t.call("augment", images, labels, seed, **options)
    t.true(isinstance(got, (tuple, list)) and len(got) == 2, got=got, expected=("images", "labels"))
    t.true(shape_of(got[0]) == images.shape, got=shape_of(got[0]), expected=images.shape)
    t.equal(got[1], labels, name="labels")
    return got[0]


def batch(t, n, h=4, w=5, c=2):
    return t.rng.uniform(0.1, 1.0, size=(n, h, w, c)), t.rng.integers(0, 10, size=n)


def draws(t, images, got, shift):
    """For each image the (down, right, mirrored) that explains it."""
    found = []
    for before, after in zip(images, got):
        flat = after.ravel().tolist()
        options = [
            (down, right, mirrored)
            for down in range(-shift, shift + 1)
            for right in range(-shift, shift + 1)
            for mirrored in (False, True)
            if moved(before, down, right, mirrored) == flat
        ]
        t.true(len(options) == 1, got=after, expected=before)
        found.append(options[0])
    return found


@check("untouched", visible=True)
async def untouched(t):
    images, labels = batch(t, 3)
    t.equal(await augmented(t, images, labels, 1, shift=0, flip=0.0), images, name="images", **EXACT)


@check("mirrored", visible=True)
async def mirrored(t):
    images, labels = batch(t, 3)
    t.equal(await augmented(t, images, labels, 1, shift=0, flip=1.0), images[:, :, ::-1], name="images", **EXACT)


@check("own-image", visible=True)
async def own_image(t):
    images, labels = batch(t, 12)
    draws(t, images, await augmented(t, images, labels, t.seed % 1000), 2)


@check("seeded", visible=True)
async def seeded(t):
    images, labels = batch(t, 8)
    first = await augmented(t, images, labels, 7)
    t.equal(await augmented(t, images, labels, 7), first, name="images", **EXACT)
    other = await augmented(t, images, labels, 8)
    t.true(other.tolist() != first.tolist(), got=other)


@check("drawn-for-each", visible=True)
async def drawn_for_each(t):
    images, labels = batch(t, 1)
    images, labels = np.concatenate([images] * 40), np.concatenate([labels] * 40)
    found = draws(t, images, await augmented(t, images, labels, 3, shift=1), 1)
    # Of 18 equally likely variants, 40 draws show at least 8 but in one run of many millions.
    t.true(len(set(found)) >= 8, got=len(set(found)))


@check("no-flip", visible=True)
async def no_flip(t):
    images, _ = batch(t, 6)
    labels = np.array([2, 6, 9, 2, 9, 0])
    got = await augmented(t, images, labels, 5, shift=0, flip=1.0, no_flip=(2, 9))
    expected = np.stack([image if label in (2, 9) else image[:, ::-1] for image, label in zip(images, labels.tolist())])
    t.equal(got, expected, name="images", **EXACT)


@check("even-shifts", visible=False)
async def even_shifts(t):
    images, labels = batch(t, 360, 3, 3, 1)
    found = draws(t, images, await augmented(t, images, labels, t.seed % 1000, shift=1), 1)
    counts = {place: 0 for place in ((i, j) for i in (-1, 0, 1) for j in (-1, 0, 1))}
    for down, right, _ in found:
        counts[down, right] += 1
    # 40 each are expected, with a standard deviation of 6.
    t.true(all(8 <= count <= 80 for count in counts.values()), got=list(counts.values()))


@check("flip-rate", visible=False)
async def flip_rate(t):
    images, labels = batch(t, 400, 2, 2, 1)
    found = draws(t, images, await augmented(t, images, labels, t.seed % 1000, shift=0, flip=0.25), 0)
    count = sum(turned for _, _, turned in found)
    # 100 are expected, with a standard deviation of 9.
    t.true(45 <= count <= 155, got=count, expected=100)


@check("dtype-kept", visible=False)
async def dtype_kept(t):
    pixels = t.rng.integers(1, 256, size=(6, 4, 4, 3))
    for dtype in ("int64", "float32"):
        images = pixels.astype(dtype)
        got = await augmented(t, images, np.arange(6), 2)
        t.true(str(got.dtype) == dtype, got=str(got.dtype), expected=dtype)
        draws(t, images, got, 2)


@check("inputs-unchanged", visible=False)
async def inputs_unchanged(t):
    images, labels = batch(t, 6)
    await augmented(t, images, labels, 4)
    t.unchanged("images", "labels", "seed")


@check("empty", visible=False)
async def empty(t):
    await augmented(t, np.zeros((0, 4, 4, 1)), np.zeros(0, dtype=np.int64), 1)

import numpy as np

from danlu import ops
from danlu.judge import check, numeric_vjp

CLOSE = {"rtol": 1e-9, "atol": 1e-11}


def reference(teacher, labels, temperature, alpha):
    """The loss as a function of the student's logits, on the engine's tape."""
    z = teacher / temperature
    z = z - z.max(axis=1)[:, None]
    p = np.exp(z) / np.exp(z).sum(axis=1)[:, None]
    entropy = float(sum(value * np.log(value) for value in p.ravel().tolist() if value > 0.0)) / len(p)
    count = int((labels >= 0).sum())
    one_hot = np.zeros(teacher.shape)
    for n, label in enumerate(labels.tolist()):
        if label >= 0:
            one_hot[n, label] = 1.0 / count

    def loss(student):
        cross = ops.sum(ops.mul(ops.log_softmax(ops.div(student, temperature), 1), p / -len(p)))
        hard = ops.sum(ops.mul(ops.log_softmax(student, 1), -one_hot))
        return ops.add(ops.mul(ops.add(cross, entropy), alpha * temperature**2), ops.mul(hard, 1.0 - alpha))

    return loss


def draw(t, samples, classes, size=2.0):
    student, teacher = (t.rng.normal(size=(samples, classes)) * size for _ in range(2))
    return student, teacher, t.rng.integers(0, classes, size=samples)


async def loss_of(t, *args):
    got = await t.call("distillation_loss", *args)
    t.true(isinstance(got, (float, np.floating)), got=got, expected="a float")
    return float(got)


async def agrees(t, student, teacher, labels, temperature, alpha, **tolerance):
    tolerance = tolerance or CLOSE
    y, pull = ops.vjp(reference(teacher, labels, temperature, alpha), student)
    t.equal(await loss_of(t, student, teacher, labels, temperature, alpha), float(y), name="loss", **tolerance)
    got = await t.call("distillation_backward", student, teacher, labels, temperature, alpha)
    t.equal(got, pull(np.array(1.0))[0], name="gradient", **tolerance)


@check("hand-example", visible=True)
async def hand_example(t):
    student, teacher, labels = np.zeros((1, 2)), np.array([[2.0 * np.log(3.0), 0.0]]), np.array([0])
    # At T = 2 the teacher says 3/4, 1/4 and the student 1/2, 1/2.
    soft = 0.75 * np.log(1.5) + 0.25 * np.log(0.5)
    expected = float(0.5 * 4.0 * soft + 0.5 * np.log(2.0))
    t.equal(await loss_of(t, student, teacher, labels, 2.0, 0.5), expected, name="loss", **CLOSE)
    got = await t.call("distillation_backward", student, teacher, labels, 2.0, 0.5)
    t.equal(got, np.array([[-0.5, 0.5]]), name="gradient", **CLOSE)


@check("soft-term", visible=True)
async def soft_term(t):
    student, teacher, labels = draw(t, 4, 5)
    for temperature in (1.0, 3.0):
        y = ops.vjp(reference(teacher, labels, temperature, 1.0), student)[0]
        t.equal(await loss_of(t, student, teacher, labels, temperature, 1.0), float(y), name="loss", **CLOSE)


@check("hard-term", visible=True)
async def hard_term(t):
    student, teacher, labels = draw(t, 4, 5)
    y = ops.cross_entropy(student, labels).value
    t.equal(await loss_of(t, student, teacher, labels, 3.0, 0.0), float(y), name="loss", **CLOSE)


@check("both-terms", visible=True)
async def both_terms(t):
    student, teacher, labels = draw(t, 3, 4)
    y = ops.vjp(reference(teacher, labels, 2.5, 0.7), student)[0]
    t.equal(await loss_of(t, student, teacher, labels, 2.5, 0.7), float(y), name="loss", **CLOSE)


@check("gradient", visible=True)
async def gradient(t):
    student, teacher, labels = draw(t, 4, 5)
    for temperature, alpha in [(1.0, 1.0), (4.0, 1.0), (4.0, 0.0), (2.0, 0.3)]:
        await agrees(t, student, teacher, labels, temperature, alpha)


@check("unlabelled", visible=True)
async def unlabelled(t):
    student, teacher, labels = draw(t, 5, 4)
    labels[[1, 2, 4]] = -1
    await agrees(t, student, teacher, labels, 2.0, 0.4)


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    student, teacher, labels = draw(t, 3, 4)
    await loss_of(t, student, teacher, labels, 2.0, 0.5)
    t.unchanged("student", "teacher", "labels")
    await t.call("distillation_backward", student, teacher, labels, 2.0, 0.5)
    t.unchanged("student", "teacher", "labels")


@check("equal-student", visible=False)
async def equal_student(t):
    _, teacher, labels = draw(t, 4, 5, 4.0)
    # Logits that differ by a constant in each row are the same student.
    student = teacher + np.array([[0.0], [3.0], [-50.0], [1.5]])
    for temperature in (1.0, 5.0):
        t.equal(await loss_of(t, student, teacher, labels, temperature, 1.0), 0.0, name="loss", atol=1e-9)
        got = await t.call("distillation_backward", student, teacher, labels, temperature, 1.0)
        t.equal(got, np.zeros((4, 5)), name="gradient", atol=1e-12)


@check("hot-limit", visible=False)
async def hot_limit(t):
    # For T → ∞ the gradient is that of a squared error between centred logits, whatever T is.
    student, teacher, labels = draw(t, 4, 5)
    gap = student - student.mean(axis=1)[:, None] - teacher + teacher.mean(axis=1)[:, None]
    for temperature in (1e4, 1e5):
        got = await t.call("distillation_backward", student, teacher, labels, temperature, 1.0)
        t.equal(got, gap / 20.0, name="gradient", rtol=1e-2, atol=1e-4)


@check("nobody-labelled", visible=False)
async def nobody_labelled(t):
    student, teacher, _ = draw(t, 3, 4)
    labels = np.full(3, -1)
    await agrees(t, student, teacher, labels, 2.0, 0.6)
    await agrees(t, student, teacher, labels, 1.0, 0.0)


@check("extreme", visible=False)
async def extreme(t):
    student = np.array([[1000.0, -1000.0, 0.0], [-1000.0, 1000.0, 999.0]])
    teacher = np.array([[998.0, 1000.0, -1000.0], [1000.0, 1000.0, 1000.0]])
    for temperature in (1.0, 0.5, 20.0):
        await agrees(t, student, teacher, np.array([1, 0]), temperature, 0.5)
    # Samples far from one another: each has its own maximum.
    student, teacher, labels = draw(t, 3, 4)
    far = np.array([[0.0], [5000.0], [-5000.0]])
    await agrees(t, student + far, teacher - far, labels, 1.0, 0.5)


@check("impossible-classes", visible=False)
async def impossible_classes(t):
    student, teacher, labels = draw(t, 4, 5)
    teacher[0, 1:] = teacher[1, 2] = teacher[2, :2] = -np.inf
    for temperature in (1.0, 3.0):
        await agrees(t, student, teacher, labels, temperature, 0.8)


@check("smallest", visible=False)
async def smallest(t):
    for samples, classes in [(1, 1), (1, 6), (5, 1)]:
        await agrees(t, *draw(t, samples, classes), 2.0, 0.5)


@check("float32", visible=False)
async def float32(t):
    student, teacher, labels = draw(t, 4, 6)
    student, teacher = student.astype(np.float32), teacher.astype(np.float32)
    y, pull = ops.vjp(reference(teacher.astype(np.float64), labels, 3.0, 0.5), student)
    loose = {"rtol": 1e-4, "atol": 1e-5}
    t.equal(await loss_of(t, student, teacher, labels, 3.0, 0.5), float(y), name="loss", **loose)
    got = await t.call("distillation_backward", student, teacher, labels, 3.0, 0.5)
    t.equal(got, pull(np.array(1.0))[0].astype(np.float32), name="gradient", **loose)


@check("finite-differences", visible=False)
async def finite_differences(t):
    student, teacher, labels = draw(t, 3, 4)
    labels[1] = -1
    loss = reference(teacher, labels, 2.0, 0.5)
    (expected,) = numeric_vjp(lambda z: ops.vjp(loss, z)[0], (student,))
    got = await t.call("distillation_backward", student, teacher, labels, 2.0, 0.5)
    t.equal(got, expected, name="gradient", rtol=1e-6, atol=1e-7)


@check("random", visible=False)
async def random(t):
    for _ in range(5):
        samples, classes = (int(n) for n in t.rng.integers(1, 9, size=2))
        student, teacher, labels = draw(t, samples, classes, 5.0)
        labels[t.rng.uniform(size=samples) < 0.3] = -1
        # Transposed views, as batches cut out of a (K, N) table are.
        student, teacher = student.T.copy().T, teacher.T.copy().T
        await agrees(t, student, teacher, labels, float(t.rng.uniform(0.5, 8.0)), float(t.rng.uniform()))

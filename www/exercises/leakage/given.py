"""The data of this case: scans of patients, several of each, and who is ill."""

STEPS = 150
PATIENTS, SCANS, SIZE = 160, 5, 32


def ward(rng, patients):
    """(x, y, patient): scans [n, SIZE]; ill or not [n]; whose scan it is [n], in the order in which they were taken."""
    ill = np.arange(patients) % 2
    # What every ill patient has in common is faint beside what makes a patient this patient.
    sign = 0.16 * np.outer(2.0 * ill - 1.0, np.ones(SIZE))
    body = rng.normal(size=(patients, SIZE))
    patient = np.repeat(np.arange(patients), SCANS)
    x = (sign + body)[patient] + 0.2 * rng.normal(size=(len(patient), SIZE))
    order = rng.permutation(len(patient))
    return (40 + 9 * x[order]).astype(np.float32), ill[patient][order], patient[order]


def make(seed):
    """The scans that there are, and those of patients who come next month."""
    rng = np.random.default_rng(seed)
    return ward(rng, PATIENTS), ward(rng, 120)


def examine(program, seed=1):
    """One training under the monitor, always with the same patients."""
    (x, y, patient), (x_fresh, y_fresh, _) = make(seed)
    return program["experiment"](x, y, patient, (x_fresh, y_fresh), Monitor(STEPS))

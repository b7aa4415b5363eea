def unpack(packed):
    return list(zlib.decompress(base64.b64decode(packed)))


def images(packed):
    return np.array(unpack(packed), dtype=np.float64).reshape(-1, SIDE, SIDE, 1) / 255.0


if __name__ == "__main__":
    run = Run(PARTS, images(TRAIN_IMAGES), np.array(unpack(TRAIN_LABELS)), seed=SEED)
    while run.step < STEPS:
        run.steps(EVERY)
    guesses = run.logits(images(HELD_IMAGES)).argmax(axis=1)
    print("accuracy", float((guesses == np.array(unpack(HELD_LABELS))).mean()))

"""Pair counts kept up to date instead of counted anew; encoding goes once through all merges, in their order."""

from given import pieces


def replace(tokens, pair, new):
    place = 0
    while place + 1 < len(tokens):
        if (tokens[place], tokens[place + 1]) == pair:
            tokens[place : place + 2] = [new]
        place += 1


def train(counts, size):
    words = [[list(bytes(piece, "utf-8")), count] for piece, count in counts.items()]
    frequency, where = {}, {}

    def count_word(number, sign):
        tokens, count = words[number]
        for pair in zip(tokens, tokens[1:]):
            frequency[pair] = frequency.get(pair, 0) + sign * count
            where.setdefault(pair, set()).add(number)

    for number in range(len(words)):
        count_word(number, 1)
    merges = []
    for new in range(256, size):
        present = [(-count, pair) for pair, count in frequency.items() if count > 0]
        if not present:
            break
        _, best = min(present)
        for number in sorted(where[best]):
            count_word(number, -1)
            replace(words[number][0], best, new)
            count_word(number, 1)
        merges.append(list(best))
    return merges


def encode(text, merges):
    result = []
    for piece in pieces(text):
        tokens = list(bytes(piece, "utf-8"))
        # A merge can only make pairs for later merges, so one pass in order is enough.
        for number, (left, right) in enumerate(merges):
            replace(tokens, (left, right), 256 + number)
        result.extend(tokens)
    return result


def decode(tokens, merges):
    def spelt(token):
        return bytes([token]) if token < 256 else spelt(merges[token - 256][0]) + spelt(merges[token - 256][1])

    return str(b"".join(map(spelt, tokens)), "utf-8", "replace")

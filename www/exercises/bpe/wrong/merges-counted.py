"""Makes `size` merges instead of `size` tokens."""

from given import pieces


def merged(tokens, pair, new):
    result, place = [], 0
    while place < len(tokens):
        if tuple(tokens[place : place + 2]) == pair:
            result.append(new)
            place += 2
        else:
            result.append(tokens[place])
            place += 1
    return result


def train(counts, size):
    words = [(list(piece.encode("utf-8")), count) for piece, count in counts.items()]
    merges = []
    while len(merges) < size:
        frequency = {}
        for tokens, count in words:
            for pair in zip(tokens, tokens[1:]):
                frequency[pair] = frequency.get(pair, 0) + count
        if not frequency:
            break
        best = min(frequency, key=lambda pair: (-frequency[pair], pair))
        new = 256 + len(merges)
        words = [(merged(tokens, best, new), count) for tokens, count in words]
        merges.append(best)
    return merges


def encode(text, merges):
    rank = {tuple(pair): number for number, pair in enumerate(merges)}
    result = []
    for piece in pieces(text):
        tokens = list(piece.encode("utf-8"))
        while len(tokens) > 1:
            pair = min(zip(tokens, tokens[1:]), key=lambda pair: rank.get(pair, len(rank)))
            if pair not in rank:
                break
            tokens = merged(tokens, pair, 256 + rank[pair])
        result += tokens
    return result


def decode(tokens, merges):
    spelling = [bytes([value]) for value in range(256)]
    for left, right in merges:
        spelling.append(spelling[left] + spelling[right])
    return b"".join(spelling[token] for token in tokens).decode("utf-8", errors="replace")

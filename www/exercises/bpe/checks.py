from given import pieces

from danlu.judge import check

WORDS = {"low": 5, "lower": 2, "newest": 6, "widest": 3}
TEXT = "the cat and the hat: 那只猫和那顶帽子 — naïve café 🐱\n\n  two  spaces\tand a tab, the end"


def replaced(tokens, pair, new):
    result = []
    for token in tokens:
        if result and result[-1] == pair[0] and token == pair[1]:
            result[-1] = new
        else:
            result.append(token)
    return result


def trained(counts, size):
    words = {piece: list(piece.encode()) for piece in counts}
    merges = []
    while len(merges) + 256 < size:
        totals = {}
        for piece, tokens in words.items():
            for place in range(len(tokens) - 1):
                pair = (tokens[place], tokens[place + 1])
                totals[pair] = totals.get(pair, 0) + counts[piece]
        if not totals:
            return merges
        most = max(totals.values())
        merges.append(min(pair for pair, total in totals.items() if total == most))
        words = {piece: replaced(tokens, merges[-1], 255 + len(merges)) for piece, tokens in words.items()}
    return merges


def encoded(text, merges):
    tokens = []
    for piece in pieces(text):
        part = list(piece.encode())
        for number, pair in enumerate(merges):
            part = replaced(part, tuple(pair), 256 + number)
        tokens += part
    return tokens


def counted(text):
    counts = {}
    for piece in pieces(text):
        counts[piece] = counts.get(piece, 0) + 1
    return counts


def drawn_text(t, letters, words):
    choice = [letters[int(i)] for i in t.rng.integers(0, len(letters), size=words * 5)]
    return " ".join("".join(choice[5 * w : 5 * w + int(t.rng.integers(1, 6))]) for w in range(words))


def token_list(t, got):
    t.true(isinstance(got, (list, tuple)), got=got, expected="[int, …]")
    return list(got)


async def same_merges(t, counts, size, expected=None):
    """A list and a tuple say the same to t.equal; the merges as tuples are returned."""
    expected = trained(counts, size) if expected is None else expected
    t.equal(await t.call("train", counts, size), expected, name="merges")
    return expected


async def same_tokens(t, text, merges):
    t.equal(token_list(t, await t.call("encode", text, merges)), encoded(text, merges), name="tokens")


async def round_trip(t, text, merges):
    t.equal(await t.call("decode", await t.call("encode", text, merges), merges), text, name="text")


@check("hand-example", visible=True)
async def hand_example(t):
    # e and s meet 9 times, as do s and t; the pair of smaller numbers is first.
    expected = [(101, 115), (256, 116), (108, 111), (258, 119), (101, 119), (110, 260)]
    await same_merges(t, WORDS, 262, expected)
    t.equal(token_list(t, await t.call("encode", "lowest newer", expected)), [259, 257, 32, 261, 101, 114], name="tokens")
    t.equal(await t.call("decode", [259, 257, 32, 261, 101, 114], expected), "lowest newer", name="text")


@check("counts", visible=True)
async def counts_matter(t):
    # "xy" stands in three pieces, "ab" in one that is frequent.
    await same_merges(t, {"xy": 1, "xyz": 1, "wxy": 1, "ab": 7}, 258)
    await same_merges(t, {"abab": 2, "ab": 1, "ba": 4}, 259)


@check("ties", visible=True)
async def ties(t):
    await same_merges(t, {"zy": 3, "ab": 3, "az": 3}, 259)
    await same_merges(t, {"ab": 3, "zy": 3, "az": 3}, 259)
    await same_merges(t, {"banana": 2, "bandana": 2}, 263)


@check("merge-order", visible=True)
async def merge_order(t):
    # The longest token that fits first would give "abc" "d"; the merges say "a" "bcd".
    merges = [(99, 100), (98, 256), (97, 98), (258, 99)]
    t.equal(token_list(t, await t.call("encode", "abcd", merges)), [97, 257], name="tokens")
    await same_tokens(t, "abcab abc abcabcd dcba", merges)


@check("round-trip", visible=True)
async def text_round_trip(t):
    merges = trained(counted(TEXT), 300)
    # As tuples, and as the lists that a file gives back.
    for each in (merges, [list(pair) for pair in merges]):
        await same_tokens(t, TEXT, each)
        await round_trip(t, TEXT, each)


@check("stops", visible=True)
async def stops(t):
    # Everything is one token at last: there is nothing left to merge.
    await same_merges(t, {"ab": 1, "c": 4}, 300)
    await same_merges(t, {"hello": 1}, 1000)
    for size in (256, 10):
        t.equal(token_list(t, await t.call("train", WORDS, size)), [], name=f"merges at size {size}")


@check("inputs-unchanged", visible=True)
async def inputs_unchanged(t):
    await t.call("train", dict(WORDS), 260)
    t.unchanged("counts", "size")
    merges = trained(WORDS, 262)
    tokens = await t.call("encode", "lowest", merges)
    t.unchanged("text", "merges")
    await t.call("decode", tokens, merges)
    t.unchanged("tokens", "merges")


@check("within-pieces", visible=False)
async def within_pieces(t):
    # b and c meet only across the border, where they don't count.
    await same_merges(t, {"ab": 2, "cd": 2}, 260)
    merges = [(98, 32), (97, 98), (256, 99)]
    await same_tokens(t, "ab ab abc\nab", merges)


@check("overlaps", visible=False)
async def overlaps(t):
    # "aaaa" holds the pair three times and is merged from the left, two by two.
    await same_merges(t, {"aaaa": 2, "bc": 5}, 258)
    await same_merges(t, {"aaa": 1, "aaaaa": 2, "ba": 3}, 262)
    for text in ("a", "aa", "aaa", "aaaa", "aaaaa", "baaab"):
        await same_tokens(t, text, [(97, 97), (256, 97), (98, 97)])


@check("never-seen", visible=False)
async def never_seen(t):
    merges = trained(WORDS, 262)
    for text in ("δέλτα", "丹炉", "🜁🜂", "\x00\x7f", "lowlow"):
        await same_tokens(t, text, merges)
        await round_trip(t, text, merges)


@check("half-characters", visible=False)
async def half_characters(t):
    # 炉 takes three bytes, and a model may stop after two of them.
    whole = list("丹炉".encode())
    for tokens in (whole[:5], whole[1:], [255, 97], whole):
        t.equal(await t.call("decode", tokens, []), bytes(tokens).decode(errors="replace"), name="text")
    t.equal(await t.call("decode", [256, 137], [(231, 130)]), "炉", name="text")


@check("empty", visible=False)
async def empty(t):
    t.equal(token_list(t, await t.call("encode", "", [(97, 98)])), [], name="tokens")
    t.equal(await t.call("decode", [], [(97, 98)]), "", name="text")
    t.equal(token_list(t, await t.call("train", {}, 300)), [], name="merges")
    await same_tokens(t, "abc ab", [])
    await round_trip(t, "  \n \t", [(32, 32)])


@check("as-trained", visible=False)
async def as_trained(t):
    # The pieces of the training text come out as training left them: few tokens, each made of its merges.
    text = drawn_text(t, "abcd", 30)
    merges = await same_merges(t, counted(text), 300)
    tokens = await t.call("encode", text, merges)
    t.equal(token_list(t, tokens), encoded(text, merges), name="tokens")
    t.true(len(tokens) < len(text.encode()) * 0.7, got=len(tokens), expected=f"below {len(text.encode()) * 0.7:.0f}")


@check("random", visible=False)
async def random(t):
    for letters in ("ab", "abc 中文", "eéèê", "xyz\n"):
        text = drawn_text(t, letters, 14)
        counts = counted(text)
        merges = trained(counts, 256 + int(t.rng.integers(1, 30)))
        await same_merges(t, counts, 256 + len(merges))
        other = drawn_text(t, letters, 8)
        await same_tokens(t, other, merges)
        await round_trip(t, other, merges)

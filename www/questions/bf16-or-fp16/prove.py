import struct


def bf16(x):
    bits = struct.unpack("<I", struct.pack("<f", x))[0]
    bits = (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16 << 16
    return struct.unpack("<f", struct.pack("<I", bits & 0xFFFFFFFF))[0]


def fp16(x):
    try:
        return struct.unpack("<e", struct.pack("<e", x))[0]
    except OverflowError:
        return float("inf")


# {{range}}
for x in (3.14159265, 70000.0, 1e-8, 1.001):
    print(f"{x:<12} fp16 {fp16(x):<12.8g} bf16 {bf16(x):.8g}")
assert fp16(70000.0) == float("inf") and bf16(70000.0) == 70144.0
assert fp16(1e-8) == 0.0 and bf16(1e-8) > 0
assert abs(fp16(1.001) - 1.001) < abs(bf16(1.001) - 1.001)

scale = 2.0**16
assert fp16(1e-8 * scale) / scale > 0

# {{update}}
low, master = bf16(1.0), 1.0
for _ in range(1000):
    low = bf16(low + bf16(0.001))
    master += 0.001
print(low, round(master, 3), bf16(master))
assert low == 1.0 and bf16(master) == 2.0

#!/usr/bin/env python3
"""Our decoder and encoder against python3-msgpack: every form that msgpack has for what the wire uses.

Each value is written in every form that can hold it, the shortest and all longer ones. What python3-msgpack reads there
says what our decoder must read, or, by the value's type and the field's, which error it must give; and what our encoder
writes of it must be the very bytes that python3-msgpack writes, and so be read by it as the same.
Usage: msgpack.py RECODE
"""
import math
import os
import struct
import subprocess
import sys

# This file's own name would stand before the module's.
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]
import msgpack  # noqa: E402

U64_MAX, I64_MAX, I64_MIN = 2**64 - 1, 2**63 - 1, -(2**63)
WHOLE_MAX = 2**53  # above it, floats pass over integers
STATES = ["assigned", "accepted", "in_progress", "submitted", "completed", "suspended", "cancelled"]

# ---- every form of a value ----


def of_integer(number):
    if 0 <= number < 128:
        yield struct.pack("B", number)
    if -32 <= number < 0:
        yield struct.pack("b", number)
    for head, form, low, high in [
            (0xCC, ">B", 0, 2**8 - 1), (0xCD, ">H", 0, 2**16 - 1), (0xCE, ">I", 0, 2**32 - 1), (0xCF, ">Q", 0, U64_MAX),
            (0xD0, ">b", -2**7, 2**7 - 1), (0xD1, ">h", -2**15, 2**15 - 1), (0xD2, ">i", -2**31, 2**31 - 1),
            (0xD3, ">q", I64_MIN, I64_MAX)]:
        if low <= number <= high:
            yield bytes([head]) + struct.pack(form, number)


def counted(count, body, fixed, heads):
    """A count before a body: `fixed` is (first byte, most), heads are those of 8 (or None), 16 and 32 bits."""
    if fixed and count <= fixed[1]:
        yield bytes([fixed[0] | count]) + body
    for head, form, most in zip(heads, [">B", ">H", ">I"], [2**8 - 1, 2**16 - 1, 2**32 - 1]):
        if head is not None and count <= most:
            yield bytes([head]) + struct.pack(form, count) + body


def of_text(data):
    return counted(len(data), data, (0xA0, 31), [0xD9, 0xDA, 0xDB])


def of_binary(data):
    return counted(len(data), data, None, [0xC4, 0xC5, 0xC6])


def of_array(elements):
    return counted(len(elements), b"".join(elements), (0x90, 15), [None, 0xDC, 0xDD])


def of_map(pairs):
    return counted(len(pairs), b"".join(key + value for key, value in pairs), (0x80, 15), [None, 0xDE, 0xDF])


def of_float(number):
    yield b"\xCB" + struct.pack(">d", number)
    try:
        single = struct.pack(">f", number)
    except OverflowError:
        return
    if math.isnan(number) or struct.unpack(">f", single)[0] == number:
        yield b"\xCA" + single


def of_extension(size):
    data = bytes(size)
    if size in (1, 2, 4, 8, 16):
        yield bytes([{1: 0xD4, 2: 0xD5, 4: 0xD6, 8: 0xD7, 16: 0xD8}[size]]) + b"\x05" + data
    for head, form, most in [(0xC7, ">B", 2**8 - 1), (0xC8, ">H", 2**16 - 1), (0xC9, ">I", 2**32 - 1)]:
        if size <= most:
            yield bytes([head]) + struct.pack(form, size) + b"\x05" + data


# ---- the values ----


def integers():
    edges = {0, 1, U64_MAX, I64_MAX, I64_MIN, 10**12}
    for bits in (5, 7, 8, 15, 16, 31, 32, 53, 63):
        edges |= {2**bits - 1, 2**bits, 2**bits + 1, -2**bits - 1, -2**bits, -2**bits + 1}
    for number in sorted(edges):
        if I64_MIN <= number <= U64_MAX:
            yield from of_integer(number)


def floats():
    for number in (0.0, -0.0, 1.5, -1.25, 0.1, -7.0, 2.0**24, 2.0**53, 2.0**53 + 2, -(2.0**53), 1e300, 5e-324, 2.0**-149, math.nan, math.inf, -math.inf):
        yield from of_float(number)


SIZES = (0, 1, 15, 16, 31, 32, 255, 256, 65535, 65536, 1000000)


def texts():
    for size in SIZES:
        yield from of_text(b"a" * size)
    for text in ("Tiến độ", "\n\t", "𝕏", "\u0300"):
        yield from of_text(text.encode())
    for data in (b"\xFF", b"\xC0\x80", b"\xED\xA0\x80", b"\xF4\x90\x80\x80", b"a\xE1\xBA", b"\x00", b"\x1F", b"\x7F",
                 b"\xC2\x80"):
        yield from of_text(data)


def binaries():
    for size in SIZES:
        yield from of_binary(bytes(size))


def arrays():
    yield from of_array([])
    for count in (1, 15, 16, 300, 65535, 65536):
        yield from of_array([b"\x01"] * count)
    for count in (1, 15, 16, 17, 300):
        yield from of_array([b"\xA1a"] * count)
    yield from of_array([form for form in integers() if form[0] < 0x80 or 0xCC <= form[0] <= 0xCF])
    yield from of_array(list(integers()))
    yield from of_array([form for text in (b"a", b"b" * 255, b"c" * 256) for form in of_text(text)])
    yield from of_array([b"\xA1a", b"\xC0"])
    yield from of_array([form for state in STATES for form in of_text(state.encode())])
    yield from of_array([form for form in maps() if len(form) < 100])


def maps():
    for number in of_integer(7):
        for key in of_text(b"credit"):
            yield from of_map([(key, number)])
    yield from of_map([])
    yield from of_map([(b"\xA6credit", b"\x01"), (b"\xC0", b"\xC0"), (b"\x01", b"\x02"), (b"\xA7unknown", b"\x90")])
    yield from of_map([(b"\xA6credit", b"\xC0")])
    yield from of_map([(b"\xA6credit", b"\x01"), (b"\xA6credit", b"\x01")])
    for count in (14, 15, 16, 40000):
        yield from of_map([(b"\xA6credit", b"\x01")] + [(b"\x01", b"\x02")] * count)


def others():
    yield from (b"\xC0", b"\xC2", b"\xC3")
    for size in (0, 1, 2, 3, 4, 8, 16, 17, 255, 256, 65536):
        yield from of_extension(size)
    for state in STATES + ["nonsense", ""]:
        yield from of_text(state.encode())


# ---- what must come of them ----


def read(data):
    """What python3-msgpack reads: maps as lists of pairs, texts that are no UTF-8 as None in a tuple."""
    try:
        return msgpack.unpackb(data, raw=False, strict_map_key=False, object_pairs_hook=Pairs, max_ext_len=2**20)
    except UnicodeDecodeError:
        return NotText()


class Pairs(list):
    pass


class NotText:
    pass


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def whole(value):
    """The integer that a float stands for, as JavaScript's clients write them; any other value as it is."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) <= WHOLE_MAX else value


def integer_within(low, high):
    def expect(value):
        value = whole(value)
        if not is_integer(value):
            return "bad_type"
        return msgpack.packb(value) if low <= value <= high else "out_of_range"
    return expect


def number(value):
    if not is_integer(value) and not isinstance(value, float):
        return "bad_type"
    if not math.isfinite(value) or (is_integer(value) and float(value) != value):
        return "out_of_range"
    return msgpack.packb(float(value))


def flag(value):
    return msgpack.packb(value) if isinstance(value, bool) else "bad_type"


def text(value):
    if isinstance(value, NotText):
        return "bad_text"
    if not isinstance(value, str):
        return "bad_type"
    if any(ord(c) < 32 and c not in "\n\t" or 0x7F <= ord(c) < 0xA0 for c in value):
        return "bad_text"
    return msgpack.packb(value)


def binary(value):
    return msgpack.packb(value) if isinstance(value, bytes) else "bad_type"


def term(value):
    if isinstance(value, NotText):
        return "bad_term"
    if not isinstance(value, str):
        return "bad_type"
    return msgpack.packb(value) if value in STATES else "bad_term"


def array_of(element, limits=lambda item: None):
    def expect(value):
        if not isinstance(value, list) or isinstance(value, Pairs):
            return "bad_type"
        # All types come before any bound, and the first mistake counts.
        wrong = [e for e in map(element, value) if isinstance(e, str)] or \
            [e for e in map(limits, value) if isinstance(e, str)]
        return wrong[0] if wrong else msgpack.packb(value)
    return expect


def one_text(value):
    return "bad_type" if not isinstance(value, str) else None


def one_text_limit(value):
    return "out_of_range" if not 1 <= len(value.encode()) <= 256 else None


def one_natural(value):
    return "bad_type" if not is_integer(whole(value)) or value < 0 else None


def set_of_terms(value):
    expected = array_of(term)(value)
    return expected if isinstance(expected, str) else \
        msgpack.packb([state for state in STATES if state in value])


def credit(value):
    if not isinstance(value, Pairs):
        return "bad_type"
    if any(not isinstance(k, str) for k, v in value):
        return "bad_type"
    given = [v for k, v in value if k == "credit"]
    if len(given) > 1:
        return "bad_value"
    if not given or given[0] is None:
        return "missing_field"
    return msgpack.packb({"credit": given[0]})


def credits(value):
    if not isinstance(value, list) or isinstance(value, Pairs):
        return "bad_type"
    made = [credit(item) for item in value]
    wrong = [m for m in made if isinstance(m, str)]
    return wrong[0] if wrong else msgpack.packb([msgpack.unpackb(m) for m in made])


TYPES = {
    "u64": integer_within(0, U64_MAX), "i64": integer_within(I64_MIN, I64_MAX), "time": integer_within(0, I64_MAX),
    "num": number, "flag": flag, "text": text, "bytes": binary, "term": term, "terms": set_of_terms,
    "texts": array_of(one_text, one_text_limit), "u64s": array_of(one_natural), "message": credit, "messages": credits,
}


def values():
    """(type, bytes, what must come of them) for every type with every form of every value."""
    forms = {form for make in (integers, floats, texts, binaries, arrays, maps, others) for form in make()}
    for form in sorted(forms):
        value = read(form)
        for name, expect in TYPES.items():
            yield name, form, "missing_field" if value is None else expect(value)


def whole_messages():
    """Elements that are whole messages stay as they are, whatever their form; only the array is written anew."""
    elements = [form for form in maps() if len(form) < 100]
    for count in (0, 1, 15, 16, len(elements)):
        head = next(of_array([b"\xC0"] * count))[:-count or None]
        for form in of_array(elements[:count]):
            yield "raws", form, head + b"".join(elements[:count])
    for form in of_array([elements[0], b"\x01"]):
        yield "raws", form, "bad_type"
    yield "raws", elements[0], "bad_type"


def frames():
    """Whole frames of {"op": …, "v": 5}, the map, its keys and its op in every form; and what is no frame."""
    for op in of_text(b"t"):
        for op_key in of_text(b"op"):
            for key in of_text(b"v"):
                for frame in of_map([(op_key, op), (key, b"\x05")]):
                    yield "frame", frame, b"\x05"
    for frame in of_map([(b"\xA2op", b"\xA1t"), (b"\xA1v", b"\x05")]):
        for size in range(len(frame)):
            yield "frame", frame[:size], "frame_"
        yield "frame", frame + b"\xC0", "frame_malformed"
    for bad in (b"", b"\xC0", b"\x90", b"\xC1", b"\x81\xA2op\xC1", b"\xDF\xFF\xFF\xFF\xFF", b"\x81\xA2op\xDB\xFF\xFF\xFF\xFF"):
        yield "frame", bad, "frame_"
    yield "frame", b"\x81\xA2op" + b"\x91" * 9 + b"\xC0", "frame_too_deep"


def main():
    vectors = list(values()) + list(whole_messages()) + list(frames())
    lines = "".join(f"{name} {form.hex()}\n" for name, form, _ in vectors)
    answers = subprocess.run([sys.argv[1]], input=lines, capture_output=True, text=True, check=True).stdout.split("\n")
    failed = 0
    for (name, form, expected), answer in zip(vectors, answers, strict=False):
        if isinstance(expected, bytes):
            good = answer == "ok " + expected.hex()
        else:
            good = answer.startswith(expected) if expected == "frame_" else answer == expected
        if not good:
            failed += 1
            wanted = expected if isinstance(expected, str) else "ok " + expected.hex()
            if failed <= 20:
                print(f"FAIL  {name} {form.hex()[:60]}: {answer[:60]}, not {wanted[:60]}")
    if failed or len(answers) != len(vectors) + 1:
        sys.exit(f"msgpack: {failed} of {len(vectors)} vectors fail, {len(answers) - 1} were answered")
    print(f"ok    msgpack {len(vectors)} vectors agree with python3-msgpack {'.'.join(map(str, msgpack.version))}")


if __name__ == "__main__":
    main()

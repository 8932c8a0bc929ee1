"""What the web pages show has Vietnamese words: every error that the broker, the client library or coord-web may refuse with, and every vocabulary of the
protocol that a page names. The terms' own are read from terms.def.h when the pages are built; here it is seen that each has one.

Usage: vietnamese.py
"""
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FRONT = "clients/web/front/src"
ROW = re.compile(r'^\s*[TE]\(\w+, \d+, (?:\d+, )?"(\w+)"(?:,\s*"([^"]*)")?', re.M)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        return re.sub(r"\\\n\s*", "\n", file.read())


def errors():
    """Their names, of both tables."""
    found = [(row.group(1), path) for path in ("protocol/errors.def.h", "clients/web/web.h") for row in ROW.finditer(read(path))]
    assert len(found) > 80, "the tables of errors cannot be read"
    return found


def spoken():
    """The names for which there are words: the pages' own, and the others'."""
    own = re.findall(r"\be_(\w+): \[", read(f"{FRONT}/words.ts"))
    others = re.findall(r"\b(\w+): '[^']+'", read(f"{FRONT}/refusals.ts"))
    return own, others


def vocabularies():
    """{name: [(term, Vietnamese)]}"""
    found = {}
    for block in re.split(r"#define TERM_", read("protocol/terms.def.h"))[1:]:
        name = re.match(r"\w+", block).group(0).lower()
        if name != "vocabularies":
            found[name] = ROW.findall(block)
    return found


def sources():
    for folder, _, names in os.walk(os.path.join(ROOT, FRONT)):
        for name in names:
            if name.endswith((".ts", ".tsx")):
                yield os.path.relpath(os.path.join(folder, name), ROOT)


def wrong():
    own, others = spoken()
    table = errors()
    names = {name for name, _ in table}
    for name, path in table:
        if name not in own and name not in others:
            yield f"the error {name} of {path} has no Vietnamese words in {FRONT}/refusals.ts"
    for name in others:
        if name not in names:
            yield f"{FRONT}/refusals.ts has words for {name}, which is no error"
        if name in own:
            yield f"{FRONT}/refusals.ts has words for {name}, as words.ts has"
    terms = vocabularies()
    for vocabulary, rows in terms.items():
        for term, vietnamese in rows:
            if not vietnamese.strip():
                yield f"{term} of the vocabulary {vocabulary} has no Vietnamese name"
    for path in sources():
        for vocabulary in re.findall(r"\bterm(?:sOf)?\('(\w+)'", read(path)):
            if vocabulary not in terms:
                yield f"{path} names the vocabulary {vocabulary}, which terms.def.h has not"


def main():
    told = sorted(set(wrong()))
    for line in told:
        print(line)
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())

"""The peer of `data check`: a plain Python check of the same file, and the data it runs on.

The check follows the description in section 13.4: for each example the messages must not be empty, the last one must be
the assistant's, the roles must be known; the estimate is a quarter of the characters; valid examples are written again.
"""
import json
import random
import sys
import time

KNOWN = {"system", "user", "assistant"}


def generate(path, lines, size, seed=13):
    """Seeded conversations of about `size` bytes a line, words as often as Zipf's law has them; one in 50 thousand is wrong."""
    rng = random.Random(seed)
    vocabulary = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 9))) for _ in range(20000)]
    vocabulary += ["caf\u00e9", "na\u00efve", "\u6771\u4eac", "\U0001f642", "don't", "(see", "1,024", "end."]
    weights = [1 / (rank + 2) for rank in range(len(vocabulary))]
    blocks = [" ".join(rng.choices(vocabulary, weights=weights, k=64)) for _ in range(4000)]
    per_line = max(1, size // 420)
    with open(path, "w", encoding="utf-8") as out:
        for i in range(lines):
            text = " ".join(rng.choices(blocks, k=per_line))
            half = len(text) // 2
            messages = [
                {"role": "system", "content": "You are a helpful support agent."},
                {"role": "user", "content": f"{i}: {text[:half]}"},
                {"role": "assistant", "content": text[half:]},
            ]
            if i % 50000 == 49999:
                messages.reverse()
            out.write(json.dumps({"messages": messages}, ensure_ascii=False) + "\n")


def check(path, output):
    """Reads, checks and writes the file as the section's function does."""
    import numpy

    total = valid = 0
    errors = []
    estimates = []
    with open(path, encoding="utf-8") as source, open(output, "w") as sink:
        for i, line in enumerate(source):
            example = json.loads(line)
            total += 1
            messages = example.get("messages", [])
            if not messages:
                errors.append(f"Example {i}: empty messages")
                continue
            roles = [m["role"] for m in messages]
            if roles[-1] != "assistant":
                errors.append(f"Example {i}: last message must be 'assistant'")
                continue
            unknown = set(roles) - KNOWN
            if unknown:
                errors.append(f"Example {i}: invalid roles {unknown}")
                continue
            estimates.append(sum(len(m["content"]) for m in messages) // 4)
            sink.write(json.dumps(example) + "\n")
            valid += 1
    tokens = numpy.array(estimates)
    return total, valid, [int(tokens.mean()), int(numpy.median(tokens)), int(numpy.percentile(tokens, 95)), int(tokens.sum())]


def pandas_check(path):
    """The nearest that pandas users write: read_json by chunks, the same rules by apply."""
    import pandas

    total = valid = 0
    for chunk in pandas.read_json(path, lines=True, chunksize=20000):
        ok = chunk["messages"].map(lambda m: bool(m) and m[-1]["role"] == "assistant" and {x["role"] for x in m} <= KNOWN)
        total += len(chunk)
        valid += int(ok.sum())
    return total, valid


if __name__ == "__main__":
    command, path = sys.argv[1], sys.argv[2]
    if command == "generate":
        generate(path, int(sys.argv[3]), int(sys.argv[4]))
    else:
        start = time.perf_counter()
        if command == "check":
            answer = check(path, path + ".out")
        else:
            try:
                answer = pandas_check(path)
            except ImportError:
                print(json.dumps({"seconds": None, "answer": "pandas is not installed"}))
                sys.exit(0)
        print(json.dumps({"seconds": time.perf_counter() - start, "answer": answer}))

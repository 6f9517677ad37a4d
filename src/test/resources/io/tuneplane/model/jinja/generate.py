"""Writes features.json, the expected results of features.txt, as Python's jinja2 renders them.

Run in this folder, with transformers and jinja2 installed: python generate.py
"""

import json

from reference import Clock, render
from transformers.utils import chat_template_utils

chat_template_utils.datetime = Clock


def cases(text):
    for block in text.split("=== ")[1:]:
        name, _, rest = block.partition("\n")
        variables = "{}"
        if rest.startswith("vars: "):
            first, _, rest = rest.partition("\n")
            variables = first[len("vars: "):]
        yield name, json.loads(variables), rest[:-1]


def main():
    expected = {}
    with open("features.txt", encoding="utf-8") as file:
        for name, variables, template in cases(file.read()):
            assert name not in expected, name
            try:
                expected[name] = {"output": render({"template": template, "variables": variables})}
            except Exception as e:
                expected[name] = {"error": f"{type(e).__name__}: {e}"}
    with open("features.json", "w", encoding="utf-8") as file:
        json.dump(expected, file, indent=1, ensure_ascii=True)
        file.write("\n")


if __name__ == "__main__":
    main()

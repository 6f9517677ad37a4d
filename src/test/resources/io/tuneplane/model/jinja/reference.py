"""Renders templates as transformers does. Reads one JSON object a line: `template`, and either
`variables` or `messages`, `tools`, `add_generation_prompt` and `tokens`. Answers one JSON object a
line: `output` or `error`. The clock stands still at 2026-03-07 09:05:02. A case that takes more than
five seconds, or more memory than 4 GB, is an error.

Needs transformers and jinja2: pip install transformers jinja2
"""

import datetime
import json
import resource
import signal
import sys

from transformers.utils import chat_template_utils


class Clock(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime(2026, 3, 7, 9, 5, 2)


class TooSlow(Exception):
    pass


def stop(signum, frame):
    raise TooSlow("too slow")


def render(case):
    if "variables" in case:
        template = chat_template_utils._compile_jinja_template(case["template"])
        return template.render(**case["variables"])
    rendered, _ = chat_template_utils.render_jinja_template(
        conversations=[case["messages"]],
        tools=case["tools"] or None,
        chat_template=case["template"],
        add_generation_prompt=case["add_generation_prompt"],
        **case["tokens"],
    )
    return rendered[0]


def main():
    chat_template_utils.datetime = Clock
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    signal.signal(signal.SIGALRM, stop)
    for line in sys.stdin:
        signal.alarm(5)
        try:
            answer = {"output": render(json.loads(line))}
        except Exception as e:
            answer = {"error": f"{type(e).__name__}: {e}"}
        signal.alarm(0)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

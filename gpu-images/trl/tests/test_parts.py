"""The small parts: Java's generator, orders, rates, passes, the image's files."""

from __future__ import annotations

import re

import pytest
from conftest import PACKAGE

from tuneplane_trl.data import Encoded
from tuneplane_trl.encoder import Sequence
from tuneplane_trl.passes import Passes
from tuneplane_trl.schedule import LearningRate, Order
from tuneplane_trl.splittable import GOLDEN_GAMMA, SplittableRandom


def test_the_generator_is_javas() -> None:
    # Printed by java.util.SplittableRandom of JDK 25.
    random = SplittableRandom(5 ^ 0xD1342543DE82EF95)
    drawn = [random.next_int(i + 1) for i in range(24)]
    assert drawn == [0, 0, 0, 3, 4, 0, 0, 0, 0, 6, 10, 2, 8, 6, 6, 8, 2, 13, 7, 19, 0, 13, 7, 10]
    uniform = SplittableRandom(5).uniform(4, 1 / 32**0.5)
    assert uniform.tolist() == pytest.approx([-0.04003354, 0.089204, -0.09450158, -0.14165491], rel=1e-6)
    assert SplittableRandom(5 + GOLDEN_GAMMA * 7 + 2).next_long() == 6051947643683389182


def test_every_epoch_has_each_example_once() -> None:
    order = Order(seed=-3, examples=10, batch_size=4)
    for epoch in range(3):
        seen = [i for step in range(3 * epoch + 1, 3 * epoch + 4) for i in order.batch(step)]
        assert sorted(seen) == list(range(10))
    assert order.batch(1) != order.batch(4)
    assert [order.ends_epoch(s) for s in range(4)] == [False, False, False, True]
    assert order.epochs_done(4) == pytest.approx(1.4)


def test_rates_rise_and_fall_as_the_contract_says() -> None:
    linear = LearningRate("linear", 1.0, 2, 10)
    assert [linear.at(s) for s in (1, 2, 3, 10)] == pytest.approx([1 / 3, 2 / 3, 1, 1 / 8])
    assert LearningRate("constant", 1.0, 0, 10).at(10) == 1
    assert LearningRate("cosine", 1.0, 0, 10).at(6) == pytest.approx(0.5)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_passes_hold_each_example_once_and_are_as_many_in_every_process(size: int) -> None:
    batch = [Encoded((Sequence([7] * n, [True] * n, False),)) for n in (5, 3, 9, 9, 2, 8, 4)]
    cut = [Passes(16, packing=True).of(batch, rank, size) for rank in range(size)]
    assert len({len(passes) for passes in cut}) == 1
    real = [e.longest for passes in cut for part in passes if part.counts for e in part.examples]
    assert sorted(real) == [2, 3, 4, 5, 8, 9, 9]
    for passes in cut:
        for part in passes:
            assert len(part.examples) == 1 or len(part.examples) * max(e.longest for e in part.examples) <= 16
    for together in zip(*cut, strict=True):
        assert len({len(part.examples) for part in together}) == 1


def test_the_image_is_pinned_and_not_root() -> None:
    text = (PACKAGE / "Dockerfile").read_text()
    assert re.search(r"^FROM \$\{BASE_IMAGE\}@\$\{BASE_DIGEST\}", text, re.M)
    assert re.search(r"^ARG BASE_DIGEST$", text, re.M), "no digest is made up: whoever builds gives it"
    assert re.search(r"^USER 10001:10001$", text, re.M)
    assert text.rstrip().splitlines()[-1].startswith("ENTRYPOINT")
    assert not re.search(r"curl|wget|http", text)


def test_every_requirement_is_pinned_and_names_no_host() -> None:
    lines = (PACKAGE / "requirements.txt").read_text().splitlines()
    kept = [line for line in lines if line and not line.startswith("#")]
    assert kept and all(re.fullmatch(r"[a-z0-9_-]+==[0-9][0-9a-z.]*", line) for line in kept)
    # With it, bitsandbytes would fetch code from a hub.
    assert not any(line.startswith("kernels==") for line in kept)

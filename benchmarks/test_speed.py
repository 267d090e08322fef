"""Each case against its reference, measured in turn: a round of one, a round of the other."""

import time

import numpy as np
import pytest
from cases import CASES

ROUND = 0.003  # seconds that a round takes at least


def _calls_per_round(call):
    """How often a call is repeated within a round; it has been called before when this returns."""
    call()
    call()
    start = time.perf_counter()
    call()
    return max(1, int(ROUND / max(time.perf_counter() - start, 1e-6)))


def _seconds(call, number):
    start = time.perf_counter()
    for _ in range(number):
        call()
    return time.perf_counter() - start


@pytest.mark.parametrize("case", CASES, ids=str)
def test_speed(benchmark, case):
    reference, ours = case.build()
    if case.reference == "lenstronomy" and case.per == (1, 1):
        np.testing.assert_allclose(ours(), reference(), rtol=1e-8, atol=1e-8)
    number_ref, number = _calls_per_round(reference), _calls_per_round(ours)
    against = []

    def one_of_the_reference():
        against.append(_seconds(reference, number_ref) / number_ref / case.per[1])

    benchmark.group = case.group
    benchmark.pedantic(lambda: _seconds(ours, number), setup=one_of_the_reference, rounds=case.rounds, iterations=1)
    own = np.array(benchmark.stats.stats.data) / number / case.per[0]
    benchmark.extra_info.update(
        name=case.name,
        reference=case.reference,
        reference_seconds=float(np.median(against)),
        seconds=float(np.median(own)),
        reference_fastest=float(np.quantile(against, 0.1)),
        fastest=float(np.quantile(own, 0.1)),
    )
    assert np.all(own > 0)

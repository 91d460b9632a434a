"""One compiled schema serves all threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from rnc import contract
from rnc.codec import Unreadable, codec_for

THREADS, TIMES = 8, 400


def test_a_refused_document_says_its_own_line_in_every_thread():
    codec = codec_for(contract.named())

    def read(line: int) -> str:
        with pytest.raises(Unreadable) as refused:
            codec.decode(b"\n" * line + b"<reponse><inconnu/></reponse>")
        return str(refused.value)

    lines = [1 + rank % 7 for rank in range(THREADS * TIMES)]
    with ThreadPoolExecutor(THREADS) as threads:
        told = list(threads.map(read, lines))
    assert told == [f"line {line + 1}" for line in lines]

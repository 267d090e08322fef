"""The code in the README and in the documentation runs."""

import re
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCK = re.compile(r"^\.\. code-block:: python\n\n((?:(?:[ ]+.*)?\n)+)", re.MULTILINE)


@pytest.mark.parametrize("page", ["README.rst", "docs/index.rst", "docs/quickstart.rst"])
def test_code_blocks_run(page):
    blocks = [textwrap.dedent(block) for block in BLOCK.findall((ROOT / page).read_text(encoding="utf-8") + "\n")]
    assert blocks
    names = {}
    for block in blocks:
        exec(compile(block, page, "exec"), names)

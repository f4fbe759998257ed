"""The README's blocks run as they stand, one after the other, against the server of the environment."""

import os
import re
import unittest
from pathlib import Path
from uuid import uuid4

README = Path(__file__).parent.parent / "README.md"


class Readme(unittest.TestCase):
    def test_every_block_runs(self) -> None:
        text = README.read_text(encoding="utf-8")
        blocks = list(re.finditer(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
        self.assertGreater(len(blocks), 5)
        names: dict[str, object] = {"__name__": "readme"}
        for block in blocks:
            code = block[1].replace("tb-…", os.environ["TAKEBACK_API_KEY"])
            code = code.replace("https://chat.example.org/v1", os.environ["TAKEBACK_BASE_URL"])
            # A key stands for one request for a day, and this test may run twice.
            code = code.replace("report-2026-11-21", str(uuid4()))
            # So that a failure names the README's own line.
            lines = text.count("\n", 0, block.start(1))
            exec(compile("\n" * lines + code, str(README), "exec"), names)


if __name__ == "__main__":
    unittest.main()

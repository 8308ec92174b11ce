"""Run every benchmark, each in a process of its own: ``python -m bench``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Run all; each prints its JSON lines. Return how many failed."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    return sum(subprocess.run([sys.executable, "-m", f"bench.{name}"]).returncode != 0 for name in modules)


if __name__ == "__main__":
    sys.exit(main())

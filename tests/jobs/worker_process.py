"""A worker as its own process, with quick timing, for tests that kill it: ``python -m tests.jobs.worker_process``."""

import os
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent.parent / "src")]
os.environ["DJANGO_SETTINGS_MODULE"] = "zhiheng.config.settings"

if __name__ == "__main__":
    import django

    django.setup()
    from tests.jobs import sample_jobs  # noqa: F401 - declares the jobs

    from zhiheng.jobs.worker import Timing, run

    run(timing=Timing(heartbeat=0.5, stalled=2, rescue=0.5, grace=float(sys.argv[1])))

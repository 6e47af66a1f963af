"""`python -m tests.hostile OUT [N]`: write N hostile files (1,000), build over them, and prove that nothing was lost.

Prints what was found as JSON and exits with 1 where a promise is broken.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .proof import prove

if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    proof = prove(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1_000)
    sys.stdout.write(json.dumps(proof.told(), indent=2) + "\n")
    sys.exit(1 if proof.broken else 0)

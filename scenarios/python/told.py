"""How these programs tell of themselves: one line of JSON at the end (docs/programs.md). The time is that of a region
of their own, by the monotonic clock. A wrong result is told in the line ("right": false, what was wanted and found);
the program ends with 0 all the same: it is the harness that judges."""
import json
import time


class Timed:
    """The timed region: `with timed: …`, so that the interpreter's start and the imports are not in it."""

    def __enter__(self):
        self.began_ns = time.monotonic_ns()
        return self

    def __exit__(self, *error):
        self.region_ns = time.monotonic_ns() - self.began_ns


def tell(timed, operations, check="", wanted=None, found=None, **counters):
    """`check` names what `found` is, which has to equal `wanted`."""
    result = {"operations": operations, "began_ns": timed.began_ns, "region_ns": timed.region_ns,
              "right": wanted == found}
    if wanted != found:
        result |= {"check": check, "why": f"{wanted} wanted, {found} found"}
    if counters:
        result["counters"] = counters
    print(json.dumps(result))

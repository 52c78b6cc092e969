"""full.py CHICANE REVISION [SEED [RUN.json]]: one full run, every scenario in every lane, and what it measured.

How long it took, the verdicts of each lane, the claims of tutorials, what to use for which work, and locks, pools and
queues written by hand beside the best of a library. The second form tells the same of a run that is there already, with
the page beside it.
"""
import collections
import html.parser
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "shared"))
import paper  # noqa: E402

chicane = sys.argv[1]  # the revision is in the run
seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
LANES = ("bench", "stress", "tsan", "asan", "explore")
VERDICTS = ("pass", "not_judged", "fail", "missed", "error")


class AgainstLibraries(html.parser.HTMLParser):
    """The page's tables of that class, whose end tags may be left out: the heading of its panel, and its rows."""

    def __init__(self):
        super().__init__()
        self.tables, self.panel, self.in_heading, self.inside, self.in_cell = [], "", False, False, False

    def handle_starttag(self, tag, attributes):
        if tag == "h3":
            self.panel, self.in_heading = "", True
        elif tag == "table":
            self.inside = "against" in (dict(attributes).get("class") or "").split()
            if self.inside:
                self.tables.append((self.panel, []))
        elif self.inside and tag == "tr":
            self.tables[-1][1].append([])
        elif self.inside and tag in ("td", "th"):
            self.tables[-1][1][-1].append("")
            self.in_cell = True
        elif self.inside and tag == "p":
            self.handle_data(" ")

    def handle_endtag(self, tag):
        if tag == "h3":
            self.in_heading = False
        elif tag == "table":
            self.inside = self.in_cell = False

    def handle_data(self, data):
        if self.in_heading:
            self.panel += data
        elif self.inside and self.in_cell:
            self.tables[-1][1][-1][-1] += data


def number(value, unit=""):
    return "–" if value is None else f"{value:.3g}{unit}"


def duration(ns):
    if ns is None:
        return "–"
    unit, size = next(((unit, size) for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)) if ns >= 0.9995 * size),
                      ("ns", 1))
    return f"{ns / size:.3g} {unit}"


def interval(of, unit=""):
    around = f" [{number(of.get('low'))}–{number(of.get('high'))}]" if of.get("low") is not None else ""
    return number(of["value"], unit) + around if of.get("value") is not None else of.get("why") or "–"


def tell(folder, status):
    if not (folder / "run.json").exists():
        sys.exit(f"full.py: there is no {folder / 'run.json'}: the run did not get to its end (exit status {status})")
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    paper.head("A full run: every scenario in every lane", " ".join(["full", *(pathlib.Path(word).name for word in sys.argv[3:])]), run["tool"]["revision"],
               f"seed {run['seed']}")
    print(f"{len(run['scenarios'])} scenarios, {len(run['trials']):,} trials, **{run['duration_ns'] / 6e10:.1f} minutes**"
          f"{f', exit status {status}' if status is not None else ''}.\n")
    spent, trials = collections.Counter(), collections.Counter()
    for trial in run["trials"]:
        spent[trial["lane"]] += trial["duration_ns"] / 6e10
        trials[trial["lane"]] += 1
    verdicts = collections.Counter((verdict["lane"], verdict["verdict"]) for verdict in run["verdicts"])
    paper.table(["lane", *VERDICTS, "trials", "minutes of its trials, some of which ran at once"],
                [[lane, *(verdicts[lane, one] for one in VERDICTS), f"{trials[lane]:,}", f"{spent[lane]:.1f}"]
                 for lane in LANES])
    for note in run["notes"]:
        print(f"- {note}")
    print("\n## Claims of tutorials on this host\n")
    paper.table(["claim", "language", "figure", "value [95 %]", "holds if", "grade"],
                [[claim["says"], claim["language"], claim["figure"], interval(claim, claim.get("unit", "")),
                  claim["holds_if"], claim["grade"].replace("_", " ")] for claim in run["claims"]])
    print("## Which should I use here?\n\nTime against one step after the other, and the time itself.\n")
    paper.table(["work", "language", "way", "relative time [95 %]", "time", "memory of one that waits", "best"],
                [[choice["work"], choice["language"], choice["way"],
                  interval({**choice, "value": choice.get("relative_time")}), duration(choice.get("time_ns")),
                  "–" if choice.get("bytes") is None else f"{choice['bytes'] / 1024:,.1f} KiB",
                  "yes" if choice.get("best") else ""] for choice in run["choices"]])
    page = AgainstLibraries()
    page.feed((folder / "report.html").read_text(encoding="utf-8"))
    print("## Written by hand, against the best of a library\n")
    for panel, rows in page.tables:
        print(f"### {' '.join(panel.split())}\n")
        head, *below = ([" ".join(cell.split()) for cell in row] for row in rows)
        paper.table(head, below)


if len(sys.argv) > 4:
    tell(pathlib.Path(sys.argv[4]).parent, None)
else:
    with tempfile.TemporaryDirectory() as where:
        done = subprocess.run([chicane, "run", "--seed", str(seed), "-o", where], check=False, stdout=sys.stderr)
        tell(pathlib.Path(where), done.returncode)
        sys.exit(done.returncode)

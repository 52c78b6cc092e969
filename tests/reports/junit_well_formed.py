"""The JUnit report, read by a real XML parser: python3 junit_well_formed.py SAMPLE_REPORT"""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import junit_rules


def report(program, kind):
    return ElementTree.fromstring(subprocess.run([program, "junit", kind], check=True, capture_output=True).stdout)


def check(condition, words):
    if not condition:
        sys.exit(f"junit: {words}")


for kind in ("trouble", "clean", "hostile"):
    suites = report(sys.argv[1], kind)
    offences = junit_rules.offences(suites)
    check(offences == [], f"{kind}: {offences}")
    check([suite.get("name") for suite in suites] == ["bench", "tsan"], "one suite a lane")
    for suite in [suites, *suites]:
        cases = list(suite.iter("testcase"))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            have = sum(case.find(tag) is not None for case in cases)
            check(have == int(suite.get(attribute)), f"{kind}: {suite.get('name')}: {attribute} is not {have}")
        check(len(cases) == int(suite.get("tests")) == (36 if suite is suites else 18), f"{kind}: tests are miscounted")

trouble = report(sys.argv[1], "trouble")
kinds = sorted(element.get("type") for case in trouble.iter("testcase") for element in case if element.get("type"))
check(kinds == ["error", "fail", "missed"], f"types are {kinds}")
body = next(case.find("failure").text for case in trouble.iter("testcase")
            if case.get("name") == "counter/unlocked" and case.find("failure") is not None)
for words in ("write of 4 bytes by thread 1", "read of 4 bytes by thread 2", "scenarios/counter/unlocked.cpp:15"):
    check(words in body, f"the body of a failure lacks '{words}'")
hostile = next(report(sys.argv[1], "hostile").iter("testcase")).get("name")
check(hostile.startswith("counter/unlocked<script>alert(1)</script>\"' onload='x()' &amp; ]]>"), f"name is {hostile!r}")

# The rules find what is wrong.
for what, change in {
    "no name": lambda root: root[0].attrib.pop("name"),
    "an unknown attribute": lambda root: root[0].set("hostname2", "x"),
    "a count that is none": lambda root: root[0].set("tests", "many"),
    "a time that is none": lambda root: root[0].set("timestamp", "today"),
    "an unknown element": lambda root: ElementTree.SubElement(root[0], "case"),
    "two outcomes": lambda root: [ElementTree.SubElement(root[0][1], "skipped") for _ in range(2)],
}.items():
    root = report(sys.argv[1], "clean")
    change(root)
    check(junit_rules.offences(root) != [], f"the rules let {what} pass")

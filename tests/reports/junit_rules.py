"""What readers of JUnit XML (Jenkins' and Surefire's schemas) ask of a report: which elements stand where, which
attributes they must and may have, and what these hold. offences(root) -> [words]
"""
import re

TEXT, NUMBER, SECONDS = r"[\s\S]*", r"\d+", r"\d+(\.\d+)?"
TIME = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z?"
COUNTS = {"tests": NUMBER, "failures": NUMBER, "errors": NUMBER, "skipped": NUMBER, "time": SECONDS}
# element: (children, required attributes, optional attributes)
ELEMENTS = {
    "testsuites": ({"testsuite"}, {"tests", "failures", "errors"}, {"name": TEXT, **COUNTS}),
    "testsuite": ({"properties", "testcase"}, {"name", "tests", "failures", "errors"}, {"name": TEXT, "timestamp": TIME, **COUNTS}),
    "properties": ({"property"}, set(), {}),
    "property": (set(), {"name", "value"}, {"name": TEXT, "value": TEXT}),
    "testcase": ({"failure", "error", "skipped"}, {"name", "classname", "time"}, {"name": TEXT, "classname": TEXT, "time": SECONDS}),
    "failure": (set(), {"type", "message"}, {"type": TEXT, "message": TEXT}),
    "error": (set(), {"type", "message"}, {"type": TEXT, "message": TEXT}),
    "skipped": (set(), set(), {"message": TEXT}),
}
HOLD_TEXT = {"failure", "error"}


def offences(root):
    if root.tag != "testsuites":
        return [f"the root is {root.tag}"]
    found = []

    def visit(element, at):
        children, required, attributes = ELEMENTS[element.tag]
        found.extend(f"{at}: lacks {name}" for name in sorted(required - set(element.attrib)))
        for name, value in element.attrib.items():
            if name not in attributes:
                found.append(f"{at}: {name} is no attribute of it")
            elif not re.fullmatch(attributes[name], value):
                found.append(f"{at}: {name} is {value[:60]!r}")
        if element.tag not in HOLD_TEXT and (element.text or "").strip():
            found.append(f"{at}: holds text")
        seen = []
        for i, child in enumerate(element):
            if child.tag not in children:
                found.append(f"{at}: {child.tag} stands there")
                continue
            seen.append(child.tag)
            visit(child, f"{at}/{child.tag}[{i}]")
        if element.tag == "testsuite" and "properties" in seen[1:]:
            found.append(f"{at}: properties stand first, and once")
        if element.tag == "testcase" and len(seen) > 1:
            found.append(f"{at}: one outcome a case")

    visit(root, "testsuites")
    return found

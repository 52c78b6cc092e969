"""What SARIF 2.1.0 (OASIS, plus errata 01) asks of the parts that Chicane writes: required members, their types, closed
lists, references that must lead somewhere, and no member that the format does not know. offences(log) -> [words]
"""
import re
from urllib.parse import unquote_to_bytes

LEVELS = {"none", "note", "warning", "error"}
URI = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:[A-Za-z0-9\-._~!$&'()*+,;=@/]|%[0-9A-F]{2})*")
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")


def text(value, at):
    if not isinstance(value, str):
        yield f"{at}: is no text"


def natural(least):
    def check(value, at):
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            yield f"{at}: is no whole number from {least} on"
    return check


def boolean(value, at):
    if not isinstance(value, bool):
        yield f"{at}: is neither true nor false"


def one_of(words):
    def check(value, at):
        if value not in words:
            yield f"{at}: {value!r} is none of {sorted(words)}"
    return check


def uri(value, at):
    yield from text(value, at)
    if isinstance(value, str) and not URI.fullmatch(value):
        yield f"{at}: {value[:80]!r} is no reference to a file"
    elif isinstance(value, str):
        unquote_to_bytes(value)


def time(value, at):
    if not isinstance(value, str) or not TIME.fullmatch(value):
        yield f"{at}: {value!r} is no time in UTC"


def list_of(check, least=0):
    def of_list(value, at):
        if not isinstance(value, list):
            yield f"{at}: is no list"
            return
        if len(value) < least:
            yield f"{at}: has fewer than {least}"
        for i, item in enumerate(value):
            yield from check(item, f"{at}/{i}")
    return of_list


def map_of(check):
    def of_map(value, at):
        if not isinstance(value, dict):
            yield f"{at}: is no object"
            return
        for name, item in value.items():
            yield from check(item, f"{at}/{name}")
    return of_map


def anything(value, at):
    if not isinstance(value, dict):
        yield f"{at}: is no object"


def members(required=(), **known):
    def of_object(value, at):
        if not isinstance(value, dict):
            yield f"{at}: is no object"
            return
        for name in required:
            if name not in value:
                yield f"{at}: lacks {name}"
        for name, item in value.items():
            if name not in known:
                yield f"{at}: the format knows no {name}"
            else:
                yield from known[name](item, f"{at}/{name}")
    return of_object


def message_text(value, at):
    yield from text(value, at)
    if isinstance(value, str):
        bare = value.replace("{{", "").replace("}}", "")
        if "{" in bare or "}" in bare:
            yield f"{at}: a brace that is not doubled is a placeholder, and there are no arguments"
        if re.search(r"\[[^\]]*\]\(", value):
            yield f"{at}: reads as a link"


MESSAGE = members(("text",), text=message_text)
REGION = members(("startLine",), startLine=natural(1), startColumn=natural(1), snippet=members(text=text))
ARTIFACT = members((), uri=uri, uriBaseId=text, description=MESSAGE)
LOGICAL = members((), fullyQualifiedName=text, decoratedName=text, kind=text, name=text)
LOCATION = members((), id=natural(0), physicalLocation=members(("artifactLocation",), artifactLocation=ARTIFACT, region=REGION),
                   logicalLocations=list_of(LOGICAL), message=MESSAGE)
FRAME = members((), location=LOCATION, module=text)
STEP = members((), location=LOCATION, executionOrder=natural(0), importance=one_of({"important", "essential", "unimportant"}),
               state=map_of(MESSAGE))
RESULT = members(
    ("message",), ruleId=text, ruleIndex=natural(0), level=one_of(LEVELS), message=MESSAGE, locations=list_of(LOCATION),
    partialFingerprints=map_of(text), occurrenceCount=natural(1), relatedLocations=list_of(LOCATION),
    stacks=list_of(members(("frames",), message=MESSAGE, frames=list_of(FRAME))),
    codeFlows=list_of(members(("threadFlows",), message=MESSAGE, threadFlows=list_of(
        members(("locations",), id=text, message=MESSAGE, locations=list_of(STEP, 1)), 1))),
    properties=anything)
RULE = members(("id",), id=text, name=text, shortDescription=MESSAGE, fullDescription=MESSAGE, help=MESSAGE,
               defaultConfiguration=members((), level=one_of(LEVELS)), properties=anything)
NOTIFICATION = members(("message",), level=one_of(LEVELS), message=MESSAGE)
RUN = members(
    ("tool",),
    tool=members(("driver",), driver=members(("name",), name=text, version=text, shortDescription=MESSAGE, properties=anything,
                                             rules=list_of(RULE))),
    invocations=list_of(members(("executionSuccessful",), executionSuccessful=boolean, arguments=list_of(text),
                                startTimeUtc=time, endTimeUtc=time, toolExecutionNotifications=list_of(NOTIFICATION))),
    automationDetails=members((), id=text), originalUriBaseIds=map_of(ARTIFACT),
    columnKind=one_of({"utf16CodeUnits", "unicodeCodePoints"}), results=list_of(RESULT))
LOG = members(("version", "runs"), **{"$schema": uri, "version": one_of({"2.1.0"}), "runs": list_of(RUN)})


def bases_in(value):
    if isinstance(value, dict):
        if "uriBaseId" in value:
            yield value["uriBaseId"]
        for item in value.values():
            yield from bases_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from bases_in(item)


def references(log):
    for run in log["runs"]:
        rules = [rule.get("id") for rule in run["tool"]["driver"].get("rules", [])]
        if len(rules) != len(set(rules)):
            yield "two rules have one id"
        for base in set(bases_in(run.get("results", []))) - set(run.get("originalUriBaseIds", {})):
            yield f"{base} is no base of this run"
        for i, result in enumerate(run.get("results", [])):
            index = result.get("ruleIndex", -1)
            if result.get("ruleId") not in rules or not -1 < index < len(rules) or rules[index] != result["ruleId"]:
                yield f"results/{i}: {result.get('ruleId')} at {index} is no rule of the driver"
            ids = [place["id"] for place in result.get("relatedLocations", []) if "id" in place]
            if len(ids) != len(set(ids)):
                yield f"results/{i}: two related locations have one id"


def offences(log):
    found = list(LOG(log, ""))
    return found or list(references(log))

#!/usr/bin/env python3
"""disassembly_test.py OBJDUMP COMPILER HEADERS SOURCE: each turn of the harness's loop is a load and a store.

Compiles SOURCE at -O2 and reads the machine code: the scenario's work must have a loop with a read-modify-write of memory
in it, folded_loop (the same body without the harness) must have none, which shows that the check can fail.
"""
import re
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
MOST_INSTRUCTIONS = 4  # the work, counting down, the jump, and one that a compiler may add
INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\s+(\S+)\s*([^#<]*)")
JUMP_TARGET = re.compile(r"0x([0-9a-f]+)")
ARITHMETIC = re.compile(r"^(inc|dec|add|sub|xadd)[bwlq]?$")


def instructions(objdump, file, pattern):
    """Of all functions whose (mangled) name fits."""
    listing = subprocess.run([objdump, "--disassemble", "--no-show-raw-insn", file], check=True, capture_output=True,
                             text=True).stdout
    found, inside = [], False
    for line in listing.splitlines():
        if header := re.match(r"^[0-9a-f]+ <(.*)>:$", line):
            inside = re.search(pattern, header[1]) is not None
        elif inside and (match := INSTRUCTION.match(line)):
            found.append((int(match[1], 16), match[2], match[3].strip()))
    assert found, f"no function {pattern} is in {file}:\n{listing}"
    return found


def loops(code):
    """Bodies of backward jumps, the jump included."""
    for address, mnemonic, operands in code:
        target = JUMP_TARGET.search(operands)
        if mnemonic.startswith("j") and target and int(target[1], 16) <= address:
            yield [each for each in code if int(target[1], 16) <= each[0] <= address]


def changes_memory(body):
    """incq (%rbx), addq $1, (%rbx); or a load and a store of the same place."""
    loaded = set()
    for _, mnemonic, operands in body:
        parts = re.split(r",\s*(?![^(]*\))", operands)
        if re.search(r"\(%r[sb]p", operands):
            continue  # a variable of the loop's own, if it stood on the stack
        if "(" in parts[-1] and ARITHMETIC.match(mnemonic):
            return True
        if mnemonic.startswith("mov") and "(" in parts[0]:
            loaded.add(parts[0])
        if mnemonic.startswith("mov") and parts[-1] in loaded:
            return True
    return False


def main():
    objdump, compiler, headers, source = sys.argv[1:]
    for tool in (objdump, compiler):
        if shutil.which(tool) is None:
            print(f"skipped: {tool} is not installed")
            return SKIPPED
    with tempfile.TemporaryDirectory() as folder:
        binary = folder + "/loops.so"
        subprocess.run([compiler, "-std=c++20", "-O2", "-shared", "-fPIC", "-fcf-protection=none", "-I", headers, source,
                        "-o", binary], check=True)
        real, folded = (instructions(objdump, binary, name)
                        for name in ("UnlockedCounter.*4work", "^folded_loop$"))
    turns = [body for body in loops(real) if changes_memory(body)]
    text = "\n".join(f"  {address:x}: {mnemonic} {operands}" for address, mnemonic, operands in real)
    assert turns, f"{compiler}: no loop of work changes memory:\n{text}"
    assert len(min(turns, key=len)) <= MOST_INSTRUCTIONS, f"{compiler}: a turn is more than it need be:\n{text}"
    assert not any(changes_memory(body) for body in loops(folded)), f"{compiler}: even the plain loop is a loop"
    print(f"{compiler}: a turn is " + "; ".join(f"{mnemonic} {operands}" for _, mnemonic, operands in min(turns, key=len)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What every campaign's result says first: what was run, of which revision, with which seeds, on which host."""
import os
import platform


def host():
    model = "unknown CPU"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores ({model}), {memory:.1f} GiB, {platform.system()} {platform.release()}"


def head(title, call, revision, seeds):
    print(f"# {title}\n\nRevision {revision}, made with `./chicane soak {call}` on {host()}; {seeds}.\n")


def table(names, rows):
    print("| " + " | ".join(names) + " |")
    print("|" + "---|" * len(names))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def deviations(odd):
    """Lists them; the campaign's exit status."""
    print(f"Deviations: {len(odd)}")
    for line in odd:
        print(f"- {line}")
    return 1 if odd else 0

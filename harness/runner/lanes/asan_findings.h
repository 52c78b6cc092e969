// Raw reports of the asan build's sanitizers as findings, without fingerprint. One thread at a time: they ask for
// symbols.
#pragma once

#include "harness/model/finding.h"
#include "harness/runner/lanes/asan_raw.h"
#include "harness/runner/lanes/leak_log.h"
#include "harness/runner/lanes/symbols.h"

namespace chicane::asan {

Finding make_finding(const MemoryError& error, Symbols& symbols);
Finding make_finding(const UndefinedBehaviour& behaviour, Symbols& symbols);
Finding make_finding(const Leak& leak, Symbols& symbols);

// Whether the process can't go on after it, whatever the options say.
bool ends_the_process(const UndefinedBehaviour& behaviour);

}  // namespace chicane::asan

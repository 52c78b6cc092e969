// Marks what the library shows to the code under test; all else is hidden.
#pragma once

#define CHICANE_EXPORT extern "C" __attribute__((visibility("default")))
#define CHICANE_CALLER reinterpret_cast<std::uintptr_t>(__builtin_return_address(0))

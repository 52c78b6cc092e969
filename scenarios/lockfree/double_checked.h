// A value that is built by the first worker that wants it, under a lock; who finds it built does not lock. How the
// pointer is published is up to the twin: it is a plain one or an atomic one.
#pragma once

#include <chicane/scenario.h>

#include <mutex>

struct Settings {
  long first = 20;
  long second = 22;
};

template <typename Pointer>
struct DoubleChecked {
  std::mutex mutex;
  Settings storage{0, 0};
  Pointer built{nullptr};

  Settings& get() {
    Settings* settings = built;
    if (settings == nullptr) {
      const std::lock_guard lock(mutex);
      settings = built;
      if (settings == nullptr) {
        storage = Settings{};
        settings = &storage;
        built = settings;
      }
    }
    return *settings;
  }
  void work(chicane::Worker& worker) {
    long wrong = 0;
    for (auto _ : worker) {
      const Settings& settings = get();
      wrong += settings.first + settings.second != 42;
    }
    if (wrong != 0) worker.fail("settings", "were read before they were built");
  }
};

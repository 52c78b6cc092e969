// One worker is lent a session by a plain pointer; its owner replaces the session and frees the old one.
// The interleaving that matters is forced in each turn: the owner frees between the reader's two looks at the pointer.
// All steps are ordered by semaphores, so there is no data race, and still the reader reads memory that is gone.
// A bad run in a plain build shows nothing: what it reads is most often still there.
#include <chicane/scenario.h>

#include <utility>

#include "scenarios/memory/session.h"

struct LentSession {
  Session* current = new Session;
  Moments moments;

  ~LentSession() { delete current; }

  void read(chicane::Worker& worker) {
    for (auto _ : worker) {
      const Session* const mine = current;
      moments.lent.release();
      moments.replaced.acquire();
      chicane::keep(mine->requests);
    }
  }
  void own(chicane::Worker& worker) {
    for (auto _ : worker) {
      moments.lent.acquire();
      const auto* const old = std::exchange(current, new Session);
      delete old;
      moments.replaced.release();
    }
  }
};

CHICANE_SCENARIO("memory/use-after-free", LentSession)
    .says("a session is freed while another thread still reads it")
    .role<&LentSession::read>("read", 1)
    .role<&LentSession::own>("own", 1)
    .must(chicane::memory_error.at("LentSession::read").in("asan,tsan"))
    .exactly_workers(2)
    .tag("core");

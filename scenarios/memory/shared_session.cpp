// The session of memory/use-after-free with shared ownership: who is lent it keeps it alive.
// The interleaving that matters is the same: the owner replaces the session between the reader's two looks at it.
// The reader's share is the last one then, and the old session goes when the reader gives it back.
// With a plain pointer the reader reads memory that is gone.
#include <chicane/scenario.h>

#include <memory>

#include "scenarios/memory/session.h"

struct SharedSession {
  std::shared_ptr<Session> current = std::make_shared<Session>();
  Moments moments;
  long requests = 0;

  void read(chicane::Worker& worker) {
    for (auto _ : worker) {
      const std::shared_ptr<const Session> mine = current;
      moments.lent.release();
      moments.replaced.acquire();
      requests += mine->requests;
    }
  }
  void own(chicane::Worker& worker) {
    for (auto _ : worker) {
      moments.lent.acquire();
      current = std::make_shared<Session>();
      moments.replaced.release();
    }
  }
  void check(chicane::Check& check) const { check.equal("requests", requests, check.operations(0)); }
};

CHICANE_SCENARIO("memory/shared-session", SharedSession)
    .says("a session is replaced while another thread still holds a share of it")
    .role<&SharedSession::read>("read", 1)
    .role<&SharedSession::own>("own", 1)
    .exactly_workers(2)
    .tag("more");

// What the two twins about a session's lifetime share: a reader that was lent the session, and the moment in which its
// owner replaces it. Both moments are ordered, so there is no data race: only the lifetime is in question.
#pragma once

#include <semaphore>

struct Session {
  long requests = 1;
};

struct Moments {
  std::binary_semaphore lent{0}, replaced{0};
};

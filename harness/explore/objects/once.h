// pthread_once_t and the guards of function-local statics: one runs it, the others wait until it has.
#pragma once

#include "harness/explore/objects/object.h"

namespace chicane::explore {

struct Once : Object {
  using Object::Object;
  enum class State : std::uint8_t { fresh, running, done };
  State state = State::fresh;
  ThreadId runner = no_thread;

  bool can_go_on() const { return state != State::running; }
  bool begin(ThreadId thread) {  // when can_go_on(); true: the caller is the one who runs it
    if (state == State::done) return false;
    state = State::running;
    runner = thread;
    return true;
  }
  void finish() { state = State::done, runner = no_thread; }
  void give_up() { state = State::fresh, runner = no_thread; }  // it threw
};

}  // namespace chicane::explore

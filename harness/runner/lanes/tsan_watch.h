// A thread of the harness's own beside the scenario's, so that what was reported leaves the process before a crash or a
// hang takes it along. Compiled without instrumentation: it orders nothing in the program under test, blocks all
// signals, and TSan and the recorder of locks overlook what it does.
//
// A hang is killed from outside, so what was sent by then is there. A fatal signal that the scenario leaves at its
// default, and _exit, wait until the thread has sent all there is, for some seconds at most. Lost is what comes in the
// last interval before a SIGKILL, quick_exit or an exit by a raw system call.
#pragma once

#include <cstdint>

namespace chicane::tsan {

// Calls `send` every now and then on the new thread; `all`: the process is about to end. `give_up_ns`: when (on the
// monotonic clock) no end is to be delayed any more; 0: never. False: no thread could be started.
bool start_watch(void (*send)(bool all), std::int64_t give_up_ns);
void stop_watch();

// Returns when all that was reported until now was sent, or too much time has passed. For any thread, also inside a
// signal handler; at once in a forked child and when nobody watches.
void send_before_the_end();

// A stack for signal handlers, without which a thread whose own one is full dies at once. For the calling thread.
struct HandlerStack {
  HandlerStack();
  ~HandlerStack();
  HandlerStack(const HandlerStack&) = delete;

 private:
  void* memory_ = nullptr;
};

}  // namespace chicane::tsan

// pthread_create and what is done with threads.
#include <csetjmp>
#include <cstring>
#include <unwind.h>

#include "harness/explore/interpose/call.h"

using namespace chicane::explore;

namespace {

Thread* other(pthread_t handle) { return engine().find(handle); }

int join(pthread_t handle, void** result, std::uint64_t deadline, bool only_try, Call& call) {
  Thread* joined = other(handle);
  if (joined == nullptr) {
    engine().found(chicane::FindingKind::mutex_misuse, &call.thread(), call.pc(), "a thread is joined that is no more");
    return ESRCH;
  }
  return engine().join(call.thread(), *joined, result, deadline, call.pc(), only_try);
}

// Unwinding for pthread_exit: destructors run, then the thread ends where it began.
_Unwind_Reason_Code unwind_on(int, _Unwind_Action actions, _Unwind_Exception_Class, _Unwind_Exception*,
                              _Unwind_Context* context, void* jump) {
  // The frame that holds the jump buffer is the one to go to: all that is inside of it lies below.
  if ((actions & _UA_END_OF_STACK) != 0 || _Unwind_GetCFA(context) > reinterpret_cast<std::uintptr_t>(jump))
    longjmp(*static_cast<jmp_buf*>(jump), 1);
  return _URC_NO_REASON;
}

}  // namespace

CHICANE_EXPORT int pthread_create(pthread_t* handle, const pthread_attr_t* attributes, void* (*entry)(void*),
                                  void* argument) {
  CHICANE_CALL(call, real().pthread_create(handle, attributes, entry, argument));
  Engine& self = engine();
  self.step_without_choice(call.thread(), {.kind = OperationKind::create, .address = self.threads(), .pc = call.pc()});
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &state);
  Thread* made = self.create(call.thread(), entry, argument, state == PTHREAD_CREATE_DETACHED, call.pc());
  if (made == nullptr) return EAGAIN;
  *handle = made->slot->handle;
  return 0;
}

CHICANE_EXPORT int pthread_join(pthread_t handle, void** result) {
  CHICANE_CALL(call, real().pthread_join(handle, result));
  return join(handle, result, 0, false, call);
}
CHICANE_EXPORT int pthread_tryjoin_np(pthread_t handle, void** result) {
  CHICANE_CALL(call, real().pthread_tryjoin_np(handle, result));
  return join(handle, result, 0, true, call);
}
CHICANE_EXPORT int pthread_timedjoin_np(pthread_t handle, void** result, const timespec* time) {
  CHICANE_CALL(call, real().pthread_timedjoin_np(handle, result, time));
  if (!is_time(time)) return EINVAL;
  return join(handle, result, deadline_of(engine(), CLOCK_REALTIME, *time), false, call);
}
CHICANE_EXPORT int pthread_clockjoin_np(pthread_t handle, void** result, clockid_t clock, const timespec* time) {
  CHICANE_CALL(call, real().pthread_clockjoin_np(handle, result, clock, time));
  if (!is_time(time)) return EINVAL;
  return join(handle, result, deadline_of(engine(), clock, *time), false, call);
}
CHICANE_EXPORT int pthread_detach(pthread_t handle) {
  CHICANE_CALL(call, real().pthread_detach(handle));
  Thread* detached = other(handle);
  return detached == nullptr ? ESRCH : engine().detach(call.thread(), *detached, call.pc());
}

CHICANE_EXPORT void pthread_exit(void* result) {
  Thread* thread = current;
  if (thread == nullptr) {
    real().pthread_exit(result);
    __builtin_unreachable();
  }
  thread->result = result;
  static thread_local _Unwind_Exception exception;
  std::memset(&exception, 0, sizeof exception);
  _Unwind_ForcedUnwind(&exception, unwind_on, thread->exit_jump);
  longjmp(*static_cast<jmp_buf*>(thread->exit_jump), 1);
}

CHICANE_EXPORT int pthread_setname_np(pthread_t handle, const char* name) {
  CHICANE_CALL(call, real().pthread_setname_np(handle, name));
  Thread* named = other(handle);
  if (named == nullptr) return ESRCH;
  if (std::strlen(name) >= sizeof named->name) return ERANGE;
  std::strncpy(named->name, name, sizeof named->name - 1);
  return 0;
}

CHICANE_EXPORT int pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) {
  // The C library must not run destructors of its own: the real threads live on.
  const int failed = real().pthread_key_create(key, current != nullptr ? nullptr : destructor);
  if (failed == 0 && engine_instance != nullptr) {
    Thread* thread = current;
    current = nullptr;
    engine().key_made(*key, destructor);
    current = thread;
  }
  return failed;
}
CHICANE_EXPORT int pthread_key_delete(pthread_key_t key) {
  if (engine_instance != nullptr) engine().key_deleted(key);
  return real().pthread_key_delete(key);
}
CHICANE_EXPORT int pthread_setspecific(pthread_key_t key, const void* value) {
  Thread* thread = current;
  if (thread != nullptr && value != nullptr) thread->keys.push(engine().arena, key);
  return real().pthread_setspecific(key, value);
}

CHICANE_EXPORT int __cxa_thread_atexit_impl(void (*destructor)(void*), void* object, void* module) {
  CHICANE_CALL(call, real().cxa_thread_atexit_impl(destructor, object, module));
  call.thread().destructors.push(engine().arena, {destructor, object});
  return 0;
}

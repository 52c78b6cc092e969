// Programs: an executable's own main as thread 0 of one schedule, in a process that ends with it.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <elf.h>
#include <link.h>
#include <unistd.h>

#include "harness/explore/engine.h"
#include "harness/explore/real.h"

namespace chicane::explore {
namespace {

constexpr int exit_code_of_findings = 121;
ProgramDriver driver = nullptr;
ProgramMain program_main;

int driven_main(int argc, char** argv, char** environment) {
  if (driver == nullptr) return program_main.main(argc, argv, environment);
  program_main.argc = argc;
  program_main.argv = argv;
  program_main.environment = environment;
  return driver(program_main);
}

}  // namespace

void drive_programs_with(ProgramDriver with) { driver = with; }

void Engine::run_program(const ProgramMain& with, Scheduler& scheduler, std::uint64_t seed, const Options& options_,
                         SharedLocations& learned, Recording& recording, ScheduleEnded ended, void* context) {
  begin(scheduler, seed, options_, learned, true, recording);
  program = true;
  ended_ = ended;
  ended_context_ = context;
  hand_off.adopt(main_);
  Thread& thread = new_thread(no_thread, &main_);
  took(thread);
  jmp_buf leaving;
  thread.exit_jump = &leaving;
  int code = 0;
  if (_setjmp(leaving) == 0) {
    current = &thread;
    code = with.main(with.argc, with.argv, with.environment);
    current = nullptr;
  } else {
    // pthread_exit in main: the process goes on until its last thread has ended.
    current = nullptr;
    thread.detached = true;
    finish(thread);
    if (Thread* next = choose(thread, false); next != nullptr) hand_off.abandon(*thread.slot, *next->slot);
    last_thread_ended();
  }
  exit_program(thread, code, 0);
}

void Engine::last_thread_ended() {
  outcome_.exit_code = 0;
  end_program(Ending::returned);
}

// Return from main and exit() are visible: whatever other threads do comes before it or never.
void Engine::exit_program(Thread& thread, int code, std::uintptr_t pc) {
  point(thread, {.kind = OperationKind::terminate, .address = 0, .pc = pc});
  if (!exiting) {
    exiting = true;
    outcome_.exit_code = code;
  }
  current = &thread;
  real().exit(code);  // handlers and static destructors run under control; the library's own destructor is the end
  std::abort();
}

void Engine::end_program(Ending ending) {
  const int code = outcome_.exit_code.value_or(0);
  if (code != 0 && outcome_.findings.empty()) {
    SeenFinding& finding = found(FindingKind::wrong_result, last_, 0, "");
    finding.name = "exit code";
    finding.message = "the program ended with exit code " + std::to_string(code);
    finding.exit_code = code;
  }
  outcome_.process_spent = true;
  finish_outcome(ending);
  std::fflush(nullptr);
  ended_(ended_context_, outcome_, *recording_);
  real().immediate_exit(outcome_.findings.empty() ? code : exit_code_of_findings);
  std::abort();
}

void run_program(const ProgramMain& program, Scheduler& scheduler, std::uint64_t seed, const Options& options,
                 SharedLocations& learned, Recording& recording, ScheduleEnded ended, void* context) {
  engine().run_program(program, scheduler, seed, options, learned, recording, ended, context);
}

const char* build_id() {
  static char text[2 * 64 + 1];
  if (text[0] != 0) return text;
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void*) {
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const auto& part = info->dlpi_phdr[i];
          if (part.p_type != PT_NOTE) continue;
          const auto* at = reinterpret_cast<const char*>(info->dlpi_addr + part.p_vaddr);
          const char* end = at + part.p_memsz;
          while (at + sizeof(ElfW(Nhdr)) <= end) {
            const auto* note = reinterpret_cast<const ElfW(Nhdr)*>(at);
            const char* name = at + sizeof *note;
            const char* description = name + ((note->n_namesz + 3) & ~3U);
            if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
              for (std::uint32_t byte = 0; byte < note->n_descsz && byte < 64; ++byte)
                std::snprintf(text + 2 * byte, 3, "%02x", static_cast<unsigned char>(description[byte]));
              return 1;
            }
            at = description + ((note->n_descsz + 3) & ~3U);
          }
        }
        return 1;  // the executable is the first; no other counts
      },
      nullptr);
  return text;
}

namespace {

// Runs when the program's own exit handlers and destructors have: this library is one of its dependencies.
__attribute__((destructor)) void program_has_ended() {
  if (engine_instance != nullptr && engine().running() && engine().program) {
    current = nullptr;
    engine().end_program(Ending::returned);
  }
}

}  // namespace
}  // namespace chicane::explore

using Main = int (*)(int, char**, char**);
using StartMain = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);

// The C library's entry: where a driver has been set (by a constructor, of the executable too), it is called instead of
// main.
extern "C" __attribute__((visibility("default"))) int __libc_start_main(Main main, int argc, char** argv,
                                                                        void (*init)(), void (*fini)(),
                                                                        void (*rtld_fini)(), void* stack_end);

#include <dlfcn.h>

extern "C" int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(), void (*rtld_fini)(),
                                 void* stack_end) {
  using namespace chicane::explore;
  StartMain next = nullptr;
  void* found = dlsym(RTLD_NEXT, "__libc_start_main");
  std::memcpy(&next, &found, sizeof next);
  program_main.main = main;
  return next(driven_main, argc, argv, init, fini, rtld_fini, stack_end);
}

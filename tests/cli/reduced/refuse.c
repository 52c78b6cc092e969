// refuse COMMAND ARGUMENT…: runs a command where a container's filter refuses what Docker's does by default: ptrace,
// perf_event_open, new namespaces, and personality() but for asking. Needs no privilege; children inherit it.
#define _GNU_SOURCE
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "add this architecture's AUDIT_ARCH_… here"
#endif

#define NAMESPACES \
  (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)
#define LOAD(what) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)(what))
#define IF_IS(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)(value), yes, no)
#define IF_ANY(bits, yes, no) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (unsigned)(bits), yes, no)
#define ANSWER(what) BPF_STMT(BPF_RET | BPF_K, (unsigned)(what))
#define REFUSE(error) ANSWER(SECCOMP_RET_ERRNO | (error))
// Both architectures are little-endian: the lower half of the first argument stands first.
#define FIRST_ARGUMENT offsetof(struct seccomp_data, args)

int main(int count, char** arguments) {
  struct sock_filter rules[] = {
      LOAD(offsetof(struct seccomp_data, arch)),
      IF_IS(OWN_ARCHITECTURE, 1, 0),
      REFUSE(EPERM),
      LOAD(offsetof(struct seccomp_data, nr)),
      IF_IS(SYS_ptrace, 0, 1),
      REFUSE(EPERM),
      IF_IS(SYS_perf_event_open, 0, 1),
      REFUSE(EPERM),
      IF_IS(SYS_setns, 0, 1),
      REFUSE(EPERM),
      IF_IS(SYS_clone3, 0, 1),  // its flags are in memory, which a filter can't read: callers fall back to clone
      REFUSE(ENOSYS),
      IF_IS(SYS_personality, 0, 4),
      LOAD(FIRST_ARGUMENT),
      IF_IS(0xffffffff, 0, 1),
      ANSWER(SECCOMP_RET_ALLOW),
      REFUSE(EPERM),
      IF_IS(SYS_unshare, 1, 0),
      IF_IS(SYS_clone, 0, 3),
      LOAD(FIRST_ARGUMENT),
      IF_ANY(NAMESPACES, 0, 1),
      REFUSE(EPERM),
      ANSWER(SECCOMP_RET_ALLOW),
  };
  const struct sock_fprog program = {sizeof rules / sizeof rules[0], rules};
  if (count < 2) {
    fprintf(stderr, "usage: refuse COMMAND ARGUMENT…\n");
    return 2;
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
    fprintf(stderr, "refuse: %s\n", strerror(errno));
    return 2;
  }
  execvp(arguments[1], arguments + 1);
  fprintf(stderr, "refuse: %s: %s\n", arguments[1], strerror(errno));
  return 2;
}

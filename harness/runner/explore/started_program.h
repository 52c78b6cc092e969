// A program that runs up to the end of its static initialisation and then waits for what is asked of it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <sys/types.h>

#include "harness/explore/search/program_protocol.h"
#include "harness/model/error.h"

namespace chicane::explore {

class StartedProgram {
 public:
  // `output`: what its own standard output becomes; -1: this process's.
  static Result<StartedProgram> start(const std::vector<std::string>& command, int output = -1);
  StartedProgram(StartedProgram&& other) noexcept;
  StartedProgram& operator=(StartedProgram&&) = delete;
  ~StartedProgram();

  pid_t process() const { return process_; }
  const CodeMap& code() const { return code_; }
  bool send(ProgramMessage kind, std::span<const std::byte> bytes) const;
  std::optional<wire::Message> receive();  // nothing: it is gone

 private:
  StartedProgram() = default;
  int wait();

  pid_t process_ = -1;
  int socket_ = -1;
  std::vector<std::byte> received_;
  std::vector<wire::Message> waiting_;
  CodeMap code_;
};

}  // namespace chicane::explore

// What a user or the environment can cause, as a value: a message that says what happened, where, and what to do.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace chicane {

struct Error {
  std::string message;
  // The same error, seen from one layer further out: "reading run.json: trial 12: …".
  Error within(const std::string& context) && { return {context + ": " + std::move(message)}; }
};

template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> failure(std::string message) { return std::unexpected(Error{std::move(message)}); }

}  // namespace chicane

// SHA-256 as a Content-Security-Policy wants it (FIPS 180-4, RFC 4648). Pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace chicane::reports {

std::array<std::uint8_t, 32> sha256(std::string_view data);
std::string base64(std::span<const std::uint8_t> bytes);
std::string policy_hash(std::string_view data);  // "'sha256-…'"

}  // namespace chicane::reports

// Functions of the C library that read and write texts and memory for their caller. Compiled with -fno-builtin.
//
// Each is told as the accesses that it makes, then made by the library itself. What a comparison did not need to look
// at is not told: that would be a race that is none.
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdio>

#include "harness/explore/interpose/stands_for.h"

using namespace chicane::explore;

#define CHICANE_TEXT(result, name, parameters) CHICANE_STANDS_FOR(result, name, #name, parameters)

namespace {

std::size_t length(const char* text, std::size_t most = SIZE_MAX) {
  std::size_t n = 0;
  while (n < most && text[n] != 0) ++n;
  return n;
}
// Bytes that are looked at, its end among them.
std::size_t whole(const char* text, std::size_t most = SIZE_MAX) {
  const std::size_t n = length(text, most);
  return n < most ? n + 1 : n;
}
char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter; }

// How many bytes are compared until the first that differs.
std::size_t compared(const char* one, const char* other, std::size_t most, bool texts, bool any_case = false) {
  for (std::size_t i = 0; i < most; ++i) {
    const bool same = any_case ? lower(one[i]) == lower(other[i]) : one[i] == other[i];
    if (!same || (texts && one[i] == 0)) return i + 1;
  }
  return most;
}

void compares(const Told& told, const void* one, const void* other, std::size_t most, bool texts,
              bool any_case = false) {
  const std::size_t bytes =
      compared(static_cast<const char*>(one), static_cast<const char*>(other), most, texts, any_case);
  told.reads(one, bytes);
  told.reads(other, bytes);
}

}  // namespace

CHICANE_TEXT(std::size_t, strlen, (const char* text)) {
  CHICANE_TOLD told.reads(text, whole(text));
  return CHICANE_NEXT(strlen)(text);
}
CHICANE_TEXT(std::size_t, strnlen, (const char* text, std::size_t most)) {
  CHICANE_TOLD told.reads(text, whole(text, most));
  return CHICANE_NEXT(strnlen)(text, most);
}
CHICANE_TEXT(int, memcmp, (const void* one, const void* other, std::size_t bytes)) {
  CHICANE_TOLD compares(told, one, other, bytes, false);
  return CHICANE_NEXT(memcmp)(one, other, bytes);
}
CHICANE_TEXT(int, bcmp, (const void* one, const void* other, std::size_t bytes)) {
  CHICANE_TOLD compares(told, one, other, bytes, false);
  return CHICANE_NEXT(bcmp)(one, other, bytes);
}
CHICANE_TEXT(int, strcmp, (const char* one, const char* other)) {
  CHICANE_TOLD compares(told, one, other, SIZE_MAX, true);
  return CHICANE_NEXT(strcmp)(one, other);
}
CHICANE_TEXT(int, strncmp, (const char* one, const char* other, std::size_t most)) {
  CHICANE_TOLD compares(told, one, other, most, true);
  return CHICANE_NEXT(strncmp)(one, other, most);
}
CHICANE_TEXT(int, strcasecmp, (const char* one, const char* other)) {
  CHICANE_TOLD compares(told, one, other, SIZE_MAX, true, true);
  return CHICANE_NEXT(strcasecmp)(one, other);
}
CHICANE_TEXT(int, strncasecmp, (const char* one, const char* other, std::size_t most)) {
  CHICANE_TOLD compares(told, one, other, most, true, true);
  return CHICANE_NEXT(strncasecmp)(one, other, most);
}
CHICANE_TEXT(void*, memchr, (const void* memory, int byte, std::size_t most)) {
  void* found = CHICANE_NEXT(memchr)(memory, byte, most);
  CHICANE_TOLD told.reads(
      memory, found != nullptr
                  ? static_cast<std::size_t>(static_cast<const char*>(found) - static_cast<const char*>(memory)) + 1
                  : most);
  return found;
}
CHICANE_TEXT(char*, strchr, (const char* text, int letter)) {
  char* found = CHICANE_NEXT(strchr)(text, letter);
  CHICANE_TOLD told.reads(text, found != nullptr ? static_cast<std::size_t>(found - text) + 1 : whole(text));
  return found;
}
CHICANE_TEXT(char*, strrchr, (const char* text, int letter)) {
  CHICANE_TOLD told.reads(text, whole(text));
  return CHICANE_NEXT(strrchr)(text, letter);
}
CHICANE_TEXT(char*, strstr, (const char* text, const char* part)) {
  char* found = CHICANE_NEXT(strstr)(text, part);
  CHICANE_TOLD {
    told.reads(part, whole(part));
    told.reads(text, found != nullptr ? static_cast<std::size_t>(found - text) + length(part) : whole(text));
  }
  return found;
}
CHICANE_TEXT(char*, strcpy, (char* to, const char* from)) {
  CHICANE_TOLD {
    told.reads(from, whole(from));
    told.writes(to, whole(from));
  }
  return CHICANE_NEXT(strcpy)(to, from);
}
CHICANE_TEXT(char*, stpcpy, (char* to, const char* from)) {
  CHICANE_TOLD {
    told.reads(from, whole(from));
    told.writes(to, whole(from));
  }
  return CHICANE_NEXT(stpcpy)(to, from);
}
CHICANE_TEXT(char*, strncpy, (char* to, const char* from, std::size_t bytes)) {
  CHICANE_TOLD {
    told.reads(from, whole(from, bytes));
    told.writes(to, bytes);
  }
  return CHICANE_NEXT(strncpy)(to, from, bytes);
}
CHICANE_TEXT(char*, strcat, (char* to, const char* from)) {
  CHICANE_TOLD {
    told.reads(from, whole(from));
    told.reads(to, whole(to));
    told.writes(to + length(to), whole(from));
  }
  return CHICANE_NEXT(strcat)(to, from);
}
CHICANE_TEXT(char*, strncat, (char* to, const char* from, std::size_t most)) {
  CHICANE_TOLD {
    told.reads(from, whole(from, most));
    told.reads(to, whole(to));
    told.writes(to + length(to), length(from, most) + 1);
  }
  return CHICANE_NEXT(strncat)(to, from, most);
}
CHICANE_TEXT(char*, strdup, (const char* text)) {
  CHICANE_TOLD told.reads(text, whole(text));
  return CHICANE_NEXT(strdup)(text);
}
CHICANE_TEXT(char*, strndup, (const char* text, std::size_t most)) {
  CHICANE_TOLD told.reads(text, whole(text, most));
  return CHICANE_NEXT(strndup)(text, most);
}

// Of the C library's streams only the caller's memory: the stream itself is locked.
CHICANE_TEXT(int, puts, (const char* text)) {
  CHICANE_TOLD told.reads(text, whole(text));
  return CHICANE_NEXT(puts)(text);
}
CHICANE_TEXT(int, fputs, (const char* text, FILE* stream)) {
  CHICANE_TOLD told.reads(text, whole(text));
  return CHICANE_NEXT(fputs)(text, stream);
}
CHICANE_TEXT(std::size_t, fwrite, (const void* from, std::size_t size, std::size_t count, FILE* stream)) {
  CHICANE_TOLD told.reads(from, size * count);
  return CHICANE_NEXT(fwrite)(from, size, count, stream);
}
CHICANE_TEXT(std::size_t, fread, (void* to, std::size_t size, std::size_t count, FILE* stream)) {
  const std::size_t got = CHICANE_NEXT(fread)(to, size, count, stream);
  CHICANE_TOLD told.writes(to, size * got);
  return got;
}
CHICANE_TEXT(char*, fgets, (char* to, int bytes, FILE* stream)) {
  char* got = CHICANE_NEXT(fgets)(to, bytes, stream);
  CHICANE_TOLD if (got != nullptr) told.writes(to, whole(to));
  return got;
}
CHICANE_TEXT(int, vsnprintf, (char* to, std::size_t bytes, const char* format, va_list values)) {
  const int made = CHICANE_NEXT(vsnprintf)(to, bytes, format, values);
  CHICANE_TOLD if (bytes != 0) told.writes(to, whole(to, bytes));
  return made;
}
CHICANE_TEXT(int, snprintf, (char* to, std::size_t bytes, const char* format, ...)) {
  va_list values;
  va_start(values, format);
  const int made = CHICANE_NEXT(vsnprintf)(to, bytes, format, values);
  va_end(values);
  CHICANE_TOLD if (bytes != 0) told.writes(to, whole(to, bytes));
  return made;
}
CHICANE_TEXT(int, vsprintf, (char* to, const char* format, va_list values)) {
  const int made = CHICANE_NEXT(vsprintf)(to, format, values);
  CHICANE_TOLD if (made >= 0) told.writes(to, whole(to));
  return made;
}
CHICANE_TEXT(int, sprintf, (char* to, const char* format, ...)) {
  va_list values;
  va_start(values, format);
  const int made = CHICANE_NEXT(vsprintf)(to, format, values);
  va_end(values);
  CHICANE_TOLD if (made >= 0) told.writes(to, whole(to));
  return made;
}

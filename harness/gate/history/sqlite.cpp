#include "harness/gate/history/sqlite.h"

#include <fmt/format.h>

namespace chicane::sqlite {
namespace {

constexpr int wait_ms = 60'000;  // for other writers: each holds the file for a fraction of a second

std::string_view advice(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL: return "there is no room left; nothing was added, and what was stored before is as it was";
    case SQLITE_IOERR: return "nothing was added, and what was stored before is as it was";
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "another process has held it for a minute; try again";
    case SQLITE_CORRUPT: return "the file is damaged and was left as it is; use a copy of it, or begin a new one";
    case SQLITE_NOTADB: return "this is no history file, or a damaged one; it was left as it is";
    case SQLITE_READONLY:
    case SQLITE_PERM: return "it may only be read here";
    case SQLITE_CANTOPEN: return "it can't be opened: is its folder there, and may it be written?";
    default: return {};
  }
}

}  // namespace

Database::Database(const std::string& file, Mode mode) : file_(file) {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (mode == Mode::created ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail(code, "opening it");
  sqlite3_busy_timeout(handle, wait_ms);
  // The file may come from anywhere: nothing in it may run, and its pages are looked at before they are used.
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  run("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
}

void Database::run(const char* sql) {
  if (const int code = sqlite3_exec(get(), sql, nullptr, nullptr, nullptr); code != SQLITE_OK)
    fail(code, std::string_view(sql).substr(0, std::string_view(sql).find(' ')));
}

std::string Database::text(const char* sql) {
  Statement statement(*this, sql);
  return statement.next() ? statement.text(0) : std::string();
}

std::int64_t Database::number(const char* sql) {
  Statement statement(*this, sql);
  return statement.next() ? statement.number(0) : 0;
}

void Database::fail(int code, std::string_view doing) const {
  const char* says = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(get());
  const auto what = advice(code);
  throw Failed{fmt::format("{}: {} ({}, {})", file_, what.empty() ? "it could not be used" : what, doing, says), code};
}

Statement::Statement(Database& database, const char* sql) : database_(database) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v2(database.get(), sql, -1, &handle, nullptr);
  handle_.reset(handle);
  check(code);
}

bool Statement::next() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) check(code);
  return false;
}

std::string Statement::text(int column) const {
  const auto* bytes = sqlite3_column_text(handle_.get(), column);
  if (bytes == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

std::optional<double> Statement::maybe_real(int column) const {
  if (sqlite3_column_type(handle_.get(), column) == SQLITE_NULL) return std::nullopt;
  return real(column);
}

void Statement::bind(int index, std::string_view value) {
  check(sqlite3_bind_text64(handle_.get(), index, value.data() == nullptr ? "" : value.data(), value.size(),
                            SQLITE_TRANSIENT, SQLITE_UTF8));
}
void Statement::bind(int index, std::int64_t value) { check(sqlite3_bind_int64(handle_.get(), index, value)); }
void Statement::bind(int index, double value) { check(sqlite3_bind_double(handle_.get(), index, value)); }
void Statement::bind(int index, const std::optional<double>& value) {
  check(value ? sqlite3_bind_double(handle_.get(), index, *value) : sqlite3_bind_null(handle_.get(), index));
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) database_.fail(code, "using it");
}

}  // namespace chicane::sqlite

// SQLite, its only home, as far as the history needs it. What goes wrong is thrown as Failed within this folder and
// leaves it as an Error. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <sqlite3.h>
#include <string>
#include <string_view>

namespace chicane::sqlite {

struct Failed {
  std::string message;
  int code = 0;
};

class Database {
 public:
  enum class Mode { existing, created };
  Database(const std::string& file, Mode mode);
  void run(const char* sql);
  std::string text(const char* sql);     // first column of the first row
  std::int64_t number(const char* sql);  // likewise
  sqlite3* get() const { return handle_.get(); }
  const std::string& file() const { return file_; }
  [[noreturn]] void fail(int code, std::string_view doing) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::string file_;
  std::unique_ptr<sqlite3, Close> handle_;
};

class Statement {
 public:
  Statement(Database& database, const char* sql);
  // Values for ?1, ?2, …, in order.
  template <typename... Values>
  Statement& with(const Values&... values) {
    sqlite3_reset(handle_.get());
    int index = 0;
    (bind(++index, values), ...);
    return *this;
  }
  bool next();  // to the next row; false: there is none
  void done() {
    while (next()) {
    }
  }

  std::string text(int column) const;
  std::int64_t number(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  double real(int column) const { return sqlite3_column_double(handle_.get(), column); }
  std::optional<double> maybe_real(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  void bind(int index, std::string_view value);
  void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
  void bind(int index, std::int64_t value);
  void bind(int index, double value);
  void bind(int index, const std::optional<double>& value);
  void check(int code) const;

  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// Begun at once as a writer, so that two of them wait for one another instead of failing half-way. Undone unless
// committed.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) { database_.run("BEGIN IMMEDIATE"); }
  ~Transaction() {
    // Where SQLite has already undone it, or the next open will, this does nothing.
    if (!committed_) sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    database_.run("COMMIT");
    committed_ = true;
  }

 private:
  Database& database_;
  bool committed_ = false;
};

}  // namespace chicane::sqlite

// The tables of a history file, version 1. Internal to this folder.
#pragma once

namespace chicane::history {

inline constexpr int application_id = 0x43684869;  // "ChHi", at byte 68 of the file
inline constexpr int version = 1;

// Values refer to their series by a number, as most of a file are values.
inline constexpr const char* tables = R"(
CREATE TABLE runs (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  started TEXT NOT NULL, ended TEXT NOT NULL, added TEXT NOT NULL,
  commit_id TEXT NOT NULL,
  host TEXT NOT NULL, cpu TEXT NOT NULL,
  tool_version TEXT NOT NULL, tool_revision TEXT NOT NULL,
  digest INTEGER NOT NULL
) STRICT;
CREATE TABLE builds (
  run INTEGER NOT NULL REFERENCES runs, place INTEGER NOT NULL,
  plugin TEXT NOT NULL, build TEXT NOT NULL, build_id TEXT NOT NULL,
  PRIMARY KEY (run, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE series (
  number INTEGER PRIMARY KEY,
  host TEXT NOT NULL, scenario TEXT NOT NULL, worker_kind TEXT NOT NULL, workers INTEGER NOT NULL, args TEXT NOT NULL,
  measure TEXT NOT NULL,
  UNIQUE (measure, host, scenario, worker_kind, workers, args)
) STRICT;
CREATE TABLE points (
  series INTEGER NOT NULL REFERENCES series, run INTEGER NOT NULL REFERENCES runs,
  place INTEGER NOT NULL,
  median REAL NOT NULL, low REAL, high REAL, rounds INTEGER NOT NULL, is_right INTEGER NOT NULL,
  PRIMARY KEY (series, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX points_by_run ON points (run, place);
CREATE TABLE verdicts (
  run INTEGER NOT NULL REFERENCES runs, place INTEGER NOT NULL,
  scenario TEXT NOT NULL, lane TEXT NOT NULL, verdict TEXT NOT NULL,
  PRIMARY KEY (run, place)
) STRICT, WITHOUT ROWID;
)";

}  // namespace chicane::history

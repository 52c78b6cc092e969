// A small program to be explored, and what must be found in it: one function that makes its own threads and state.
// Compiled for exploring; found by the tests (cases_test.cpp) through the list that the macro makes.
#pragma once

struct Case {
  const char* name;
  const char* finds;  // kinds, any of them, all others are forbidden; "": nothing may be found
  const char* model;  // "sc", "relaxed"
  void (*run)();
  Case* next;
};

extern Case* first_case;
void case_failed(const char* name);  // wrong result

struct RegisterCase {
  Case entry;
  RegisterCase(const char* name, const char* finds, const char* model, void (*run)())
      : entry{name, finds, model, run, first_case} {
    first_case = &entry;
  }
};

#define CASE_UNDER(model, name, finds)                            \
  static void name();                                             \
  static RegisterCase register_##name(#name, finds, model, name); \
  static void name()
#define CASE(name, finds) CASE_UNDER("sc", name, finds)
#define EXPECT(condition) \
  if (!(condition)) case_failed(#condition)

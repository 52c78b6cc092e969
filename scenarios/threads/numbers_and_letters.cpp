// Two different functions at once: one thread collects numbers, the other letters. In which order the two get on is
// different in every run, and does not matter: each has a string of its own, which is read after both are joined.
// With one string for both, a bad run has "1a2b3c", "12ab3c", … or a broken string.
#include <chicane/scenario.h>

#include <string>
#include <thread>

struct NumbersAndLetters {
  std::string numbers, letters;
  long wrong = 0;

  void collect_numbers() {
    for (char number = '1'; number <= '5'; ++number) numbers += number;
  }
  void collect_letters() {
    for (char letter = 'a'; letter <= 'e'; ++letter) letters += letter;
  }
  void work(chicane::Worker& worker) {
    for (auto _ : worker) {
      numbers.clear();
      letters.clear();
      std::thread first(&NumbersAndLetters::collect_numbers, this);
      std::thread second(&NumbersAndLetters::collect_letters, this);
      first.join();
      second.join();
      wrong += numbers != "12345" || letters != "abcde";
    }
  }
  void check(chicane::Check& check) const { check.equal("wrong lists", wrong, 0); }
};

CHICANE_SCENARIO("threads/numbers-and-letters", NumbersAndLetters)
    .says("two threads run different functions at once, with a result each")
    .exactly_workers(1)
    .operation("two functions at once")
    .tag("more");

// Names as clang 19 and g++ 12 made them and as GNU's and LLVM's demanglers spell them.
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/judge/fingerprint.h"

namespace chicane {
namespace {

using Names = std::vector<std::pair<std::string, std::string>>;

const Names& real_names() {
  static const Names names{
      {"main", "main"},
      {"Q::work()", "Q::work"},
      {"global_total", "global_total"},
      {"Queue::pop", "Queue::pop"},
      {"state+8", "state+8"},
      // return types, which templates carry
      {"int chicane::v1::internal::Bridge<Q>::work<&Q::work>(void*)", "chicane::internal::Bridge::work"},
      {"int api::v1::internal::Bridge<Q>::work<&Q::work()>(void*)", "api::internal::Bridge::work"},
      {"std::map<std::string, double> Box<int, 3>::convert<double>(double (*)(int), std::vector<int> const&) &&",
       "Box::convert"},
      {"char const* std::addressof<char const>(char const&)", "std::addressof"},
      {"int&& std::forward<int>(std::remove_reference<int>::type&)", "std::forward"},
      {"unsigned long app::size<int>(int)", "app::size"},
      {"auto (anonymous namespace)::f<int>(int)", "f"},
      {"decltype(auto) app::g<int>(int)", "app::g"},
      {"decltype (::new ((void*)(0)) char((declval<char const&>)())) std::construct_at<char, char const&>(char*, "
       "char const&)",
       "std::construct_at"},
      {"int app::abi<int>(int) requires sizeof (int) < 9", "app::abi"},
      // names inside of declarators
      {"int (*app::pick<int>(int))(int)", "app::pick"},
      {"int (&app::refarr<int>(int)) [3]", "app::refarr"},
      {"void (std::thread::*&&std::forward<void (std::thread::*)()>(std::remove_reference<void "
       "(std::thread::*)()>::type&))()",
       "std::forward"},
      {"int (*app::pick<int>(int))(int)::'lambda'(int)::operator()(int) const", "app::pick::{lambda}"},
      // operators
      {"Box<int, 3>::operator<(Box<int, 3> const&) const", "Box::operator<"},
      {"bool Box<int, 3>::operator< <int>(std::vector<int, std::allocator<int> > const&) const", "Box::operator<"},
      {"bool Box<int, 3>::operator<<int>(std::vector<int, std::allocator<int>> const&) const", "Box::operator<"},
      {"Box<int, 3>::operator<<(int)", "Box::operator<<"},
      {"std::ostream& operator<< <int>(std::ostream&, Box<int> const&)", "operator<<"},
      {"std::ostream& operator<<<int>(std::ostream&, Box<int> const&)", "operator<<"},
      {"Box<int, 3>::operator<=>(int) const", "Box::operator<=>"},
      {"Box<int, 3>::operator>(Box<int, 3> const&) const", "Box::operator>"},
      {"Box<int, 3>::operator>>(int)", "Box::operator>>"},
      {"Box<int, 3>::operator->()", "Box::operator->"},
      {"Box<int, 3>::operator[](unsigned long)", "Box::operator[]"},
      {"Box<int, 3>::operator()(std::function<int (int)>, void (*)(int, char))", "Box::operator()"},
      {"double Box<int, 3>::operator()<double>(double) const", "Box::operator()"},
      {"Box<int, 3>::operator bool() const", "Box::operator bool"},
      {"Box<int, 3>::operator int*()", "Box::operator int*"},
      {"Box<int, 3>::operator std::vector<int, std::allocator<int> >() const", "Box::operator std::vector"},
      {"Box<int, 3>::operator void (*)(int)()", "Box::operator void (*)(int)"},
      {"operator new(unsigned long)", "operator new"},
      {"Box<int, 1>::operator delete(void*)", "Box::operator delete"},
      {"operator delete[](void*, unsigned long)", "operator delete[]"},
      {"app::operator\"\" _km(unsigned long long)", "app::operator\"\"_km"},
      {"operators::count(int)", "operators::count"},
      {"int call<&Box<int>::operator< >(int)", "call"},
      {"int call<&(Box::operator>(Box const&))>(int)", "call"},
      {"int call<&Box::operator-> >(int)", "call"},
      {"int call<(1)>(2)>(int)", "call"},
      // constructors and destructors
      {"Box<std::vector<int, std::allocator<int> >, 2>::~Box()", "Box::~Box"},
      {"Box<std::vector<int, std::allocator<int>>, 2>::Box()", "Box::Box"},
      {"non-virtual thunk to Derived::run()", "Derived::run"},
      // qualifiers
      {"app::Exc::nx() const volatile &", "app::Exc::nx"},
      {"Foo::bar() const::'lambda'()::operator()() const", "Foo::bar::{lambda}"},
      // lambdas
      {"main::$_0::operator()() const", "main::{lambda}"},
      {"main::{lambda(int)#1}::operator()(int) const", "main::{lambda}"},
      {"main::'lambda0'(int, char)::operator()(int, char) const", "main::{lambda}"},
      {"main::$_1::__invoke(int, char)", "main::{lambda}"},
      {"main::{lambda(int, char)#2}::_FUN(int, char)", "main::{lambda}"},
      {"$_5::operator()(int) const", "{lambda}"},
      {"lam::{lambda(int)#1}::operator()(int) const::{lambda(int)#1}::operator()(int) const",
       "lam::{lambda}::{lambda}"},
      {"auto (anonymous namespace)::Hidden::add(int)::{lambda(auto:1)#1}::operator()<int>(int) const",
       "Hidden::add::{lambda}"},
      {"auto (anonymous namespace)::Hidden::add(int)::'lambda'(auto)::operator()<int>(auto) const",
       "Hidden::add::{lambda}"},
      {"main::'lambda'(int)& std::forward<main::'lambda'(int)&>(std::remove_reference<main::'lambda'(int)&>::type&)",
       "std::forward"},
      {"main::{lambda(int)#1} const& std::forward<main::{lambda(int)#1} const&>(std::remove_reference<int>::type&)",
       "std::forward"},
      {"app::wrap<main::{lambda(int)#3}>(main::{lambda(int)#3})::{lambda(int)#1}::operator()(int)",
       "app::wrap::{lambda}"},
      // anonymous and versioned namespaces
      {"(anonymous namespace)::Hidden::twist(int)", "Hidden::twist"},
      {"(anonymous namespace)::free_hidden((anonymous namespace)::Hidden&)", "free_hidden"},
      {"std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >::_M_append(char const*, "
       "unsigned long)",
       "std::basic_string::_M_append"},
      {"std::_V2::error_category::default_error_condition(int) const", "std::error_category::default_error_condition"},
      {"fmt::v9::vprint(fmt::v9::string_view)", "fmt::vprint"},
      {"Engine::v2()", "Engine::v2"},
      // tags and clones
      {"app::handler[abi:cxx11](int)", "app::handler"},
      {"app::text[abi:cxx11](std::__cxx11::basic_string<char>) (.cold)", "app::text"},
      {"app::text(std::__cxx11::basic_string<char>) [clone .cold]", "app::text"},
      {"Queue::pop() [clone .part.0] [clone .isra.0]", "Queue::pop"},
      {"main.cold", "main"},
      {"helper.part.0.isra.0", "helper"},
      // no name at all is left as it is
      {"", ""},
  };
  return names;
}

TEST(NormalizedFunction, OneNameForEverySpelling) {
  for (const auto& [demangled, expected] : real_names())
    EXPECT_EQ(normalized_function(demangled), expected) << demangled;
}

TEST(NormalizedFunction, IsItsOwnNormalForm) {
  for (const auto& [demangled, expected] : real_names())
    EXPECT_EQ(normalized_function(expected), expected) << demangled;
}

TEST(NormalizedFunction, SurvivesAnyText) {
  std::mt19937 random(42);
  const std::string characters = "<>()[]{}:&*~.' operatonewlambda$_0,-=";
  for (int i = 0; i < 20'000; ++i) {
    std::string text = real_names()[random() % real_names().size()].first;
    for (unsigned edits = random() % 4 + 1; edits > 0 && !text.empty(); --edits) {
      const std::size_t at = random() % text.size();
      switch (random() % 3) {
        case 0: text.erase(at); break;
        case 1: text[at] = characters[random() % characters.size()]; break;
        default: text.insert(at, 1, characters[random() % characters.size()]);
      }
    }
    EXPECT_LE(normalized_function(text).size(), text.size() * 2 + 16) << text;
  }
}

}  // namespace
}  // namespace chicane

// Demangled names of GNU's and LLVM's demanglers reduced to their qualified name. Both spellings of one function give
// the same result, which is why this is a small parser and not a regular expression: "operator<<int>(…)" is LLVM for
// operator< with <int>, "operator<<(int)" is a shift, and "int (*pick<int>(int))(int)" hides the name in its type.
#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "harness/judge/fingerprint.h"

namespace chicane {
namespace {

constexpr std::string_view lambda = "{lambda}";

bool is_identifier(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; }

class NameParser {
 public:
  explicit NameParser(std::string_view text) : text_(text) {}

  std::string parse() {
    while (at_ < text_.size() && component()) {
    }
    return joined();
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }
  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(std::string_view word) {
    if (!rest().starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void skip_spaces() {
    while (here() == ' ') ++at_;
  }

  // One step: a component of a qualified name with what follows it, or a piece of the return type. False: the end.
  bool component() {
    skip_spaces();
    if (take("::")) return true;
    if (take("(anonymous namespace)")) return true;
    const char c = here();
    if (c == '(') {  // nothing named yet: the parenthesis of a declarator, "int (*name(…))(…)"
      if (rest().starts_with("(.")) return false;
      ++at_, ++declarators_;
      names_.clear();
      return true;
    }
    if (c == '*' || c == '&') {  // what was named until here is a type
      ++at_;
      names_.clear();
      return true;
    }
    std::string name = word();
    if (name.empty()) {  // a character that no name starts with
      if (c == '.' || c == '[') return false;
      ++at_;
      return true;
    }
    const bool type_only = name == "decltype" || name == "typeof";
    names_.push_back(std::move(name));
    if (type_only) {
      skip_spaces();
      if (here() == '(') skip_balanced();
      return after_type();
    }
    return after_name();
  }

  // Template arguments, ABI tags, parameters, qualifiers; then "::", the end of a declarator, or another word.
  bool after_name() {
    for (;;) {
      if (take("[abi:")) {
        at_ = std::min(text_.find(']', at_), text_.size() - 1) + 1;
      } else if (here() == '<' || rest().starts_with(" <")) {
        skip_spaces();
        skip_balanced();
      } else {
        break;
      }
    }
    if (here() == '.') return false;  // clone: ".cold", ".part.0"
    if (here() == '(') {
      skip_balanced();
      return after_parameters();
    }
    return after_type();
  }

  bool after_type() {
    if (rest().starts_with("::")) return true;
    if (here() == ')' && declarators_ > 0) return after_parameters();
    const std::size_t before = at_;
    skip_spaces();
    if (at_ == text_.size() || here() == '[' || rest().starts_with("(.")) return false;
    if (at_ != before) names_.clear();  // a space: it was (a part of) the return type
    return true;
  }

  bool after_parameters() {
    for (;;) {
      skip_spaces();
      if (rest().starts_with("::")) return true;
      if (here() == ')' && declarators_ > 0) {
        ++at_, --declarators_;
        skip_spaces();
        while (here() == '(' || here() == '[') skip_balanced();
      } else if (!take("const") && !take("volatile") && !take("noexcept") && !take("&")) {
        return false;
      }
    }
  }

  std::string word() {
    if (here() == '{') {  // GNU: {lambda(int)#1}, {unnamed type#1}, {default arg#1}
      const std::size_t start = at_;
      skip_balanced();
      const std::string_view inside = text_.substr(start + 1, at_ - start - 1);
      if (inside.starts_with("lambda")) return std::string(lambda);
      return inside.starts_with("unnamed") ? "{unnamed}" : "{}";
    }
    if (here() == '\'') {  // LLVM: 'lambda0', 'unnamed'
      const std::size_t end = std::min(text_.find('\'', at_ + 1), text_.size() - 1);
      const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      if (here() == '(') skip_balanced();  // a lambda's own parameters: part of its type's name
      return inside.starts_with("lambda") ? std::string(lambda) : "{unnamed}";
    }
    if (rest().starts_with("operator") && !is_identifier(rest().substr(8, 1).empty() ? '\0' : rest()[8])) {
      at_ += 8;
      return "operator" + operator_name();
    }
    const std::size_t start = at_;
    if (here() == '~') ++at_;
    // A "+" belongs to "state+8", the name of memory that no member was declared for.
    while (is_identifier(here()) || here() == '+') ++at_;
    std::string name(text_.substr(start, at_ - start));
    return name.starts_with("$_") ? std::string(lambda) : name;  // clang: local types without linkage
  }

  std::string operator_name() {
    static constexpr std::array<std::string_view, 39> symbols{
        "->*", "<=>", "<<=", ">>=", "()", "[]", "->", "<<", ">>", "<=", ">=", "==", "!=",
        "&&",  "||",  "++",  "--",  "+=", "-=", "*=", "/=", "%=", "^=", "&=", "|=", "<",
        ">",   "+",   "-",   "*",   "/",  "%",  "^",  "&",  "|",  "~",  "!",  "=",  ","};
    for (const std::string_view symbol : symbols) {
      if (!rest().starts_with(symbol)) continue;
      const char next = rest().size() > symbol.size() ? rest()[symbol.size()] : '\0';
      if (next != '\0' && std::string_view("( <[.:)").find(next) == std::string_view::npos) continue;
      at_ += symbol.size();
      return std::string(symbol);
    }
    if (take("\"\"")) {
      skip_spaces();
      return "\"\"" + word();
    }
    skip_spaces();
    for (const std::string_view keyword : {"new[]", "delete[]", "new", "delete", "co_await"})
      if (rest().starts_with(keyword) &&
          !is_identifier(rest().substr(keyword.size(), 1).empty() ? '\0' : rest()[keyword.size()])) {
        at_ += keyword.size();
        return " " + std::string(keyword);
      }
    return " " + conversion_type();
  }

  // Up to the empty parameter list that ends every conversion operator: "void (*)(int)" of "operator void (*)(int)()".
  std::string conversion_type() {
    std::string type;
    while (at_ < text_.size()) {
      if (rest().starts_with("()") && (rest().size() == 2 || rest()[2] != '(')) break;
      if (take("(anonymous namespace)::")) continue;
      const std::size_t start = at_;
      if (here() == '<') {
        skip_balanced();
      } else if (here() == '(') {
        skip_balanced();
        type += text_.substr(start, at_ - start);
      } else {
        type += text_[at_++];
      }
    }
    while (type.ends_with(' ')) type.pop_back();
    return type;
  }

  // Past the bracket that closes the one here. Inside, "<" may also be a comparison and ">" the end of "->".
  void skip_balanced() {
    std::vector<char> open;
    do {
      const char c = here();
      if (c == '(' || c == '[' || c == '{' || c == '<') {
        open.push_back(c);
      } else if (c == '>') {
        const bool arrow = at_ > 0 && text_[at_ - 1] == '-';
        if (open.back() == '<' && !arrow) open.pop_back();
      } else if (c == ')' || c == ']' || c == '}') {
        const char wanted = c == ')' ? '(' : c == ']' ? '[' : '{';
        if (std::find(open.begin(), open.end(), wanted) != open.end()) {
          while (open.back() != wanted) open.pop_back();
          open.pop_back();
        }
      } else if (rest().starts_with("operator") && (at_ == 0 || !is_identifier(text_[at_ - 1]))) {
        at_ += 8;
        while (here() != '\0' && std::string_view("<>=-").find(here()) != std::string_view::npos &&
               !(rest().starts_with(">") && open.back() == '<' && text_[at_ - 1] != 'r' && text_[at_ - 1] != '-'))
          ++at_;
        continue;
      }
      ++at_;
    } while (!open.empty() && at_ < text_.size());
  }

  static bool is_version(const std::string& name) {
    if (name == "__cxx11" || name == "_V2") return true;
    const std::size_t digits = name.starts_with("__") ? 2 : name.starts_with("v") ? 1 : 0;
    return digits != 0 && name.size() > digits &&
           std::all_of(name.begin() + static_cast<std::ptrdiff_t>(digits), name.end(),
                       [](unsigned char c) { return std::isdigit(c) != 0; });
  }

  std::string joined() const {
    std::string result;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::string& name = names_[i];
      const bool last = i + 1 == names_.size();
      if ((!last && is_version(name)) || name == "{}") continue;
      // A lambda is its call operator, whatever the compiler named it.
      const bool of_lambda = i > 0 && names_[i - 1] == lambda;
      if (of_lambda && (name == "operator()" || name == "__invoke" || name == "_FUN")) continue;
      if (!result.empty()) result += "::";
      result += name;
    }
    return result;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t declarators_ = 0;
  std::vector<std::string> names_;
};

}  // namespace

std::string normalized_function(std::string_view demangled) {
  std::string name = NameParser(demangled).parse();
  return name.empty() ? std::string(demangled) : name;
}

}  // namespace chicane

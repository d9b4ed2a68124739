// One pass over the characters. It recognises comments, character literals, strings and raw strings, and
// nothing else of C++.
#include "support/cpp_text.h"

#include <algorithm>
#include <cctype>
#include <regex>

#include "support/case_reader.h"

namespace tunec::test {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view source) : source_(source) {}

  std::vector<Literal> run() {
    while (at_ < source_.size()) {
      if (starts("//")) skip_to("\n");
      else if (starts("/*")) skip_to("*/");
      else if (starts("R\"") && !follows_name()) raw();
      else if (source_[at_] == '"') quoted('"');
      else if (source_[at_] == '\'' && !follows_name()) quoted('\'');  // but not the separator in 1'000
      else if (starts("#include")) skip_to("\n");
      else step();
    }
    return std::move(found_);
  }

 private:
  bool starts(std::string_view text) const { return source_.substr(at_).starts_with(text); }
  bool follows_name() const {
    return at_ > 0 &&
           (std::isalnum(static_cast<unsigned char>(source_[at_ - 1])) != 0 || source_[at_ - 1] == '_');
  }
  void step() { line_ += source_[at_++] == '\n' ? 1 : 0; }
  void skip_to(std::string_view end) {
    const std::size_t stop = std::min(source_.find(end, at_), source_.size());
    while (at_ < std::min(stop + end.size(), source_.size())) step();
  }

  void raw() {
    const std::size_t open = source_.find('(', at_);
    if (open == std::string_view::npos) return step();
    const std::string end = ")" + std::string(source_.substr(at_ + 2, open - at_ - 2)) + "\"";
    const std::size_t close = std::min(source_.find(end, open), source_.size());
    found_.push_back({std::string(source_.substr(open + 1, close - open - 1)), line_});
    skip_to(end);
  }

  void quoted(char quote) {
    const std::size_t line = line_, begin = ++at_;
    while (at_ < source_.size() && source_[at_] != quote && source_[at_] != '\n')
      at_ += source_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_, source_.size());
    if (quote == '"') found_.push_back({std::string(source_.substr(begin, at_ - begin)), line});
    if (at_ < source_.size()) step();
  }

  std::string_view source_;
  std::size_t at_ = 0, line_ = 1;
  std::vector<Literal> found_;
};

}  // namespace

std::vector<Include> includes_of(std::string_view source) {
  static const std::regex include("\\s*#\\s*include\\s*([<\"])([^>\"]+)[>\"].*");
  std::vector<Include> includes;
  std::size_t number = 0;
  for (const std::string& line : lines_of(source)) {
    ++number;
    std::smatch match;
    if (line.find('#') != std::string::npos && std::regex_match(line, match, include))
      includes.push_back({match[2], match[1] == "\"", number});
  }
  return includes;
}

std::vector<Literal> literals_of(std::string_view source) { return Scanner(source).run(); }

}  // namespace tunec::test

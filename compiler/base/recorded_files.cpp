// A line: `read LIMIT HASH NAME` or `list 0 HASH NAME`.
#include "base/recorded_files.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/lines.h"

namespace tunec {
namespace {

std::string answer_of(const std::variant<std::string, ReadError>& read, const Hash& hash) {
  if (const auto* error = std::get_if<ReadError>(&read)) return "no:" + hash(error->reason);
  return hash(std::get<std::string>(read));
}

std::string answer_of(const std::vector<std::string>& names, const Hash& hash) {
  std::string all;
  for (const std::string& name : names) all.append(name).push_back('\0');
  return hash(all);
}

// Up to the next blank, which is taken too.
std::string_view next_word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

struct Answered {
  std::string_view kind, limit, answer, name;
  explicit Answered(std::string_view line) : kind(next_word(line)), limit(next_word(line)), answer(next_word(line)), name(line) {}
  auto question() const { return std::tie(kind, limit, name); }
};

std::vector<Answered> answers_in(std::string_view record) {
  std::vector<Answered> answers;
  while (!record.empty()) answers.emplace_back(next_line(record));
  std::ranges::sort(answers, {}, &Answered::question);
  return answers;
}

}  // namespace

std::variant<std::string, ReadError> RecordedFiles::read(const std::string& path, std::size_t limit) const {
  auto answer = files_.read(path, limit);
  note(fmt::format("read {} {} ", limit, answer_of(answer, hash_)), path);
  return answer;
}

std::vector<std::string> RecordedFiles::list(const std::string& directory) const {
  auto answer = files_.list(directory);
  note(fmt::format("list 0 {} ", answer_of(answer, hash_)), directory);
  return answer;
}

void RecordedFiles::note(std::string line, const std::string& name) const {
  const std::scoped_lock lock(lock_);
  fits_ = fits_ && name.find('\n') == std::string::npos;
  lines_.insert(std::move(line) + name);
}

std::optional<std::string> RecordedFiles::record() const {
  const std::scoped_lock lock(lock_);
  if (!fits_) return std::nullopt;
  std::string text;
  for (const std::string& line : lines_) text.append(line).push_back('\n');
  return text;
}

std::optional<std::map<std::string, std::string>> ask_again(std::string_view record, const FileSystem& files) {
  std::map<std::string, std::string> texts;
  while (!record.empty()) {
    const Answered before(next_line(record));
    const std::string name(before.name);
    std::size_t limit = 0;
    if (std::from_chars(before.limit.data(), before.limit.data() + before.limit.size(), limit).ec != std::errc()) return std::nullopt;
    if (before.kind == "list") {
      (void)files.list(name);
    } else if (auto answer = files.read(name, limit); auto* text = std::get_if<std::string>(&answer)) {
      texts[name] = std::move(*text);
    }
  }
  return texts;
}

std::optional<std::vector<std::string>> other_files(std::string_view record, std::string_view other) {
  const std::vector<Answered> before = answers_in(record), now = answers_in(other);
  if (!std::ranges::equal(before, now, {}, &Answered::question, &Answered::question)) return std::nullopt;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (before[i].answer == now[i].answer) continue;
    if (now[i].kind != "read") return std::nullopt;
    names.emplace_back(now[i].name);
  }
  return names;
}

}  // namespace tunec

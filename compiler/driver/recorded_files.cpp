// A line: `read LIMIT HASH NAME` or `list 0 HASH NAME`.
#include "driver/recorded_files.h"

#include <charconv>
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

// Takes the text up to the next blank, and the blank too.
std::string_view next_word(std::string_view& line) {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
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

std::vector<std::string> answered_names(std::string_view record, const Hash& hash) {
  const std::string nothing = hash("");
  std::set<std::string> names;
  for (std::string_view rest = record; !rest.empty();) {
    std::string_view line = next_line(rest);
    const std::string_view kind = next_word(line);
    next_word(line);  // the limit
    const std::string_view answer = next_word(line);
    const bool missing = kind == "list" ? answer == nothing : answer.starts_with("no:");
    if (!missing) names.emplace(line);
  }
  return {names.begin(), names.end()};
}

bool same_answers(std::string_view record, const FileSystem& files, const Hash& hash) {
  const RecordedFiles again(files, hash);
  for (std::string_view rest = record; !rest.empty();) {
    std::string_view line = next_line(rest);
    const std::string_view kind = next_word(line), limit = next_word(line);
    next_word(line);  // the hash
    const std::string name(line);
    std::size_t bytes = 0;
    if (std::from_chars(limit.data(), limit.data() + limit.size(), bytes).ec != std::errc()) return false;
    if (kind == "list") (void)again.list(name);
    else (void)again.read(name, bytes);
  }
  return again.record() == record;
}

}  // namespace tunec

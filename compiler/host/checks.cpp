#include "host/checks.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>
#include <strings.h>
#include <nlohmann/json.hpp>

#include "base/cpu_set.h"
#include "base/lines.h"
#include "host/live.h"
#include "output/tree/paths.h"

namespace tunec::host {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string_view>;

Reading reading_of(const Json& json) {
  Reading reading;
  reading.read = json.value("read", std::string());
  reading.with = json.value("with", std::string());
  reading.line = json.value("line", std::string());
  reading.at = json.value("at", std::size_t{1});
  reading.columns = json.value("columns", std::vector<std::size_t>());
  reading.out_of = json.value("out_of", std::vector<std::size_t>());
  const std::string join = json.value("join", std::string("each"));
  reading.join = join == "sum" ? Join::sum : join == "count" ? Join::count : Join::each;
  const std::string as = json.value("as", std::string());
  reading.is_mask = as == "mask";
  reading.is_cpus = as == "cpus" || reading.is_mask;
  const bool is_kernels = reading.read.starts_with("/proc/") || reading.read.starts_with("/sys/");
  if (!is_kernels || path_fault(std::string_view(reading.read).substr(1)) != nullptr)
    throw Refused{fmt::format("would be read from `{}`", reading.read)};
  return reading;
}

template <class T>
std::optional<T> optional_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found == json.end() ? std::nullopt : std::optional<T>(found->get<T>());
}

std::string_view word(const Words& words, std::size_t place) {
  return place > 0 && place <= words.size() ? words[place - 1] : std::string_view();
}

// Some words are pairs: avg300=0.12.
double number_of(std::string_view text) {
  if (const std::size_t equals = text.find('='); equals != text.npos) text.remove_prefix(equals + 1);
  return std::strtod(std::string(text).c_str(), nullptr);
}

double sum(const Words& words, const std::vector<std::size_t>& columns) {
  double total = 0;
  for (const std::size_t column : columns) total += number_of(word(words, column));
  return total;
}

// A thing that was read: a file, or a line of it.
struct Piece {
  std::string path, text;
  double number = 0;
};

Piece piece_of(const Reading& reading, const std::string& path, std::string_view text) {
  Piece piece{path, std::string(text), 0};
  if (reading.is_cpus) {
    if (reading.is_mask) piece.text = list_of_mask(text).value_or(piece.text);
    piece.number = CpuSet::parse(piece.text).value_or(CpuSet()).size();
    return piece;
  }
  const Words words = words_of(text);
  if (!reading.line.empty() || !reading.columns.empty()) {
    const std::vector<std::size_t> columns = reading.columns.empty() ? std::vector<std::size_t>{2}
                                                                     : reading.columns;
    piece.text = std::string(word(words, columns.front()));
    piece.number = sum(words, columns);
    if (!reading.out_of.empty()) {
      const double whole = sum(words, reading.out_of);
      piece.number = whole > 0 ? piece.number * 100 / whole : 0;
    }
    return piece;
  }
  piece.number = number_of(text);
  return piece;
}

struct Pieces {
  bool is_there = false;  // a file that could be read
  std::vector<Piece> all;
};

bool is_line(std::string_view line, const std::string& wanted, std::size_t at) {
  return ::strcasecmp(std::string(word(words_of(line), at)).c_str(), wanted.c_str()) == 0;
}

bool has_line(std::string_view text, const std::string& wanted, std::size_t at) {
  while (!text.empty()) {
    if (is_line(next_line(text), wanted, at)) return true;
  }
  return false;
}

Pieces pieces_of(const Evidence& evidence, const Reading& reading) {
  Pieces pieces;
  for (const std::string& path : evidence.paths(reading.read)) {
    const std::optional<std::string> text = evidence.value(path);
    if (!text) {
      // A directory is counted like a file.
      if (reading.join == Join::count && reading.line.empty()) pieces.all.push_back({path, "", 1});
      continue;
    }
    pieces.is_there = true;
    if (!reading.with.empty() && !has_line(*text, reading.with, 1)) continue;
    if (reading.line.empty()) {
      // What is counted is there if it says something: a group without processes is none.
      if (reading.join != Join::count || !text->empty()) pieces.all.push_back(piece_of(reading, path, *text));
      continue;
    }
    for (std::string_view rest = *text; !rest.empty();) {
      const std::string_view line = next_line(rest);
      if (is_line(line, reading.line, reading.at)) pieces.all.push_back(piece_of(reading, path, line));
    }
  }
  return pieces;
}

std::string shown_number(double number) {
  return number == std::floor(number) ? fmt::format("{:.0f}", number) : fmt::format("{:.1f}", number);
}

double joined(const Reading& reading, const Pieces& pieces) {
  if (reading.join == Join::count) return static_cast<double>(pieces.all.size());
  double total = 0;
  for (const Piece& piece : pieces.all) total += piece.number;
  return total;
}

std::string wanted_of(const Check& check) {
  std::vector<std::string> parts;
  if (check.is) parts.push_back(*check.is);
  if (check.begins) parts.push_back(fmt::format("not `{}`", *check.begins));
  if (check.lacks) parts.push_back(fmt::format("no `{}`", *check.lacks));
  if (check.least && check.least == check.most) return shown_number(*check.least);
  if (check.least) parts.push_back(fmt::format("at least {}", shown_number(*check.least)));
  if (check.most) parts.push_back(fmt::format("at most {}", shown_number(*check.most)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

bool has_text(const Check& check, const Piece& piece) {
  if (check.reading.is_cpus && check.is) return CpuSet::parse(piece.text) == CpuSet::parse(*check.is);
  if (check.is && !shows(piece.path, piece.text, *check.is)) return false;
  if (check.begins && piece.text.starts_with(*check.begins)) return false;
  return !check.lacks || piece.text.find(*check.lacks) == std::string::npos;
}

using Verdict = CheckResult::Verdict;

Verdict verdict_of(const Check& check, double number) {
  if (check.most && number > *check.most) return Verdict::wrong;
  if (check.least && number < *check.least)
    return check.kind == "effect" && number > 0 ? Verdict::fewer : Verdict::wrong;
  return Verdict::right;
}

}  // namespace

bool is_of_verify(const Check& check) {
  return check.kind != "before" && check.kind != "guests" && check.kind != "harms";
}

Check check_of(const Json& json) {
  Check check;
  check.kind = json.at("kind").get<std::string>();
  check.what = json.at("what").get<std::string>();
  check.name = json.value("name", std::string());
  check.effect = json.value("effect", std::string());
  check.instead = json.value("instead", std::string());
  check.locked = json.value("locked", std::string());
  if (!check.locked.empty()) return check;
  check.reading = reading_of(json);
  if (const auto minus = json.find("minus"); minus != json.end()) check.minus = reading_of(*minus);
  check.is = optional_of<std::string>(json, "is");
  check.begins = optional_of<std::string>(json, "begins");
  check.lacks = optional_of<std::string>(json, "lacks");
  check.least = optional_of<double>(json, "least");
  check.most = optional_of<double>(json, "most");
  check.units = json.value("units", std::vector<std::string>());
  return check;
}

std::optional<std::string> list_of_mask(std::string_view mask) {
  CpuSet set;
  int cpu = 0;
  for (auto digit = mask.rbegin(); digit != mask.rend(); ++digit) {
    if (*digit == ',') continue;
    const std::size_t value = std::string_view("0123456789abcdef").find(*digit);
    if (value == std::string_view::npos || cpu > CpuSet::max_cpu) return std::nullopt;
    for (int bit = 0; bit < 4; ++bit) {
      if ((value >> bit & 1U) != 0) set.insert(cpu + bit, cpu + bit);
    }
    cpu += 4;
  }
  return set.to_string();
}

CheckResult look_at(const Evidence& evidence, const Check& check) {
  CheckResult result{Verdict::right, wanted_of(check), "", check.reading.read};
  const Pieces pieces = pieces_of(evidence, check.reading);
  const bool is_count = check.reading.join == Join::count;
  if (!pieces.is_there && !is_count) {
    result.verdict = Verdict::nothing_to_read;
    return result;
  }
  const bool is_of_numbers = check.least || check.most;
  if (is_count || check.reading.join == Join::sum || check.minus) {
    double number = joined(check.reading, pieces);
    if (check.minus) number -= joined(*check.minus, pieces_of(evidence, *check.minus));
    result.verdict = verdict_of(check, number);
    result.found = shown_number(number);
    return result;
  }
  if (pieces.all.empty()) result.verdict = Verdict::wrong;  // the line is not there
  for (const Piece& piece : pieces.all) {
    Verdict verdict = is_of_numbers ? verdict_of(check, piece.number) : Verdict::right;
    if (!is_of_numbers && !has_text(check, piece)) verdict = Verdict::wrong;
    result.found = is_of_numbers ? shown_number(piece.number) : piece.text;
    if (verdict == Verdict::right) continue;
    result.verdict = verdict;
    result.where = piece.path;
    break;
  }
  return result;
}

}  // namespace tunec::host

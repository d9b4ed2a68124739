// Values as text, both ways: what a message or a .tune file shows, and what a plain YAML scalar means.
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "base/overloaded.h"
#include "base/quantity.h"
#include "base/value.h"

namespace tunec {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// 'h' stands for one hexadecimal digit, 'o' for 0 to 7; anything else for itself.
bool has_shape(std::string_view text, std::string_view shape) {
  return std::equal(text.begin(), text.end(), shape.begin(), shape.end(), [](char c, char want) {
    if (want == 'h') return is_hex(c);
    if (want == 'o') return c >= '0' && c <= '7';
    return c == want;
  });
}

bool is_address(std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  if (text.empty() || text.size() > 45) return false;
  const std::string terminated(text);
  return inet_pton(AF_INET, terminated.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1;
}

bool is_prefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == text.npos) return false;
  const std::string_view address = text.substr(0, slash), length = text.substr(slash + 1);
  const int longest = address.find(':') == address.npos ? 32 : 128;
  int bits = 0;
  const auto [stop, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
  const bool whole = error == std::errc{} && stop == length.data() + length.size() &&
                     is_digit(length.front());
  return whole && bits <= longest && (length.size() == 1 || length.front() != '0') && is_address(address);
}

// Vendor and device. Modules accept more after these: subvendor, subdevice, class and its mask.
bool is_pci_id(std::string_view text) {
  constexpr std::size_t max_parts = 6, plain_parts = 4, longest = 8;
  std::size_t parts = 0;
  for (std::size_t begin = 0; begin <= text.size(); ++parts) {
    const std::size_t end = std::min(text.find(':', begin), text.size());
    const std::string_view part = text.substr(begin, end - begin);
    const bool fits = parts < 2             ? part.size() == 4
                      : parts < plain_parts ? part.size() == 4 || part.size() == longest
                                            : !part.empty() && part.size() <= longest;
    if (!fits || parts == max_parts || !std::ranges::all_of(part, is_hex)) return false;
    begin = end + 1;
  }
  return parts >= 2;
}

std::optional<WordKind> word_kind(std::string_view text) {
  if (has_shape(text, "hh:hh:hh:hh:hh:hh")) return WordKind::mac;
  if (is_pci_id(text)) return WordKind::pci_id;
  if (has_shape(text, "hh:hh.o") || has_shape(text, "hhhh:hh:hh.o") || has_shape(text, "hhhhh:hh:hh.o"))
    return WordKind::pci_address;
  if (is_address(text)) return WordKind::address;
  if (is_prefix(text)) return WordKind::prefix;
  const bool symbolic = is_letter(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
                          return is_letter(c) || is_digit(c) || c == '-';
                        });
  return symbolic && text.back() != '-' ? std::optional(WordKind::symbol) : std::nullopt;
}

// A number as we write it. "007" and "-0" are no numbers: both would print as something else.
std::optional<Value> plain_number(std::string_view text) {
  const std::string_view digits = text.substr(text.starts_with('-') ? 1 : 0);
  if (digits.empty() || !is_digit(digits.front())) return std::nullopt;
  if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1])) return std::nullopt;
  std::int64_t whole = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, whole);
  if (error == std::errc{} && stop == end && text != "-0") return Value{whole};
  if (text.find('.') == text.npos) return std::nullopt;
  const std::optional<Fraction> number = Fraction::parse(text);
  if (!number) return std::nullopt;
  return Value{Decimal{*number, std::string(text)}};
}

std::optional<Value> number_with_unit(std::string_view text) {
  const std::size_t unit = text.find_first_not_of("0123456789.", text.starts_with('-') ? 1 : 0);
  if (unit == text.npos || unit == 0) return std::nullopt;
  return quantity(text.substr(0, unit), text.substr(unit));
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else {
      if (c == '"' || c == '\\' || c == '{' || c == '}') result += '\\';
      result += c;
    }
  }
  return result + '"';
}

std::string date_text(const Date& date) {
  std::array<char, 48> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%04d-%02d-%02d", date.year, date.month, date.day);
  return buffer.data();
}

std::string cpu_source(const CpuSet& set) {
  std::string text = "[";
  for (const auto& [first, last] : set.runs()) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(first);
    if (last > first) text += ".." + std::to_string(last);
  }
  return text + "]";
}

enum class Quotes { no, yes };

std::string text_with(const Value& value, Quotes quotes) {
  const auto joined = [quotes](const std::vector<Value>& items, std::string_view between) {
    std::string text;
    for (const Value& item : items) {
      if (&item != items.data()) text += between;
      text += text_with(item, quotes);
    }
    return text;
  };
  return std::visit(
      overloaded{
          [](const Poison&) { return std::string("?"); },
          [](bool on) { return std::string(on ? "on" : "off"); },
          [](std::int64_t number) { return std::to_string(number); },
          [](const Decimal& number) { return number.text.empty() ? number.number.text() : number.text; },
          [](const Word& word) { return word.text; },
          [quotes](const std::string& text) { return quotes == Quotes::yes ? quoted(text) : text; },
          [quotes](const CpuSet& set) { return quotes == Quotes::yes ? cpu_source(set) : set.to_string(); },
          [](const Version& version) { return version.text; },
          [](const Date& date) { return date_text(date); },
          [&joined](const Range& range) { return joined(range.ends, ".."); },
          [&joined](const List& list) {
            return std::string("[").append(joined(list.items, ", ")).append("]");
          },
          [](const auto& amount) { return quantity_text(amount); },
      },
      value.v);
}

}  // namespace

std::optional<Date> Date::parse(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  for (const std::size_t at : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (!is_digit(text[at])) return std::nullopt;
  }
  Date date;
  std::from_chars(text.data(), text.data() + 4, date.year);
  std::from_chars(text.data() + 5, text.data() + 7, date.month);
  std::from_chars(text.data() + 8, text.data() + 10, date.day);
  constexpr std::array days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (date.month < 1 || date.month > 12 || date.day < 1) return std::nullopt;
  const bool leap = (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;
  const int longest = days[static_cast<std::size_t>(date.month - 1)] + (leap && date.month == 2 ? 1 : 0);
  return date.day <= longest ? std::optional(date) : std::nullopt;
}

Word literal_word(WordKind kind, std::string_view text) {
  Word word{kind, std::string(text)};
  const bool is_device = kind == WordKind::mac || kind == WordKind::pci_id || kind == WordKind::pci_address;
  if (!is_device) return word;
  std::ranges::transform(word.text, word.text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  constexpr std::string_view domain = "0000:";
  if (kind != WordKind::pci_address) return word;
  const std::size_t colon = word.text.find(':');
  if (colon == 2) word.text.insert(0, domain);
  else if (colon == domain.size() && word.text.front() == '0') word.text.erase(0, 1);  // %04x in the kernel
  return word;
}

Value scalar_from_text(std::string_view text) {
  if (text.empty()) return {std::string()};
  if (text == "on" || text == "true") return {true};
  if (text == "off" || text == "false") return {false};
  if (std::optional<Value> number = plain_number(text)) return *std::move(number);
  if (std::optional<Value> amount = number_with_unit(text)) return *std::move(amount);
  if (const std::optional<Date> date = Date::parse(text)) return {*date};
  if (const std::optional<WordKind> kind = word_kind(text)) return {literal_word(*kind, text)};
  return {std::string(text)};
}

std::string to_source(const Value& value) { return text_with(value, Quotes::yes); }
std::string to_text(const Value& value) { return text_with(value, Quotes::no); }

std::string_view type_name(const Value& value) {
  if (const Word* word = value.get_if<Word>()) {
    constexpr std::array<std::string_view, 7> names = {"word",   "address",     "prefix", "MAC address",
                                                       "PCI id", "PCI address", "module"};
    return names[static_cast<std::size_t>(word->kind)];
  }
  constexpr std::array<std::string_view, 16> names = {
      "nothing",   "bool", "integer", "decimal", "size",    "duration", "percent", "ratio",
      "bandwidth", "word", "string",  "CPU set", "version", "date",     "range",   "list"};
  static_assert(names.size() == std::variant_size_v<ValueAlternatives>);
  return names[value.v.index()];
}

}  // namespace tunec

// See literals.h. Numbers are read with from_chars, which ignores the locale.
#include "syntax/literals.h"

#include <algorithm>
#include <charconv>

#include "base/lines.h"
#include "base/suggest.h"
#include "diagnostics/diag.h"

namespace tunec::syntax {
namespace {

bool is_at_most(std::string_view digits, int limit) {
  int number = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number);
  return error == std::errc{} && end == digits.end() && number <= limit;
}

bool is_v4(std::string_view text) {
  const auto octets = split(text, '.');
  return octets.size() == 4 &&
         std::ranges::all_of(octets, [](std::string_view octet) { return is_at_most(octet, 255); });
}

// The lexer guarantees that there is at most one `::`, and that groups are short.
bool is_v6(std::string_view text) {
  std::size_t groups = 0;
  for (const std::string_view part : split(text, ':')) {
    if (part.find('.') != std::string_view::npos) {
      if (!is_v4(part)) return false;
      groups += 2;
    } else if (!part.empty()) {
      ++groups;
    }
  }
  return text.find("::") != std::string_view::npos ? groups <= 7 : groups == 8;
}

bool is_address(std::string_view text) {
  return text.find(':') != std::string_view::npos ? is_v6(text) : is_v4(text);
}

bool is_prefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  return is_address(address) &&
         is_at_most(text.substr(slash + 1), address.find(':') != std::string_view::npos ? 128 : 32);
}

std::optional<Value> whole_number(std::string_view digits, int base) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number, base);
  if (end != digits.end()) return std::nullopt;
  if (error == std::errc{}) return Value{number};
  // Up to 2^64 - 1, which some consumers accept: kept as digits, without arithmetic.
  std::uint64_t large = 0;
  const auto [end_of_large, error_of_large] = std::from_chars(digits.begin(), digits.end(), large, base);
  if (error_of_large != std::errc{} || end_of_large != digits.end()) return std::nullopt;
  return symbol(std::to_string(large));
}

std::optional<Value> decimal(std::string_view text) {
  const std::optional<Fraction> number = Fraction::parse(text);
  if (!number) return std::nullopt;
  return Value{Decimal{*number, std::string(text)}};
}

std::optional<Value> word(WordKind kind, std::string_view text, bool good) {
  if (!good) return std::nullopt;
  return Value{literal_word(kind, text)};
}

constexpr std::string_view leading_zero = "a number: it begins with 0";

bool has_leading_zero(std::string_view digits) { return digits.size() > 1 && digits[0] == '0'; }

// Nothing if the text is wrong; then `expected` describes a right one.
std::optional<Value> read(Shape shape, std::string_view text, std::string_view& expected) {
  switch (shape) {
    case Shape::whole:
      // The kernel would read 010 as 8, systemd would read it as a mode.
      expected = has_leading_zero(text) ? leading_zero : "a whole number of 64 bits";
      return has_leading_zero(text) ? std::nullopt : whole_number(text, 10);
    case Shape::hex: expected = "a whole number of 64 bits"; return whole_number(text.substr(2), 16);
    case Shape::decimal: expected = "a number of at most 24 digits"; return decimal(text);
    case Shape::version: {
      expected = "a version";
      auto version = Version::parse(text);
      if (!version) return std::nullopt;
      return Value{*std::move(version)};
    }
    case Shape::date: {
      expected = "a day of the calendar";
      const auto date = Date::parse(text);
      if (!date) return std::nullopt;
      return Value{*date};
    }
    case Shape::address: expected = "an address"; return word(WordKind::address, text, is_address(text));
    case Shape::prefix:
      expected = "an address and a prefix length";
      return word(WordKind::prefix, text, is_prefix(text));
    case Shape::mac: return word(WordKind::mac, text, true);
    case Shape::pci_id: return word(WordKind::pci_id, text, true);
    case Shape::pci_address: return word(WordKind::pci_address, text, true);
    case Shape::boolean: return Value{text == "on" || text == "true"};
    case Shape::quantity: break;
  }
  return std::nullopt;
}

// Suffixes of the kernel, of systemd, of other tools. The kernel's G counts in 1024.
constexpr std::pair<std::string_view, std::string_view> foreign_units[] = {
    {"k", "KiB"},       {"K", "KiB"},     {"Ki", "KiB"},    {"kib", "KiB"},   {"kiB", "KiB"},
    {"M", "MiB"},       {"Mi", "MiB"},    {"mib", "MiB"},   {"g", "GiB"},     {"G", "GiB"},
    {"Gi", "GiB"},      {"gib", "GiB"},   {"t", "TiB"},     {"T", "TiB"},     {"Ti", "TiB"},
    {"tib", "TiB"},     {"b", "B"},       {"byte", "B"},    {"bytes", "B"},   {"kbit", "Kbps"},
    {"Kbit", "Kbps"},   {"kbps", "Kbps"}, {"mbit", "Mbps"}, {"Mbit", "Mbps"}, {"mbps", "Mbps"},
    {"gbit", "Gbps"},   {"Gbit", "Gbps"}, {"gbps", "Gbps"}, {"Gbe", "Gbps"},  {"GbE", "Gbps"},
    {"nsec", "ns"},     {"usec", "us"},   {"msec", "ms"},   {"sec", "s"},     {"secs", "s"},
    {"second", "s"},    {"seconds", "s"}, {"m", "min"},     {"mins", "min"},  {"minute", "min"},
    {"minutes", "min"}, {"hr", "h"},      {"hour", "h"},    {"hours", "h"},   {"day", "d"},
    {"days", "d"},
};

// Reports the unit that was probably meant at `where`. False if that is unknown.
bool add_unit(Draft& draft, Span where, std::string_view number, std::string_view unit) {
  const auto* foreign = std::ranges::find(foreign_units, unit, [](const auto& pair) { return pair.first; });
  if (foreign == std::end(foreign_units)) {
    const auto near = nearest(unit, unit_names());
    if (near) draft.did_you_mean(*near, number);
    return near.has_value();
  }
  // 10G can be a size, or the speed of a network card.
  static constexpr std::string_view speeds[] = {"1", "2.5", "5", "10", "25", "40", "50", "100", "200", "400"};
  const bool either = unit == "G" && std::ranges::find(speeds, number) != std::end(speeds);
  const std::string name(foreign->second);
  draft.did_you_mean({std::string(unit), name, !either && unit != "m"}, number,
                     either ? fmt::format(", or `{}Gbps`", number) : "");
  if (either) draft.fix({Edit::Kind::replace, where, "Gbps"}, Certainty::likely);
  return true;
}

std::optional<Value> read_quantity(std::string_view text, Span span, Reporter& reporter) {
  const std::size_t unit_at = text.find_first_not_of("0123456789.");
  const std::string_view unit = text.substr(unit_at);
  if (auto value = quantity(text.substr(0, unit_at), unit)) return value;
  const auto& units = unit_names();
  if (std::ranges::find(units, unit) != units.end()) {
    reporter.report(span, diag::bad_literal, std::string(text), "a quantity that fits 64 bits");
    return std::nullopt;
  }
  const Span where{span.file, span.begin + static_cast<std::uint32_t>(unit_at), span.end};
  auto draft = reporter.report(where, diag::unknown_unit, std::string(unit));
  // Names such as that of the module 8021q also begin with a digit.
  if (!add_unit(draft, where, text.substr(0, unit_at), unit))
    draft.help(fmt::format("if it is a name, write \"{}\"", text))
        .fix({Edit::Kind::replace, span, fmt::format("\"{}\"", text)}, Certainty::likely);
  return std::nullopt;
}

// Where the hole that begins with `{` at `from` ends; npos if it has no end.
std::size_t hole_end(std::string_view text, std::size_t from) {
  bool quoted = false;
  for (std::size_t i = from + 1; i < text.size(); ++i) {
    if (text[i] == '\\') ++i;
    else if (text[i] == '"') quoted = !quoted;
    else if (text[i] == '}' && !quoted) return i;
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<Value> literal_value(Shape shape, std::string_view text, Span span, Reporter& reporter) {
  if (shape == Shape::quantity) return read_quantity(text, span, reporter);
  std::string_view expected;
  auto value = read(shape, text, expected);
  if (value) return value;
  Draft draft = reporter.report(span, diag::bad_literal, std::string(text), std::string(expected));
  if (expected == leading_zero) {
    const std::string number(text.substr(std::min(text.find_first_not_of('0'), text.size() - 1)));
    draft.help(fmt::format("write \"{}\" if the zero belongs to it, as in a mode, else `{}`", text, number));
    draft.fix({Edit::Kind::replace, span, fmt::format("\"{}\"", text)}, Certainty::likely);
    draft.fix({Edit::Kind::replace, span, number}, Certainty::likely);
  }
  return value;
}

StringParts read_string(std::string_view text, Span span, Reporter& reporter) {
  StringParts parts{{""}, {}};
  const auto place = [&](std::size_t begin, std::size_t end) {
    return Span{span.file, span.begin + static_cast<std::uint32_t>(begin),
                span.begin + static_cast<std::uint32_t>(end)};
  };
  const bool closed = text.size() >= 2 && text.back() == '"';
  if (closed) text.remove_suffix(1);
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      const char next = text[++i];
      const bool is_escape = std::string_view("\"\\nt{}").find(next) != std::string_view::npos;
      std::size_t end = i + 1;  // after the whole character
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
      if (!is_escape)
        reporter.report(place(i - 1, end), diag::bad_escape, std::string(text.substr(i - 1, end - i + 1)));
      parts.pieces.back() += next == 'n' ? '\n' : next == 't' ? '\t' : next;
    } else if (c == '{' && closed) {
      const std::size_t end = hole_end(text, i);
      if (end == std::string_view::npos) {
        reporter.report(place(i, i + 1), diag::unclosed, "{")
            .help("`{` in a string begins a hole; write \\{ for the character");
        return {{""}, {}};
      }
      const Span hole = place(i + 1, end);
      parts.holes.emplace_back(hole.begin, hole.end);
      parts.pieces.emplace_back();
      i = end;
    } else {
      parts.pieces.back() += c;
    }
  }
  return parts;
}

std::string escape(std::string_view piece) {
  std::string out;
  for (const char c : piece) {
    if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (c == '"' || c == '\\' || c == '{' || c == '}') (out += '\\') += c;
    else out += c;
  }
  return out;
}

}  // namespace tunec::syntax

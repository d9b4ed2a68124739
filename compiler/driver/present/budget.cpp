#include "driver/present/budget.h"

#include <algorithm>
#include <cmath>

#include <fmt/ranges.h>

#include "base/table.h"
#include "base/units.h"
#include "driver/present/terminal.h"

namespace tunec {
namespace {

constexpr std::size_t bar_width = 60, max_named = 4;

double number_of(const Value& value) {
  if (const auto number = base_number(value)) return static_cast<double>(*number);
  if (const auto* decimal = value.get_if<Decimal>()) return decimal->number.approximate();
  if (const auto* percent = value.get_if<Percent>()) return percent->of_hundred.approximate();
  if (const auto* ratio = value.get_if<Ratio>()) return ratio->times.approximate();
  return 0;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// "12,345".
std::string with_commas(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::vector<std::string> part_names(const Sheet& sheet) {
  std::vector<std::string> names;
  for (const SheetPart& part : sheet.parts) names.push_back(part.name);
  return names;
}

std::string amount(const Value& value, const Sheet& sheet) {
  if (value.poisoned()) return "unknown";
  return number_of(value) == 0 ? "-" : readable(value, sheet.total);
}

std::string share(const Value& value, const Value& total) {
  if (number_of(total) <= 0 || number_of(value) == 0) return "";
  return fmt::format("{:.1f}%", 100 * number_of(value) / number_of(total));
}

std::string excess(const Sheet& sheet) { return readable(sheet.message_names().at("excess"), sheet.total); }

// "60GiB of 64GiB are promised, 4GiB left".
std::string verdict(const Sheet& sheet) {
  std::string text;
  if (sheet.of_cpus()) {
    const int total = sheet.total.as<CpuSet>().size(), left = sheet.left.as<CpuSet>().size();
    text = fmt::format("{} of {} promised", total - left, counted(static_cast<std::size_t>(total), "CPU"));
    if (left > 0) text += fmt::format(", {} left", left);
    if (!sheet.twice.empty()) text += fmt::format(", {} TWICE", sheet.twice.size());
    if (!sheet.outside.empty()) text += fmt::format(", {} NOT THERE", sheet.outside.size());
  } else if (sheet.promised.poisoned()) {
    text = fmt::format("unknown how much of {} is promised", readable(sheet.total, sheet.total));
  } else {
    text = fmt::format("{} of {} promised, ", readable(sheet.promised, sheet.total),
                       readable(sheet.total, sheet.total));
    text += sheet.closes
                ? (number_of(sheet.left) == 0 ? "nothing left" : readable(sheet.left, sheet.total) + " left")
                : excess(sheet) + " TOO MUCH";
  }
  return sheet.waived ? text + " (waived)" : text;
}

std::string heading(const Sheet& sheet) {
  return fmt::format("  {}{}{}: {}\n", sheet.budget->name.text, sheet.of.empty() ? "" : ", ", sheet.of,
                     verdict(sheet));
}

std::string cpus_text(const Sheet& sheet, const Facts& facts, TextStyle style) {
  const std::string letters = letters_for(part_names(sheet));
  std::string text = heading(sheet) + cpu_map(sheet, letters, facts, style);
  Table table({Align::left, Align::left, Align::right}, 4);
  const auto row = [&](char letter, const std::string& name, const CpuSet& cpus) {
    table.add(
        {std::string(1, letter), name, cpus.empty() ? "-" : std::to_string(cpus.size()), cpus.to_string()});
  };
  for (std::size_t i = 0; i < sheet.parts.size(); ++i) {
    const auto* cpus = sheet.parts[i].value.get_if<CpuSet>();
    if (cpus != nullptr) row(letters[i], sheet.parts[i].name, *cpus);
    else table.add({std::string(1, letters[i]), sheet.parts[i].name, "unknown"});
  }
  if (const auto& left = sheet.left.as<CpuSet>(); !left.empty()) row('.', "not promised", left);
  if (!sheet.twice.empty()) row('!', "promised twice", sheet.twice);
  if (const CpuSet others = shown_in_map(sheet, facts) - sheet.total.as<CpuSet>(); !others.empty())
    row('-', "not in the total", others);
  text += table.text();
  for (const SheetPart& part : sheet.parts) {
    const auto* cpus = part.value.get_if<CpuSet>();
    if (cpus == nullptr || (*cpus & sheet.outside).empty()) continue;
    text += fmt::format("    promised to {}, and not in the total: {}\n", part.name,
                        (*cpus & sheet.outside).to_string());
  }
  return text;
}

std::string amounts_text(const Sheet& sheet, TextStyle style) {
  if (sheet.promised.poisoned()) return heading(sheet);
  const std::string letters = letters_for(part_names(sheet));
  Table table({Align::left, Align::left, Align::right, Align::right}, 4);
  std::vector<double> amounts;
  for (std::size_t i = 0; i < sheet.parts.size(); ++i) {
    const SheetPart& part = sheet.parts[i];
    amounts.push_back(number_of(part.value));
    table.add(
        {std::string(1, letters[i]), part.name, amount(part.value, sheet), share(part.value, sheet.total)});
  }
  if (sheet.closes) table.add({".", "left", amount(sheet.left, sheet), share(sheet.left, sheet.total)});
  else table.add({"", "too much", excess(sheet), share(sheet.message_names().at("excess"), sheet.total)});
  table.add({"", "total", amount(sheet.total, sheet), ""});
  std::string drawn;
  const std::string plain = bar(amounts, letters, number_of(sheet.total), bar_width);
  for (std::size_t begin = 0, end = 0; begin < plain.size(); begin = end) {
    end = std::min(plain.find_first_not_of(plain[begin], begin), plain.size());
    drawn += painted(plain.substr(begin, end - begin), plain[begin], letters, style);
  }
  return fmt::format("{}{}    [{}]{}\n", heading(sheet), table.text(), drawn,
                     sheet.closes ? "" : fmt::format(" {} too much", excess(sheet)));
}

// One budget of several nodes or pools: a row for each.
std::string rows_text(std::span<const Sheet> sheets) {
  const Sheet& first = sheets.front();
  std::vector<Align> columns{Align::left, Align::right};
  std::vector<std::string> head{"", "total"};
  for (const SheetPart& part : first.parts) {
    columns.push_back(Align::right);
    head.push_back(part.name);
  }
  columns.push_back(Align::right);
  head.push_back("left");
  Table table(columns, 4);
  table.add(head);
  for (const Sheet& sheet : sheets) {
    std::vector<std::string> row{sheet.of, readable(sheet.total, sheet.total)};
    for (const SheetPart& part : sheet.parts) row.push_back(amount(part.value, sheet));
    row.push_back(amount(sheet.left, sheet));
    row.push_back(sheet.closes ? "" : sheet.waived ? "TOO MUCH (waived)" : "TOO MUCH");
    table.add(std::move(row));
  }
  return fmt::format("  {}:\n{}", first.budget->name.text, table.text());
}

// "kvm-07 and 3,999 others: kvm-01, kvm-02, …".
std::string names_of(const BudgetEntry& entry, std::string_view asked) {
  std::vector<std::string_view> names;
  for (const HostPlan* host : entry.hosts) names.push_back(host->name);
  const auto first = std::ranges::find(names, asked);
  if (first != names.end()) std::rotate(names.begin(), first, first + 1);
  if (!entry.of.empty()) {
    const std::size_t count = names.size();
    names.resize(std::min(count, max_named));
    return fmt::format("{} ({} host{}: {}{})", entry.of, with_commas(count), count == 1 ? "" : "s",
                       fmt::join(names, ", "), count > max_named ? ", …" : "");
  }
  std::string text(names.front());
  const std::size_t others = names.size() - 1;
  names.erase(names.begin());
  names.resize(std::min(others, max_named));
  if (others == 1) text += fmt::format(" and {}", names.front());
  else if (others > 1)
    text += fmt::format(" and {} others: {}{}", with_commas(others), fmt::join(names, ", "),
                        others > max_named ? ", …" : "");
  return text + fmt::format(" ({})", entry.hosts.front()->facts->platform->describe());
}

}  // namespace

std::string budget_text(const BudgetEntry& entry, TextStyle style, std::string_view asked) {
  std::string text = names_of(entry, asked) + "\n";
  for (std::size_t begin = 0, end = 0; begin < entry.sheets.size(); begin = end) {
    const Sheet& sheet = entry.sheets[begin];
    end = begin + 1;
    while (end < entry.sheets.size() && entry.sheets[end].budget == sheet.budget) ++end;
    text += "\n";
    if (sheet.of_cpus()) {
      for (std::size_t i = begin; i < end; ++i)
        text += cpus_text(entry.sheets[i], *entry.hosts.front()->facts, style);
    } else {
      text += end - begin > 1 ? rows_text(std::span(entry.sheets).subspan(begin, end - begin))
                              : amounts_text(sheet, style);
    }
  }
  return text;
}

std::string letters_for(const std::vector<std::string>& names) {
  std::string letters;
  const auto take = [&](char c) {
    if (!is_letter(c) || letters.find(c) != std::string::npos) return false;
    letters += c;
    return true;
  };
  for (const std::string& name : names) {
    std::string wanted;
    for (std::size_t i = 0; i < name.size(); ++i) {
      if (i == 0 || !is_letter(name[i - 1])) wanted += lower(name[i]);  // the first letter of a word
    }
    for (const char c : name) wanted += lower(c);
    for (const char c : name) wanted += upper(c);
    wanted += "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (std::ranges::none_of(wanted, take)) letters += '#';
  }
  return letters;
}

std::string bar(const std::vector<double>& amounts, const std::string& letters, double total,
                std::size_t width) {
  double promised = 0;
  for (const double amount : amounts) promised += std::max(amount, 0.0);
  const bool full = promised > total;
  const double scale = full ? promised : total;
  if (scale <= 0) return std::string(width, '.');
  const std::size_t columns = full ? width - 1 : width;  // the mark takes one column
  std::vector<std::size_t> parts;
  std::size_t taken = 0;
  for (const double amount : amounts) {
    parts.push_back(amount > 0 ? std::max(std::size_t{1}, static_cast<std::size_t>(std::lround(
                                                              amount / scale * static_cast<double>(columns))))
                               : 0);
    taken += parts.back();
  }
  // Rounding changes the sum. The largest part makes up for it, and takes what remains if nothing is left.
  const auto largest = [&] { return std::ranges::max_element(parts); };
  while (taken > columns && *largest() > 1) {
    --*largest();
    --taken;
  }
  if (taken < columns && promised >= total) *largest() += columns - taken;
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) text.append(parts[i], letters[i]);
  text.resize(columns, '.');
  if (full)
    text.insert(std::min(columns, static_cast<std::size_t>(std::lround(std::max(total, 0.0) / scale *
                                                                       static_cast<double>(columns)))),
                "|");
  return text;
}

std::string painted(const std::string& text, char letter, const std::string& letters, TextStyle style) {
  if (!style.colour || letter == '.' || letter == '-' || letter == ' ') return text;
  if (letter == '!' || letter == '|') return in_colour(text, "1;31");
  constexpr int colours[] = {34, 32, 36, 33, 35, 94, 92, 96};
  const std::size_t at = letters.find(letter);
  return in_colour(text, std::to_string(colours[at % std::size(colours)]));
}

}  // namespace tunec

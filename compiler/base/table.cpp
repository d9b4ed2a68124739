#include "base/table.h"

#include <algorithm>

namespace tunec {

std::size_t characters(std::string_view text) {
  // Counts the bytes that begin a character.
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string counted(std::size_t count, std::string_view noun) {
  std::string text = std::to_string(count) + " ";
  text += noun;
  return count == 1 ? text : text + "s";
}

Table::Table(std::vector<Align> columns, std::size_t indent, std::size_t gap)
    : columns_(std::move(columns)), indent_(indent), gap_(gap) {}

void Table::add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

std::vector<std::string> Table::lines() const {
  const auto is_right = [&](std::size_t i) { return i < columns_.size() && columns_[i] == Align::right; };
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i + 1 < row.size() || is_right(i)) widths[i] = std::max(widths[i], characters(row[i]));
    }
  }
  std::vector<std::string> lines;
  for (const auto& row : rows_) {
    std::string line(indent_, ' ');
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string blanks(widths[i] - std::min(widths[i], characters(row[i])), ' ');
      if (i > 0) line.append(gap_, ' ');
      line += is_right(i) ? blanks + row[i] : row[i] + blanks;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string Table::text() const {
  std::string text;
  for (const std::string& line : lines()) text += line + "\n";
  return text;
}

}  // namespace tunec

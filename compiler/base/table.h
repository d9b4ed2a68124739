// Texts in columns, aligned by the number of their characters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tunec {

// Of UTF-8; combining and wide characters count as one.
std::size_t characters(std::string_view text);

// "1 host", "2 hosts".
std::string counted(std::size_t count, std::string_view noun);

enum class Align : bool { left, right };

class Table {
 public:
  // Columns beyond those named are aligned to the left. `indent` blanks come before the first column, `gap`
  // blanks between two.
  explicit Table(std::vector<Align> columns = {}, std::size_t indent = 0, std::size_t gap = 2);

  // A row may have fewer cells than others. Its last one needs no blanks after it, so it does not widen a
  // column that is aligned to the left.
  void add(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }

  // One line for each row, without blanks at its end.
  std::vector<std::string> lines() const;
  std::string text() const;

 private:
  std::vector<Align> columns_;
  std::size_t indent_, gap_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace tunec

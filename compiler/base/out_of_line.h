// A std::variant whose special members and comparison are compiled once, in a file that says
// `template struct OutOfLine<…>` behind out_of_line_definitions.h. A variant of many types costs each file
// that copies, destroys or compares one about a second to compile; here such a file only calls them.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>
#include <variant>

namespace tunec {

template <class Variant>
struct OutOfLine : Variant {
  OutOfLine();
  template <class T>
  requires(!std::derived_from<std::remove_cvref_t<T>, Variant>) OutOfLine(T&& value)
      : Variant(std::forward<T>(value)) {}
  OutOfLine(const OutOfLine& other);
  OutOfLine(OutOfLine&& other) noexcept;
  OutOfLine& operator=(const OutOfLine& other);
  OutOfLine& operator=(OutOfLine&& other) noexcept;
  ~OutOfLine();
  bool operator==(const OutOfLine& other) const;
};

}  // namespace tunec

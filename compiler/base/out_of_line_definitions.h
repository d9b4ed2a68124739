// The members of OutOfLine, for the files that instantiate it; see out_of_line.h.
#pragma once

#include "base/out_of_line.h"

namespace tunec {

template <class Variant>
OutOfLine<Variant>::OutOfLine() = default;
template <class Variant>
OutOfLine<Variant>::OutOfLine(const OutOfLine& other) = default;
template <class Variant>
OutOfLine<Variant>::OutOfLine(OutOfLine&& other) noexcept = default;
template <class Variant>
OutOfLine<Variant>& OutOfLine<Variant>::operator=(const OutOfLine& other) = default;
template <class Variant>
OutOfLine<Variant>& OutOfLine<Variant>::operator=(OutOfLine&& other) noexcept = default;
template <class Variant>
OutOfLine<Variant>::~OutOfLine() = default;
template <class Variant>
bool OutOfLine<Variant>::operator==(const OutOfLine& other) const {
  return static_cast<const Variant&>(*this) == static_cast<const Variant&>(other);
}

}  // namespace tunec

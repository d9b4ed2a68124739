// The files that tunec ships: profiles, intents, policies, platforms. They are parsed only if a site needs
// them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tunec {

struct ShippedFile {
  std::string_view path;  // "profiles/novacron.balanced.tune"
  std::string_view text;  // part of the program
};

class Library {
 public:
  Library() = default;
  explicit Library(std::vector<ShippedFile> files) : files_(std::move(files)) {}

  const ShippedFile* find(std::string_view path) const;
  std::vector<const ShippedFile*> under(std::string_view folder) const;  // sorted by path
  // The file that declares a profile, found by its text, without parsing.
  const ShippedFile* with_profile(std::string_view name) const;
  std::vector<std::string> profile_names() const;  // for suggestions

 private:
  std::vector<ShippedFile> files_;  // sorted by path
};

}  // namespace tunec

// Finds a profile by the line that begins with `profile NAME`: shipped files are ours, and formatted so.
#include "site/library.h"

#include <algorithm>

namespace tunec {
namespace {

constexpr std::string_view opening = "profile ";

// Calls `use(name)` for each profile that the text declares; stops when `use` returns true.
template <class F>
bool each_profile(std::string_view text, F use) {
  for (std::size_t at = 0; at != std::string_view::npos;) {
    const std::string_view line = text.substr(at);
    if (line.starts_with(opening)) {
      const std::string_view rest = line.substr(opening.size());
      if (use(rest.substr(0, rest.find_first_of("( {\n")))) return true;
    }
    at = text.find('\n', at);
    if (at != std::string_view::npos) ++at;
  }
  return false;
}

bool holds_profiles(const ShippedFile& file) {
  return file.path.ends_with(".tune") && !file.path.starts_with("profiles/examples/") &&
         (file.path.starts_with("profiles/") || file.path.starts_with("stdlib/intents/"));
}

}  // namespace

const ShippedFile* Library::find(std::string_view path) const {
  const auto found = std::ranges::find(files_, path, &ShippedFile::path);
  return found == files_.end() ? nullptr : &*found;
}

std::vector<const ShippedFile*> Library::under(std::string_view folder) const {
  std::vector<const ShippedFile*> found;
  for (const ShippedFile& file : files_) {
    if (file.path.starts_with(folder)) found.push_back(&file);
  }
  return found;
}

const ShippedFile* Library::with_profile(std::string_view name) const {
  for (const ShippedFile& file : files_) {
    if (holds_profiles(file) &&
        each_profile(file.text, [&](std::string_view found) { return found == name; }))
      return &file;
  }
  return nullptr;
}

std::vector<std::string> Library::profile_names() const {
  std::vector<std::string> names;
  for (const ShippedFile& file : files_) {
    if (!holds_profiles(file)) continue;
    each_profile(file.text, [&](std::string_view name) {
      names.emplace_back(name);
      return false;
    });
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace tunec

// The catalogue as one block of bytes: indices sorted by name, then the records. The build writes it into the
// program, which reads it in place. Opening costs nothing at any size, a look-up is a binary search, and only
// the records that a site uses are decoded. One build writes and reads it, so it has no version.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/param.h"
#include "catalogue/release.h"

namespace tunec::table {

struct Contents {
  std::vector<ParamInfo> records;  // names must be unique
  std::vector<Release> releases;
  // By name: one byte for each release, in their order: ModuleIn, OptionIn.
  std::map<std::string, std::string> modules, options;
  // Other names of records; modules that are not the kernel's own, with their origin
  std::map<std::string, std::string> spellings, elsewhere;
};

std::string write(Contents contents);

enum class Section : unsigned char {
  records,
  modules,
  options,
  misspellings,
  aliases,
  spellings,
  elsewhere,
};

std::size_t size(std::string_view table, Section section);
std::string_view name_at(std::string_view table, Section section, std::size_t index);
// The first index whose name is not less than `name`; the index of exactly this name.
std::size_t lower_bound(std::string_view table, Section section, std::string_view name);
std::optional<std::size_t> find(std::string_view table, Section section, std::string_view name);

ParamInfo record(std::string_view table, std::size_t index);
std::vector<Release> releases(std::string_view table);
// Surfaces that carry the options of built-in modules, each with the surface that it stands in for: (boot,
// module).
std::vector<std::pair<std::string, std::string>> carriers(std::string_view table);
// For a module or option: the byte of each release. For a misspelling, alias or spelling: the right name.
std::string_view text_at(std::string_view table, Section section, std::size_t index);

}  // namespace tunec::table

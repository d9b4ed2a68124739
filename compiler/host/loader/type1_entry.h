// A file of loader/entries: type 1 of the Boot Loader Specification
// (https://uapi-group.org/specifications/specs/boot_loader_specification). Texts in, texts out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tunec::host {

struct Type1Entry {
  std::vector<std::pair<std::string, std::string>> lines;  // keys and values, in their order
  std::vector<std::string> all(std::string_view key) const;
  std::string first(std::string_view key) const;  // empty if there is none
  std::vector<std::string> words() const;         // of the kernel's command line
};
Type1Entry read_type1_entry(std::string_view text);

// The name of a file without its boot counter, in small letters, as systemd-boot has it:
// "Debian-6.1+2-1.conf" is "debian-6.1.conf".
std::string name_without_counter(std::string_view name);

// What boots if `words` replace the words of an entry, and `initrd` one of its initrds (of which the path is
// `old_initrd`; both empty: none). It has no sort-key, so it stands behind all that have one.
std::string type1_text(const Type1Entry& entry, std::string_view title, const std::vector<std::string>& words,
                       std::string_view old_initrd, std::string_view initrd);

}  // namespace tunec::host

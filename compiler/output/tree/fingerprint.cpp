#include "output/tree/fingerprint.h"

#include <cstring>

#include <elf.h>
#include <link.h>

#include "base/sha256.h"

namespace tunec {
namespace {

// The notes of a program are records of three numbers, a name and a description, padded to four bytes each.
std::string_view build_id_in(std::string_view notes) {
  const auto padded = [](std::size_t size) { return (size + 3) & ~std::size_t{3}; };
  ElfW(Nhdr) note{};
  while (notes.size() >= sizeof note) {
    std::memcpy(&note, notes.data(), sizeof note);
    const std::size_t name = sizeof note, text = name + padded(note.n_namesz),
                      end = text + padded(note.n_descsz);
    if (end > notes.size()) break;
    if (note.n_type == NT_GNU_BUILD_ID && notes.substr(name, note.n_namesz) == std::string_view("GNU", 4))
      return notes.substr(text, note.n_descsz);
    notes.remove_prefix(end);
  }
  return {};
}

// dl_iterate_phdr reports the program itself first; 1 ends the iteration.
int take_build_id(dl_phdr_info* object, std::size_t, void* found) {
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const auto& part = object->dlpi_phdr[i];
    if (part.p_type != PT_NOTE) continue;
    const std::string_view id = build_id_in(
        {reinterpret_cast<const char*>(object->dlpi_addr + part.p_vaddr), part.p_memsz});
    if (!id.empty()) *static_cast<std::string_view*>(found) = id;
  }
  return 1;
}

}  // namespace

Fingerprint fingerprint_of(std::string_view content) {
  const auto digest = sha256(content);
  Fingerprint result;
  std::memcpy(result.bits.data(), digest.data(), sizeof result.bits);
  return result;
}

Fingerprint fingerprint_of_program() {
  static const Fingerprint program = [] {
    std::string_view id;
    dl_iterate_phdr(&take_build_id, &id);
    return id.empty() ? Fingerprint{} : fingerprint_of(id);
  }();
  return program;
}

}  // namespace tunec

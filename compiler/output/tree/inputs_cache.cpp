// The file: a line that says what it is, the tree, the text, and a fingerprint of all that.
#include "output/tree/inputs_cache.h"

#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "output/tree/directory.h"

namespace tunec {
namespace {

constexpr std::string_view what = "tunec inputs 2\n";

std::string_view bytes_of(const Fingerprint& print) {
  return {reinterpret_cast<const char*>(print.bits.data()), sizeof print.bits};
}

Fd open_cache(const std::string& directory) {
  const Fd root(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root.get() < 0) return {};
  const Fd state(::openat(root.get(), ".tunec", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  return state.get() < 0
             ? Fd()
             : Fd(::openat(state.get(), "cache", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

}  // namespace

std::optional<LeftInputs> last_inputs(const std::string& directory) {
  constexpr std::size_t around = what.size() + 2 * sizeof(Fingerprint);
  try {
    const Fd cache = open_cache(directory);
    auto text = cache.get() < 0 ? std::nullopt : read_file(cache.get(), "inputs", "");
    if (!text || text->size() < around || !text->starts_with(what)) return std::nullopt;
    const std::string_view all = std::string_view(*text).substr(0, text->size() - sizeof(Fingerprint));
    if (bytes_of(fingerprint_of(all)) != text->substr(all.size())) return std::nullopt;
    LeftInputs inputs;
    std::memcpy(inputs.left.bits.data(), all.data() + what.size(), sizeof(Fingerprint));
    inputs.begin = what.size() + sizeof(Fingerprint);
    inputs.size = all.size() - inputs.begin;
    inputs.whole = std::move(*text);
    return inputs;
  } catch (const TreeFault&) {
    return std::nullopt;
  }
}

void keep_inputs(const std::string& directory, const Fingerprint& left, std::string_view text) {
  if (!left.known()) return;
  try {
    const Fd cache = open_cache(directory);
    if (cache.get() < 0) return;
    std::string all;
    all.reserve(what.size() + text.size() + 2 * sizeof(Fingerprint));
    all.append(what).append(bytes_of(left)).append(text);
    all.append(bytes_of(fingerprint_of(all)));
    ::unlinkat(cache.get(), "inputs.new", 0);
    write_all(new_file(cache.get(), "inputs.new", "").get(), all, "");
    ::renameat(cache.get(), "inputs.new", cache.get(), "inputs");
  } catch (const TreeFault&) {  // then the next run computes
  }
}

}  // namespace tunec

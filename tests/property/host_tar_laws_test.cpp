// Laws of the archives that tunec-host reads and writes: what was packed comes back, and no bytes of
// anybody's end otherwise than in entries or in a refusal that names the file.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "host/capture/snapshot.h"
#include "host/machine.h"
#include "host/tar.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

// Some are longer than a header's field, so that they need a header of their own.
std::string any_path() {
  const auto part = rc::gen::nonEmpty(rc::gen::container<std::string>(rc::gen::inRange('a', 'z')));
  std::string path = *part;
  const int parts = *rc::gen::inRange(0, 12);
  for (int i = 0; i < parts; ++i) path += "/" + *part;
  if (*rc::gen::inRange(0, 4) == 0) path += "/" + std::string(*rc::gen::inRange<std::size_t>(90, 400), 'x');
  return path;
}

TarEntry any_entry() {
  TarEntry entry;
  entry.path = any_path();
  entry.mode = *rc::gen::element(0600U, 0644U, 0755U, 04755U);
  entry.modified = *rc::gen::inRange(0LL, 1LL << 33);
  const int kind = *rc::gen::inRange(0, 4);
  entry.is_link = kind == 0;
  entry.is_directory = kind == 1;
  if (entry.is_link) entry.content = any_path();
  else if (!entry.is_directory) entry.content = *rc::gen::arbitrary<std::string>();
  return entry;
}

std::vector<TarEntry> any_entries() {
  std::vector<TarEntry> entries;
  const int count = *rc::gen::inRange(0, 8);
  for (int i = 0; i < count; ++i) entries.push_back(any_entry());
  return entries;
}

// What the reader makes of it: "refused" where it refuses.
std::string outcome(std::string_view bytes) {
  try {
    return std::to_string(Snapshot(read_tar(bytes, "it.tar")).host().size());
  } catch (const Refused& refused) {
    RC_ASSERT(refused.text.starts_with("it.tar: "));
    return "refused";
  }
}

RC_GTEST_PROP(HostTarLaws, what_was_packed_comes_back, ()) {
  const std::vector<TarEntry> entries = any_entries();
  const std::string bytes = tar_of(entries);
  RC_ASSERT(bytes.size() % 512 == 0U);
  const std::vector<TarEntry> back = read_tar(bytes, "it.tar");
  RC_ASSERT(back.size() == entries.size());
  for (std::size_t i = 0; i < back.size(); ++i) {
    RC_ASSERT(back[i].path == entries[i].path);
    RC_ASSERT(back[i].content == entries[i].content);
    RC_ASSERT(back[i].mode == entries[i].mode);
    RC_ASSERT(back[i].modified == entries[i].modified);
    RC_ASSERT(back[i].is_link == entries[i].is_link);
    RC_ASSERT(back[i].is_directory == entries[i].is_directory);
  }
  RC_ASSERT(tar_of(back) == bytes);
}

RC_GTEST_PROP(HostTarLaws, an_archive_without_its_end_is_refused, ()) {
  const std::string bytes = tar_of(any_entries());
  // One block of zeros is an end too.
  const std::size_t length = *rc::gen::inRange<std::size_t>(0, bytes.size() - 1023);
  RC_ASSERT(outcome(std::string_view(bytes).substr(0, length)) == "refused");
}

RC_GTEST_PROP(HostTarLaws, damaged_bytes_are_read_or_refused, ()) {
  std::string bytes = tar_of(any_entries());
  const int changes = *rc::gen::inRange(1, 20);
  for (int i = 0; i < changes; ++i)
    bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
  RC_ASSERT(!outcome(bytes).empty());
}

RC_GTEST_PROP(HostTarLaws, any_bytes_are_read_or_refused, ()) {
  RC_ASSERT(!outcome(*rc::gen::arbitrary<std::string>()).empty());
}

// Links that lead in circles, to files, or out of the archive.
RC_GTEST_PROP(HostTarLaws, links_end_somewhere, ()) {
  const auto part = rc::gen::element<std::string>("a", "b", "..", ".", "", "/", "c/d");
  std::vector<TarEntry> entries;
  for (const char* path : {"a", "b", "c/d", "c/a"}) {
    TarEntry entry;
    entry.path = path;
    entry.is_link = *rc::gen::inRange(0, 4) != 0;
    entry.content = *part + "/" + *part + "/" + *part;
    entries.push_back(entry);
  }
  const Snapshot snapshot(entries);
  for (const char* path : {"a", "a/b", "c/a/a", "../../a", ""}) {
    const TarEntry* found = snapshot.find(path);
    const bool is_link = found != nullptr && found->is_link;
    RC_ASSERT(!is_link);
  }
}

}  // namespace
}  // namespace tunec::test

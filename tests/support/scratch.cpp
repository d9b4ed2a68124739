// See scratch.h. Tests are not the compiler: they may use <filesystem>.
#include "support/scratch.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <sys/stat.h>
#include <unistd.h>

namespace tunec::test {
namespace fs = std::filesystem;
namespace {

constexpr uid_t nobody = 65534;

}  // namespace

Scratch::Scratch() {
  // In memory if possible: the writer syncs, and a busy disk would slow the tests down.
  const fs::path memory = "/dev/shm";
  const fs::path where = ::access(memory.c_str(), W_OK) == 0 ? memory : fs::temp_directory_path();
  std::string name = where / "tunec-test-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  root_ = name;
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

void Scratch::write(const std::string& path, const std::string& content) const {
  std::ofstream(at(path)) << content;
}
void Scratch::make_directory(const std::string& path) const { fs::create_directories(at(path)); }
void Scratch::link(const std::string& target, const std::string& path) const {
  fs::create_symlink(target, at(path));
}
void Scratch::clear(const std::string& path) const { fs::remove_all(at(path)); }
bool Scratch::exists(const std::string& path) const { return fs::exists(fs::symlink_status(at(path))); }

std::string Scratch::read(const std::string& path) const {
  std::ostringstream text;
  text << std::ifstream(at(path)).rdbuf();
  return text.str();
}

unsigned Scratch::mode(const std::string& path) const {
  struct stat status {};
  ::stat(at(path).c_str(), &status);
  return status.st_mode & 07777U;
}

std::vector<std::string> Scratch::names(const std::string& directory) const {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(at(directory))) names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

std::pair<ino_t, long long> Scratch::identity(const std::string& path) const {
  struct stat status {};
  ::stat(at(path).c_str(), &status);
  return {status.st_ino, status.st_ctim.tv_sec * 1'000'000'000LL + status.st_ctim.tv_nsec};
}

std::string Scratch::listing(const std::string& directory) const {
  if (!exists(directory)) return "";
  std::vector<std::string> lines;
  const fs::path root = at(directory);
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const std::string path = entry.path().lexically_relative(root);
    if (path.starts_with(".tunec") || !entry.is_regular_file()) continue;
    lines.push_back(path + '=' + read(directory + '/' + path) + ' ');
  }
  std::ranges::sort(lines);
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

Unprivileged::Unprivileged(const Scratch& scratch) {
  if (::geteuid() != 0) return;
  const fs::path root = scratch.at("");
  bool owned = ::chown(root.c_str(), nobody, nobody) == 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    owned = ::lchown(entry.path().c_str(), nobody, nobody) == 0 && owned;
  }
  possible_ = owned && ::seteuid(nobody) == 0;
}

Unprivileged::~Unprivileged() {
  if (possible_ && ::seteuid(0) != 0) std::abort();
}

}  // namespace tunec::test

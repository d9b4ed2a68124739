// The lower bound: the time needed to write the bytes that tunec wrote, and nothing else. The tree is read
// into memory beforehand; the rest is timed here and printed as one JSON object.
//
//   tunec-floor fresh TREE OUT       writes the files into the new directory OUT: mkdirat and openat from
//                                    directory handles, no fsync
//   tunec-floor unchanged TREE       opens each file from its directory's handle, reads and compares it
//   tunec-floor stat TREE            gets only each file's size: a program that skips a file cannot know
//                                    that it is unchanged
//   tunec-floor tar TREE OUT.tar     writes one ustar stream into a file
//   tunec-floor size TREE            only counts
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct File {
  std::size_t folder = 0;  // its index
  std::string name, content;
};
struct Folder {
  std::size_t parent = 0;
  std::string name, path;  // the path is relative to the tree, "" for the tree itself
};
struct Tree {
  std::vector<Folder> folders;  // parents first; each folder comes right before its content
  std::vector<File> files;      // by folder
  std::size_t bytes = 0, blocks = 0;
};

[[noreturn]] void die(const std::string& what) {
  std::perror(("tunec-floor: " + what).c_str());
  std::exit(2);
}

std::size_t blocks_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) die(path);
  return static_cast<std::size_t>(status.st_blocks);
}

void read_folder(Tree& tree, const std::string& root, std::size_t number) {
  const std::string path = root + "/" + tree.folders[number].path;
  tree.blocks += blocks_of(path);
  std::vector<std::string> below;
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(path))
    (entry.is_directory() ? below : names).push_back(entry.path().filename().string());
  std::ranges::sort(below);
  std::ranges::sort(names);
  for (std::string& name : names) {
    std::ifstream in(path + "/" + name, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(in), {}};
    tree.bytes += content.size();
    tree.blocks += blocks_of(path + "/" + name);
    tree.files.push_back({number, std::move(name), std::move(content)});
  }
  for (std::string& name : below) {
    const std::string& parent = tree.folders[number].path;
    tree.folders.push_back({number, name, parent.empty() ? name : parent + "/" + name});
    read_folder(tree, root, tree.folders.size() - 1);
  }
}

// Handles of the folders on the path to the current one. Others are closed when the walk leaves them.
class Handles {
 public:
  Handles(const Tree& tree, const std::string& root) : tree_(tree) {
    const int top = ::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (top < 0) die(root);
    open_.push_back({0, top});
  }
  ~Handles() {
    for (const auto& [number, handle] : open_) ::close(handle);
  }
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;

  // Folders must be requested in the tree's order.
  int of(std::size_t folder, bool make) {
    if (open_.back().first == folder) return open_.back().second;
    const Folder& wanted = tree_.folders[folder];
    while (open_.back().first != wanted.parent) {
      ::close(open_.back().second);
      open_.pop_back();
    }
    const int parent = open_.back().second;
    if (make && ::mkdirat(parent, wanted.name.c_str(), 0755) != 0) die(wanted.path);
    const int handle = ::openat(parent, wanted.name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) die(wanted.path);
    open_.push_back({folder, handle});
    return handle;
  }

 private:
  const Tree& tree_;
  std::vector<std::pair<std::size_t, int>> open_;
};

template <class Visit>
void walk(const Tree& tree, const std::string& root, bool make, const Visit& visit) {
  Handles handles(tree, root);
  std::size_t next = 0;
  for (std::size_t folder = 0; folder < tree.folders.size(); ++folder) {
    const int handle = handles.of(folder, make);
    for (; next < tree.files.size() && tree.files[next].folder == folder; ++next)
      visit(handle, tree.files[next]);
  }
}

void put(int out, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t done = ::write(out, data, size);
    if (done < 0) die("write");
    data += done;
    size -= static_cast<std::size_t>(done);
  }
}

void fresh(const Tree& tree, const std::string& out) {
  if (::mkdir(out.c_str(), 0755) != 0) die(out);
  walk(tree, out, true, [](int folder, const File& file) {
    const int handle = ::openat(folder, file.name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (handle < 0) die(file.name);
    put(handle, file.content.data(), file.content.size());
    ::close(handle);
  });
}

void unchanged(const Tree& tree, const std::string& root) {
  std::string buffer;
  walk(tree, root, false, [&](int folder, const File& file) {
    buffer.resize(file.content.size() + 1);  // one byte more, to notice a longer file
    const int handle = ::openat(folder, file.name.c_str(), O_RDONLY | O_CLOEXEC);
    if (handle < 0) die(file.name);
    const ssize_t size = ::read(handle, buffer.data(), buffer.size());
    ::close(handle);
    if (size < 0 || std::string_view(buffer.data(), static_cast<std::size_t>(size)) != file.content)
      die(file.name + " differs");
  });
}

void stat_all(const Tree& tree, const std::string& root) {
  walk(tree, root, false, [](int folder, const File& file) {
    struct stat status {};
    if (::fstatat(folder, file.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        static_cast<std::size_t>(status.st_size) != file.content.size())
      die(file.name + " differs");
  });
}

// One member. A name longer than the header's 100 bytes is split at a slash, as ustar requires.
void add_member(std::string& out, const std::string& path, const std::string& content) {
  char header[512] = {};
  std::size_t cut = 0;
  if (path.size() > 100) cut = path.find('/', path.size() - 101);
  const std::string_view name = std::string_view(path).substr(cut == 0 ? 0 : cut + 1);
  std::memcpy(header, name.data(), std::min<std::size_t>(name.size(), 100));
  if (cut > 0) std::memcpy(header + 345, path.data(), std::min<std::size_t>(cut, 155));
  std::memcpy(header + 100,
              "0000644\0"
              "0000000\0"
              "0000000",
              24);
  std::snprintf(header + 124, 12, "%011zo", content.size());
  std::memcpy(header + 136, "00000000000", 12);
  std::memset(header + 148, ' ', 8);
  header[156] = '0';
  std::memcpy(header + 257,
              "ustar\0"
              "00",
              8);
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  std::snprintf(header + 148, 8, "%06o", sum);
  out.append(header, sizeof header).append(content).append((512 - content.size() % 512) % 512, '\0');
}

void tar(const Tree& tree, const std::string& out) {
  constexpr std::size_t enough = std::size_t{1} << 20;
  const int handle = ::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (handle < 0) die(out);
  std::string buffer;
  buffer.reserve(2 * enough);
  for (const File& file : tree.files) {
    const std::string& folder = tree.folders[file.folder].path;
    add_member(buffer, folder.empty() ? file.name : folder + "/" + file.name, file.content);
    if (buffer.size() < enough) continue;
    put(handle, buffer.data(), buffer.size());
    buffer.clear();
  }
  buffer.append(1024, '\0');
  put(handle, buffer.data(), buffer.size());
  ::close(handle);
}

double seconds(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

int main(int count, char** words) {
  const std::string job = count > 2 ? words[1] : "";
  const bool has_out = job == "fresh" || job == "tar";
  if (count != (has_out ? 4 : 3) || (!has_out && job != "unchanged" && job != "stat" && job != "size")) {
    std::fputs(
        "usage: tunec-floor fresh TREE OUT | unchanged TREE | stat TREE | tar TREE OUT.tar | size TREE\n",
        stderr);
    return 2;
  }
  const std::string root = words[2];
  Tree tree;
  tree.folders.push_back({});
  read_folder(tree, root, 0);
  const double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  if (job == "fresh") fresh(tree, words[3]);
  if (job == "unchanged") unchanged(tree, root);
  if (job == "stat") stat_all(tree, root);
  if (job == "tar") tar(tree, words[3]);
  const double wall_after = seconds(CLOCK_MONOTONIC), cpu_after = seconds(CLOCK_PROCESS_CPUTIME_ID);
  std::printf(
      "{\"wall\": %.6f, \"cpu\": %.6f, \"files\": %zu, \"folders\": %zu, \"bytes\": %zu, \"disk\": %zu}\n",
      wall_after - wall, cpu_after - cpu, tree.files.size(), tree.folders.size(), tree.bytes,
      tree.blocks * 512);
  return 0;
}

#include "host/tar.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include <fmt/format.h>
#include <unistd.h>

#include "host/machine.h"
#include "output/tree/paths.h"

namespace tunec::host {
namespace {

constexpr std::size_t block = 512;
constexpr std::size_t most_bytes = std::size_t{1} << 30;

// The places of fields in a header.
struct Field {
  std::size_t at, size;
};
constexpr Field name{0, 100}, mode{100, 8}, uid{108, 8}, gid{116, 8}, size{124, 12}, time{136, 12},
    sum{148, 8}, type{156, 1}, link{157, 100}, magic{257, 8}, prefix{345, 155};

std::string_view text_of(std::string_view header, Field field) {
  const std::string_view text = header.substr(field.at, field.size);
  return text.substr(0, text.find('\0'));
}

// Octal digits, with blanks around them.
std::optional<unsigned long long> number_of(std::string_view header, Field field) {
  std::string_view text = text_of(header, field);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  text = text.substr(0, text.find(' '));
  unsigned long long number = 0;
  if (text.empty()) return 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 8);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

unsigned checksum(std::string_view header) {
  unsigned total = 0;
  for (std::size_t i = 0; i < block; ++i) {
    const bool is_own = i >= sum.at && i < sum.at + sum.size;
    total += is_own ? ' ' : static_cast<unsigned char>(header[i]);
  }
  return total;
}

std::string_view without_ends(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path == "." ? std::string_view() : path;
}

// How to unpack it; empty: it is not compressed.
std::string_view unpacker_of(std::string_view bytes) {
  constexpr std::pair<std::string_view, std::string_view> magics[] = {{"\x1f\x8b", "gzip -d"},
                                                                      {"\xfd"
                                                                       "7zXZ",
                                                                       "xz -d"},
                                                                      {"\x28\xb5\x2f\xfd", "zstd -d"},
                                                                      {"BZh", "bzip2 -d"}};
  for (const auto& [begin, command] : magics) {
    if (bytes.starts_with(begin)) return command;
  }
  return {};
}

// What a pax header or a GNU header says of the next entry.
struct Long {
  std::string path, link;
};

void read_pax(std::string_view text, Long& of_next) {
  while (!text.empty()) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || length <= digits + 1 || length > text.size()) return;
    std::string_view record = text.substr(digits + 1, length - digits - 2);  // without the line's end
    const std::size_t equals = record.find('=');
    if (equals != record.npos && record.substr(0, equals) == "path") of_next.path = record.substr(equals + 1);
    if (equals != record.npos && record.substr(0, equals) == "linkpath")
      of_next.link = record.substr(equals + 1);
    text.remove_prefix(length);
  }
}

void put(std::string& header, Field field, std::string_view text) {
  std::copy_n(text.begin(), std::min(text.size(), field.size),
              header.begin() + static_cast<std::ptrdiff_t>(field.at));
}

void put_number(std::string& header, Field field, unsigned long long number) {
  put(header, field, fmt::format("{:0{}o}", number, field.size - 1));
}

void add(std::string& bytes, std::string header, std::string_view content) {
  put_number(header, size, content.size());
  put(header, magic, std::string_view("ustar\00000", 8));
  put(header, sum, fmt::format("{:06o}", checksum(header)) + std::string("\0 ", 2));
  bytes += header;
  bytes += content;
  bytes.append((block - content.size() % block) % block, '\0');
}

// "27 path=…\n": the length counts its own digits.
std::string pax_record(std::string_view key, std::string_view value) {
  const std::size_t rest = key.size() + value.size() + 3;
  std::size_t length = rest + 1;
  while (fmt::format("{}", length).size() + rest != length) length = fmt::format("{}", length).size() + rest;
  return fmt::format("{} {}={}\n", length, key, value);
}

}  // namespace

std::vector<TarEntry> read_tar(std::string_view bytes, const std::string& shown) {
  const auto refuse = [&](std::string_view why) { throw Refused{fmt::format("{}: {}", shown, why)}; };
  if (const std::string_view command = unpacker_of(bytes); !command.empty())
    refuse(fmt::format("is compressed: `{}` unpacks it", command));
  std::vector<TarEntry> entries;
  Long of_next;
  while (bytes.size() >= block) {
    const std::string_view header = bytes.substr(0, block);
    if (header.find_first_not_of('\0') == header.npos) return entries;
    const auto length = number_of(header, size), sum_there = number_of(header, sum);
    if (!sum_there || *sum_there != checksum(header)) refuse("is no tar archive, or it is damaged");
    bytes.remove_prefix(block);
    if (!length || *length > bytes.size()) refuse("ends in the middle of a file");
    const std::string_view content = bytes.substr(0, *length);
    bytes.remove_prefix(std::min<std::size_t>(bytes.size(), (*length + block - 1) / block * block));
    const char kind = header[type.at];
    if (kind == 'x') {
      read_pax(content, of_next);
      continue;
    }
    if (kind == 'L' || kind == 'K') {
      (kind == 'L' ? of_next.path : of_next.link) = content.substr(0, content.find('\0'));
      continue;
    }
    if (kind == 'g') continue;
    TarEntry entry;
    const std::string_view before = text_of(header, magic).starts_with("ustar") ? text_of(header, prefix)
                                                                                : "";
    entry.path = before.empty() ? text_of(header, name) : fmt::format("{}/{}", before, text_of(header, name));
    if (!of_next.path.empty()) entry.path = of_next.path;
    entry.path = without_ends(entry.path);
    entry.mode = static_cast<unsigned>(number_of(header, mode).value_or(0644)) & 07777U;
    entry.modified = static_cast<long long>(number_of(header, time).value_or(0));
    entry.is_link = kind == '2';
    entry.is_directory = kind == '5';
    entry.content = entry.is_link ? std::string(of_next.link.empty() ? text_of(header, link) : of_next.link)
                                  : std::string(content);
    const bool is_file = kind == '0' || kind == '\0';
    if (!is_file && !entry.is_link && !entry.is_directory)
      refuse(fmt::format("`{}` is neither a file nor a directory", entry.path));
    of_next = {};
    if (entry.path.empty()) continue;  // the top
    if (const char* fault = path_fault(entry.path))
      refuse(fmt::format("the path `{}` {}", entry.path, fault));
    entries.push_back(std::move(entry));
  }
  refuse("is no whole tar archive");
  return entries;
}

std::string tar_of(const std::vector<TarEntry>& entries) {
  std::string bytes;
  for (const TarEntry& entry : entries) {
    std::string header(block, '\0'), more;
    if (entry.path.size() > name.size) more += pax_record("path", entry.path);
    if (entry.is_link && entry.content.size() > link.size) more += pax_record("linkpath", entry.content);
    if (!more.empty()) {
      std::string of_pax(block, '\0');
      put(of_pax, name, "pax");
      for (const Field field : {uid, gid, time}) put_number(of_pax, field, 0);
      put_number(of_pax, mode, 0644);
      of_pax[type.at] = 'x';
      add(bytes, of_pax, more);
    }
    put(header, name, entry.path);
    put_number(header, mode, entry.mode);
    put_number(header, uid, 0);
    put_number(header, gid, 0);
    put_number(header, time, static_cast<unsigned long long>(std::max(0LL, entry.modified)));
    header[type.at] = entry.is_link ? '2' : entry.is_directory ? '5' : '0';
    if (entry.is_link) put(header, link, entry.content);
    add(bytes, header, entry.is_link || entry.is_directory ? std::string_view() : entry.content);
  }
  return bytes + std::string(2 * block, '\0');
}

std::string read_stream(int fd, const std::string& shown) {
  std::string bytes;
  char buffer[65536];
  for (;;) {
    const ssize_t count = ::read(fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Refused{fmt::format("{}: {}", shown, std::strerror(errno))};
    if (count == 0) return bytes;
    bytes.append(buffer, static_cast<std::size_t>(count));
    if (bytes.size() > most_bytes) throw Refused{fmt::format("{}: is longer than 1 GiB", shown)};
  }
}

}  // namespace tunec::host

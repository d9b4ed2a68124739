// A path without a reader is a fault: a new backend needs a reader here.
#include "support/host_files.h"

#include <charconv>

#include <fmt/format.h>

#include "support/unquote.h"

namespace tunec::test {
namespace {

constexpr std::string_view grubby = "grubby --update-kernel=ALL --args=";

template <class T>
bool take(std::optional<T> read, T& into) {
  if (read) into = std::move(*read);
  return read.has_value();
}

bool take_tmpfiles(std::string_view text, Pairs& into) {
  const auto pairs = read_tmpfiles(text);
  if (!pairs) return false;
  for (const auto& [path, value] : *pairs) {
    if (!path.starts_with("/sys/")) return false;
    into.emplace_back(path.substr(5), value);
  }
  return true;
}

bool take_file(const std::string& path, const std::string& text, HostFiles& files) {
  if (path == "etc/default/grub.d/60-tunec.cfg") {
    constexpr std::string_view opening = "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX";
    files.cmdline_text.clear();
    for (std::size_t begin = text.find(opening); begin != std::string::npos;) {
      begin += opening.size();
      const std::size_t end = text.find("\"\n", begin);
      files.cmdline_text +=
          unquote_shell_double(std::string_view(text).substr(begin, end - begin)).value_or("");
      begin = text.find(opening, begin);
    }
    return take(read_grub(text), files.cmdline);
  }
  // What a file of the distribution would set again stands in the second.
  if (path == "etc/sysctl.d/90-tunec.conf" || path == "etc/sysctl.d/zz-tunec.conf") {
    Pairs pairs;
    if (!take(read_sysctl(text), pairs)) return false;
    files.sysctl.insert(files.sysctl.end(), pairs.begin(), pairs.end());
    return true;
  }
  // Scripts of initramfs-tools and lines of dracut: the oracle `initramfs` runs them.
  if (path.starts_with("etc/initramfs-tools/hooks/") || path.starts_with("etc/dracut.conf.d/")) return true;
  if (path == "etc/modules-load.d/tunec.conf") return take(read_modules_load(text), files.modules);
  if (path == "etc/tmpfiles.d/tunec.conf") return take_tmpfiles(text, files.tmpfiles);
  if (path == "etc/udev/rules.d/60-tunec.rules") return take(read_udev(text), files.udev);
  if (path == "etc/libvirt/qemu.conf") return take(read_qemu(text), files.qemu);
  if (path == "etc/default/cpufrequtils") return take(read_shell(text), files.cpufrequtils);
  if (path == "etc/modprobe.d/tunec.conf") {
    files.blacklist = read_blacklist(text);
    return take(read_modprobe(text), files.options);
  }
  if (path == "etc/formation/form-config.json") {
    files.formation = nlohmann::json::parse(text, nullptr, false);
    return !files.formation.is_discarded();
  }
  if (path.starts_with("etc/wireguard/") && path.ends_with(".conf")) {
    return take(read_wireguard(text), files.wireguard[path.substr(14, path.size() - 19)]);
  }
  return path.starts_with("etc/systemd/system/") && take(read_unit(text), files.units[path]);
}

}  // namespace

HostFiles read_host(const RenderedHost& host) {
  HostFiles files;
  files.name = host.name;
  for (const auto& artifact : host.artifacts) {
    files.texts[artifact->path] = artifact->content;
    if (!take_file(artifact->path, artifact->content, files))
      files.fault = "cannot read " + artifact->path + ":\n" + artifact->content;
  }
  for (const Step& step : *host.steps) {
    if (!step.command.starts_with(grubby)) continue;
    const std::string_view word = std::string_view(step.command).substr(grubby.size());
    files.cmdline_text = unquote_shell_word(word).value_or("");
    if (!take(read_grubby(word), files.cmdline)) files.fault = "cannot read " + step.command;
  }
  return files;
}

std::map<std::string, std::map<std::string, int>> read_exporters(const RenderedFleet& fleet) {
  std::map<std::string, std::map<std::string, int>> ports;
  for (const auto& artifact : fleet.site) {
    if (artifact->path != "site/prometheus/targets.json") continue;
    for (const auto& group : nlohmann::json::parse(artifact->content)) {
      const std::string target = group.at("targets").at(0);
      ports[group.at("labels").at("host")][group.at("labels").at("job")] = std::stoi(
          target.substr(target.rfind(':') + 1));
    }
  }
  return ports;
}

std::optional<std::string> find(const Pairs& pairs, std::string_view key) {
  for (auto pair = pairs.rbegin(); pair != pairs.rend(); ++pair) {
    if (pair->first == key) return pair->second;
  }
  return std::nullopt;
}

std::optional<std::int64_t> number(const Pairs& pairs, std::string_view key) {
  const auto text = find(pairs, key);
  std::int64_t value = 0;
  if (!text ||
      std::from_chars(text->data(), text->data() + text->size(), value).ptr != text->data() + text->size())
    return std::nullopt;
  return value;
}

const nlohmann::json& at(const HostFiles& files, std::string_view path) {
  static const nlohmann::json nothing;
  const nlohmann::json* json = &files.formation;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    const auto found = json->find(path.substr(begin, end - begin));
    if (!json->is_object() || found == json->end()) return nothing;
    json = &*found;
    begin = end + 1;
  }
  return *json;
}

}  // namespace tunec::test

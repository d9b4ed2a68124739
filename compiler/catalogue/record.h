// Reads one record key by key. It adds the file's defaults, marks each key that was read, and reports all
// other keys. So no unknown key passes.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/diag.h"
#include "source/yaml.h"

namespace tunec {

class Record {
 public:
  Record(const yaml::Node& own, const yaml::Node* defaults, Reporter& reporter)
      : own_(own), defaults_(defaults), reporter_(reporter) {}

  const yaml::Node* find(std::string_view key) {
    used_.insert(std::string(key));
    if (auto node = own_.find(key)) return node.get();
    if (defaults_ != nullptr) {
      if (auto node = defaults_->find(key)) return node.get();
    }
    return nullptr;
  }
  std::string text(std::string_view key, std::string otherwise = {}) {
    const yaml::Node* node = find(key);
    if (node == nullptr) return otherwise;
    if (node->kind != yaml::Node::Kind::scalar) {
      bad(*node, fmt::format("`{}` must be one word or text", key));
      return otherwise;
    }
    return node->scalar;
  }
  std::vector<std::string> texts(std::string_view key) {
    const yaml::Node* node = find(key);
    std::vector<std::string> items;
    if (node == nullptr) return items;
    if (node->kind == yaml::Node::Kind::scalar) return {node->scalar};
    for (const auto& item : node->items) items.push_back(item->scalar);
    return items;
  }
  void bad(const yaml::Node& node, std::string reason) {
    reporter_.report(node.span, diag::bad_record, reason);
    failed_ = true;
  }
  void report_unused() {
    for (const auto& [key, value] : own_.entries) {
      if (used_.contains(key->scalar)) continue;
      bad(*key, fmt::format("records have no key `{}`", key->scalar));
    }
  }
  const yaml::Node& node() const { return own_; }
  bool failed() const { return failed_; }

 private:
  const yaml::Node& own_;
  const yaml::Node* defaults_;
  Reporter& reporter_;
  std::set<std::string, std::less<>> used_;
  bool failed_ = false;
};

}  // namespace tunec

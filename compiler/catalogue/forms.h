// stdlib/forms.yaml: the texts that the readers of the written files take as they stand. It is about form, so
// it holds for `unchecked` settings too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "source/yaml.h"

namespace tunec {

class Forms {
 public:
  Forms() = default;
  explicit Forms(const yaml::Node& file);

  // Each returns a description of the texts that are accepted; nothing if this text is.
  std::string_view of_name(std::string_view surface, std::string_view key) const;
  std::string_view of_value(std::string_view surface, std::string_view key, std::string_view text) const;
  // `param`: the parameter's name up to this instance, `wireguard().peer()`
  std::string_view of_instance(std::string_view param, std::string_view text) const;

 private:
  struct Form {
    std::vector<std::string> surfaces;
    std::string keys;  // an expression for the whole key, or for the parameter of an instance; empty: all
    std::string pattern, why;
  };
  static std::vector<Form> read(const yaml::Node& file, std::string_view list);
  std::vector<Form> names_, values_, instances_;
};

}  // namespace tunec

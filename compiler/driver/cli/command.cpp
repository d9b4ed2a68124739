#include "driver/cli/command.h"

#include <algorithm>

#include "base/whole_number.h"

namespace tunec {

Binding store_in(bool& flag) {
  return {.min_values = 0, .max_values = 0, .assign = [&flag](const std::vector<std::string>&) {
            flag = true;
            return std::string();
          }};
}

Binding store_in(std::string& value) {
  return {.assign = [&value](const std::vector<std::string>& values) {
    value = values.front();
    return std::string();
  }};
}

Binding store_in(std::vector<std::string>& values, std::size_t min, std::size_t max) {
  return {.min_values = min, .max_values = max, .assign = [&values](const std::vector<std::string>& given) {
            values = given;
            return std::string();
          }};
}

Binding store_in(std::size_t& number, std::size_t lowest, std::size_t highest) {
  return {.assign = [&number, lowest, highest](const std::vector<std::string>& values) {
    const std::string& text = values.front();
    const auto read = whole_number<std::size_t>(text);
    if (!read || *read < lowest || *read > highest)
      return "a number from " + std::to_string(lowest) + " to " + std::to_string(highest);
    number = *read;
    return std::string();
  }};
}

Binding store_word_in(std::vector<std::string> words, std::size_t default_index,
                      std::function<void(std::size_t)> choose) {
  Binding binding{.words = words, .default_word = words[default_index]};
  binding.assign = [words = std::move(words),
                    choose = std::move(choose)](const std::vector<std::string>& values) {
    const auto found = std::ranges::find(words, values.front());
    if (found != words.end()) {
      choose(static_cast<std::size_t>(found - words.begin()));
      return std::string();
    }
    std::string valid;
    for (const std::string& word : words) valid += (valid.empty() ? "" : " or ") + word;
    return valid;
  };
  return binding;
}

std::string Option::value_name() const {
  if (is_flag()) return "";
  if (binding.words.empty()) return value;
  std::string words;
  for (const std::string& word : binding.words) words += (words.empty() ? "" : "|") + word;
  return words;
}

std::string usage_of(const Command& command) {
  std::string usage = "tunec " + command.name;
  for (const Option& option : command.options) {
    if (!option.is_argument() && !option.required) continue;
    const std::string shown = option.is_argument() ? option.name : option.name + " " + option.value_name();
    const std::string more = option.is_argument() && option.is_repeated() ? "..." : "";
    usage += option.required ? " " + shown + more : " [" + shown + "]" + more;
  }
  const bool has_others = std::ranges::any_of(
      command.options, [](const Option& option) { return !option.is_argument() && !option.required; });
  return has_others ? usage + " [OPTIONS]" : usage;
}

}  // namespace tunec

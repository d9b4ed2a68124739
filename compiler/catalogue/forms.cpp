// The file is ours, so a missing part is simply empty.
#include "catalogue/forms.h"

#include <algorithm>

#include "base/regex.h"

namespace tunec {

Forms::Forms(const yaml::Node& file)
    : names_(read(file, "names")), values_(read(file, "values")), instances_(read(file, "instances")) {}

std::vector<Forms::Form> Forms::read(const yaml::Node& file, std::string_view list) {
  std::vector<Form> forms;
  const auto entries = file.find(list);
  if (!entries) return forms;
  for (const auto& node : entries->items) {
    Form& form = forms.emplace_back();
    form.keys = node->text("keys");
    form.pattern = node->text("pattern");
    form.why = node->text("why");
    form.surfaces = node->texts("surfaces");
  }
  return forms;
}

std::string_view Forms::of_name(std::string_view surface, std::string_view key) const {
  for (const Form& form : names_) {
    if (std::ranges::find(form.surfaces, surface) != form.surfaces.end() && !fits_regex(key, form.pattern))
      return form.why;
  }
  return {};
}

std::string_view Forms::of_value(std::string_view surface, std::string_view key,
                                 std::string_view text) const {
  for (const Form& form : values_) {
    if (std::ranges::find(form.surfaces, surface) == form.surfaces.end()) continue;
    if (!form.keys.empty() && !fits_regex(key, form.keys)) continue;
    if (!fits_regex(text, form.pattern)) return form.why;
  }
  return {};
}

std::string_view Forms::of_instance(std::string_view param, std::string_view text) const {
  const std::string_view surface = param.substr(0, param.find_first_of(".("));
  for (const Form& form : instances_) {
    if (std::ranges::find(form.surfaces, surface) == form.surfaces.end()) continue;
    if (fits_regex(param, form.keys) && !fits_regex(text, form.pattern)) return form.why;
  }
  return {};
}

}  // namespace tunec

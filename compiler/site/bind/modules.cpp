// Options of kernel modules that have no record.
#include "site/bind/binder.h"

namespace tunec {
namespace {

// "module", "kvm" and ".nested" of `module.kvm.nested`; empty if the name has no such parts.
struct Option {
  std::string_view surface, module, rest;
};

Option option_of(std::string_view name) {
  const std::size_t dot = name.find('.'),
                    next = dot == std::string_view::npos ? dot : name.find('.', dot + 1);
  if (next == std::string_view::npos) return {};
  return {name.substr(0, dot), name.substr(dot + 1, next - dot - 1), name.substr(next)};
}

}  // namespace

bool Binder::is_of_unknown_module(const std::string& name) const {
  const Option option = option_of(name);
  return !option.module.empty() && catalogue_.is_carried(option.surface) &&
         !catalogue_.knows_module(option.module);
}

std::optional<Binder::AboutModule> Binder::about_module(const std::string& name) const {
  const Option option = option_of(name);
  if (option.module.empty() || !catalogue_.is_carried(option.surface)) return std::nullopt;
  const auto has_records = [&](std::string_view module) {
    return !catalogue_.names_under(fmt::format("{}.{}.", option.surface, module)).empty();
  };
  if (has_records(option.module) || has_records(module_name(option.module))) return std::nullopt;
  if (catalogue_.knows_module(option.module))
    return AboutModule{fmt::format("no option of module `{}` is known", option.module)};
  if (const std::string_view from = catalogue_.elsewhere(option.module); !from.empty())
    return AboutModule{fmt::format("module `{}` comes from {}", option.module, from)};
  AboutModule about{fmt::format("no kernel that was read has a module `{}`", option.module)};
  if (const auto near = catalogue_.nearest_module(option.module, std::nullopt))
    about.near = Near{fmt::format("{}.{}{}", option.surface, option.module, option.rest),
                      fmt::format("{}.{}{}", option.surface, near->name, option.rest), near->is_certain};
  return about;
}

}  // namespace tunec

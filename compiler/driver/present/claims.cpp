#include "driver/present/claims.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "source/yaml.h"

namespace tunec {

std::vector<GuideClaim> read_claims(Compilation& compilation) {
  constexpr std::string_view path = "stdlib/claims.yaml";
  const ShippedFile* file = compilation.library.find(path);
  if (file == nullptr) return {};
  const FileId id = compilation.sources.add(fmt::format("tunec:{}", path), std::string(file->text), true);
  const yaml::Document document = yaml::parse(id, compilation.sources);
  const auto rows = document.root ? document.root->find("claims") : nullptr;
  std::vector<GuideClaim> claims;
  for (const auto& row : rows ? rows->items : std::vector<yaml::NodePtr>()) {
    claims.push_back({row->text("guide"), row->text("line"), row->text("gain"), row->text("of"),
                      row->texts("settings"), row->text("note")});
  }
  return claims;
}

std::vector<GuideClaim> claims_about(Compilation& compilation, std::string_view parameter) {
  std::vector<GuideClaim> claims = read_claims(compilation);
  std::erase_if(claims, [&](const GuideClaim& claim) {
    return std::ranges::find(claim.settings, parameter) == claim.settings.end();
  });
  return claims;
}

std::string claims_text(const std::vector<GuideClaim>& claims, std::string_view parameter) {
  std::string text;
  for (const GuideClaim& claim : claims) {
    std::vector<std::string> others = claim.settings;
    std::erase(others, parameter);
    text += fmt::format("\n  claimed without evidence: {} % better {} ({} guide, line {})\n", claim.gain,
                        claim.of, claim.guide, claim.line);
    if (!others.empty()) text += fmt::format("    together with: {}\n", fmt::join(others, ", "));
    if (!claim.note.empty()) text += fmt::format("    against it: {}\n", claim.note);
  }
  if (!claims.empty())
    text += "\n  measure it: `tunec-host bench` before and after, then `tunec bench compare`\n";
  return text;
}

}  // namespace tunec

// Files of systemd in sections, from settings whose keys are Section.Directive: whole units, drop-ins and
// mounts.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/plan.h"
#include "render/output.h"

namespace tunec {

std::string_view section_of(const Setting& setting);    // "Service" of Service.ExecStart
std::string_view directive_of(const Setting& setting);  // "ExecStart"
bool has_section(std::span<const Setting* const> settings, std::string_view section);

// The value as systemd reads it: % doubled, but in a unit's text with systemd's own specifiers; and in a list
// separated by blanks, items that contain blanks in quotes.
std::string spell_directive(const Setting& setting);
// "Directive=value", or a line for each item of a list that systemd takes line by line.
void write_directive(const Setting& setting, File& file);

// The sections that the settings name: Unit first, Install last, by name between them.
std::vector<std::string_view> sections_of(std::span<const Setting* const> settings);

}  // namespace tunec

// systemd's files in sections, from settings whose keys are Section.Directive: whole units, drop-ins and
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

// The value for systemd: % is doubled, except in a unit's text with systemd's own specifiers. In a list
// separated by blanks, items that contain blanks are quoted.
std::string spell_directive(const Setting& setting);
// "Directive=value", or one line for each item of a list that systemd reads line by line.
void write_directive(const Setting& setting, File& file);

// The sections that the settings name: Unit first, Install last, by name between them.
std::vector<std::string_view> sections_of(std::span<const Setting* const> settings);

}  // namespace tunec

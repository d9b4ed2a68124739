#include "host/loader/loader.h"

#include "host/loader/efi_variables.h"
#include "host/loader/grub.h"
#include "host/loader/systemd_boot.h"

namespace tunec::host {

void BootLoader::settle() const {
  const std::string problem = machine_.settle(files_.shown(directory()));
  if (!problem.empty()) throw Failed{problem};
}

std::unique_ptr<BootLoader> loader_of(const Machine& machine) {
  // systemd-boot says so at each boot (src/boot/efi/boot.c, export_variables); GRUB does since 2.12 (bli).
  const bool is_systemd_boot =
      read_loader_variable(machine, "LoaderInfo").value_or("").starts_with(systemd_boot);
  if (is_systemd_boot) return std::make_unique<SystemdBoot>(machine, find_systemd_boot(machine));
  return std::make_unique<Grub>(machine);
}

std::unique_ptr<BootLoader> loader_at(const Machine& machine, const LoaderPlace& place) {
  if (place.name == systemd_boot) return std::make_unique<SystemdBoot>(machine, place);
  return std::make_unique<Grub>(machine);
}

}  // namespace tunec::host

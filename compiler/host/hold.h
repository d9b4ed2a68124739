// What every command that changes a machine begins with: it is root, no signal ends it half-way, its files
// get exactly the modes that it gives them. While the object lives, no other tunec-host changes the machine.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include "host/generations.h"
#include "host/orphans.h"
#include "output/tree/directory.h"

namespace tunec::host {

struct Hold {
  // Refused without root, and while another tunec-host holds the machine; `wait`: until that is done instead.
  explicit Hold(const Machine& machine, bool wait = false)
      : generations(checked(machine)), lock(generations.lock(wait)) {
    if (machine.live && machine.kernel.empty()) wait_for_orphans(machine.warn);
  }
  SignalsHeld signals;
  Generations generations;
  Fd lock;

 private:
  static const Machine& checked(const Machine& machine) {
    if (machine.live && machine.kernel.empty() && ::geteuid() != 0) throw Refused{"this needs root"};
    ::umask(022);
    return machine;
  }
};

}  // namespace tunec::host

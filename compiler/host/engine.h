// Carries a generation out, and undoes it. Both go through all of its actions, and each action gives a file
// or a value one of its two states: so they may be killed at any moment and begun again.
#pragma once

#include <string>
#include <vector>

#include "host/generations.h"

namespace tunec::host {

class Engine {
 public:
  // `former`: the generation before, whose values the kernel may have made into others.
  Engine(const Machine& machine, const Generations& generations, const Generation* former)
      : machine_(machine), files_(machine.root), generations_(generations), former_(former) {}

  // Throws Failed, TreeFault or Refused at the first action that fails; nothing is undone then. Returns a
  // line for each setting that has another value than the tree gives it, and that the kernel did not round.
  std::vector<std::string> carry_out(Generation& generation);
  // The first part of it: the files alone, read back.
  void put_files(const Generation& generation);
  // Everything that can be given back is given back; returns what could not be. Throws TreeFault if a file
  // cannot be written: the generation is then still being undone.
  std::vector<std::string> undo(Generation& generation);
  // The parts of it: returns as it does, or adds to what could not be.
  std::vector<std::string> restore_files(const Generation& generation) const;
  void run_again(const Generation& generation, std::vector<std::string>& problems) const;  // all that began
  // The files that somebody else changed since, which undoing would lose.
  std::vector<std::string> changed_since(const Generation& generation) const;

 private:
  void note(const Generation& generation, State GenerationFile::*wanted) const;
  void write_files(const Generation& generation);
  void check_files(const Generation& generation) const;
  void run_commands(Generation& generation, std::size_t from, std::size_t to);
  void run_again(const Generation& generation, std::size_t from, std::size_t to,
                 std::vector<std::string>& problems) const;
  std::vector<std::string> write_values(Generation& generation);
  void check_interrupt() const;
  const Machine& machine_;
  const Files files_;
  const Generations& generations_;
  const Generation* former_;
};

}  // namespace tunec::host

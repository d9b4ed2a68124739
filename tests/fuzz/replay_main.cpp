// Replaces libFuzzer where its runtime is missing: runs every file of the seed directory, then mutations of
// them. The mutations are the same on every run (fixed seed, own random number generator), so a failure can
// be reproduced.
//
//   fuzz_compile SEEDS [COUNT [SECONDS]]     COUNT mutations (3000), for at most SECONDS (10)
//   fuzz_compile FILE                        only that input
//
// An input that crashes or hangs is left in ./fuzz-crash.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr unsigned longest_input_seconds = 20;  // for one input, with sanitizers and on a busy machine
constexpr std::size_t longest_input = 1U << 16U;

std::string input;  // the input that is running

extern "C" void leave_input(int number) {
  const int file = ::open("fuzz-crash", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file >= 0 && ::write(file, input.data(), input.size()) >= 0) ::close(file);
  constexpr std::string_view message = "crash or hang; the input is ./fuzz-crash\n";
  if (::write(STDERR_FILENO, message.data(), message.size()) < 0) ::_exit(3);
  std::signal(number, SIG_DFL);
  ::raise(number);
}

void catch_crashes() {
  static std::array<char, 1U << 16U> stack;  // the normal stack may have overflowed
  stack_t alternative{};
  alternative.ss_sp = stack.data();
  alternative.ss_size = stack.size();
  ::sigaltstack(&alternative, nullptr);
  struct sigaction action {};
  action.sa_handler = leave_input;
  action.sa_flags = SA_ONSTACK;
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGALRM})
    ::sigaction(number, &action, nullptr);
}

void run(std::string bytes) {
  input = std::move(bytes);
  ::alarm(longest_input_seconds);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  ::alarm(0);
}

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

const std::vector<std::string> pieces = {"{",
                                         "}",
                                         "[",
                                         "]",
                                         "(",
                                         ")",
                                         "\"",
                                         "\"{",
                                         "=",
                                         "==",
                                         "..",
                                         ",",
                                         ":",
                                         "*",
                                         "%",
                                         "#",
                                         "\n",
                                         "\\",
                                         "--- x.yaml\n",
                                         "\xc3\xa9",
                                         "\xff",
                                         std::string(1, '\0'),
                                         "site s ",
                                         "import \"x.yaml\" ",
                                         "import \"main.tune\" ",
                                         "let a = a ",
                                         "profile p { ",
                                         "profile p(x, y = 1) { ",
                                         "include p ",
                                         "include p(x: 1) ",
                                         "host h { ",
                                         "hosts h-[01..99] { ",
                                         "hosts h-[0..99999999999] { ",
                                         "hosts * { ",
                                         "pool p { ",
                                         "instance type t { ",
                                         "policy p { for host require ",
                                         "waive p on host * ",
                                         "test \"t\" { ",
                                         "facts { memory = 8GiB cpu { cores = 4 } } ",
                                         "when host.memory > 1GiB { ",
                                         "else { ",
                                         "override ",
                                         "unchecked ",
                                         "because \"x\" ",
                                         "where available ",
                                         "default ",
                                         "until 2027-03-31 ",
                                         "sysctl.vm.swappiness = ",
                                         "boot { ",
                                         "clamp(",
                                         "siblings(",
                                         "pool.cpus for pool",
                                         "of ",
                                         "in ",
                                         "not ",
                                         "-",
                                         "- ",
                                         "1",
                                         "99999999999999999999",
                                         "-9223372036854775808",
                                         "9223372036854775807",
                                         "0x",
                                         "1e400",
                                         "16MiB",
                                         "99999999999TiB",
                                         "25%",
                                         "1.5x",
                                         "10Gbps",
                                         "0..8191",
                                         "10.8.0.1/33",
                                         "fd00::/129",
                                         "10de:2206",
                                         "0000:65:00.0",
                                         "hosts:\n  a: {}\n",
                                         "&a [*a]",
                                         "  a:\n",
                                         "- ",
                                         "<<: *a"};

class Mutator {
 public:
  std::string operator()(const std::vector<std::string>& seeds) {
    std::string text = seeds[below(seeds.size())];
    for (std::size_t i = 0, count = 1 + below(6); i < count; ++i) mutate(text, seeds);
    text.resize(std::min(text.size(), longest_input));
    return text;
  }

 private:
  std::size_t below(std::size_t limit) {
    return limit == 0 ? 0 : static_cast<std::size_t>(numbers_() % limit);
  }

  void mutate(std::string& text, const std::vector<std::string>& seeds) {
    const std::size_t at = below(text.size() + 1);
    const std::size_t length = std::min(below(1 + (std::size_t{1} << below(8))), text.size() - at);
    switch (below(6)) {
      case 0: text.erase(at, length); break;
      case 1: text.insert(at, text.substr(at, length)); break;
      case 2: text.insert(at, pieces[below(pieces.size())]); break;
      case 3: text.replace(at, length, pieces[below(pieces.size())]); break;
      case 4:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      default: {
        const std::string& other = seeds[below(seeds.size())];
        const std::size_t from = below(other.size() + 1);
        text.insert(at, other.substr(from, below(200)));
      }
    }
  }

  std::mt19937_64 numbers_{20261130};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  catch_crashes();
  if (std::filesystem::is_regular_file(argv[1])) {
    run(read(argv[1]));
    return 0;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> seeds;
  for (const auto& file : files) {
    run(read(file));
    seeds.push_back(read(file));
    seeds.back().resize(std::min(seeds.back().size(), longest_input));
  }
  if (seeds.empty()) return 2;
  const long count = argc > 2 ? std::atol(argv[2]) : 3000, seconds = argc > 3 ? std::atol(argv[3]) : 10;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  Mutator mutate;
  long done = 0;
  for (; done < count && std::chrono::steady_clock::now() < end; ++done) run(mutate(seeds));
  std::cout << seeds.size() << " seeds and " << done << " mutations of them\n";
  return 0;
}

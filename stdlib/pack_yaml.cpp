// tunec-pack-yaml OUT FILE: the build step that reads one of tunec's own YAML files, so that starting does
// not. A mistake stops the build, with the place.
#include <fstream>
#include <iostream>

#include "base/file_system.h"
#include "source/yaml_packed.h"

int main(int argc, char** argv) {
  using namespace tunec;
  if (argc != 3) return 2;
  auto text = DiskFileSystem().read(argv[2], std::size_t{64} << 20);
  if (const auto* error = std::get_if<ReadError>(&text)) {
    std::cerr << argv[2] << ": " << error->reason << '\n';
    return 2;
  }
  Sources sources;
  const yaml::Document document = yaml::parse(sources.add(argv[2], std::get<std::string>(std::move(text))),
                                              sources);
  if (document.error) {
    std::cerr << sources.place(document.error->where) << ": " << document.error->reason << '\n';
    return 1;
  }
  const std::string bytes = yaml::packed(*document.root);
  std::ofstream out(argv[1], std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  return out.good() ? 0 : 2;
}

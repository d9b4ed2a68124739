// The command line of tunec-host: what is taken, what is refused, and the help of all and of one command.
#include "host/cli/command_line.h"

#include <gtest/gtest.h>

namespace tunec::test {
namespace {

using namespace tunec::host;

const Command commands[] = {
    {"apply", "TREE", 1, 1, "show what would change, and with --now change it", nullptr},
    {"list", "", 0, 0, "the generations", nullptr},
    {"boot", "", 0, 0, "", nullptr},
};
const Option options[] = {
    {"--now", "", {"apply"}, "change the host"},
    {"--root", "DIR", {"apply", "list"}, "of another system's files"},
    {"--help", "", {}, "this text"},
};

std::string refusal(std::vector<const char*> words) {
  try {
    parse(words, commands, options);
    return "";
  } catch (const Refused& refused) {
    return refused.text;
  }
}

TEST(HostCommandLine, takes_options_before_and_after_operands) {
  const std::vector<const char*> words{"--root", "image", "apply", "tree", "--now"};
  const Arguments arguments = parse(words, commands, options);
  EXPECT_EQ(arguments.command, "apply");
  EXPECT_EQ(arguments.operands, std::vector<std::string>{"tree"});
  EXPECT_EQ(arguments.value("--root"), "image");
  EXPECT_TRUE(arguments.has("--now"));
}

TEST(HostCommandLine, refuses_what_is_in_no_table) {
  EXPECT_EQ(refusal({}), "a command is missing: see tunec-host --help");
  EXPECT_EQ(refusal({"aply", "tree"}), "there is no command `aply`: see tunec-host --help");
  EXPECT_EQ(refusal({"apply", "tree", "--nwo"}), "there is no option `--nwo`: see tunec-host --help");
  EXPECT_EQ(refusal({"list", "--now"}), "`list` has no option `--now`");
  EXPECT_EQ(refusal({"apply"}), "`apply` takes `TREE`");
  EXPECT_EQ(refusal({"list", "3"}), "`list` takes no argument");
  EXPECT_EQ(refusal({"list", "--root"}), "`--root` needs DIR");
}

TEST(HostCommandLine, help_lists_all_that_is_for_people) {
  EXPECT_EQ(help_text(commands, options),
            "commands\n"
            "  apply TREE            show what would change, and with --now change it\n"
            "  list                  the generations\n"
            "\n"
            "options\n"
            "  --now                 change the host (apply)\n"
            "  --root DIR            of another system's files (apply, list)\n"
            "  --help                this text\n");
}

TEST(HostCommandLine, the_help_of_a_command_has_its_own_options_only) {
  EXPECT_EQ(help_text(commands[1], options),
            "usage: tunec-host list [OPTIONS]\n"
            "\n"
            "the generations\n"
            "\n"
            "options\n"
            "  --root DIR            of another system's files\n"
            "  --help                this text\n");
}

}  // namespace
}  // namespace tunec::test

// Examples of quoting; the laws are in tests/property/quote_laws_test.cpp.
#include "render/quote.h"

#include <gtest/gtest.h>

namespace tunec {
namespace {

TEST(Quote, leaves_plain_words_as_they_are) {
  EXPECT_EQ(quote_cmdline("isolcpus=managed_irq,domain,2-7"), "isolcpus=managed_irq,domain,2-7");
  EXPECT_EQ(quote_cmdline("nosmt"), "nosmt");
  EXPECT_EQ(quote_cmdline("crashkernel="), "crashkernel=");
  EXPECT_EQ(quote_shell_word("net.ipv4.tcp_rmem"), "net.ipv4.tcp_rmem");
}

TEST(Quote, quotes_the_value_of_a_kernel_word) {
  EXPECT_EQ(quote_cmdline("dyndbg=file x +p"), "dyndbg=\"file x +p\"");
  EXPECT_EQ(quote_cmdline("memmap=64K$0x10000"), "memmap=\"64K\\$0x10000\"");
  EXPECT_EQ(quote_cmdline("a=1;2"), "a=\"1;2\"");
  EXPECT_EQ(quote_cmdline("a=drivers/*"), "a=\"drivers/*\"");
}

TEST(Quote, goes_through_sh_on_the_way_to_grub) {
  EXPECT_EQ(quote_shell_double(quote_cmdline("memmap=64K$0x10000")), R"(memmap=\"64K\\\$0x10000\")");
}

TEST(Quote, picks_the_quotes_that_libvirt_can_read) {
  EXPECT_EQ(quote_libvirt("plain"), "\"plain\"");
  EXPECT_EQ(quote_libvirt("back\\slash"), "\"back\\slash\"");
  EXPECT_EQ(quote_libvirt("a \"b\""), "'a \"b\"'");
  EXPECT_EQ(quote_libvirt("a \"b\" it's"), "\"\"\"a \"b\" it's\"\"\"");
}

TEST(Quote, writes_udev_values) {
  EXPECT_EQ(quote_udev("mq-deadline"), "\"mq-deadline\"");
  EXPECT_EQ(quote_udev("say \"%k\" $x"), "\"say \\\"%%k\\\" $$x\"");
  EXPECT_EQ(quote_udev("a\\b"), "\"a\\b\"");
  EXPECT_EQ(quote_udev("a\\"), "e\"a\\\\\"");
}

// The expected values are the output of `systemd-escape --path` of systemd 252.
TEST(Quote, escapes_paths_as_systemd_does) {
  EXPECT_EQ(escape_unit_path("/var/lib/a-b"), "var-lib-a\\x2db");
  EXPECT_EQ(escape_unit_path("/.a/.b"), "\\x2ea-.b");
  EXPECT_EQ(escape_unit_path("//x//"), "x");
  EXPECT_EQ(escape_unit_path("/"), "-");
  EXPECT_EQ(escape_unit_path("/a/./b"), "a-b");
  EXPECT_EQ(escape_unit_path("/a b/\xc3\xbc"), "a\\x20b-\\xc3\\xbc");
}

TEST(Quote, quotes_words_of_commands) {
  EXPECT_EQ(quote_shell_word(""), "''");
  EXPECT_EQ(quote_shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(quote_shell_word("--args=a b"), "'--args=a b'");
}

// systemd keeps a % at the end, and directives without specifiers refuse two: CPUQuota=50%%
TEST(Quote, doubles_percent_signs_of_units_but_for_one_at_the_end) {
  EXPECT_EQ(quote_systemd("50%"), "50%");
  EXPECT_EQ(quote_systemd("5% of x"), "5%% of x");
  EXPECT_EQ(quote_systemd("a%%"), "a%%%%");
  EXPECT_EQ(quote_systemd_text("20% of 50%"), "20%% of 50%");
  EXPECT_EQ(quote_systemd_text("%i of 50%%"), "%i of 50%%");
  EXPECT_EQ(quote_systemd_text("printf %08x"), "printf %%08x");
  EXPECT_EQ(quote_systemd_text("%"), "%");
  EXPECT_EQ(quote_systemd_text(""), "");
}

TEST(Quote, items_of_units_keep_blanks_quotes_and_backslashes) {
  EXPECT_EQ(quote_systemd_item("A=b"), "A=b");
  EXPECT_EQ(quote_systemd_item("A=b c"), "\"A=b c\"");
  EXPECT_EQ(quote_systemd_item("A=b\\"), "\"A=b\\\\\"");
  EXPECT_EQ(quote_systemd_item(""), "\"\"");
}

TEST(Quote, doubles_backslashes_for_modprobe) {
  EXPECT_EQ(quote_modprobe("a\\"), "a\\\\");
  EXPECT_EQ(quote_module_option("a b"), "\"a b\"");
  EXPECT_EQ(quote_module_option("\xc3\xa0"),
            "\"\xc3\xa0\"");  // à: the kernel takes its second byte for a blank
  EXPECT_EQ(quote_module_option("ab"), "ab");
}

}  // namespace
}  // namespace tunec

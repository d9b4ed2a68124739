// The texts that a trial reads from GRUB and writes for it.
#include <gtest/gtest.h>

#include "host/loader/grub_entry.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

TEST(HostTrialGrub, the_first_entry_is_taken_with_its_lines) {
  const auto entry = first_entry(
      "set default=0\n"
      "menuentry 'A \"system\" { }' --class a $menuentry_id_option 'b c' --users 'me' {\n"
      "\tload_video\n"
      "\tif [ x$grub_platform = xxen ]; then insmod xzio; fi\n"
      "  linuxefi /vmlinuz-6.8.0-1-generic root=UUID=1 dyndbg=\"file x +p\" ro\n"
      "\tinitrdefi /amd-ucode.img /initrd.img-6.8.0-1-generic\n"
      "}\n"
      "menuentry 'Another' {\n\tlinux /vmlinuz-1.0-x\n}\n");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->options, " --class a --users 'me'");
  EXPECT_EQ(entry->version, "6.8.0-1-generic");
  EXPECT_EQ(entry->initrd, "initrd.img-6.8.0-1-generic");
  EXPECT_EQ(entry->lines.size(), 4U);
  EXPECT_EQ(entry->words, (std::vector<std::string>{"root=UUID=1", "dyndbg=\"file x +p\"", "ro"}));
  const std::string part = trial_part(*entry, {7, {"panic=10"}, "tunec-trial.img"});
  EXPECT_NE(
      part.find("menuentry 'trial of generation 7' --class a --users 'me' --id tunec-trial {\n\tload_video\n"
                "\tif [ x$grub_platform = xxen ]; then insmod xzio; fi\n"
                "  linuxefi /vmlinuz-6.8.0-1-generic root=UUID=1 dyndbg=\"file x +p\" ro tunec.trial=7 "
                "panic=10\n"
                "\tinitrdefi /amd-ucode.img /tunec-trial.img\n"
                "\tboot\n\treboot\n}\n"),
      std::string::npos)
      << part;
}

TEST(HostTrialGrub, entries_that_load_no_kernel_with_a_version_are_none) {
  EXPECT_FALSE(first_entry(""));
  EXPECT_FALSE(first_entry("menuentry 'A' {\n\tchainloader +1\n}\n"));
  EXPECT_FALSE(first_entry("menuentry 'A' {\n\tlinux /vmlinuz ro\n}\n"));
  EXPECT_FALSE(first_entry("menuentry 'A' {\n\tlinux /vmlinuz-6.1 ro\n"));
}

TEST(HostTrialGrub, a_trial_is_disarmed_before_it_boots_and_only_then_boots) {
  const std::string part = trial_part(GrubEntry{}, {1, {"panic=10"}, ""});
  const std::size_t tried = part.find("set tunec_trial=tried"),
                    saved = part.find("if save_env tunec_trial; then"),
                    chosen = part.find("set default=tunec-trial"), quiet = part.find("set boot_once=true");
  EXPECT_LT(tried, saved);
  EXPECT_LT(saved, chosen);
  EXPECT_LT(chosen, quiet);
  EXPECT_NE(quiet, std::string::npos);
}

TEST(HostTrialGrub, its_part_of_custom_cfg_goes_without_a_trace) {
  for (const std::string theirs : {"", "a", "a\n", "\n\n", "menuentry 'x' {\n}\n"}) {
    const std::string with = with_part(theirs, "ours\n");
    EXPECT_NE(with.find("ours\n"), std::string::npos);
    EXPECT_EQ(without_part(with), theirs);
    EXPECT_EQ(with_part(with, "ours again\n"), with_part(theirs, "ours again\n")) << "never twice";
    EXPECT_EQ(without_part(with + "# appended by somebody\n"), theirs + "# appended by somebody\n");
  }
}

TEST(HostTrialGrub, variables_are_read_from_the_text_of_grubenv) {
  const std::string_view text = "# GRUB Environment Block\nsaved_entry=0\ntunec_trial=armed\n########";
  EXPECT_EQ(grubenv_value(text, "tunec_trial"), "armed");
  EXPECT_EQ(grubenv_value(text, "trial"), "");
  EXPECT_EQ(grubenv_value("", "tunec_trial"), "");
}

}  // namespace
}  // namespace tunec::test

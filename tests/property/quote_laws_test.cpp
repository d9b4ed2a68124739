// Laws of quoting: the target reads back exactly the quoted text. The texts consist mostly of characters that
// targets interpret, and sometimes of any other byte.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "render/quote.h"
#include "support/unquote.h"

namespace tunec {
namespace {

using test::grub_loader_cmdline;
using test::grub_words;
using test::kernel_args;

constexpr std::string_view nasty = "\"'\\$`%#&;|<>{}()[]*?~!=-./_ \tab0x:@,";

rc::Gen<std::string> text_without(std::string_view excluded) {
  const auto common = rc::gen::elementOf(std::string(nasty));
  const auto any = rc::gen::map(rc::gen::inRange(1, 256), [](int byte) { return static_cast<char>(byte); });
  const std::string left_out(excluded);
  const auto allowed = rc::gen::suchThat(
      rc::gen::weightedOneOf<char>({{6, common}, {1, any}}),
      [left_out](char c) { return left_out.find(c) == std::string::npos; });
  return rc::gen::container<std::string>(allowed);
}

std::string control_characters() {
  std::string text = "\x7f";
  for (char c = 1; c < 32; ++c) text += c;
  return text;
}

RC_GTEST_PROP(QuoteLaws, sh_reads_back_what_stands_in_double_quotes, ()) {
  const std::string text = *text_without("");
  RC_ASSERT(test::unquote_shell_double(quote_shell_double(text)) == text);
}

RC_GTEST_PROP(QuoteLaws, sh_reads_back_a_word, ()) {
  const std::string text = *text_without("");
  RC_ASSERT(test::unquote_shell_word(quote_shell_word(text)) == text);
}

RC_GTEST_PROP(QuoteLaws, grub_reads_back_any_command_line_word, ()) {
  const std::string text = *text_without("\n");
  RC_ASSERT(grub_words(quote_cmdline(text)) == std::vector<std::string>{text});
}

// The whole way: sh sources GRUB_CMDLINE_LINUX="…", grub.cfg gets a copy, GRUB joins the words, the kernel
// splits them.
RC_GTEST_PROP(QuoteLaws, the_kernel_gets_each_name_and_value, ()) {
  const std::string excluded = control_characters() + "\"'\\\xa0";
  const auto values = *rc::gen::container<std::vector<std::string>>(text_without(excluded));
  std::string line;
  std::vector<std::pair<std::string, std::string>> expected;
  for (const std::string& value : values) {
    expected.emplace_back("mod.param", value);
    line.append(" ").append(quote_cmdline("mod.param=" + value));
  }
  const auto sourced = test::unquote_shell_double(quote_shell_double(line));
  RC_ASSERT(sourced.has_value());
  const auto words = grub_words(*sourced);
  RC_ASSERT(words.has_value());
  RC_ASSERT(kernel_args(grub_loader_cmdline(*words)) == expected);
}

// Without GRUB (systemd-boot, kexec), the kernel removes the quotes itself.
RC_GTEST_PROP(QuoteLaws, the_kernel_alone_reads_it_too, ()) {
  const std::string value = *text_without(control_characters() + "\"\\$\xa0");
  const std::vector<std::pair<std::string, std::string>> expected{{"name", value}};
  RC_ASSERT(kernel_args(quote_cmdline("name=" + value)) == expected);
}

RC_GTEST_PROP(QuoteLaws, libvirt_reads_back_what_it_can_write, ()) {
  const std::string text = *text_without("");
  const bool needs_triple = text.find_first_of("\n\r'") != std::string::npos &&
                            text.find_first_of("\"\n\r") != std::string::npos;
  const bool writable = !needs_triple || (text.find("\"\"\"") == std::string::npos && !text.ends_with('"'));
  RC_PRE(writable);
  RC_ASSERT(test::unquote_libvirt(quote_libvirt(text)) == text);
}

RC_GTEST_PROP(QuoteLaws, udev_reads_back_an_assigned_value, ()) {
  const std::string text = *text_without("\n");
  RC_ASSERT(test::unquote_udev(quote_udev(text)) == text);
}

RC_GTEST_PROP(QuoteLaws, systemd_reads_back_a_directive, ()) {
  const std::string text = *text_without("");
  RC_ASSERT(test::unquote_systemd(quote_systemd(text)) == text);
}

RC_GTEST_PROP(QuoteLaws, systemd_reads_back_the_items_of_a_list, ()) {
  const auto items = *rc::gen::container<std::vector<std::string>>(text_without(control_characters()));
  std::string text;
  for (const std::string& item : items) text.append(text.empty() ? "" : " ").append(quote_systemd_item(item));
  RC_ASSERT(test::systemd_words(text) == items);
}

// modprobe takes the line's backslashes off, and the kernel splits what is left.
RC_GTEST_PROP(QuoteLaws, the_kernel_gets_the_options_of_a_module, ()) {
  const std::string excluded = control_characters() + "\"";
  const auto values = *rc::gen::container<std::vector<std::string>>(text_without(excluded));
  std::string line;
  std::vector<std::pair<std::string, std::string>> expected;
  for (const std::string& value : values) {
    expected.emplace_back("param", value);
    line.append(" ").append(quote_modprobe("param=" + quote_module_option(value)));
  }
  RC_ASSERT(test::kernel_args(test::unquote_modprobe(line)) == expected);
}

RC_GTEST_PROP(QuoteLaws, a_unit_name_gives_back_its_path, ()) {
  const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::suchThat(
      text_without("/"), [](const std::string& part) { return !part.empty() && part != "."; }));
  std::string path;
  for (const std::string& part : parts) path.append("/").append(part);
  if (path.empty()) path = "/";
  RC_ASSERT(test::unescape_unit_path(escape_unit_path(path)) == path);
}

}  // namespace
}  // namespace tunec

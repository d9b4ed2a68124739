// Captures: what is in them, what is not, and that they answer as their machine does. And the archives
// themselves.
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "host/capture/snapshot.h"
#include "host/tar.h"
#include "host/verify/findings.h"
#include "host/verify/secrets.h"
#include "support/host_rig.h"

namespace tunec::test {
namespace {

using namespace tunec::host;

std::string captured(HostRig& rig) {
  const std::string path = rig.scratch.at("capture.tar");
  EXPECT_EQ(capture(rig.running(), path), exit_as_wanted);
  return rig.scratch.read("capture.tar");
}

HostRig& with_a_machine(HostRig& rig) {
  rig.set_value("/sys/devices/pci0000:00/0000:00:02.0/vendor", "0x10de");
  rig.set_value("/sys/devices/pci0000:00/0000:00:02.0/rom", "x");
  rig.set_value("/proc/sys/net/ipv4/tcp_fastopen_key", "1234");
  rig.set_value("/proc/cmdline", "ro root_password=abc quiet");
  rig.scratch.make_directory("kernel/sys/bus/pci/devices");
  std::filesystem::create_symlink("../../../devices/pci0000:00/0000:00:02.0",
                                  rig.scratch.at("kernel/sys/bus/pci/devices/0000:00:02.0"));
  rig.put("etc/sysctl.d/10.conf", {"a = 1\n"});
  rig.put("etc/wireguard/wg0.key", {"KEY"});
  rig.put("etc/ssh/ssh_host_ed25519_key", {"KEY"});
  rig.put("etc/shadow", {"root:$6$"});
  return rig;
}

TEST(HostCapture, has_no_secrets_and_lists_what_was_left_out) {
  HostRig rig;
  with_a_machine(rig);
  rig.compile({{"etc/wireguard/wg0.conf", {"[Interface]\nPrivateKey = s3cr3t=\nListenPort = 1\n", 0600}},
               {"etc/libvirt/qemu.conf", {"vnc_password = \"s3cr3t\"\nuser = \"a\"\n", 0600}},
               {"etc/formation/form-config.json",
                {"{\n  \"secret_key\": \"s3cr3t\",\n  \"mnemonic\": \"s3cr3t\"\n}\n"}}});
  ASSERT_EQ(rig.apply(rig.running()), exit_as_wanted) << rig.refusal;
  const std::string archive = captured(rig);
  for (const char* secret : {"s3cr3t", "KEY", "$6$", "1234", "abc"})
    EXPECT_EQ(archive.find(secret), std::string::npos) << secret;
  const Snapshot snapshot(read_tar(archive, "it"));
  EXPECT_EQ(snapshot.find("etc/wireguard/wg0.conf")->content,
            "[Interface]\nPrivateKey =(left out)\nListenPort = 1\n");
  EXPECT_EQ(snapshot.find("etc/libvirt/qemu.conf")->content, "vnc_password =(left out)\nuser = \"a\"\n");
  EXPECT_EQ(snapshot.find("proc/cmdline")->content, "ro root_password=(left out) quiet\n");
  EXPECT_EQ(snapshot.find("etc/shadow"), nullptr);
  EXPECT_EQ(snapshot.find("etc/ssh/ssh_host_ed25519_key"), nullptr);
  const std::string left_out = snapshot.find("tunec/left-out")->content;
  for (const char* line :
       {"etc/wireguard/wg0.conf: secrets in it\n", "proc/sys/net/ipv4/tcp_fastopen_key: a key\n",
        "proc/cmdline: secrets in it\n", "rom: reading it acts on a device\n"})
    EXPECT_NE(left_out.find(line), std::string::npos) << left_out;
}

TEST(HostCapture, is_the_same_twice_and_sorted) {
  HostRig rig;
  with_a_machine(rig);
  EXPECT_EQ(captured(rig), captured(rig));
  const std::vector<TarEntry> entries = read_tar(captured(rig), "it");
  EXPECT_TRUE(std::ranges::is_sorted(entries, {}, [](const TarEntry& entry) {
    std::string key = entry.path;
    std::ranges::replace(key, '/', '\1');  // a directory's files stand right behind it
    return key;
  }));
}

TEST(HostCapture, answers_as_its_machine_does) {
  HostRig rig;
  with_a_machine(rig);
  rig.set_value("/proc/sys/vm/swappiness", "11");
  for (const char* file : {"/proc/meminfo", "/proc/stat"}) rig.set_value(file, "x");
  rig.outputs["wg show all allowed-ips"] = "wg0\tKEY2=\t(none)\n";
  rig.compile(
      {{"etc/sysctl.d/90-tunec.conf", {"x"}},
       {"etc/wireguard/wg0.conf", {"[Interface]\nPrivateKey = a\n", 0600}}},
      "",
      R"({"name": "s", "file": "etc/sysctl.d/90-tunec.conf", "effect": "live", "read": "/proc/sys/vm/swappiness", "expect": "10"},)"
      R"({"name": "t", "effect": "live", "read": "/sys/bus/pci/devices/*/vendor", "expect": "0x10de"})",
      R"({"kind": "assumed", "name": "p", "what": "w", "read": "/sys/bus/pci/devices/0000:00:02.0", "join": "count", "least": 1})");
  ASSERT_EQ(rig.apply(rig.running()), exit_as_wanted) << rig.refusal << rig.warned;
  rig.set_value("/proc/sys/kernel/random/boot_id", "second");
  const host::Machine machine = rig.running();
  const Generations generations(machine);
  const Generation generation = generations.load(1);
  const auto text = [](const std::vector<Finding>& findings) {
    std::string lines;
    for (const Finding& finding : findings)
      lines += fmt::format("{} {} {} {}\n", finding.name, status_name(finding.status), finding.found,
                           finding.where);
    return lines;
  };
  const std::string live = text(look(evidence_of(machine), wanted_by(generation, "second")));
  EXPECT_NE(live.find("s differs 11"), std::string::npos) << live;
  EXPECT_NE(live.find("t equal 0x10de"), std::string::npos) << live;
  const Snapshot of_archive(read_tar(captured(rig), "it"));
  EXPECT_TRUE(of_archive.is_booted_since());
  Wanted wanted = wanted_by(generation, "second");
  wanted.is_of_capture = true;
  EXPECT_EQ(text(look(of_archive.evidence(), wanted)), live);
  // Unpacked, and among others in a directory.
  rig.scratch.make_directory("captures/one");
  const std::string command = fmt::format("tar -xf {} -C {}", rig.scratch.at("capture.tar"),
                                          rig.scratch.at("captures/one"));
  ASSERT_EQ(std::system(command.c_str()), 0) << "GNU tar reads it";
  const auto captures = read_captures(rig.scratch.at("captures"));
  ASSERT_EQ(captures.by_path.size(), 1U);
  EXPECT_TRUE(captures.faults.empty());
  EXPECT_EQ(text(look(captures.by_path.begin()->second.evidence(), wanted)), live);
}

TEST(HostCapture, one_that_cannot_be_read_does_not_hide_the_others) {
  const Scratch scratch;
  const std::vector<TarEntry> whole = {{"tunec/about", "tunec capture 1\nhost: a\n"},
                                       {"proc/cmdline", ""},
                                       {"proc/meminfo", ""},
                                       {"proc/stat", ""}};
  const std::string archive = tar_of(whole);
  scratch.make_directory("all");
  scratch.write("all/a.tar", archive);
  scratch.write("all/b.tar", archive.substr(0, 700));
  scratch.write("all/c.tar.gz", "\x1f\x8b...");
  scratch.write("all/d.tar", tar_of({whole[0], whole[1]}));
  scratch.write("all/notes", "no capture");
  const Captures captures = read_captures(scratch.at("all"));
  ASSERT_EQ(captures.by_path.size(), 1U);
  EXPECT_EQ(captures.by_path.begin()->first, scratch.at("all/a.tar"));
  EXPECT_EQ(captures.faults,
            (std::vector<std::string>{
                scratch.at("all/b.tar") + ": is no whole tar archive",
                scratch.at("all/c.tar.gz") + ": is compressed: `gzip -d` unpacks it",
                scratch.at("all/d.tar") + ": is not whole, since it has no proc/meminfo: make it again",
            }));
}

TEST(HostCapture, reads_captures_only) {
  const Scratch scratch;
  scratch.make_directory("empty");
  scratch.write("other.tar", tar_of({{"a", "b"}}));
  const auto refusal = [&](const std::string& path) -> std::string {
    try {
      const Captures captures = read_captures(scratch.at(path));
      if (!captures.faults.empty()) throw Refused{captures.faults.front()};
    } catch (const Refused& refused) {
      return refused.text.substr(scratch.at(path).size());
    }
    return "";
  };
  EXPECT_EQ(refusal("empty"), ": has no capture in it");
  EXPECT_EQ(refusal("nothing"), ": there is no such file");
  EXPECT_TRUE(refusal("other.tar").starts_with(": is no capture that this version of tunec reads"))
      << refusal("other.tar");
}

TEST(HostTar, reads_back_what_it_writes) {
  const std::string deep = fmt::format("{}/{}/f", std::string(90, 'd'), std::string(90, 'e'));
  const std::vector<TarEntry> entries = {{"a", "text", 0600, false, false, 7},
                                         {"b", deep, 0777, true, false, 0},
                                         {deep, std::string(1000, 'x'), 0644, false, false, 0},
                                         {"z", "", 0755, false, true, 0}};
  const std::vector<TarEntry> read = read_tar(tar_of(entries), "it");
  ASSERT_EQ(read.size(), entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(read[i].path, entries[i].path);
    EXPECT_EQ(read[i].content, entries[i].content);
    EXPECT_EQ(read[i].mode, entries[i].mode);
    EXPECT_EQ(read[i].modified, entries[i].modified);
    EXPECT_EQ(read[i].is_link, entries[i].is_link);
    EXPECT_EQ(read[i].is_directory, entries[i].is_directory);
  }
}

TEST(HostTar, refuses_what_is_damaged_or_leads_elsewhere) {
  const auto refusal = [](const std::string& bytes) -> std::string {
    try {
      read_tar(bytes, "it");
    } catch (const Refused& refused) {
      return refused.text;
    }
    return "";
  };
  const std::string whole = tar_of({{"a", std::string(600, 'x')}});
  EXPECT_EQ(refusal(whole), "");
  EXPECT_EQ(refusal(""), "it: is no whole tar archive");
  EXPECT_EQ(refusal(whole.substr(0, 600)), "it: ends in the middle of a file");
  EXPECT_EQ(refusal("b" + whole.substr(1)), "it: is no tar archive, or it is damaged");
  EXPECT_EQ(refusal(tar_of({{"../a", "x"}})).substr(0, 20), "it: the path `../a` ");
  EXPECT_EQ(refusal(tar_of({{"/a", "x"}})).substr(0, 17), "it: the path `/a`");
}

TEST(HostTar, secrets_end_with_their_line_or_word) {
  EXPECT_EQ(without_secrets("a = 1\nPassword: x y\nb"), "a = 1\nPassword:(left out)\nb");
  EXPECT_EQ(without_secrets("\"token\": \"x\""), "\"token\":(left out)");
  EXPECT_EQ(without_secrets("PublicKey = x\npassword =\n"), "PublicKey = x\npassword =\n");
  EXPECT_EQ(without_secrets("Environment=A=1 AWS_SECRET_ACCESS_KEY=x B=2"),
            "Environment=A=1 AWS_SECRET_ACCESS_KEY=(left out)");
  EXPECT_EQ(without_secrets("Environment=DB_PASS=x"), "Environment=DB_PASS=(left out)");
  EXPECT_EQ(without_secrets("ExecStart=/bin/x --verbose --password x"),
            "ExecStart=/bin/x --verbose --password(left out)");
  EXPECT_EQ(without_secrets("ExecStart=/bin/x --token=x"), "ExecStart=/bin/x --token=(left out)");
  EXPECT_EQ(without_secrets("SetCredential=a:x"), "SetCredential=(left out)");
  EXPECT_EQ(without_secrets("url = https://me:x@host/y"), "url = https://(left out)");
  EXPECT_EQ(without_secrets("options wifi key=x"), "options wifi key=(left out)");
  for (const char* open :
       {"net.core.bpf_jit_harden = 2", "url = https://host:8080/a@b", "ExecStart=/bin/x --verbose",
        "kernel.keys.maxkeys = 2000", "PersistentKeepalive = 25", "AuthorizedKeysFile=/etc/keys"})
    EXPECT_EQ(without_secrets(open), open);
  EXPECT_EQ(without_secrets("a:b, \"vnc_password\" : x"), "a:b, \"vnc_password\" :(left out)");
  EXPECT_EQ(words_without_secrets("a=b passwd=c d"), "a=b passwd=(left out) d");
}

TEST(HostApply, a_tree_in_an_archive) {
  HostRig rig;
  rig.compile({{"etc/a", {"a"}}});
  const std::string manifest = rig.scratch.read("tree/manifest.json");
  const auto apply_archive = [&](const std::vector<TarEntry>& entries) {
    rig.scratch.write("tree.tar", tar_of(entries));
    rig.refusal.clear();
    try {
      return host::apply(rig.image(), {rig.scratch.at("tree.tar"), "", false}, {ApplyMode::now});
    } catch (const Refused& refused) {
      rig.refusal = refused.text;
      return 2;
    }
  };
  EXPECT_EQ(apply_archive({{"etc/a", "a"}, {"manifest.json", manifest}}), exit_as_wanted);
  EXPECT_EQ(rig.scratch.read("root/etc/a"), "a");
  rig.rollback(rig.image());
  EXPECT_EQ(apply_archive(
                {{"kvm-01/etc/a", "b"}, {"kvm-01/manifest.json", manifest}, {"kvm-02/manifest.json", "{}"}}),
            exit_as_wanted);
  EXPECT_EQ(rig.scratch.read("root/etc/a"), "b");
  EXPECT_EQ(apply_archive({{"kvm-01/manifest.json", manifest}}), 2);
  EXPECT_NE(rig.refusal.find("tree.tar/kvm-01/etc/a: is in the manifest, but not in the tree"),
            std::string::npos)
      << rig.refusal;
}

}  // namespace
}  // namespace tunec::test

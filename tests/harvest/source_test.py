"""The harvest's part that reads a kernel's source, on snippets of our own."""
import shutil
import tempfile
import unittest
import weakref
from pathlib import Path

import source
from ctext import Source, decided, matching, needed, split, string, uncommented
from ctree import Tree
from sysctls import Sysctls

SHARED = {
    "include/linux/sysctl.h": """
#define SYSCTL_ZERO ((void *)&sysctl_vals[0])
#define SYSCTL_ONE ((void *)&sysctl_vals[1])
#define SYSCTL_INT_MAX ((void *)&sysctl_vals[2])
""",
    "include/linux/limits.h": "#define LARGEST_BATCH 64\nextern int plain_one;\nextern int three_of_them[3];\nextern int many_of_them[];\n",
    "include/linux/stat.h": "#define S_IRUSR 00400\n#define S_IRUGO (S_IRUSR|00040|00004)\n",
    "kernel/Makefile": "obj-y += sysctl.o\n",
    "kernel/sysctl.c": "const int sysctl_vals[] = { 0, 1, INT_MAX };\nstruct ctl_table_header;\n",
    "Kbuild": "obj-y += kernel/\nobj-$(CONFIG_NET) += net/\nobj-y += drivers/\n",
}


def tree(files, **options):
    """A Tree of a folder with these files."""
    folder = tempfile.mkdtemp(prefix="harvest-test.")
    for name, text in {**SHARED, **files}.items():
        file = Path(folder) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    made = Tree(folder, {"HZ": "250", **options})
    weakref.finalize(made, shutil.rmtree, folder)
    return made


def sysctls(files, **options):
    return {row.name: row for row in Sysctls(tree(files, **options)).rows()}


def of_net(text, makefile="obj-y += some.o\n", **options):
    return sysctls({"net/Makefile": makefile, "net/some.c": text}, NET="y", **options)


class Text(unittest.TestCase):
    def test_comments_go_and_strings_stay(self):
        self.assertEqual(uncommented('a /* "x" */ "/* no */" // b').split(), ["a", '"/*', "no", '*/"'])

    def test_a_comment_keeps_its_lines(self):
        self.assertEqual(uncommented("a/* \n\n */b").count("\n"), 2)

    def test_brackets_in_strings_close_nothing(self):
        self.assertEqual(matching('{ ")}" \'}\' [x] }', 0), 15)
        self.assertIsNone(matching("{ (", 0))

    def test_commas_in_brackets_split_nothing(self):
        self.assertEqual([part.strip() for _, part in split('a, f(b, c), "d,e"')], ["a", "f(b, c)", '"d,e"'])

    def test_strings_in_a_row_are_one(self):
        self.assertEqual(string(' "a/" "b" '), "a/b")
        self.assertIsNone(string('"a" NAME'))

    def test_what_an_if_needs(self):
        self.assertEqual(needed("defined(CONFIG_A) && IS_ENABLED(CONFIG_B)"), {"A", "B"})
        self.assertEqual(needed("defined(CONFIG_A) || defined(CONFIG_A_MODULE)"), {"A"})
        self.assertEqual(needed("defined(CONFIG_A) || defined(CONFIG_B)"), set())
        self.assertEqual(needed("!defined(CONFIG_A)"), set())
        self.assertEqual(needed("CONFIG_A > 2 && defined(CONFIG_B)"), {"B"})
        self.assertEqual(needed("DEBUG_THIS"), {"?DEBUG_THIS"})

    def test_places_know_their_options(self):
        text = Source("x.c", "one\n#ifdef CONFIG_A\ntwo\n# if defined(CONFIG_B)\nthree\n# endif\n#else\nfour\n#endif\nfive\n#if 0\nsix\n#endif\n")
        gates = {word: text.gate(text.text.index(word)) for word in ("one", "two", "three", "four", "five")}
        self.assertEqual(gates, {"one": set(), "two": {"A"}, "three": {"A", "B"}, "four": set(), "five": set()})
        self.assertNotIn("six", text.text)

    def test_what_a_configuration_decides(self):
        config = {"A": "y", "M": "m", "N": "64"}
        for condition, holds in {
            "defined(CONFIG_A)": True, "defined(CONFIG_B)": False, "defined(CONFIG_M)": False, "defined(CONFIG_M_MODULE)": True,
            "IS_ENABLED(CONFIG_M) && !defined(CONFIG_B)": True, "IS_BUILTIN(CONFIG_M)": False, "IS_MODULE(CONFIG_M)": True,
            "CONFIG_N > 32 && (defined(CONFIG_B) || defined CONFIG_A)": True, "IS_REACHABLE(CONFIG_M)": None, "GCC_VERSION >= 40000": None,
            "defined(__x) && defined(CONFIG_B)": False, "defined(__x) || defined(CONFIG_A)": True, "HAS(x) && 1": None, "0": False,
        }.items():
            self.assertIs(decided(condition, config), holds, condition)
        self.assertIsNone(decided("defined(CONFIG_A)", None))

    def test_what_is_off_for_no_reason_that_could_be_named_is_gone(self):
        text = Source("x.c", "#ifndef CONFIG_A\nnot_a\n#elif defined(CONFIG_B)\nwith_b\n#else\nother\n#endif\n"
                             "#if defined(CONFIG_B) || defined(CONFIG_C)\nb_or_c\n#endif\n", {"A": "y"})
        self.assertEqual(text.text.split(), ["with_b", "other"])
        self.assertTrue(text.alive(text.text.index("other")))
        self.assertFalse(text.alive(text.text.index("with_b")))

    def test_of_two_sides_the_one_that_is_on_counts(self):
        text = "#ifdef CONFIG_A\nstatic int x = 1;\n#define Y 1\n#else\nstatic int x = 2;\n#define Y 2\n#endif\n"
        self.assertEqual(Source("x.c", text, {"A": "y"}).variables["x"].value, "1")
        self.assertEqual(Source("x.c", text, {}).variables["x"].value, "2")
        self.assertEqual(Source("x.c", text, {}).macros["Y"], (None, "2"))
        self.assertIsNone(Source("x.c", text).variables["x"].value)
        self.assertNotIn("Y", Source("x.c", text).macros)

    def test_macros_that_declare_are_expanded(self):
        text = Source("x.c", '#define ENTRY(id, name) [ID_ ## id] = { .procname = name, .data = #id }\n#define BOTH(a, b) ENTRY(a, b),\nBOTH(X, "x")\n')
        self.assertIn('[ID_X] = { .procname = "x", .data = "X" },', text.text)

    def test_variables(self):
        found = Source("x.c", "static int zero, one __read_mostly = 1;\nextern int far;\nunsigned long three[3];\n#ifdef A\nint two = 2;\n#else\n"
                              "int two = 3;\n#endif\n").variables
        self.assertEqual([found[name].value for name in ("zero", "one", "far", "three", "two")], ["", "1", None, None, None])
        self.assertEqual((found["three"].type, found["three"].items), ("unsigned long", "3"))

    def test_what_code_assigns(self):
        found = Source("x.c", "int a = 1, b, c;\nvoid f(void)\n{\n\tb = 2;\n\tx->c = 3;\n\tif (a == 1)\n\t\td++;\n}\n").assigned
        self.assertEqual(found & set("abcd"), {"b", "d"})


class Makefiles(unittest.TestCase):
    def kbuild(self, files, **options):
        return tree(files, **options).kbuild

    def test_a_whole_of_parts_in_a_folder_that_may_not_be(self):
        found = self.kbuild({"net/Makefile": "obj-$(CONFIG_WHOLE) += a-whole.o\na-whole-y := one.o \\\n\tdeep/two.o\na-whole-$(CONFIG_MORE) += three.o\n"},
                            NET="y", WHOLE="m")
        self.assertEqual(found.modules["net/deep/two"], {"a_whole": {"NET", "WHOLE"}})
        self.assertEqual(found.modules["net/three"], {"a_whole": {"NET", "WHOLE", "MORE"}})
        self.assertEqual((found.built["net/one", "a_whole"], found.built["net/three", "a_whole"]), ("m", "n"))

    def test_variables_and_conditions(self):
        found = self.kbuild({"net/Makefile": "DIR := ../kernel\nifdef CONFIG_A\nobj-y += $(DIR)/far.o\nelse\nobj-y += near.o\nendif\n"
                                             "ifeq ($(CONFIG_B),y)\nobj-y += b.o\nendif\nobj-y += $(obj)/own_$(BITS).o\n"}, NET="y")
        self.assertEqual(found.modules["kernel/far"], {"far": {"NET", "A"}})
        self.assertEqual(found.modules["net/near"], {"near": {"NET"}})
        self.assertEqual(found.modules["net/b"], {"b": {"NET", "B"}})
        self.assertIn("net/own_64", found.modules)

    def test_either_of_two_reasons_builds(self):
        found = self.kbuild({"net/Makefile": "obj-$(CONFIG_A) += x.o\nobj-$(CONFIG_B) += x.o\n"}, NET="y", B="y")
        self.assertEqual(found.modules["net/x"], {"x": {"NET"}})
        self.assertEqual(found.built["net/x", "x"], "y")


TABLE = """
static int ten = 10;
static const int odd = 2 * LARGEST_BATCH - 1;
static int moved = 7;
int ours;
void f(void)
{
	moved = 8;
}
static struct ctl_table a_table[] = {
	{ .procname = "plain", .data = &ours, .maxlen = sizeof(int), .mode = 0644, .proc_handler = proc_dointvec },
	{
		.procname	= "bounded",
		.maxlen		= sizeof(int),
		.mode		= S_IRUGO,
		.proc_handler	= proc_dointvec_minmax,
		.extra1		= SYSCTL_ONE,
		.extra2		= (void *)&ten,
	},
	{ .procname = "unbound", .maxlen = sizeof(int), .mode = 0600, .proc_handler = proc_dointvec, .extra1 = &ten },
	{ .procname = "odd", .maxlen = sizeof(unsigned int), .mode = 0644, .proc_handler = &proc_douintvec_minmax, .extra2 = (void *)&odd },
	{ .procname = "moved", .maxlen = sizeof(int), .mode = 0644, .proc_handler = proc_dointvec_minmax, .extra1 = &moved, .extra2 = SYSCTL_INT_MAX },
	{ .procname = "byte", .maxlen = sizeof(u8), .mode = 0644, .proc_handler = proc_dou8vec_minmax },
	{ .procname = "flag_byte", .maxlen = sizeof(u8), .mode = 0644, .proc_handler = proc_dou8vec_minmax, .extra1 = SYSCTL_ZERO, .extra2 = SYSCTL_ONE },
	{ .procname = "timeout", .maxlen = sizeof(int), .mode = 0644, .proc_handler = proc_dointvec_jiffies },
	{ .procname = "short", .maxlen = sizeof(int), .mode = 0644, .proc_handler = proc_dointvec_ms_jiffies_minmax, .extra1 = SYSCTL_ONE, .extra2 = &ten },
	{ .procname = "pair", .maxlen = 2 * sizeof(int), .mode = 0644, .proc_handler = proc_dointvec },
	{ .procname = "three", .maxlen = sizeof(three_of_them), .mode = 0644, .proc_handler = proc_dointvec },
	{ .procname = "many", .maxlen = sizeof(many_of_them), .mode = 0644, .proc_handler = proc_dointvec },
	{ .procname = "sized_kbytes", .maxlen = sizeof(unsigned long), .mode = 0644, .proc_handler = proc_doulongvec_minmax },
	{ .procname = "switch", .maxlen = sizeof(int), .mode = 0644, .proc_handler = proc_dobool },
	{ .procname = "text", .maxlen = 16, .mode = 0644, .proc_handler = proc_dostring },
#ifdef CONFIG_EXTRA
	{ .procname = "extra", .maxlen = sizeof(int), .mode = 0644, .proc_handler = proc_dointvec },
#endif
#ifdef NEVER_DEFINED
	{ .procname = "never", .maxlen = sizeof(int), .mode = 0644, .proc_handler = proc_dointvec },
#endif
	{ }
};
static int init(void)
{
	register_net_sysctl(&init_net, "net/some", a_table);
}
"""


class Tables(unittest.TestCase):
    def setUp(self):
        self.found = of_net(TABLE)

    def see(self, name, **columns):
        row = self.found[f"net.some.{name}"]
        self.assertEqual({c: getattr(row, c) for c in columns}, columns)

    def test_types(self):
        self.see("plain", type="int", range="-", mode="644", unit="-", gate="NET", where="net/some.c", seen="s")
        self.see("byte", type="u8", range="0..255")
        self.see("switch", type="bool", range="-")  # which takes any number
        self.see("text", type="string")

    def test_bounds(self):
        self.see("bounded", range="1..10", mode="444")
        self.see("unbound", range="-", mode="600")  # the handler does not look at them
        self.see("odd", type="uint", range="0..127")
        self.see("moved", range="-")  # one is no constant, the other all that the type holds
        self.see("flag_byte", range="0..1")

    def test_units(self):
        self.see("timeout", unit="s")
        self.see("short", unit="ms", range="1..")  # the upper one counts jiffies
        self.see("sized_kbytes", unit="KiB", type="ulong")

    def test_items(self):
        self.see("pair", type="int[2]")
        self.see("three", type="int[3]")
        self.see("many", type="int[]")

    def test_gates(self):
        self.see("extra", gate="EXTRA+NET")
        self.assertNotIn("net.some.never", self.found)

    def test_handlers_of_a_kernel_s_own(self):
        found = of_net("""
static int deeper(struct ctl_table *table, int write)
{
	return proc_dointvec_minmax(table, write);
}
static int shallow(struct ctl_table *table, int write)
{
	if (write)
		drop_all();
	return deeper(table, write);
}
static int forced(struct ctl_table *ctl, int write)
{
	unsigned long both[2];
	struct ctl_table tmp = { .data = both, .maxlen = sizeof(both), .extra1 = SYSCTL_ONE };
	return proc_doulongvec_minmax(&tmp, write);
}
static struct ctl_table t[] = {
	{ .procname = "a", .maxlen = sizeof(int), .mode = 0200, .proc_handler = shallow, .extra1 = SYSCTL_ONE },
	{ .procname = "b", .maxlen = 4, .mode = 0644, .proc_handler = forced, .extra1 = SYSCTL_ZERO },
	{ .procname = "c", .maxlen = 4, .mode = 0644, .proc_handler = elsewhere },
};
void f(void)
{
	register_sysctl_init("vm", t);
}
""")
        self.assertEqual([(r.type, r.range) for r in found.values()], [("int", "1.."), ("ulong[2]", "1.."), ("-", "-")])
        self.assertEqual(found["vm.a"].mode, "200")

    def test_paths(self):
        found = of_net("""
struct set { struct ctl_table entries[3]; };
static struct set template = {
	.entries = { { .procname = "each", .maxlen = sizeof(int), .mode = 0644, .proc_handler = proc_dointvec } },
};
static struct ctl_table leaves[] = { { .procname = "leaf", .maxlen = sizeof(int), .mode = 0644, .proc_handler = proc_dointvec }, { } };
static struct ctl_table dirs[] = { { .procname = "dir", .mode = 0555, .child = leaves }, { } };
static struct ctl_table root[] = { { .procname = "top", .mode = 0555, .child = dirs }, { } };
static struct ctl_table copied[] = { { .procname = NAME, .maxlen = sizeof(int), .mode = 0644, .proc_handler = proc_dointvec }, { } };
static const char NAME[] = "named";
void f(struct net *net, char *dev)
{
	char path[40];
	struct ctl_table *table;

	snprintf(path, sizeof(path), "net/ipv4/conf/%s", dev);
	register_net_sysctl_sz(net, path, s->entries, 3);
	table = kmemdup(copied, sizeof(copied), GFP_KERNEL);
	register_net_sysctl(net, "net/copy", table);
	register_sysctl_table(root);
	snprintf(path, sizeof(path), "%s/%s", where, what);
	register_net_sysctl(net, path, copied);
}
""")
        self.assertEqual(sorted(found), ["net.copy.named", "net.ipv4.conf().each", "top.dir.leaf"])

    def test_two_tables_of_one_name_say_what_both_say(self):
        found = of_net("""
#ifdef CONFIG_A
static struct ctl_table a[] = { { .procname = "x", .maxlen = sizeof(int), .mode = 0644, .proc_handler = proc_dointvec }, };
#else
static struct ctl_table b[] = { { .procname = "x", .maxlen = sizeof(int), .mode = 0444, .proc_handler = proc_dointvec }, };
#endif
void f(void)
{
	register_sysctl("net", a);
	register_sysctl("net", b);
}
""")
        self.assertEqual((found["net.x"].type, found["net.x"].mode, found["net.x"].gate), ("int", "-", "NET"))


class Parameters(unittest.TestCase):
    def rows(self, text, makefile="obj-$(CONFIG_DRIVER) += a-driver.o\na-driver-y := one.o\n", **options):
        made = tree({"drivers/Makefile": makefile, "drivers/one.c": text}, **{"DRIVER": "m", **options})
        return {(row.kind, row.name): row for row in source.read(made) if row.kind != "sysctl"}

    def test_macros(self):
        found = self.rows("""
static int depth = 3;
module_param(depth, int, 0644);
static bool fast;
module_param_named(quick, fast, bool, S_IRUGO);
static bool lazy = true;
module_param_named(eager, lazy, invbool, 0);
static int sizes[4];
module_param_array(sizes, int, NULL, 0444);
static char *mode = "auto";
module_param(mode, charp, 0400);
static unsigned int level = LARGEST_BATCH / 2;
module_param_unsafe(level, uint, 0644);
static int later = 1;
module_param(later, int, 0444);
static int set_level(const char *val, const struct kernel_param *kp)
{
	later = 2;
	return param_set_uint_minmax(val, kp, 1, LARGEST_BATCH);
}
static const struct kernel_param_ops level_ops = { .set = set_level, .get = param_get_uint };
module_param_cb(limit, &level_ops, &level, 0644);
module_param_cb(plain, &param_ops_ulong, &level, 0600);
module_param_call(called, set_it, param_get_int, &depth, 0644);
""")
        told = {name.partition(".")[2]: (r.type, r.mode, r.default, r.range) for (_, name), r in found.items()}
        self.assertEqual(told, {
            "depth": ("int", "644", "3", "-"), "quick": ("bool", "444", "-", "-"), "eager": ("invbool", "000", "N", "-"),
            "sizes": ("array of int", "444", "-", "-"), "mode": ("charp", "400", "auto", "-"), "level": ("uint", "644", "32", "-"),
            "later": ("int", "444", "-", "-"), "limit": ("uint", "644", "32", "1..64"), "plain": ("ulong", "600", "32", "-"),
            "called": ("int", "644", "3", "-"),
        })
        self.assertEqual({name.partition(".")[0] for _, name in found}, {"a_driver"})

    def test_a_prefix_counts_where_the_module_is_built_in(self):
        text = '#undef MODULE_PARAM_PREFIX\n#define MODULE_PARAM_PREFIX "other."\nstatic int x;\nmodule_param(x, int, 0644);\n'
        self.assertEqual(list(self.rows(text)), [("module-param", "a_driver.x")])
        self.assertEqual(list(self.rows(text, DRIVER="y")), [("module-param", "other.x")])

    def test_what_is_not_built_has_none(self):
        self.assertEqual(self.rows("module_param(x, int, 0644);", DRIVER="n"), {})

    def test_gates_are_what_the_module_alone_does_not_need(self):
        found = self.rows("#ifdef CONFIG_MORE\nmodule_param(x, int, 0644);\n#endif\nmodule_param(y, int, 0644);\n")
        self.assertEqual([r.gate for r in found.values()], ["MORE", "-"])

    def test_boot_parameters(self):
        found = self.rows("""
static int __init depth(char *str)
{
	get_option(&str, &x);
	return 1;
}
__setup("depth=", depth);
static int __init off(char *unused)
{
	x = 0;
	return 0;
}
early_param("nothing", off);
static int __init words(char *str)
{
	if (!strcmp(str, "all"))
		return 1;
	return kstrtoint(str, 0, &x);
}
early_param("some.words", words);
core_param(core, x, int, 0644);
static const char *far_away = "named";
static char of_this_arg[] __initdata = "assembled";
static const struct sysctl_alias sysctl_aliases[] = {
	{"other_name",	"kernel.own_name" },
	{ }
};
void f(void)
{
	const char *option = far_away;
	cmdline_find_option_bool(boot_command_line, "found");
	cmdline_find_option_bool(boot_command_line, option);
	cmdline_find_option(line, this_arg, buffer, sizeof(buffer));
	cmdline_find_option("first", buffer, sizeof(buffer));
	on = cmdline_find_option_bool("word=on");
}
""", DRIVER="y")
        self.assertEqual({name: r.type for (_, name), r in found.items()}, {"depth": "int", "nothing": "flag", "some.words": "-", "core": "int", "found": "flag",
                                                                         "named": "flag", "assembled": "-", "first": "-", "word": "-", "other_name": "-"})
        self.assertEqual({r.kind for r in found.values()}, {"boot"})

    def test_names_that_modules_themselves_give_wrong(self):
        made = tree({"drivers/Makefile": "obj-y += one.o\n",
                     "drivers/one.c": '#define MODULE_PARAM_PREFIX "other."\nmodule_param(x, int, 0644);\ncore_param(y, x, int, 0);\n'})
        self.assertEqual([(said, row.name) for said, row in source.parameter_rows(made) if said], [("one.x", "other.x")])


if __name__ == "__main__":
    unittest.main()

// Preloaded into a program (LD_PRELOAD), this reports a single processor, so the program starts no threads.
// Callgrind then counts all work below the function that requested it. With glibc 2.36, a CPU affinity does
// not have this effect.
extern "C" int get_nprocs() { return 1; }
extern "C" int get_nprocs_conf() { return 1; }

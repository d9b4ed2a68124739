// Loaded before all else (LD_PRELOAD), it makes a program believe that there is one processor, so that it
// starts no threads: callgrind then counts all work below the function that asked for it. A CPU affinity does
// not do that in glibc 2.36.
extern "C" int get_nprocs() { return 1; }
extern "C" int get_nprocs_conf() { return 1; }

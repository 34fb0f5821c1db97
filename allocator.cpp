// Settings of jemalloc, which reads them by this name when the executable is linked to it.

/// Memory that nobody uses is given back after a second, by whoever allocates then: jemalloc's own
/// thread for that would wake an idle server up.
extern "C" const char* const malloc_conf;
const char* const malloc_conf = "dirty_decay_ms:1000,muzzy_decay_ms:0";

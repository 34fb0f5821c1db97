// libpqxx 6.4 drops the result of a statement during which the connection was lost: it asks the
// dead connection for its encoding, which throws, before anything owns the result. Some hundred
// bytes for each lost connection; the tests lose connections on purpose.
#if defined(__SANITIZE_ADDRESS__)
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:PQmakeEmptyPGresult\n"; }
#endif

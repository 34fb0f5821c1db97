// Part of every executable that is built with UndefinedBehaviorSanitizer; its runtime asks for this
// when it starts. What UBSAN_OPTIONS says goes before.
extern "C" const char* __ubsan_default_options();
extern "C" const char* __ubsan_default_options() {
  return "halt_on_error=1:print_stacktrace=1:suppressions=" CARILLON_SUPPRESSIONS;
}

#include "bench/store/pages.hpp"
#include "bench/store/session_writes.hpp"
#include "bench/store/video.hpp"
#include "bench/store/writes.hpp"
#include "config/log.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>

using namespace carillon::store_bench;

int main(int argc, char** argv) {
  CLI::App app{"Measures the stores: pages of a long history, and PostgreSQL's CPU for a call"};
  std::string postgres;
  int user_calls = 100'000;
  int calls = 20'000;
  int plain_calls = 2'000;
  int sessions = 2'000;
  int user_sessions = 10'000;
  int video_calls = 1'000'000;
  bool only_sessions = false;
  bool only_pages = false;
  bool only_writes = false;
  bool only_video = false;
  bool no_sqlite = false;
  std::vector<int> in_batch{10, 100, 500};
  app.add_option("--postgres", postgres,
                 "URL of a PostgreSQL on this machine where schemas may be made; without it only"
                 " SQLite is measured")
      ->envname("CARILLON_TEST_POSTGRES");
  app.add_option("--user-calls", user_calls, "calls of the user whose pages are read");
  app.add_option("--calls", calls, "calls written");
  app.add_option("--plain-calls", plain_calls, "calls written one statement at a time");
  app.add_option("--sessions", sessions, "sessions of eight written");
  app.add_option("--user-sessions", user_sessions, "sessions of the user whose pages are read");
  app.add_flag("--only-sessions", only_sessions, "measure sessions only");
  app.add_option("--video-calls", video_calls, "video calls that are there");
  app.add_flag("--video", only_video,
               "measure history and active video calls only, of PostgreSQL (not done otherwise)");
  app.add_option("--in-batch", in_batch, "calls that begin while a batch fills");
  app.add_flag("--pages", only_pages, "measure pages only");
  app.add_flag("--writes", only_writes, "measure writes only");
  app.add_flag("--no-sqlite", no_sqlite, "leave SQLite out");
  CLI11_PARSE(app, argc, argv);
  carillon::log::set_level(carillon::log::level::warn);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);

  if (only_video) {
    if (postgres.empty())
      give_up("--video needs --postgres");
    database where{postgres};
    measure_video(where, video_calls);
    return 0;
  }
  const auto sqlite = no_sqlite ? std::string{} : std::string{"sqlite:"};
  for (const auto& url : {sqlite, postgres}) {
    if (url.empty() || only_pages || only_writes)
      continue;
    for (int n : in_batch) {
      database where{url};
      measure_session_writes(where, sessions, n);
    }
    database where{url};
    measure_session_pages(where, user_sessions);
  }
  if (only_sessions)
    return 0;
  if (!only_writes) {
    for (const auto& url : {sqlite, postgres}) {
      if (url.empty())
        continue;
      database where{url};
      measure_pages(where, user_calls);
    }
  }
  if (only_pages)
    return 0;
  for (int n : in_batch) {
    if (no_sqlite)
      break;
    database where{"sqlite:"};
    measure_writes(where, calls, n);
  }
  if (postgres.empty())
    return 0;
  if (plain_calls > 0) {
    database plain{postgres};
    measure_plain_writes(plain, plain_calls);
  }
  for (int n : in_batch) {
    database where{postgres};
    measure_writes(where, calls, n);
  }
}

#include "persistence/postgres_counting.hpp"

#include "config/log.hpp"
#include "persistence/history_looks.hpp"
#include "persistence/one_line.hpp"
#include "persistence/postgres_statements.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <string>

namespace carillon::persistence {

namespace {

// Calls that end before the mark is moved; so many more than it had to are looked at in a restart.
constexpr std::size_t calls_between_marks = 4096;

// Blocks that are made at a time; others cannot write meanwhile.
constexpr std::int64_t blocks_at_once = 16;

// Whether the marks are locked now.
bool lock(postgres_access& db) { return db.run(postgres_sql::lock_marks(), {})[0].number(0) != 0; }

} // namespace

template <class Work>
void postgres_counting::try_to(std::string_view what, Work work) noexcept {
  try {
    work();
  } catch (const std::exception& e) {
    log::debug("history_not_counted", {{"during", what}, {"error", one_line(e.what())}});
  }
}

void postgres_counting::after_write(std::span<const write_op> ops,
                                    const std::vector<bool>& changed) noexcept {
  try_to("count", [&] {
    for (const auto& user : users_to_look_at(ops, changed, shape_))
      count(user);
  });
  ended_ += static_cast<std::size_t>(std::count_if(ops.begin(), ops.end(), [](const auto& op) {
    const auto* call = std::get_if<call_record>(&op);
    return call != nullptr && call->kind() == call_kind::direct && call->ended_at.has_value();
  }));
  if (ended_ < calls_between_marks)
    return;
  ended_ = 0;
  try_to("move_live_mark", [&] { move_live_mark(); });
}

void postgres_counting::after_restart() noexcept {
  try_to("move_live_mark", [&] { move_live_mark(); });
}

// Makes blocks of what is beyond the newest entries, when it is enough for one.
void postgres_counting::count(const user_id& user) {
  const std::int64_t enough = std::int64_t{shape_.block} + shape_.fresh;
  const std::array looked{user.str(), std::to_string(enough)};
  const std::array making{user.str(), std::to_string(shape_.block),
                          std::to_string(enough + (blocks_at_once - 1) * shape_.block),
                          std::to_string(shape_.fresh)};
  const std::array moving{user.str()};
  while (true) {
    bool long_enough = false;
    session_.read([&](postgres_access& db) {
      long_enough = db.run(postgres_sql::fresh_entries(), looked)[0].number(0) >= enough;
    });
    if (!long_enough)
      return;
    bool made = false;
    session_.write(
        [&](postgres_access& db) {
          if (!lock(db))
            return;
          made = db.run(postgres_sql::make_blocks(), making).affected() > 0;
          db.run(postgres_sql::move_mark(), moving);
        },
        postgres_session::bound::brief);
    if (!made)
      return;
  }
}

void postgres_counting::move_live_mark() {
  session_.write(
      [&](postgres_access& db) {
        if (!lock(db))
          return;
        db.run(postgres_sql::note_long_calls(), {});
        db.run(postgres_sql::move_live_mark(), {});
        db.run(postgres_sql::forget_long_calls(), {});
      },
      postgres_session::bound::brief);
}

void postgres_counting::after_erasing() noexcept {
  try_to("drop_empty", [&] {
    session_.write(
        [&](postgres_access& db) {
          if (lock(db))
            db.run(postgres_sql::drop_empty(), {});
        },
        postgres_session::bound::brief);
  });
}

} // namespace carillon::persistence

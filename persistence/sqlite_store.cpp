#include "persistence/sqlite_store.hpp"

#include "persistence/channel_lookup.hpp"
#include "persistence/history_looks.hpp"
#include "persistence/op_check.hpp"
#include "persistence/rows.hpp"
#include "persistence/sqlite_channel_tables.hpp"
#include "persistence/sqlite_history.hpp"
#include "persistence/sqlite_schema.hpp"
#include "persistence/sqlite_session.hpp"
#include "persistence/sqlite_session_tables.hpp"
#include "persistence/sqlite_statements.hpp"
#include "persistence/sqlite_timelines.hpp"
#include "persistence/sqlite_video_tables.hpp"
#include "persistence/store_guard.hpp"

#include <algorithm>
#include <iterator>

namespace carillon::persistence {

namespace {

std::int64_t flag(bool value) { return value ? 1 : 0; }

std::optional<std::int64_t> ms(const std::optional<time_point>& t) {
  if (!t)
    return std::nullopt;
  return to_epoch_ms(*t);
}

class sqlite_store final : public record_store {
public:
  sqlite_store(const std::filesystem::path& file, milliseconds patience, const history_shape& shape)
    : session_(file)
    , patience_(patience)
    , shape_(shape)
    , guard_("sqlite:" + file.string()) {}

  status migrate() override;
  result<std::vector<bool>> write(std::span<const write_op> ops) override;
  result<std::optional<user_record>> load_user(const user_id& id) override;
  result<std::vector<user_record>> load_users(std::span<const user_id> ids) override;
  result<std::optional<call_record>> load_call(call_kind kind, const call_id& id) override;
  result<record_page> history(const query::history& what) override;
  result<record_page> sessions(const query::sessions& what) override {
    return ask("sessions", what, sqlite_tables::sessions);
  }
  result<call_quality> quality(const call_id& id) override;
  result<usage_report> usage(const user_id& user, time_point from, time_point to) override;
  result<video_record_page> video_history(const query::video_history& what) override {
    return ask("video_history", what, sqlite_tables::video_history);
  }
  result<video_record_page> active_video_calls(const user_id& user) override {
    return ask("active_video_calls", user, sqlite_tables::active_video_calls);
  }
  result<std::vector<video_invitation>>
  video_invitations(const query::video_invitations& what) override {
    return ask("video_invitations", what, sqlite_tables::video_invitations);
  }
  result<std::vector<recording>> recordings(const call_id& call) override {
    return ask("recordings", call, sqlite_tables::recordings);
  }
  result<video_stats> stats_of_video(const user_id& user) override {
    return ask("stats_of_video", user, sqlite_tables::stats_of_video);
  }
  result<std::optional<stored_token>> token_of(const user_id& user) override {
    return ask("token_of", user, sqlite_tables::token_of);
  }
  result<std::optional<timeline_text>> load_timeline(const call_id& id) override {
    return ask("load_timeline", id, sqlite_tables::load_timeline);
  }
  result<std::vector<call_record>> live_calls() override;
  result<std::size_t> erase_old(time_point before, std::size_t limit) override;
  result<std::optional<channel_record>> load_channel(const call_id& call) override {
    auto made = ask("load_channel", call, sqlite_tables::load_channel);
    return made ? find_channel(*this, call, std::move(*made)) : made;
  }
  result<std::uint64_t> last_seq(const call_id& call) override {
    return ask("last_seq", call, sqlite_tables::last_seq);
  }
  result<std::optional<chat_message>> find_message(const call_id& call,
                                                   const std::string& id) override;
  result<message_page> messages(const query::messages& what) override {
    return page_of(ask("messages", what, sqlite_tables::messages));
  }
  result<std::vector<outbox_entry>> outbox(std::uint64_t after, std::size_t limit) override;
  result<outbox_backlog> backlog() override;
  status ping() override;

private:
  // Runs `work` on an open connection; a connection on which something went wrong is not used
  // again.
  template <class Work>
  auto with_session(std::string_view what, Work work,
                    store_guard::detail shown = store_guard::detail::hidden) {
    return guard_.run(what, shown, [&] {
      session_.open(patience_);
      try {
        return work();
      } catch (const store_error& e) {
        if (e.why() == store_error::cause::away)
          session_.close();
        throw;
      }
    });
  }

  // What `read` makes of `question`, all of it at one moment.
  template <class Answer, class Question>
  result<Answer> ask(std::string_view name, const Question& question,
                     Answer (*read)(sqlite_session&, const Question&)) {
    return with_session(name, [&] {
      sqlite_transaction transaction{session_, sqlite_transaction::purpose::reading};
      return read(session_, question);
    });
  }

  std::optional<user_record> find_user(const user_id& id);
  bool put(const user_ptr& user);
  bool put(const call_record& call);
  bool run(const std::string& sql, const call_record& call);
  bool put(const hide_op& hide);
  bool put(const quality_sample& what) { return sqlite_tables::put_sample(session_, what); }
  bool put(const recording_news& news) { return sqlite_tables::put_recording(session_, news); }
  bool put(const stored_token& token) { return sqlite_tables::put_token(session_, token); }
  bool put(const channel_record& what) { return sqlite_tables::put_channel(session_, what); }
  bool put(const chat_message_ptr& what) { return sqlite_tables::put_message(session_, *what); }
  bool put(const outbox_entry& what) { return sqlite_tables::put_entry(session_, what); }
  bool put(const outbox_result& what) { return sqlite_tables::put_result(session_, what); }
  bool put(const timeline_ptr& what) { return sqlite_tables::put_timeline(session_, *what); }

  sqlite_session session_;
  milliseconds patience_;
  history_shape shape_;
  store_guard guard_;
};

status sqlite_store::migrate() {
  return with_session(
      "migrate",
      [&] {
        bring_up_to_date(session_);
        return std::monostate{};
      },
      store_guard::detail::told);
}

bool sqlite_store::put(const user_ptr& user) {
  auto q = session_.query(sqlite_sql::put_user());
  q.add(user->id.str());
  for (const auto* claims : {&user->profile, &user->claimed})
    q.add(claims->name).add(claims->email).add(claims->image).add(claims->role);
  return q.add(to_epoch_ms(user->created_at)).add(to_epoch_ms(user->updated_at)).run() > 0;
}

bool sqlite_store::put(const call_record& call) {
  if (call.kind() == call_kind::session)
    return sqlite_tables::put_session(session_, call);
  if (call.kind() == call_kind::video)
    return sqlite_tables::put_video_call(session_, call);
  // A first version is new, a later one is not: nearly always one statement is enough.
  const bool first = call.version <= 1;
  return run(first ? sqlite_sql::insert_call() : sqlite_sql::update_call(), call)
         || run(first ? sqlite_sql::update_call() : sqlite_sql::insert_call(), call);
}

bool sqlite_store::run(const std::string& sql, const call_record& call) {
  const auto& part = call.direct();
  auto q = session_.query(sql);
  q.add(call.id.str()).add(call.caller.str()).add(part.receiver.str());
  q.add(to_string(part.type)).add(to_string(call.status)).add(stored_word(call.reason));
  q.add(flag(part.missed)).add(flag(part.via_rest)).add(std::int64_t{call.version});
  q.add(call.duration_s).add(call.ended_by.str()).add(to_epoch_ms(call.created_at));
  q.add(ms(call.started_at)).add(ms(call.ended_at));
  q.add(ms(call.ring_deadline)).add(ms(call.call_deadline));
  return q.run() > 0;
}

bool sqlite_store::put(const hide_op& hide) {
  return session_.query(sqlite_sql::hide_call()).add(hide.call.str()).add(hide.user.str()).run()
         > 0;
}

result<std::vector<bool>> sqlite_store::write(std::span<const write_op> ops) {
  return with_session("write", [&] {
    std::vector<bool> changed;
    changed.reserve(ops.size());
    sqlite_transaction transaction{session_};
    for (const auto& op : ops) {
      if (const auto why = why_unstorable(op))
        throw store_error(store_error::cause::data, subject_of(op) + ": " + *why);
      changed.push_back(std::visit([&](const auto& what) { return put(what); }, op));
    }
    for (const auto& user : users_to_look_at(ops, changed, shape_))
      sqlite_tables::make_blocks(session_, user, shape_);
    transaction.commit();
    return changed;
  });
}

std::optional<user_record> sqlite_store::find_user(const user_id& id) {
  auto q = session_.query(sqlite_sql::load_user());
  if (!q.add(id.str()).step())
    return std::nullopt;
  return read_user(q);
}

result<std::optional<user_record>> sqlite_store::load_user(const user_id& id) {
  return with_session("load_user", [&] { return find_user(id); });
}

result<std::vector<user_record>> sqlite_store::load_users(std::span<const user_id> ids) {
  return with_session("load_users", [&] {
    std::vector<user_record> users;
    std::vector<user_id> wanted{ids.begin(), ids.end()};
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    // One for all: each by itself would lock and unlock the file.
    sqlite_transaction transaction{session_, sqlite_transaction::purpose::reading};
    for (const auto& id : wanted) {
      if (auto user = find_user(id))
        users.push_back(std::move(*user));
    }
    return users;
  });
}

result<std::optional<call_record>> sqlite_store::load_call(call_kind kind, const call_id& id) {
  return with_session("load_call", [&]() -> std::optional<call_record> {
    if (kind == call_kind::session)
      return sqlite_tables::load_session(session_, id);
    if (kind == call_kind::video)
      return sqlite_tables::load_video_call(session_, id);
    auto q = session_.query(sqlite_sql::load_call());
    if (!q.add(id.str()).step())
      return std::nullopt;
    return require_call(q);
  });
}

result<record_page> sqlite_store::history(const query::history& what) {
  return with_session(
      "history", [&] { return sqlite_tables::history(session_, what, what.skip >= shape_.deep); });
}

result<call_quality> sqlite_store::quality(const call_id& id) {
  return with_session("quality", [&] { return sqlite_tables::quality(session_, id); });
}

result<usage_report> sqlite_store::usage(const user_id& user, time_point from, time_point to) {
  return with_session("usage", [&] {
    sqlite_transaction transaction{session_, sqlite_transaction::purpose::reading};
    return sqlite_tables::usage(session_, user, from, to);
  });
}

result<std::vector<call_record>> sqlite_store::live_calls() {
  return with_session("live_calls", [&] {
    std::vector<call_record> calls;
    auto q = session_.query(sqlite_sql::live_calls());
    while (q.step()) {
      if (auto call = read_call(q))
        calls.push_back(std::move(*call));
    }
    auto sessions = sqlite_tables::live_sessions(session_);
    std::move(sessions.begin(), sessions.end(), std::back_inserter(calls));
    auto videos = sqlite_tables::awake_video_calls(session_);
    std::move(videos.begin(), videos.end(), std::back_inserter(calls));
    return calls;
  });
}

result<std::size_t> sqlite_store::erase_old(time_point before, std::size_t limit) {
  return with_session("erase_old", [&] {
    sqlite_transaction transaction{session_};
    auto erased = session_.query(sqlite_sql::erase_aged())
                      .add(to_epoch_ms(storable_time(before)))
                      .add(static_cast<std::int64_t>(limit))
                      .run();
    if (erased < limit)
      erased += session_.query(sqlite_sql::erase_hidden())
                    .add(static_cast<std::int64_t>(limit - erased))
                    .run();
    if (erased < limit)
      erased += sqlite_tables::erase_sessions(session_, before, limit - erased);
    if (erased < limit)
      erased += sqlite_tables::erase_video_calls(session_, before, limit - erased);
    if (erased < limit)
      erased += sqlite_tables::erase_channels(session_, before, limit - erased);
    if (erased < limit)
      erased += sqlite_tables::erase_dead_letters(session_, before, limit - erased);
    if (erased > 0 && erased < limit)
      session_.query(sqlite_sql::drop_empty()).run();
    transaction.commit();
    return erased;
  });
}

result<std::optional<chat_message>> sqlite_store::find_message(const call_id& call,
                                                               const std::string& id) {
  return with_session("find_message",
                      [&] { return sqlite_tables::find_message(session_, call, id); });
}

result<std::vector<outbox_entry>> sqlite_store::outbox(std::uint64_t after, std::size_t limit) {
  return with_session("outbox", [&] { return sqlite_tables::outbox(session_, after, limit); });
}

result<outbox_backlog> sqlite_store::backlog() {
  return with_session("backlog", [&] { return sqlite_tables::backlog(session_); });
}

status sqlite_store::ping() {
  return with_session(
      "ping",
      [&] {
        session_.query("SELECT count(*) FROM sqlite_master").step();
        return std::monostate{};
      },
      store_guard::detail::told);
}

class sqlite_factory final : public store_factory {
public:
  sqlite_factory(std::filesystem::path file, milliseconds patience, const history_shape& shape)
    : file_(std::move(file))
    , patience_(patience)
    , shape_(shape) {}

  result<std::unique_ptr<record_store>> open() override {
    return std::unique_ptr<record_store>{std::make_unique<sqlite_store>(file_, patience_, shape_)};
  }

private:
  std::filesystem::path file_;
  milliseconds patience_;
  history_shape shape_;
};

} // namespace

std::shared_ptr<store_factory> sqlite_stores(std::filesystem::path file, milliseconds patience,
                                             const history_shape& shape) {
  return std::make_shared<sqlite_factory>(std::move(file), patience, shape);
}

} // namespace carillon::persistence

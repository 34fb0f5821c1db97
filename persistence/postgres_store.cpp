#include "persistence/postgres_store.hpp"

#include "persistence/channel_lookup.hpp"
#include "persistence/op_check.hpp"
#include "persistence/open.hpp"
#include "persistence/postgres_array.hpp"
#include "persistence/postgres_channel_tables.hpp"
#include "persistence/postgres_counting.hpp"
#include "persistence/postgres_history.hpp"
#include "persistence/postgres_schema.hpp"
#include "persistence/postgres_session.hpp"
#include "persistence/postgres_session_tables.hpp"
#include "persistence/postgres_statements.hpp"
#include "persistence/postgres_timelines.hpp"
#include "persistence/postgres_video_tables.hpp"
#include "persistence/postgres_writes.hpp"
#include "persistence/rows.hpp"
#include "persistence/store_guard.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace carillon::persistence {

namespace {

class postgres_store final : public record_store {
public:
  postgres_store(const std::string& url, milliseconds patience, const history_shape& shape)
    : session_(url, patience)
    , counting_(session_, shape)
    , shape_(shape)
    , guard_(without_password(url)) {}

  status migrate() override;
  result<std::vector<bool>> write(std::span<const write_op> ops) override;
  result<std::optional<user_record>> load_user(const user_id& id) override;
  result<std::vector<user_record>> load_users(std::span<const user_id> ids) override;
  result<std::optional<call_record>> load_call(call_kind kind, const call_id& id) override;
  result<record_page> history(const query::history& what) override;
  result<record_page> sessions(const query::sessions& what) override {
    return ask("sessions", what.user.str(), what, postgres_tables::sessions);
  }
  result<call_quality> quality(const call_id& id) override {
    return ask("quality", id.str(), id, postgres_tables::quality);
  }
  result<usage_report> usage(const user_id& user, time_point from, time_point to) override;
  result<video_record_page> video_history(const query::video_history& what) override {
    return ask("video_history", what.user.str(), what, postgres_tables::video_history);
  }
  result<video_record_page> active_video_calls(const user_id& user) override {
    return ask("active_video_calls", user.str(), user, postgres_tables::active_video_calls);
  }
  result<std::vector<video_invitation>>
  video_invitations(const query::video_invitations& what) override {
    return ask("video_invitations", what.user.str(), what, postgres_tables::video_invitations);
  }
  result<std::vector<recording>> recordings(const call_id& call) override {
    return ask("recordings", call.str(), call, postgres_tables::recordings);
  }
  result<video_stats> stats_of_video(const user_id& user) override {
    return ask("stats_of_video", user.str(), user, postgres_tables::stats_of_video);
  }
  result<std::optional<stored_token>> token_of(const user_id& user) override {
    return ask("token_of", user.str(), user, postgres_tables::token_of);
  }
  result<std::optional<timeline_text>> load_timeline(const call_id& id) override {
    return ask("load_timeline", id.str(), id, postgres_tables::load_timeline);
  }
  result<std::vector<call_record>> live_calls() override;
  result<std::size_t> erase_old(time_point before, std::size_t limit) override;
  result<std::optional<channel_record>> load_channel(const call_id& call) override {
    auto made = ask("load_channel", call.str(), call, postgres_tables::load_channel);
    return made ? find_channel(*this, call, std::move(*made)) : made;
  }
  result<std::uint64_t> last_seq(const call_id& call) override {
    return ask("last_seq", call.str(), call, postgres_tables::last_seq);
  }
  result<std::optional<chat_message>> find_message(const call_id& call,
                                                   const std::string& id) override;
  result<message_page> messages(const query::messages& what) override {
    return page_of(ask("messages", what.call.str(), what, postgres_tables::messages));
  }
  result<std::vector<outbox_entry>> outbox(std::uint64_t after, std::size_t limit) override;
  result<outbox_backlog> backlog() override;
  status ping() override;

private:
  // What `read` makes of `question`, or nothing where no row can have `text`.
  template <class Answer, class Question>
  result<Answer> ask(std::string_view name, const std::string& text, const Question& question,
                     Answer (*read)(postgres_access&, const Question&)) {
    return guard_.run(name, store_guard::detail::hidden, [&] {
      Answer found{};
      if (storable_text(text))
        session_.read([&](postgres_access& db) { found = read(db, question); });
      return found;
    });
  }

  std::vector<user_record> find_users(std::span<const user_id> ids);

  void write_groups(std::span<const write_op> ops, const std::vector<write_group>& groups,
                    std::vector<bool>& changed);
  void write_calls(std::span<const write_op> ops, const write_group& group,
                   std::vector<bool>& changed);

  postgres_session session_;
  postgres_counting counting_;
  history_shape shape_;
  store_guard guard_;
};

status postgres_store::migrate() {
  return guard_.run("migrate", store_guard::detail::told, [&] {
    bring_up_to_date(session_);
    return std::monostate{};
  });
}

result<std::vector<bool>> postgres_store::write(std::span<const write_op> ops) {
  return guard_.run("write", store_guard::detail::hidden, [&] {
    for (const auto& op : ops) {
      if (const auto why = why_unstorable(op))
        throw store_error(store_error::cause::data, subject_of(op) + ": " + *why);
    }
    std::vector<bool> changed(ops.size());
    if (ops.empty())
      return changed;
    const auto groups = sorted_groups(ops);
    if (groups.size() == 1 && only_direct_calls(groups[0]))
      write_calls(ops, groups[0], changed);
    else
      write_groups(ops, groups, changed);
    counting_.after_write(ops, changed);
    return changed;
  });
}

void postgres_store::write_groups(std::span<const write_op> ops,
                                  const std::vector<write_group>& groups,
                                  std::vector<bool>& changed) {
  session_.write([&](postgres_access& db) {
    changed.assign(ops.size(), false);
    for (const auto& group : groups)
      put_group(db, ops, group, changed);
  });
}

// The usual batch: direct calls only.
void postgres_store::write_calls(std::span<const write_op> ops, const write_group& group,
                                 std::vector<bool>& changed) {
  bool again = false;
  session_.write_alone([&](postgres_access& db) {
    put_group(db, ops, group, changed);
    // The first time may have counted: then its rows are there already, and it was it that changed
    // them.
    if (std::exchange(again, true))
      mark_same(db, ops, group, changed);
  });
}

std::vector<user_record> postgres_store::find_users(std::span<const user_id> ids) {
  postgres_array wanted;
  for (const auto& id : ids) {
    if (storable_text(id.str())) // no other text can be in a row
      wanted.add(std::string_view{id.str()});
  }
  const std::array parameters{wanted.take()};
  std::vector<user_record> users;
  session_.read([&](postgres_access& db) {
    users.clear();
    const auto rows = db.run(postgres_sql::load_users(), parameters);
    for (std::size_t i = 0; i < rows.size(); ++i)
      users.push_back(read_user(rows[i]));
  });
  return users;
}

result<std::optional<user_record>> postgres_store::load_user(const user_id& id) {
  return guard_.run("load_user", store_guard::detail::hidden, [&]() -> std::optional<user_record> {
    auto users = find_users({&id, 1});
    if (users.empty())
      return std::nullopt;
    return std::move(users.front());
  });
}

result<std::vector<user_record>> postgres_store::load_users(std::span<const user_id> ids) {
  return guard_.run("load_users", store_guard::detail::hidden, [&] { return find_users(ids); });
}

result<std::optional<call_record>> postgres_store::load_call(call_kind kind, const call_id& id) {
  return guard_.run("load_call", store_guard::detail::hidden, [&] {
    std::optional<call_record> call;
    if (!storable_text(id.str()))
      return call;
    session_.read([&](postgres_access& db) {
      switch (kind) {
      case call_kind::direct:
      case call_kind::stream: // no call is of it
        call = postgres_tables::load_direct(db, id);
        break;
      case call_kind::session:
        call = postgres_tables::load_session(db, id);
        break;
      case call_kind::video:
        call = postgres_tables::load_video_call(db, id);
        break;
      }
    });
    return call;
  });
}

result<record_page> postgres_store::history(const query::history& what) {
  return guard_.run("history", store_guard::detail::hidden, [&] {
    record_page page;
    if (storable_text(what.user.str()))
      session_.read([&](postgres_access& db) {
        page = postgres_tables::history(db, what, what.skip >= shape_.deep);
      });
    return page;
  });
}

result<usage_report> postgres_store::usage(const user_id& user, time_point from, time_point to) {
  return guard_.run("usage", store_guard::detail::hidden, [&] {
    usage_report report;
    report.from = from;
    report.to = to;
    if (storable_text(user.str()))
      session_.read(
          [&](postgres_access& db) { report = postgres_tables::usage(db, user, from, to); });
    return report;
  });
}

result<std::vector<call_record>> postgres_store::live_calls() {
  return guard_.run("live_calls", store_guard::detail::hidden, [&] {
    std::vector<call_record> calls;
    for (auto* find : {postgres_tables::live_direct, postgres_tables::live_sessions,
                       postgres_tables::awake_video_calls}) {
      std::vector<call_record> found;
      session_.read([&](postgres_access& db) { found = find(db); });
      std::move(found.begin(), found.end(), std::back_inserter(calls));
    }
    counting_.after_restart();
    return calls;
  });
}

result<std::size_t> postgres_store::erase_old(time_point before, std::size_t limit) {
  return guard_.run("erase_old", store_guard::detail::hidden, [&] {
    std::size_t erased = 0;
    session_.write([&](postgres_access& db) {
      const std::array aged{std::to_string(to_epoch_ms(storable_time(before))),
                            std::to_string(limit)};
      erased = db.run(postgres_sql::erase_aged(), aged).affected();
      if (erased < limit) {
        const std::array hidden{std::to_string(limit - erased)};
        erased += db.run(postgres_sql::erase_hidden(), hidden).affected();
      }
      if (erased < limit)
        erased += postgres_tables::erase_sessions(db, before, limit - erased);
      if (erased < limit)
        erased += postgres_tables::erase_video_calls(db, before, limit - erased);
      if (erased < limit)
        erased += postgres_tables::erase_channels(db, before, limit - erased);
      if (erased < limit)
        erased += postgres_tables::erase_dead_letters(db, before, limit - erased);
    });
    if (erased > 0 && erased < limit)
      counting_.after_erasing();
    return erased;
  });
}

result<std::optional<chat_message>> postgres_store::find_message(const call_id& call,
                                                                 const std::string& id) {
  return guard_.run("find_message", store_guard::detail::hidden, [&] {
    std::optional<chat_message> found;
    if (storable_text(call.str()))
      session_.read(
          [&](postgres_access& db) { found = postgres_tables::find_message(db, call, id); });
    return found;
  });
}

result<std::vector<outbox_entry>> postgres_store::outbox(std::uint64_t after, std::size_t limit) {
  return guard_.run("outbox", store_guard::detail::hidden, [&] {
    std::vector<outbox_entry> entries;
    session_.read(
        [&](postgres_access& db) { entries = postgres_tables::outbox(db, after, limit); });
    return entries;
  });
}

result<outbox_backlog> postgres_store::backlog() {
  return guard_.run("backlog", store_guard::detail::hidden, [&] {
    outbox_backlog found;
    session_.read([&](postgres_access& db) { found = postgres_tables::backlog(db); });
    return found;
  });
}

status postgres_store::ping() {
  return guard_.run("ping", store_guard::detail::told, [&] {
    session_.read([](postgres_access& db) { db.script("SELECT 1"); });
    return std::monostate{};
  });
}

class postgres_factory final : public store_factory {
public:
  postgres_factory(std::string url, milliseconds patience, const history_shape& shape)
    : url_(std::move(url))
    , patience_(patience)
    , shape_(shape) {}

  result<std::unique_ptr<record_store>> open() override {
    return std::unique_ptr<record_store>{std::make_unique<postgres_store>(url_, patience_, shape_)};
  }

private:
  std::string url_;
  milliseconds patience_;
  history_shape shape_;
};

} // namespace

std::shared_ptr<store_factory> postgres_stores(std::string url, milliseconds patience,
                                               const history_shape& shape) {
  return std::make_shared<postgres_factory>(std::move(url), patience, shape);
}

} // namespace carillon::persistence

#include "persistence/postgres_session.hpp"

#include "persistence/database_url.hpp"
#include "persistence/detached.hpp"
#include "persistence/stall_watch.hpp"
#include "persistence/store_error.hpp"

#include <pqxx/pqxx>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <future>
#include <unordered_set>

// libpqxx 7.9 and 6.4 each call deprecated what the other one needs.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace carillon::persistence {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// An attempt to connect that took longer than this is not repeated for `connect_pause`: a host that
// does not even refuse must not take its time from every request.
constexpr milliseconds quick_connect{250};
constexpr milliseconds connect_pause{1000};

constexpr milliseconds brief_patience{500};

// How often work is done over after a deadlock or a lost connection.
constexpr int attempts = 3;

// What no setting of the server or the URL may leave endless or weaken: a statement and its waiting
// for a lock end before the session's patience does, so that a busy server says so itself and keeps
// nothing locked afterwards; a commit returns when it is on the disk; and each statement sees what
// was committed before it, on which counting histories relies. Plans are made once: the statements
// here have one good plan each, whatever their parameters, and planning often costs more than
// running.
std::string session_setup(milliseconds patience) {
  const auto setting = [](const std::string& name, const std::string& value, const char* weak) {
    return "SELECT set_config('" + name + "', '" + value + "', false) WHERE current_setting('"
           + name + "') = '" + weak + "';";
  };
  return setting("statement_timeout", std::to_string(patience.count() * 7 / 8), "0")
         + setting("lock_timeout", std::to_string(patience.count() * 3 / 4), "0")
         + setting("synchronous_commit", "on", "off")
         + "SELECT set_config('default_transaction_isolation', 'read committed', false);"
           "SELECT set_config('plan_cache_mode', 'force_generic_plan', false);"
         + "SELECT set_config('client_min_messages', 'warning', false)";
}

#if PQXX_VERSION_MAJOR >= 7
pqxx::result run_prepared(pqxx::transaction_base& tx, const std::string& name,
                          std::span<const std::string> parameters) {
  pqxx::params all;
  for (const auto& one : parameters)
    all.append(one);
  return tx.exec_prepared(name, all);
}

void forbid_silent_reconnect(pqxx::connection&) {}
#else
pqxx::result run_prepared(pqxx::transaction_base& tx, const std::string& name,
                          std::span<const std::string> parameters) {
  return tx.exec_prepared(name,
                          pqxx::prepare::make_dynamic_params(parameters.begin(), parameters.end()));
}

// The new connection would lack the session's settings.
void forbid_silent_reconnect(pqxx::connection& connection) {
  connection.inhibit_reactivation(true);
}
#endif

// A connection with what goes with it.
struct link {
  explicit link(const std::string& url)
    : connection(url) {}

  pqxx::connection connection;
  stall_watch watch{connection.sock()};
  std::unordered_set<std::string> prepared;
};

std::unique_ptr<link> open_link(const std::string& url, milliseconds patience) {
  auto made = std::make_unique<link>(url);
  forbid_silent_reconnect(made->connection);
  made->watch.begin(steady_clock::now() + patience);
  pqxx::nontransaction{made->connection}.exec(session_setup(patience));
  made->watch.end();
  return made;
}

// What came of connecting.
struct outcome {
  std::unique_ptr<link> made; ///< or null, and why
  std::string why;
};

// Connects on a thread of its own: looking up a name cannot be bounded, and a URL may name several
// hosts that each take their time. An attempt that nobody waits for any more ends by the URL's
// connect_timeout, and closes what it got.
std::future<outcome> begin_connecting(const std::string& url, milliseconds patience) {
  return run_detached([url, patience]() -> outcome {
    try {
      return {open_link(url, patience), {}};
    } catch (const std::exception& e) {
      return {nullptr, e.what()};
    }
  });
}

// What to do about something that libpqxx threw.
enum class remedy { reconnect, repeat, refuse_data, give_up };

remedy remedy_for(const std::exception& e) {
  if (dynamic_cast<const pqxx::broken_connection*>(&e) != nullptr)
    return remedy::reconnect;
  if (dynamic_cast<const pqxx::deadlock_detected*>(&e) != nullptr
      || dynamic_cast<const pqxx::serialization_failure*>(&e) != nullptr)
    return remedy::repeat;
  const auto* sql = dynamic_cast<const pqxx::sql_error*>(&e);
  if (sql == nullptr)
    return remedy::give_up;
  // The classes of SQLSTATE: 21 to 23 are the values' fault, 54 a value too long for an index;
  // 57P0x is a server that goes away, 26 and 0A a pooler or a migration that took the prepared
  // statements away.
  const std::string_view state = sql->sqlstate();
  const auto kind = state.substr(0, 2);
  if (kind == "21" || kind == "22" || kind == "23" || kind == "54")
    return remedy::refuse_data;
  if (state.starts_with("57P0") || kind == "08" || kind == "26" || kind == "0A")
    return remedy::reconnect;
  if (kind == "40")
    return remedy::repeat;
  return remedy::give_up;
}

// What went wrong, without the row that PostgreSQL quotes: the log is no place for users' data.
std::string told_by(const std::exception& e) {
  const std::string_view text = e.what();
  return std::string{text.substr(0, text.find("\nDETAIL:"))};
}

} // namespace

struct postgres_rows::impl {
  pqxx::result answer;
};

namespace {

// The field, whose index types differ between the versions of libpqxx.
auto field_at(const pqxx::result& answer, std::size_t row, int column) {
  return answer[static_cast<pqxx::result::size_type>(row)]
               [static_cast<pqxx::row::size_type>(column)];
}

template <class Number>
Number parsed(std::string_view digits) {
  Number value{};
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size())
    throw store_error(store_error::cause::data, "not a number: " + std::string{digits});
  return value;
}

} // namespace

postgres_rows::postgres_rows(std::unique_ptr<impl> answer) noexcept
  : impl_(std::move(answer)) {}
postgres_rows::postgres_rows(postgres_rows&&) noexcept = default;
postgres_rows::~postgres_rows() = default;

std::size_t postgres_rows::size() const noexcept {
  return static_cast<std::size_t>(impl_->answer.size());
}

std::size_t postgres_rows::affected() const {
  return static_cast<std::size_t>(impl_->answer.affected_rows());
}

std::string_view postgres_rows::row::text(int column) const {
  const auto field = field_at(all_.impl_->answer, index_, column);
  return {field.c_str(), static_cast<std::size_t>(field.size())};
}

std::int64_t postgres_rows::row::number(int column) const {
  return parsed<std::int64_t>(text(column));
}

double postgres_rows::row::real(int column) const { return parsed<double>(text(column)); }

bool postgres_rows::row::null(int column) const {
  return field_at(all_.impl_->answer, index_, column).is_null();
}

struct postgres_session::impl {
  class access final : public postgres_access {
  public:
    access(link& on, pqxx::transaction_base& tx)
      : link_(on)
      , tx_(tx) {}

    postgres_rows run(const postgres_statement& statement,
                      std::span<const std::string> parameters) override {
      if (!link_.prepared.contains(statement.name)) {
        link_.connection.prepare(statement.name, statement.sql);
        link_.prepared.insert(statement.name);
      }
      return rows(run_prepared(tx_, statement.name, parameters));
    }

    postgres_rows script(const std::string& sql) override { return rows(tx_.exec(sql)); }

  private:
    static postgres_rows rows(pqxx::result answer) {
      return postgres_rows{
          std::make_unique<postgres_rows::impl>(postgres_rows::impl{std::move(answer)})};
    }

    link& link_;
    pqxx::transaction_base& tx_;
  };

  impl(const std::string& where, milliseconds how_long)
    : url(with_connection_defaults(where))
    , patience(how_long) {}

  // True when the connection is a new one.
  bool connect(steady_clock::time_point deadline) {
    if (live && live->connection.is_open())
      return false;
    drop();
    const auto begin = steady_clock::now();
    // An earlier call's attempt; its connection may have been lost since.
    const bool waiting =
        coming.valid() && coming.wait_for(milliseconds{0}) == std::future_status::ready;
    if (begin < next_attempt && !waiting)
      throw store_error(store_error::cause::away, "did not answer a moment ago");
    if (!coming.valid())
      coming = begin_connecting(url, patience);
    const bool came = coming.wait_until(deadline) == std::future_status::ready;
    auto [made, why] = came ? coming.get() : outcome{nullptr, "no connection" + in_time()};
    if (!made && steady_clock::now() - begin > quick_connect)
      pause();
    if (!made)
      throw store_error(store_error::cause::away, why);
    live = std::move(made);
    return !waiting;
  }

  void drop() { live.reset(); }

  void pause() { next_attempt = steady_clock::now() + connect_pause; }

  std::string in_time() const { return " within " + std::to_string(patience.count()) + " ms"; }

  // Runs `what` in a transaction of type Transaction, as often as it takes and makes sense.
  template <class Transaction>
  void run(const work& what, bound time) {
    const auto deadline = steady_clock::now()
                          + (time == bound::brief ? std::min(brief_patience, patience) : patience);
    for (int attempt = 1;; ++attempt) {
      const bool fresh = connect(deadline);
      bool committing = false;
      live->watch.begin(time == bound::none ? stall_watch::never : deadline);
      try {
        run_once<Transaction>(what, committing);
        live->watch.end();
        return;
      } catch (const store_error&) {
        live->watch.end();
        throw;
      } catch (const std::exception& e) {
        const bool stalled = live->watch.end();
        const auto todo = live->connection.is_open() ? remedy_for(e) : remedy::reconnect;
        if (todo == remedy::refuse_data && !stalled)
          throw store_error(store_error::cause::data, told_by(e));
        if (stalled || todo != remedy::repeat)
          drop();
        if (stalled) {
          // The calls that wait behind this one need not find out for themselves.
          pause();
          throw store_error(store_error::cause::away, "no answer" + in_time());
        }
        const bool again =
            todo == remedy::repeat || (todo == remedy::reconnect && !fresh && !committing);
        if (!again || attempt == attempts)
          throw store_error(store_error::cause::away, told_by(e));
      }
    }
  }

  template <class Transaction>
  void run_once(const work& what, bool& committing) {
    Transaction tx{live->connection};
    access database{*live, tx};
    what(database);
    committing = true;
    tx.commit();
  }

  std::string url;
  milliseconds patience;
  std::unique_ptr<link> live;  ///< null when there is no connection
  std::future<outcome> coming; ///< valid while one is being made
  steady_clock::time_point next_attempt{};
};

postgres_session::postgres_session(const std::string& url, milliseconds patience)
  : impl_(std::make_unique<impl>(url, patience)) {}

postgres_session::~postgres_session() = default;

void postgres_session::read(const work& what) {
  impl_->run<pqxx::nontransaction>(what, bound::patience);
}

void postgres_session::write(const work& what, bound time) { impl_->run<pqxx::work>(what, time); }

} // namespace carillon::persistence

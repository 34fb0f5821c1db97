#include "persistence/postgres_session.hpp"

#include "persistence/database_url.hpp"
#include "persistence/store_error.hpp"

#include <pqxx/pqxx>

#include <charconv>
#include <chrono>
#include <optional>
#include <unordered_set>

// libpqxx 7.9 and 6.4 each call deprecated what the other one needs.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace carillon::persistence {

namespace {

using std::chrono::steady_clock;

// An attempt to connect that took longer than this is not repeated for `connect_pause`: a host that
// does not even refuse must not take its time from every request.
constexpr std::chrono::milliseconds quick_connect{250};
constexpr std::chrono::milliseconds connect_pause{1000};

// How often work is done over after a deadlock or a lost connection.
constexpr int attempts = 3;

// What no setting of the server or the URL may leave endless or weaken: a statement ends after 15 s
// and waits 5 s for a lock, and a commit returns when it is on the disk.
constexpr const char* session_setup =
    "SELECT set_config('statement_timeout', '15s', false)"
    " WHERE current_setting('statement_timeout') = '0';"
    "SELECT set_config('lock_timeout', '5s', false) WHERE current_setting('lock_timeout') = '0';"
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off';"
    "SELECT set_config('client_min_messages', 'warning', false)";

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
  const auto digits = text(column);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size())
    throw store_error(store_error::cause::data, "not a number: " + std::string{digits});
  return value;
}

bool postgres_rows::row::null(int column) const {
  return field_at(all_.impl_->answer, index_, column).is_null();
}

struct postgres_session::impl {
  class access final : public postgres_access {
  public:
    access(impl& session, pqxx::transaction_base& tx)
      : session_(session)
      , tx_(tx) {}

    postgres_rows run(const postgres_statement& statement,
                      std::span<const std::string> parameters) override {
      if (!session_.prepared.contains(statement.name)) {
        session_.connection->prepare(statement.name, statement.sql);
        session_.prepared.insert(statement.name);
      }
      return rows(run_prepared(tx_, statement.name, parameters));
    }

    postgres_rows script(const std::string& sql) override { return rows(tx_.exec(sql)); }

  private:
    static postgres_rows rows(pqxx::result answer) {
      return postgres_rows{
          std::make_unique<postgres_rows::impl>(postgres_rows::impl{std::move(answer)})};
    }

    impl& session_;
    pqxx::transaction_base& tx_;
  };

  explicit impl(const std::string& where)
    : url(with_connection_defaults(where)) {}

  // True when the connection is a new one.
  bool connect() {
    if (connection && connection->is_open())
      return false;
    drop();
    const auto begin = steady_clock::now();
    if (begin < next_attempt)
      throw store_error(store_error::cause::away, "did not answer a moment ago");
    try {
      connection.emplace(url);
      forbid_silent_reconnect(*connection);
      pqxx::nontransaction setup{*connection};
      setup.exec(session_setup);
      return true;
    } catch (const std::exception& e) {
      drop();
      const auto now = steady_clock::now();
      if (now - begin > quick_connect)
        next_attempt = now + connect_pause;
      throw store_error(store_error::cause::away, e.what());
    }
  }

  void drop() {
    prepared.clear();
    connection.reset();
  }

  // Runs `what` in a transaction of type Transaction, as often as it takes and makes sense.
  template <class Transaction>
  void run(const work& what) {
    for (int attempt = 1;; ++attempt) {
      const bool fresh = connect();
      bool committing = false;
      try {
        Transaction tx{*connection};
        access database{*this, tx};
        what(database);
        committing = true;
        tx.commit();
        return;
      } catch (const store_error&) {
        throw;
      } catch (const std::exception& e) {
        const auto todo = connection->is_open() ? remedy_for(e) : remedy::reconnect;
        if (todo == remedy::refuse_data)
          throw store_error(store_error::cause::data, told_by(e));
        if (todo != remedy::repeat)
          drop();
        const bool again =
            todo == remedy::repeat || (todo == remedy::reconnect && !fresh && !committing);
        if (!again || attempt == attempts)
          throw store_error(store_error::cause::away, told_by(e));
      }
    }
  }

  std::string url;
  std::optional<pqxx::connection> connection;
  std::unordered_set<std::string> prepared;
  steady_clock::time_point next_attempt{};
};

postgres_session::postgres_session(const std::string& url)
  : impl_(std::make_unique<impl>(url)) {}

postgres_session::~postgres_session() = default;

void postgres_session::read(const work& what) { impl_->run<pqxx::nontransaction>(what); }

void postgres_session::write(const work& what) { impl_->run<pqxx::work>(what); }

} // namespace carillon::persistence

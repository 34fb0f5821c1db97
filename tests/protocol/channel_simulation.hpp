#pragma once

#include "protocol/channel.hpp"
#include "tests/protocol/dice.hpp"
#include "tests/protocol/simulated_world.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace carillon::test {

/// The life of one channel in a world where clients repeat themselves, give two messages one id,
/// and belong elsewhere; the store takes its time, has messages already or can never store them;
/// the call begins and ends at any time; and the server crashes or forgets the channel and makes it
/// again from what the store has.
///
/// Everything follows from the seed. Judges throw `violation`.
class channel_simulation {
public:
  /// `log`: where to write what happens, or null.
  channel_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                     std::vector<std::string>* log);
  void run();

private:
  /// What the shell puts into the store, in this order; `lookup` is a read behind it.
  struct call_begins {};
  struct call_ends {};
  using put = std::variant<chat_message_ptr, channel_record, call_begins, call_ends,
                           channel_outcome::lookup>;
  /// What the store tells the machine of that.
  struct stored {
    std::uint64_t seq;
    store_verdict verdict;
  };
  struct kept {
    bool ok;
  };
  struct found {
    channel_outcome::lookup what;
    result<std::optional<chat_message>> first;
  };
  using news = std::variant<stored, kept, found>;

  /// A command that was not answered yet.
  struct question {
    user_id asker;
    std::string id; ///< empty: none of the client's
    bool is_message = false;
    bool is_closing = false;
  };

  void step();
  void settle();
  void say();
  void mark();
  void open();
  void close();
  void commit();
  void hear();
  void begin_call();
  void end_call();
  void crash();
  void load(const char* why);

  void carry_out(channel_outcome out, const char* what);
  void judge_answer(const channel_outcome::answer& one);
  void judge_news(const channel_news& one);
  std::uint64_t ask(question what);
  [[nodiscard]] bool may_take_part(const user_id& user) const;
  [[nodiscard]] std::optional<channel_record> in_store() const;
  [[nodiscard]] std::optional<chat_message> first_of(const std::string& id) const;
  void note(const std::string& what);

  dice dice_;
  tally& count_;
  std::vector<std::string>* log_;

  // The store.
  std::map<std::uint64_t, chat_message> messages_;
  std::optional<channel_record> row_;
  std::optional<channel_record> call_; ///< as the store has it
  bool call_lives_ = false;            ///< it began, and nobody ended it so far
  user_id began_;                      ///< who begins the call
  std::vector<user_id> called_;        ///< that one first
  bool row_was_put_ = false;

  // The shell.
  channel machine_{std::nullopt};
  std::deque<put> puts_;
  std::deque<news> news_;
  std::map<std::uint64_t, question> open_;
  std::uint64_t last_ticket_ = 0;
  std::uint64_t fresh_ = 0;
  time_point now_{milliseconds{1'000'000}};

  // What the judges remember.
  std::set<std::uint64_t> confirmed_; ///< the machine heard that they are written
  std::set<std::uint64_t> told_;
  std::map<std::string, chat_message> answered_; ///< by id
  bool closed_ = false;                          ///< of this machine
};

} // namespace carillon::test

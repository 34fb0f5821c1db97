#pragma once

#include "actors/channel_book.hpp"
#include "actors/context.hpp"
#include "actors/interfaces.hpp"
#include "protocol/channel.hpp"

#include <optional>
#include <unordered_map>
#include <vector>

namespace carillon::actors {

/// The state of a channel actor: reads what the store knows of the channel, runs what came
/// meanwhile, then carries the machine's outcomes out. Lives from the first command until nothing
/// came for `idle_time`, or at once after a command about a channel that is not there.
class channel_shell {
public:
  static constexpr const char* name = "channel";
  static constexpr seconds idle_time{300};

  ~channel_shell();

  void start(channel_actor::pointer self, const context* house, call_id call);

  void on(channel_message& what);
  void on(const channel_loaded& what);
  void on(const message_stored& what);
  void on(const first_found& what);
  void on(const call_news& what);
  void on(const look_after&);

private:
  static constexpr std::uint64_t row_token = 0; ///< of `message_stored`; messages count from 1

  void load();
  void begin(const channel_state& found);
  void give_up(const failure& why);
  void step(channel_message what);
  void hear(const call_news& what);
  void carry_out(channel_outcome out);
  void write(const chat_message_ptr& what);
  void keep(channel_record row, bool closed);
  void freeze();
  void tell(const channel_news& news);
  void answer(channel_outcome::answer what);
  void look_up(const channel_outcome::lookup& what);

  // What the mirror has to know before the next entry, and at the end; empty without a mirror.
  [[nodiscard]] std::vector<write_op> opening();
  [[nodiscard]] std::vector<write_op> closing();

  [[nodiscard]] std::uint64_t take_ticket(reply_to reply);
  [[nodiscard]] time_point now() const;
  [[nodiscard]] bool is_idle() const;
  void leave_if_missing();
  [[nodiscard]] bool leave();

  channel_actor::pointer self_ = nullptr;
  const context* house_ = nullptr;
  call_id call_;
  std::optional<channel> machine_;       ///< none while it is read
  std::vector<channel_message> early_;   ///< came before it was read
  std::optional<call_news> news_;        ///< came before it was read
  bool reread_ = false;                  ///< it was read again, because news came of a missing one
  std::shared_ptr<responder> confirmer_; ///< turns the store's answers into messages
  std::unordered_map<std::uint64_t, reply_to> tickets_;
  std::uint64_t last_ticket_ = 0;
  std::uint64_t handled_ = 0; ///< messages that came through the book
  std::size_t mirrored_ = 0;  ///< members whose opening stands in the outbox
  bool frozen_ = false;       ///< the end stands in the outbox
  bool fresh_ = false;        ///< something came since the last look
  bool looking_ = false;      ///< a `look_after` is on its way
  bool gone_ = false;         ///< the book let it go
};

/// Spawned by the book, with its shard locked.
channel_actor::behavior_type channel_behavior(channel_actor::stateful_pointer<channel_shell> self,
                                              const context* house, call_id call);

} // namespace carillon::actors

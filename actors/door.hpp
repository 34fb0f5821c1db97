#pragma once

#include "actors/context.hpp"
#include "actors/interfaces.hpp"
#include "protocol/command_sink.hpp"

#include <caf/fwd.hpp>

#include <functional>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace carillon::actors {

struct call_start;

/// The actors' side of `command_sink`: finds the actor that a command is for, or answers from the
/// store where there is none. Owned by the engine; thread-safe, because all it touches is.
class door final : public command_sink, public call_waker {
public:
  explicit door(caf::actor_system& system)
    : system_(system) {}

  /// Set once, before anything is submitted.
  void open(const context* house) { house_ = house; }

  /// The store can be read again: the users that were served by their token's word alone are looked up
  /// and written.
  void store_is_back();

  /// Spawns the actor of a call that was live when the server stopped. `users` in the order of
  /// `record.users()`.
  void restore(const call_record& record, const std::vector<user_ptr>& users,
               std::shared_ptr<const void> introduces);

  void seen(identity who, reply_to reply) override;
  void attach(user_ptr user, device_id fresh, client_link_ptr link,
              std::optional<resume_request> resume, reply_to reply) override;
  void detach(const user_id& user, const device_id& device, const client_link* link,
              bool may_resume) override;
  void submit(client_command cmd, reply_to reply) override;
  void take(recording_news what, reply_to reply) override;
  void ask(client_query what, reply_to reply) override;
  void rested(const call_id& id, std::vector<call_message> late) override;

private:
  using user_list = std::vector<user_ptr>;

  void initiate(const command::initiate& cmd, const reply_to& reply);
  void place(const command::initiate& cmd, const user_ptr& caller, const user_ptr& receiver,
             const reply_to& reply);
  void gather(const command::gather& cmd, const reply_to& reply);
  void begin(const command::gather& cmd, const user_list& users, const reply_to& reply);
  void with_known(std::vector<user_id> ids, const reply_to& reply,
                  std::function<void(const user_list&)> then);
  [[nodiscard]] call_actor spawn_call(call_start begin);
  template <class Command>
  void to_call(Command cmd, const reply_to& reply);
  void answer_closed(const call_record& record, call_command cmd, const reply_to& reply);
  void read_store(read_job job);
  void read_store(std::function<result<reply_value>(record_store&)> what, const reply_to& reply);

  // Video calls.
  void create(command::create cmd, const reply_to& reply);
  void enter(command::enter_call cmd, const reply_to& reply);
  void wake(const call_id& id, call_message message);
  void fetch(const call_id& id);
  void fetched(const call_id& id, record_store& store);
  void begin_or_refuse(const call_id& id, record_store& store);
  void refuse_waiting(const call_id& id, const failure& why);

  // Chat, and what concerns calls of any kind.
  void submit_chat(command::send_message cmd, const reply_to& reply);
  void submit_chat(command::mark_read cmd, const reply_to& reply);
  void submit_chat(command::open_channel cmd, const reply_to& reply);
  void submit_chat(command::close_channel cmd, const reply_to& reply);
  void submit_chat(command::upsert_user cmd, const reply_to& reply);
  void close_at_rest(const command::close_channel& cmd, const reply_to& reply);
  void close_by(command::close_channel cmd, const call_record* call, const reply_to& reply);
  void report(command::report_quality cmd, const reply_to& reply);
  void change_profile(user_ptr known, const profile_changes& changes, const reply_to& reply);

  // Queries that are more than a read.
  void answer(query::hide what, const reply_to& reply);
  void answer(query::profile what, const reply_to& reply);
  void answer(query::stream_token what, const reply_to& reply);
  void answer(query::video_invitations what, const reply_to& reply);
  void answer(query::people what, const reply_to& reply);
  void answer(query::calls what, const reply_to& reply);
  void answer(query::timeline_of what, const reply_to& reply);
  void answer(query::readiness what, const reply_to& reply);
  template <class Query>
  void answer(Query what, const reply_to& reply);
  void give_fresh_token(const query::stream_token& what, const reply_to& reply);

  /// Somebody whose record has to be read before the reply.
  struct arrival {
    identity who;
    reply_to reply;
  };

  void look_up_arrived();
  void look_up(std::vector<arrival>& batch, record_store& store);
  void catch_up(record_store& store);
  user_ptr keep(user_ptr known, const identity& who);
  void serve_unknown(identity who, const reply_to& reply);
  [[nodiscard]] user_ptr by_token_alone(const user_id& user);
  void with_user(const user_id& id, const reply_to& reply,
                 std::function<void(const user_ptr&)> then);
  [[nodiscard]] time_point now() const;

  caf::actor_system& system_;
  const context* house_ = nullptr;
  std::mutex profiles_; ///< held while a user's next row is made, kept and put
  std::mutex mutex_;
  /// Seen while the store was away, by user; bounded.
  std::unordered_map<user_id, identity> unknown_;
  std::vector<arrival> arrived_; ///< for the next read, while `looking_up_`
  bool looking_up_ = false;      ///< a read of arrivals is under way
};

} // namespace carillon::actors

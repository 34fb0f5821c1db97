#include "actors/mirror_feed.hpp"

#include "config/log.hpp"
#include "protocol/mirror_status.hpp"
#include "protocol/stream_requests.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace carillon::actors {

namespace {

/// Users, and members of a channel, that Stream takes in one request.
constexpr std::size_t most_in_request = 100;

bool on(const context& house) { return house.mirror->enabled() && house.mirror->admits(); }

void add_users(std::vector<write_op>& to, const std::string& lane, std::span<const user_ptr> users,
               time_point now) {
  for (; !users.empty(); users = users.subspan(std::min(users.size(), most_in_request)))
    to.push_back(
        stream::upsert_users(lane, users.first(std::min(users.size(), most_in_request)), now));
}

// Whoever is not among the first members may say something there all the same: the server speaks
// for all.
void add_opening(std::vector<write_op>& to, channel_record channel,
                 const std::vector<user_ptr>& users, time_point now) {
  add_users(to, stream::lane_of(channel.call), users, now);
  if (channel.members.size() > most_in_request)
    channel.members.resize(most_in_request);
  to.push_back(stream::open_channel(channel, now));
}

/// Whether the channel was ever opened at Stream: there is a row of it, or a message.
result<bool> was_used(const call_id& call, record_store& store) {
  auto record = store.load_channel(call);
  if (!record)
    return record.error();
  if (*record && (*record)->stored)
    return true;
  auto last = store.last_seq(call);
  if (!last)
    return last.error();
  return *last > 0;
}

// No actor knows whether anybody chatted in a video call, which may have rested for days.
void end_if_used(const context& house, const call_id& call) {
  auto unknown = [call](const failure& why) {
    log::warn("mirror_end_missed", {{"call", call.str()}, {"why", why.message()}});
  };
  auto find_out = [&house, call, unknown](record_store& store) {
    auto used = was_used(call, store);
    if (!used)
      unknown(used.error());
    else if (*used)
      put_all(house, mirror_closing(house, call));
  };
  caf::anon_send(house.persistence,
                 read{std::make_shared<const read_job>(read_job{find_out, unknown})});
}

} // namespace

std::vector<write_op> mirror_begin(const context& house, const call_record& call,
                                   const std::vector<user_ptr>& users) {
  if (!house.mirror->enabled() || call.kind() == call_kind::video)
    return {};
  auto channel = implied_channel(call);
  if (!channel)
    return {};
  return mirror_opening(house, *channel, users);
}

std::vector<write_op> mirror_end(const context& house, const call_record& call) {
  if (!house.mirror->enabled() || !implied_channel(call))
    return {};
  if (call.kind() != call_kind::video)
    return mirror_closing(house, call.id);
  end_if_used(house, channel_key(call));
  return {};
}

std::vector<write_op> mirror_opening(const context& house, const channel_record& channel,
                                     const std::vector<user_ptr>& users) {
  std::vector<write_op> ops;
  if (on(house))
    add_opening(ops, channel, users, house.time.now());
  return ops;
}

std::vector<write_op> mirror_newcomers(const context& house, const call_id& call,
                                       const std::vector<user_ptr>& users) {
  std::vector<write_op> ops;
  if (on(house))
    add_users(ops, stream::lane_of(call), users, house.time.now());
  return ops;
}

std::vector<write_op> mirror_message(const context& house, const chat_message& what) {
  std::vector<write_op> ops;
  if (on(house))
    ops.push_back(stream::send_message(what));
  return ops;
}

std::vector<write_op> mirror_closing(const context& house, const call_id& call) {
  std::vector<write_op> ops;
  if (on(house))
    ops.push_back(stream::close_channel(call, house.time.now()));
  return ops;
}

std::vector<write_op> mirror_user(const context& house, const user_ptr& user) {
  std::vector<write_op> ops;
  if (on(house))
    add_users(ops, stream::lane_of(user->id), std::span{&user, 1}, house.time.now());
  return ops;
}

void put_all(const context& house, std::vector<write_op> ops) {
  if (ops.empty())
    return;
  put all{std::move(ops.front()), {}, 0, {}};
  all.with.assign(std::make_move_iterator(ops.begin() + 1), std::make_move_iterator(ops.end()));
  caf::anon_send(house.persistence, std::move(all));
}

} // namespace carillon::actors

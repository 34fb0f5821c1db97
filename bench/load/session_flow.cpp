#include "bench/load/session_flow.hpp"

#include "bench/load/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace carillon::load {

namespace {

constexpr std::uint32_t join_ack = 1;
constexpr std::uint32_t leave_ack = 2;

bool contains(std::string_view data, std::string_view what) {
  return ::memmem(data.data(), data.size(), what.data(), what.size()) != nullptr;
}

std::uint64_t number_of(std::string_view data, std::string_view name) {
  auto key = "\"" + std::string{name} + "\":";
  auto begin = data.rfind(key);
  std::uint64_t value = 0;
  if (begin != std::string_view::npos)
    std::from_chars(data.data() + begin + key.size(), data.data() + data.size(), value);
  return value;
}

} // namespace

session_flow::session_flow(std::uint32_t number, poller& events, session_settings& settings,
                           metrics& figures, party_observer& owner, const std::string& user_prefix)
  : number_(number)
  , settings_(settings)
  , figures_(figures)
  , owner_(owner)
  , prefix_(user_prefix + "s" + std::to_string(number) + "-")
  , beginning_(*this, events) {
  for (std::size_t i = 0; i < settings.members; ++i) {
    auto& who = members_.emplace_back(*this, i, events);
    who.user = prefix_ + std::to_string(i);
    who.peers.resize(settings.members);
  }
}

void session_flow::connect(std::size_t index, const endpoint& server, std::string token,
                           unsigned source) {
  if (index == 0) {
    server_ = server;
    token_ = token;
  }
  members_[index].socket.connect(server, std::move(token), source);
}

void session_flow::on_connected() {
  if (step_ != step::connecting || ++connected_ < settings_.members)
    return;
  step_ = step::idle;
  owner_.on_ready(*this);
}

// -- inviting and joining --------------------------------------------------------

void session_flow::start_call(std::int64_t due_ns) {
  step_ = step::inviting;
  ++calls_;
  due_ = due_ns;
  started_ = now_ns();
  session_id_.clear();
  begun_ = false;
  std::string body = R"({"sessionType":"group","participants":[)";
  for (auto& who : members_) {
    who.peers.assign(settings_.members, peer{});
    who.version = 0;
    who.joined = who.confirmed = who.left = who.told_of_end = false;
    if (who.index != 0)
      body += (who.index == 1 ? "\"" : ",\"") + who.user + '"';
  }
  body += "]}";
  beginning_.http.post(server_, "/api/video-call/initiate", token_, body);
}

void session_flow::on_begun(const http_answer& answer) {
  if (step_ == step::failed)
    return;
  if (answer.status != 200)
    return fail("initiate " + std::to_string(answer.status) + " "
                + std::string{text_of(answer.body, "code")});
  note_session(answer.body);
  if (!expect(contains(answer.body, session_id_), "answer of another session"))
    return;
  begun_ = true;
  if (figures_.recording)
    figures_.initiate_confirm.record(now_ns() - started_);
  join(members_.front());
}

void session_flow::on_invited(member& who, std::string_view) {
  if (!expect(who.index != 0 && who.asked < started_, "call_invitation out of place"))
    return;
  if (figures_.recording)
    figures_.ring.record(now_ns() - due_);
  join(who);
}

void session_flow::join(member& who) {
  step_ = step::talking;
  who.asked = now_ns();
  who.socket.ask("join_call_session", "{\"sessionId\":\"" + session_id_ + "\"}", join_ack);
}

void session_flow::on_joined(member& who, std::string_view data) {
  if (!expect(!who.joined, "call_session_joined twice") || !take_version(who, data))
    return;
  who.joined = true;
  if (figures_.recording)
    figures_.setup.record(now_ns() - who.asked);
  std::size_t from = 0;
  for (;;) {
    auto user = next_text_of(data, "userId", from);
    if (user.empty())
      break;
    auto socket = next_text_of(data, "socketId", from);
    auto other = member_of(user);
    if (!expect(other < members_.size() && !socket.empty(), "a stranger on the list"))
      return;
    who.peers[other].socket = socket;
  }
  if (!expect(!who.peers[who.index].socket.empty(), "a list without its owner"))
    return;
  for (std::size_t other = 0; other < members_.size(); ++other) {
    if (other == who.index || who.peers[other].socket.empty())
      continue;
    send_relay(who, other, "webrtc_offer", "offer", settings_.offer);
    send_candidates(who, other);
  }
}

void session_flow::on_arrival(member& who, std::string_view data) {
  auto other = member_of(text_of(data, "userId"));
  if (!expect(who.joined && other < members_.size() && other != who.index
                  && who.peers[other].socket.empty(),
              "user_joined_call out of place")
      || !take_version(who, data))
    return;
  who.peers[other].socket = text_of(data, "socketId");
}

bool session_flow::take_version(member& who, std::string_view data) {
  auto version = number_of(data, "version");
  if (!expect(version > who.version, "a list of participants went back"))
    return false;
  who.version = version;
  return true;
}

// -- leaving ---------------------------------------------------------------------

void session_flow::leave_when_complete() {
  auto all = settings_.candidates + 1;
  auto complete = [&](const member& who) {
    auto from_others = std::ranges::count(who.peers, all, &peer::received);
    return who.confirmed && static_cast<std::size_t>(from_others) + 1 == members_.size();
  };
  if (step_ != step::talking || !begun_ || !std::ranges::all_of(members_, complete))
    return;
  step_ = step::leaving;
  for (auto& who : members_) {
    who.asked = now_ns();
    who.socket.ask("leave_call_session", "{\"sessionId\":\"" + session_id_ + "\"}", leave_ack);
  }
}

void session_flow::on_departure(member& who, std::string_view data) {
  auto other = member_of(text_of(data, "userId"));
  if (!expect(step_ == step::leaving && other < members_.size() && other != who.index
                  && !who.peers[other].socket.empty(),
              "user_left_call out of place")
      || !take_version(who, data))
    return;
  who.peers[other].socket.clear();
}

void session_flow::on_ended(member& who, std::string_view data) {
  if (!expect(step_ == step::leaving && !who.told_of_end, "the session ended early")
      || !expect(contains(data, "\"reason\":\"last-left\""), "the session ended otherwise"))
    return;
  who.told_of_end = true;
  finish_when_told();
}

void session_flow::finish_when_told() {
  auto over = [](const member& who) { return who.left && who.told_of_end; };
  if (!std::ranges::all_of(members_, over))
    return;
  step_ = step::idle;
  if (figures_.recording)
    ++figures_.calls;
  owner_.on_call_done(*this);
}

// -- all of it -------------------------------------------------------------------

void session_flow::on_ack(member& who, std::uint32_t id, std::string_view data) {
  if (step_ == step::failed)
    return;
  if (!contains(data, "\"ok\":true"))
    return fail((id == join_ack ? "join refused " : "leave refused ")
                + std::string{text_of(data, "code")});
  auto took = now_ns() - who.asked;
  if (id == join_ack) {
    who.confirmed = expect(!who.confirmed && step_ == step::talking, "join confirmed out of place");
    if (figures_.recording)
      figures_.join_confirm.record(took);
    return leave_when_complete();
  }
  who.left = expect(!who.left && step_ == step::leaving, "leave confirmed out of place");
  if (figures_.recording)
    figures_.end_confirm.record(took);
  if (who.left)
    finish_when_told();
}

void session_flow::on_event(member& who, std::string_view name, std::string_view data) {
  if (step_ == step::failed || name == "callState")
    return;
  if (name == "call_error")
    return fail("call_error " + std::string{text_of(data, "code")});
  if (name == "call_invitation")
    note_session(data);
  if (!expect(is_calling() && contains(data, session_id_), "event of another session"))
    return;
  if (name.starts_with("webrtc_"))
    on_relayed(who, name, data);
  else if (name == "user_joined_call")
    on_arrival(who, data);
  else if (name == "user_left_call")
    on_departure(who, data);
  else if (name == "call_session_joined")
    on_joined(who, data);
  else if (name == "call_invitation")
    on_invited(who, data);
  else if (name == "call_session_ended")
    on_ended(who, data);
  else
    fail("unexpected " + std::string{name});
}

/// Invitations may overtake the answer that waits for the commit.
void session_flow::note_session(std::string_view data) {
  if (session_id_.empty())
    session_id_ = text_of(data, "sessionId");
}

std::size_t session_flow::member_of(std::string_view user) const {
  std::size_t index = members_.size();
  if (user.starts_with(prefix_))
    std::from_chars(user.data() + prefix_.size(), user.data() + user.size(), index);
  return std::min(index, members_.size());
}

void session_flow::check_age(std::int64_t oldest) {
  static constexpr std::array<const char*, 6> names{"connecting", "idle",    "inviting",
                                                    "talking",    "leaving", "failed"};
  if (is_calling() && started_ < oldest)
    fail(std::string{"timeout while "} + names[static_cast<std::size_t>(step_)]);
}

bool session_flow::expect(bool holds, std::string_view what) {
  if (!holds)
    fail(std::string{what});
  return holds;
}

void session_flow::fail(const std::string& why) {
  if (step_ == step::failed)
    return;
  step_ = step::failed;
  figures_.error(why);
  beginning_.http.close();
  owner_.on_failed(*this);
}

void session_flow::close() {
  beginning_.http.close();
  for (auto& who : members_)
    who.socket.close();
}

} // namespace carillon::load

#include "bench/load/chat_flow.hpp"

#include "bench/load/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

namespace carillon::load {

namespace {

// Of the acknowledgement of a join; those of messages are numbered from 1.
constexpr std::uint32_t join_ack = 0;

// A text begins with the time when it was due, in hexadecimal.
constexpr std::size_t stamp_size = 16;

constexpr std::string_view session_path = "/api/video-call/session/";

void append_stamp(std::string& to, std::int64_t due_ns) {
  for (int shift = 60; shift >= 0; shift -= 4)
    to += "0123456789abcdef"[(static_cast<std::uint64_t>(due_ns) >> shift) & 15U];
}

std::optional<std::uint64_t> number_in(std::string_view digits, int base) {
  std::uint64_t value = 0;
  const auto* last = digits.data() + digits.size();
  auto [end, error] = std::from_chars(digits.data(), last, value, base);
  if (error != std::errc{} || end != last)
    return std::nullopt;
  return value;
}

bool contains(std::string_view data, std::string_view what) {
  return ::memmem(data.data(), data.size(), what.data(), what.size()) != nullptr;
}

} // namespace

chat_flow::chat_flow(std::uint32_t number, poller& events, const chat_settings& settings,
                     metrics& figures, party_observer& owner, const std::string& user_prefix)
  : settings_(settings)
  , figures_(figures)
  , owner_(owner)
  , prefix_(user_prefix + "c" + std::to_string(number) + "-")
  , request_(*this, events)
  , padding_(std::max(settings.text_bytes, stamp_size) - stamp_size, '.') {
  for (std::size_t i = 0; i < settings.members; ++i)
    members_.emplace_back(*this, i, events).user = prefix_ + std::to_string(i);
}

void chat_flow::connect(std::size_t index, const endpoint& server, std::string token,
                        unsigned source) {
  if (index == 0) {
    server_ = server;
    token_ = token;
  }
  members_[index].socket.connect(server, std::move(token), source);
}

void chat_flow::on_connected() {
  if (step_ != step::connecting || ++connected_ < settings_.members)
    return;
  step_ = step::idle;
  owner_.on_ready(*this);
}

// -- the call --------------------------------------------------------------------

void chat_flow::start_call(std::int64_t) {
  step_ = step::calling;
  ++calls_;
  started_ = now_ns();
  call_id_.clear();
  said_ = confirmed_ = 0;
  for (auto& who : members_) {
    who.said = 0;
    who.unconfirmed.clear();
    who.heard.assign(settings_.members, 0);
    who.heard_all = who.order = 0;
    who.ready = who.told_of_end = false;
  }
  if (!settings_.in_session)
    return members_[0].socket.emit("initiateCall", R"({"receiverId":")" + members_[1].user
                                                       + R"(","callType":"audio"})");
  std::string body = R"({"sessionType":"group","participants":[)";
  for (const auto& who : members_)
    if (who.index != 0)
      body += (who.index == 1 ? "\"" : ",\"") + who.user + '"';
  request_.http.post(server_, "/api/video-call/initiate", token_, body + "]}");
}

void chat_flow::on_answer(const http_answer& answer) {
  if (step_ == step::failed)
    return;
  if (answer.status != 200)
    return fail("request " + std::to_string(answer.status) + " "
                + std::string{text_of(answer.body, "code")});
  if (step_ != step::calling)
    return; // the end is told by events
  call_id_ = text_of(answer.body, "sessionId");
  for (auto& who : members_)
    who.socket.ask("join_call_session", R"({"sessionId":")" + call_id_ + R"("})", join_ack);
}

void chat_flow::note_call(std::string_view data) {
  if (call_id_.empty())
    call_id_ = text_of(data, "callId");
}

void chat_flow::on_ready(member& who) {
  if (!expect(step_ == step::calling && !who.ready, "in the call twice"))
    return;
  who.ready = true;
  if (!std::ranges::all_of(members_, &member::ready))
    return;
  step_ = step::chatting;
  ++figures_.calls; // they began before anything is measured
}

void chat_flow::end_call() {
  for (const auto& who : members_)
    if (!expect(who.order == members_[0].order, "members saw another order"))
      return;
  step_ = step::ending;
  started_ = now_ns();
  if (settings_.in_session)
    request_.http.post(server_, std::string{session_path} + call_id_ + "/end", token_, "{}");
  else
    members_[0].socket.emit("endCall", R"({"callId":")" + call_id_ + R"("})");
}

void chat_flow::on_end(member& who) {
  if (!expect(step_ == step::ending && !who.told_of_end, "the call ended early"))
    return;
  who.told_of_end = true;
  if (!std::ranges::all_of(members_, &member::told_of_end))
    return;
  step_ = step::idle;
  owner_.on_call_done(*this);
}

// -- messages --------------------------------------------------------------------

void chat_flow::say(std::int64_t due_ns) {
  static std::string data; // one thread; the next message reuses the room
  auto& who = members_[turn_];
  turn_ = (turn_ + 1) % members_.size();
  auto number = who.said++;
  ++said_;
  data.assign(R"({"channelId":"messaging:call-)");
  data += call_id_;
  data += R"(","id":")";
  data += std::to_string(who.index) + '-' + std::to_string(number);
  data += R"(","text":")";
  append_stamp(data, due_ns);
  data += padding_;
  data += R"("})";
  who.unconfirmed.push_back(due_ns);
  who.socket.ask("sendMessage", data, number + 1);
}

void chat_flow::on_ack(member& who, std::uint32_t id, std::string_view data) {
  if (step_ == step::failed)
    return;
  if (!contains(data, "\"ok\":true"))
    return fail((id == join_ack ? "join refused " : "message refused ")
                + std::string{text_of(data, "code")});
  if (id == join_ack)
    return on_ready(who);
  auto oldest = who.said - static_cast<std::uint32_t>(who.unconfirmed.size()) + 1;
  if (!expect(!who.unconfirmed.empty() && id == oldest, "message confirmed out of order"))
    return;
  ++confirmed_;
  if (figures_.recording) {
    ++figures_.said;
    figures_.chat_ack.record(now_ns() - who.unconfirmed.front());
  }
  who.unconfirmed.pop_front();
}

void chat_flow::on_message(member& who, std::string_view data) {
  auto from = member_of(text_of(data, "userId"));
  if (!expect(from < members_.size() && contains(data, call_id_), "message of a stranger"))
    return;
  auto id = text_of(data, "id");
  auto number = number_in(id.substr(std::min(id.find('-') + 1, id.size())), 10);
  if (!expect(number == who.heard[from], "message out of order"))
    return;
  auto text = text_of(data, "text");
  auto due = number_in(text.substr(0, stamp_size), 16);
  if (!expect(due && text.substr(std::min(stamp_size, text.size())) == padding_,
              "message with changed content"))
    return;
  ++who.heard[from];
  ++who.heard_all;
  // FNV-1a over who spoke: what each says is in order, so this tells orders apart.
  who.order = (who.order ^ (from + 1)) * 0x100000001b3U;
  if (figures_.recording) {
    ++figures_.heard;
    figures_.chat_news.record(now_ns() - static_cast<std::int64_t>(*due));
  }
}

bool chat_flow::is_quiet() const noexcept {
  return confirmed_ == said_ && std::ranges::all_of(members_, [this](const member& who) {
           return who.heard_all == said_;
         });
}

// -- all of it -------------------------------------------------------------------

void chat_flow::on_event(member& who, std::string_view name, std::string_view data) {
  if (step_ == step::failed)
    return;
  if (name == "message.new")
    return on_message(who, data);
  if (name == "callState" || name == "call_invitation" || name == "call_session_joined"
      || name == "user_joined_call" || name == "callEndedConfirm")
    return;
  note_call(data);
  if (name == "incomingCall")
    who.socket.emit("acceptCall", R"({"callId":")" + call_id_ + R"("})");
  else if (name == "callAccepted" || name == "callAcceptedConfirm")
    on_ready(who);
  else if (name == "callEnded" || name == "call_session_ended")
    on_end(who);
  else if (name != "callInitiated")
    fail("unexpected " + std::string{name} + " " + std::string{text_of(data, "code")});
}

std::size_t chat_flow::member_of(std::string_view user) const {
  if (!user.starts_with(prefix_))
    return members_.size();
  auto index = number_in(user.substr(prefix_.size()), 10);
  return std::min<std::size_t>(index.value_or(members_.size()), members_.size());
}

void chat_flow::check_age(std::int64_t oldest) {
  static constexpr std::array<const char*, 6> names{"connecting", "idle",   "calling",
                                                    "chatting",   "ending", "failed"};
  auto since = started_;
  if (step_ == step::chatting) {
    since = now_ns();
    for (const auto& who : members_)
      if (!who.unconfirmed.empty())
        since = std::min(since, who.unconfirmed.front());
  }
  if (is_calling() && since < oldest)
    fail(std::string{"timeout while "} + names[static_cast<std::size_t>(step_)]);
}

bool chat_flow::expect(bool holds, std::string_view what) {
  if (!holds)
    fail(std::string{what});
  return holds;
}

void chat_flow::fail(const std::string& why) {
  if (step_ == step::failed)
    return;
  step_ = step::failed;
  figures_.error(why);
  request_.http.close();
  owner_.on_failed(*this);
}

void chat_flow::close() {
  request_.http.close();
  for (auto& who : members_)
    who.socket.close();
}

} // namespace carillon::load

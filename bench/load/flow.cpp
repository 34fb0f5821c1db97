#include "bench/load/flow.hpp"

#include "bench/load/text.hpp"

#include <cstring>

namespace carillon::load {

namespace {

// Where nobody makes call ids: as long as carillon's, so that frames are of the same size.
constexpr std::string_view id_without_meaning = "3f0c2a9d-6a51-4c0e-9f0d-2b7f6f6f0a11";

} // namespace

pair_flow::pair_flow(std::uint32_t number, poller& events, flow_settings& settings,
                     metrics& figures, flow_observer& owner, const std::string& user_prefix)
  : number_(number)
  , settings_(settings)
  , figures_(figures)
  , owner_(owner)
  , sides_{side{*this, caller, events}, side{*this, callee, events}} {
  sides_[caller].user = user_prefix + "a" + std::to_string(number);
  sides_[callee].user = user_prefix + "b" + std::to_string(number);
}

void pair_flow::connect(std::size_t index, const endpoint& server, std::string token,
                        unsigned source) {
  if (!settings_.forwarded)
    return sides_[index].socket.connect(server, std::move(token), source);
  auto path = "/floor?pair=" + std::to_string(number_) + "&side=" + std::to_string(index);
  sides_[index].socket.connect_bare(server, path, source);
}

void pair_flow::on_connected() {
  if (step_ != step::connecting || ++connected_ < 2)
    return;
  step_ = step::idle;
  owner_.on_ready(*this);
}

void pair_flow::start_call(std::int64_t due_ns) {
  step_ = step::ringing;
  ++calls_;
  due_ = due_ns;
  started_ = now_ns();
  call_id_.clear();
  initiated_ = confirmed_ = end_confirmed_ = false;
  for (auto& each : sides_) {
    each.sent = each.received = 0;
    each.told_of_end = false;
  }
  if (settings_.forwarded) {
    call_id_ = id_without_meaning;
    step_ = step::talking;
    send_relay(caller, "sendOffer", "offer", settings_.offer, due_ns);
    return send_candidates(caller);
  }
  sides_[caller].socket.emit("initiateCall", "{\"receiverId\":\"" + sides_[callee].user
                                                 + "\",\"callType\":\"audio\"}");
}

void pair_flow::on_event(std::size_t index, std::string_view name, std::string_view data) {
  if (step_ == step::failed || name == "callState")
    return;
  if (settings_.forwarded)
    return on_forwarded(index, name, data);
  if (name == "callError" || name == "userNotAvailable" || name == "callRejected")
    return fail(std::string{name} + " " + std::string{text_of(data, "code")});
  if (!call_id_.empty() && !expect(names_this_call(data), "event of another call"))
    return;
  if (name == "receiveIceCandidate")
    return on_candidate(index, data);
  if (name == "callEnded" || name == "callEndedConfirm")
    return on_end_event(index, name);
  index == caller ? on_caller_event(name, data) : on_callee_event(name, data);
}

void pair_flow::on_forwarded(std::size_t index, std::string_view name, std::string_view data) {
  if (name == "sendIceCandidate")
    on_candidate(index, data);
  else if (name == "sendOffer" && index == callee)
    on_offer(data);
  else if (name == "sendAnswer" && index == caller)
    on_relayed(caller, settings_.answer, data);
  else
    fail("unexpected " + std::string{name});
}

void pair_flow::on_candidate(std::size_t index, std::string_view data) {
  on_relayed(index, settings_.candidate, data);
  if (settings_.window != 0 && !settings_.paced && may_send(index))
    send_candidate(index, now_ns());
}

void pair_flow::on_offer(std::string_view data) {
  on_relayed(callee, settings_.offer, data);
  if (step_ == step::failed)
    return;
  send_relay(callee, "sendAnswer", "answer", settings_.answer, now_ns());
  send_candidates(callee);
}

void pair_flow::on_caller_event(std::string_view name, std::string_view data) {
  if (name == "callInitiated") {
    if (call_id_.empty()) {
      call_id_ = text_of(data, "callId");
      call_member_ = "\"callId\":\"" + call_id_ + "\"";
    }
    if (!expect(step_ == step::ringing && !initiated_, "callInitiated out of place"))
      return;
    initiated_ = true;
    if (figures_.recording)
      figures_.initiate_confirm.record(now_ns() - started_);
  } else if (name == "callAccepted") {
    if (!expect(step_ == step::ringing && initiated_, "callAccepted out of place"))
      return;
    step_ = step::talking;
    if (figures_.recording)
      figures_.setup.record(now_ns() - due_);
    send_relay(caller, "sendOffer", "offer", settings_.offer, now_ns());
    send_candidates(caller);
  } else if (name == "receiveAnswer") {
    on_relayed(caller, settings_.answer, data);
  } else {
    fail("unexpected " + std::string{name} + " at the caller");
  }
}

void pair_flow::on_callee_event(std::string_view name, std::string_view data) {
  if (name == "incomingCall") {
    if (call_id_.empty()) {
      call_id_ = text_of(data, "callId");
      call_member_ = "\"callId\":\"" + call_id_ + "\"";
    }
    if (!expect(step_ == step::ringing, "incomingCall out of place"))
      return;
    if (figures_.recording)
      figures_.ring.record(now_ns() - due_);
    sides_[callee].socket.emit("acceptCall", "{\"callId\":\"" + call_id_ + "\"}");
  } else if (name == "callAcceptedConfirm") {
    confirmed_ = expect(!confirmed_, "callAcceptedConfirm twice");
    end_when_complete();
  } else if (name == "receiveOffer") {
    on_offer(data);
  } else {
    fail("unexpected " + std::string{name} + " at the callee");
  }
}

void pair_flow::send_relay(std::size_t index, std::string_view event, std::string_view field,
                           payload& what, std::int64_t due_ns) {
  static std::string data; // one thread; the next message reuses the room
  auto& from = sides_[index];
  data.assign("{\"to\":\"");
  data += sides_[1 - index].user;
  data += "\",\"";
  data += field;
  data += "\":";
  data += what.with({number_, calls_, from.sent, due_ns});
  data += ",\"callId\":\"";
  data += call_id_;
  data += "\"}";
  ++from.sent;
  from.socket.emit(event, data);
}

bool pair_flow::send_candidate(std::size_t index, std::int64_t due_ns) {
  send_relay(index, "sendIceCandidate", "candidate", settings_.candidate, due_ns);
  return may_send(index);
}

void pair_flow::send_candidates(std::size_t index) {
  if (!may_send(index))
    return;
  if (settings_.paced)
    return owner_.on_may_send(*this, index);
  auto count = settings_.window != 0 ? settings_.window : settings_.candidates;
  while (count-- != 0 && send_candidate(index, now_ns()))
    continue;
}

void pair_flow::on_relayed(std::size_t index, payload& expected, std::string_view data) {
  if (!expect(step_ == step::talking, "relayed message out of place"))
    return;
  auto got = expected.find_in(data);
  if (!expect(got.has_value(), "relayed message with changed content"))
    return;
  auto& to = sides_[index];
  if (!expect(got->pair == number_ && got->call == calls_, "relayed message of another call")
      || !expect(got->sequence == to.received, "relayed message out of order"))
    return;
  ++to.received;
  if (figures_.recording) {
    ++figures_.relayed;
    figures_.relay.record(now_ns() - got->due_ns);
  }
  end_when_complete();
}

void pair_flow::end_when_complete() {
  auto all = settings_.candidates + 1;
  if (step_ != step::talking || sides_[caller].received != all || sides_[callee].received != all)
    return;
  if (settings_.forwarded)
    return finish();
  if (!confirmed_)
    return;
  step_ = step::ending;
  ended_ = now_ns();
  sides_[calls_ % 2].socket.emit("endCall", "{\"callId\":\"" + call_id_ + "\"}");
}

void pair_flow::on_end_event(std::size_t index, std::string_view name) {
  if (!expect(step_ == step::ending, "the call ended early"))
    return;
  if (name == "callEnded") {
    if (!expect(!sides_[index].told_of_end, "callEnded twice"))
      return;
    sides_[index].told_of_end = true;
  } else {
    if (!expect(!end_confirmed_ && index == calls_ % 2, "callEndedConfirm out of place"))
      return;
    end_confirmed_ = true;
    if (figures_.recording)
      figures_.end_confirm.record(now_ns() - ended_);
  }
  finish_when_told();
}

void pair_flow::finish_when_told() {
  if (!end_confirmed_ || !sides_[caller].told_of_end || !sides_[callee].told_of_end)
    return;
  finish();
}

void pair_flow::finish() {
  step_ = step::idle;
  if (figures_.recording)
    ++figures_.calls;
  owner_.on_call_done(*this);
}

void pair_flow::check_age(std::int64_t oldest) {
  static constexpr std::array<const char*, 6> names{"connecting", "idle",   "ringing",
                                                    "talking",    "ending", "failed"};
  if (is_calling() && started_ < oldest)
    fail(std::string{"timeout while "} + names[static_cast<std::size_t>(step_)]);
}

bool pair_flow::names_this_call(std::string_view data) const {
  return ::memmem(data.data(), data.size(), call_member_.data(), call_member_.size()) != nullptr;
}

bool pair_flow::expect(bool holds, std::string_view what) {
  if (!holds)
    fail(std::string{what});
  return holds;
}

void pair_flow::fail(const std::string& why) {
  if (step_ == step::failed)
    return;
  step_ = step::failed;
  figures_.error(why);
  owner_.on_failed(*this);
}

void pair_flow::close() {
  for (auto& each : sides_)
    each.socket.close();
}

} // namespace carillon::load

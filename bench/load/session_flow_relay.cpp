#include "bench/load/session_flow.hpp"
#include "bench/load/text.hpp"

namespace carillon::load {

std::uint32_t session_flow::direction(std::size_t from, std::size_t to) const {
  return (number_ * most_members + static_cast<std::uint32_t>(from)) * most_members
         + static_cast<std::uint32_t>(to);
}

void session_flow::send_relay(member& from, std::size_t to, std::string_view event,
                              std::string_view field, payload& what) {
  static std::string data; // one thread; the next message reuses the room
  auto& other = from.peers[to];
  data.assign("{\"targetSocketId\":\"");
  data += other.socket;
  data += "\",\"sessionId\":\"";
  data += session_id_;
  data += "\",\"";
  data += field;
  data += "\":";
  data += what.with({direction(from.index, to), calls_, other.sent, now_ns()});
  data += '}';
  ++other.sent;
  from.socket.emit(event, data);
}

void session_flow::send_candidates(member& from, std::size_t to) {
  for (std::uint32_t i = 0; i < settings_.candidates; ++i)
    send_relay(from, to, "webrtc_ice_candidate", "candidate", settings_.candidate);
}

void session_flow::on_relayed(member& who, std::string_view name, std::string_view data) {
  auto from = member_of(text_of(data, "fromUserId"));
  if (!expect(step_ == step::talking && who.joined, "relayed message out of place")
      || !expect(from < members_.size() && from != who.index, "relayed message of a stranger"))
    return;
  auto& other = who.peers[from];
  if (!expect(!other.socket.empty() && text_of(data, "fromSocketId") == other.socket,
              "relayed message of somebody who is not on the list"))
    return;
  auto is_first = other.received == 0;
  auto offers = name == "webrtc_offer";
  const auto& expected =
      is_first ? (offers ? settings_.offer : settings_.answer) : settings_.candidate;
  // The one of the two that came in later offers.
  auto first = other.sent == 0 ? "webrtc_offer" : "webrtc_answer";
  if (!expect(name == (is_first ? first : "webrtc_ice_candidate"), "relayed message out of order"))
    return;
  auto got = expected.find_in(data);
  if (!expect(got.has_value(), "relayed message with changed content")
      || !expect(got->pair == direction(from, who.index) && got->call == calls_,
                 "relayed message of another session")
      || !expect(got->sequence == other.received, "relayed message out of order"))
    return;
  ++other.received;
  if (figures_.recording) {
    ++figures_.relayed;
    figures_.relay.record(now_ns() - got->due_ns);
  }
  if (offers) {
    send_relay(who, from, "webrtc_answer", "answer", settings_.answer);
    send_candidates(who, from);
  }
  leave_when_complete();
}

} // namespace carillon::load

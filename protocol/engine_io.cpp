#include "protocol/engine_io.hpp"

#include "protocol/json.hpp"

namespace carillon::engine_io {

result<packet> decode(std::string_view text) {
  if (text.empty())
    return failure{error_code::invalid_field, "packet"};
  char type = text.front();
  if (type < static_cast<char>(packet_type::open) || type > static_cast<char>(packet_type::noop))
    return failure{error_code::invalid_field, "packet type"};
  return packet{static_cast<packet_type>(type), text.substr(1)};
}

std::string encode_open(const handshake& what) {
  json::writer out;
  out.begin_object().field("sid", what.sid).key("upgrades").begin_array();
  if (what.upgrade_to_websocket)
    out.value("websocket");
  out.end_array()
      .field("pingInterval", static_cast<std::int64_t>(what.ping_interval.count()))
      .field("pingTimeout", static_cast<std::int64_t>(what.ping_timeout.count()))
      .field("maxPayload", static_cast<std::int64_t>(what.max_payload))
      .end_object();
  return static_cast<char>(packet_type::open) + std::move(out).take();
}

} // namespace carillon::engine_io

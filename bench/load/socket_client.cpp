#include "bench/load/socket_client.hpp"

#include <charconv>

namespace carillon::load {

void socket_client::connect(const endpoint& server, std::string token, unsigned source) {
  token_ = std::move(token);
  ws_.connect(server, "/socket.io/?EIO=4&transport=websocket", source);
}

void socket_client::connect_bare(const endpoint& server, std::string_view path, unsigned source) {
  bare_ = true;
  ws_.connect(server, path, source);
}

void socket_client::on_open() {
  if (bare_)
    owner_.on_connected();
}

void socket_client::observer::on_ack(std::uint32_t, std::string_view) {}

void socket_client::emit(std::string_view name, std::string_view data) {
  send_event("42[\"", name, data);
}

void socket_client::ask(std::string_view name, std::string_view data, std::uint32_t id) {
  send_event("42" + std::to_string(id) + "[\"", name, data);
}

void socket_client::send_event(std::string_view head, std::string_view name,
                               std::string_view data) {
  static std::string packet; // one thread; the next packet reuses the room
  packet.assign(head);
  packet += name;
  packet += "\",";
  packet += data;
  packet += ']';
  ws_.send(packet);
}

void socket_client::close() {
  if (ws_.is_open() && !bare_)
    ws_.send("41");
  ws_.close();
}

void socket_client::on_lost(const std::string& why) { owner_.on_failed(why); }

void socket_client::on_text(std::string_view text) {
  if (text.empty())
    return;
  switch (text.front()) { // Engine.IO packet types
  case '0':
    ws_.send("40{\"token\":\"" + token_ + "\"}");
    token_.clear();
    return;
  case '1':
    ws_.close();
    return owner_.on_failed("Engine.IO close");
  case '2':
    return ws_.send("3");
  case '4':
    return on_message(text.substr(1));
  default:
    return;
  }
}

void socket_client::on_message(std::string_view packet) {
  if (packet.empty())
    return;
  switch (packet.front()) { // Socket.IO packet types
  case '0':
    return owner_.on_connected();
  case '1':
    ws_.close();
    return owner_.on_failed("disconnected by the server");
  case '2': {
    // 2["name",data]
    auto name_end = packet.find('"', 3);
    if (!packet.starts_with("2[\"") || name_end == std::string_view::npos) {
      ws_.close();
      return owner_.on_failed("malformed event");
    }
    auto name = packet.substr(3, name_end - 3);
    auto rest = packet.substr(name_end + 1);
    rest.remove_suffix(rest.ends_with(']') ? 1 : 0);
    rest.remove_prefix(rest.starts_with(',') ? 1 : 0);
    return owner_.on_event(name, rest);
  }
  case '3':
    return on_ack_packet(packet.substr(1));
  case '4':
    ws_.close();
    return owner_.on_failed("connect error " + std::string{packet.substr(1)});
  default:
    return;
  }
}

// id[data]
void socket_client::on_ack_packet(std::string_view packet) {
  std::uint32_t id = 0;
  const auto* begin = packet.data();
  auto [end, error] = std::from_chars(begin, begin + packet.size(), id);
  packet.remove_prefix(static_cast<std::size_t>(end - begin));
  if (error != std::errc{} || !packet.starts_with('[') || !packet.ends_with(']')) {
    ws_.close();
    return owner_.on_failed("malformed acknowledgement");
  }
  owner_.on_ack(id, packet.substr(1, packet.size() - 2));
}

} // namespace carillon::load

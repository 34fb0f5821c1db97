#include "net/websocket_handshake.hpp"

#include "net/echo_sessions.hpp"
#include "net/plain_channel.hpp"
#include "net/tls_channel.hpp"
#include "net/upgrade_probe.hpp"
#include "net/websocket_transport.hpp"
#include "protocol/base64.hpp"

#include <openssl/sha.h>

#include <array>

namespace http = boost::beast::http;

namespace carillon::net {

namespace {

// Any server appends this to the key (RFC 6455, section 1.3).
constexpr std::string_view key_suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

std::string_view field(const exchange::request& from, http::field name) {
  auto text = from[name];
  return {text.data(), text.size()};
}

std::shared_ptr<transport_user> make_user(std::shared_ptr<site> host, io_executor executor,
                                          door through) {
  if (through.speaks == wire::raw_echo)
    return std::make_shared<websocket_echo>();
  if (through.session)
    return std::make_shared<upgrade_probe>(std::move(host), std::move(through.session));
  return make_session(std::move(host), executor, std::move(through));
}

template <class Channel, class Stream>
void start(std::shared_ptr<site> host, Stream&& stream, const exchange::request& upgrade,
           door through) {
  auto executor = stream.get_executor();
  auto& limits = host->settings().limits;
  auto bytes = std::make_shared<Channel>(std::move(stream),
                                         send_buffer{limits.outbox_messages, limits.outbox_bytes});
  auto way = std::make_shared<websocket_transport>(host, executor, std::move(bytes));
  way->start(websocket_greeting(upgrade), make_user(std::move(host), executor, std::move(through)));
}

} // namespace

bool has_websocket_key(const exchange::request& upgrade) {
  auto key = field(upgrade, http::field::sec_websocket_key);
  return key.size() == 24 && key.ends_with("==")
         && key.substr(0, 22).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
                                                "qrstuvwxyz0123456789+/")
                == std::string_view::npos;
}

bool has_websocket_version(const exchange::request& upgrade) {
  return field(upgrade, http::field::sec_websocket_version) == "13";
}

std::string websocket_greeting(const exchange::request& upgrade) {
  std::string key{field(upgrade, http::field::sec_websocket_key)};
  key += key_suffix;
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  std::string out = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    "Connection: Upgrade\r\nSec-WebSocket-Accept: ";
  out += encode_base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
  out += "\r\n\r\n";
  return out;
}

void start_websocket(std::shared_ptr<site> host, plain_stream&& stream,
                     const exchange::request& upgrade, door through) {
  start<plain_channel>(std::move(host), std::move(stream), upgrade, std::move(through));
}

void start_websocket(std::shared_ptr<site> host, tls_stream&& stream,
                     const exchange::request& upgrade, door through) {
  start<tls_channel>(std::move(host), std::move(stream), upgrade, std::move(through));
}

} // namespace carillon::net

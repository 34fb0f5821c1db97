#include "protocol/client_link.hpp"

#include "protocol/json_writer.hpp"
#include "protocol/socket_io.hpp"

#include <array>
#include <charconv>

namespace carillon {

namespace {

// In the order of `close_reason`. Codes from 4000 on are the application's own (RFC 6455, 7.4.2).
constexpr std::array<close_row, 9> table{{
    {1000, "The client asked to close"},
    {1001, "The server shuts down"},
    {1002, "A packet was malformed"},
    {1009, "A message was too big"},
    {4001, "The client reads too slowly"},
    {4002, "A ping was not answered in time"},
    {4003, "No valid token came in time"},
    {4004, "The token expired and no fresh one came in time"},
    {4005, "A newer connection took this device's place"},
}};
static_assert(static_cast<std::size_t>(close_reason::replaced) + 1 == table.size());

} // namespace

const close_row& describe(close_reason reason) noexcept {
  auto index = static_cast<std::size_t>(reason);
  return index < table.size() ? table[index] : table[0];
}

offset_text::offset_text(std::uint64_t offset) noexcept {
  auto end = std::to_chars(digits_.data(), digits_.data() + digits_.size(), offset).ptr;
  size_ = static_cast<std::size_t>(end - digits_.data());
}

void client_link::offer(std::string_view name, std::string_view data,
                        std::uint64_t offset) noexcept {
  offer(std::make_shared<const wire_event>(name, std::string{data}, offset));
}

std::shared_ptr<const std::string> wire_event::socket_io() const {
  std::call_once(socket_io_once_, [this] {
    auto text = offset == 0 ? socket_io::encode_event(name, data)
                            : socket_io::encode_event(name, data, std::to_string(offset));
    socket_io_ = std::make_shared<const std::string>(std::move(text));
  });
  return socket_io_;
}

std::shared_ptr<const std::string> wire_event::plain() const {
  std::call_once(plain_once_, [this] {
    json::writer text;
    text.begin_object().field("event", name).key("data").raw(data);
    if (offset != 0)
      text.field("offset", std::string_view{std::to_string(offset)});
    text.end_object();
    plain_ = std::make_shared<const std::string>(std::move(text).take());
  });
  return plain_;
}

} // namespace carillon

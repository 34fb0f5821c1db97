#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// RFC 6455 framing from the server's side, without extensions.
namespace carillon::net::ws {

/// RFC 6455, section 5.2.
enum class opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10,
};

[[nodiscard]] constexpr bool is_control(opcode type) noexcept { return type >= opcode::close; }

/// The close codes of RFC 6455, section 7.4.1, that framing itself uses.
inline constexpr std::uint16_t code_protocol_error = 1002;
inline constexpr std::uint16_t code_none = 1005; ///< a close frame without one
inline constexpr std::uint16_t code_bad_payload = 1007;
inline constexpr std::uint16_t code_too_big = 1009;

/// The head of one final, unmasked frame with a payload of `size` bytes.
class frame_head {
public:
  frame_head(opcode type, std::size_t size) noexcept;
  [[nodiscard]] std::string_view bytes() const noexcept { return {bytes_.data(), size_}; }

private:
  std::array<char, 10> bytes_{};
  std::size_t size_ = 2;
};

/// The payload of a close frame; empty for `code_none`. The reason is cut to what a control frame
/// holds.
[[nodiscard]] std::string close_payload(std::uint16_t code, std::string_view reason);

/// Takes a client's byte stream apart into messages and control frames. A plain value; used on one
/// thread. What is whole in the bytes that were fed is unmasked where it lies and not copied.
class frame_reader {
public:
  enum class event : std::uint8_t {
    none,   ///< more bytes are needed
    text,   ///< a whole message; not yet checked to be UTF-8
    binary, ///< a whole message
    ping,
    pong,
    close,  ///< `code` is the client's, or `code_none`; `payload` its reason
    failed, ///< the stream is broken; `code` says why, and nothing comes after it
  };

  struct item {
    event what = event::none;
    std::string_view payload;
    std::uint16_t code = 0;
  };

  /// `most`: bytes of one message; 0: any number.
  explicit frame_reader(std::size_t most) noexcept
    : most_(most) {}

  /// New bytes, which are overwritten. They must stay until `next` has returned `none` or `failed`,
  /// or `keep` was called.
  void feed(char* bytes, std::size_t size);

  /// The next item. Its payload is valid until the next call of any function.
  [[nodiscard]] item next();

  /// Copies what was fed and not taken yet; `feed` with no bytes goes on with it.
  void keep();

private:
  struct head;

  [[nodiscard]] item stop();
  [[nodiscard]] item fail(std::uint16_t code) noexcept;
  [[nodiscard]] item take(opcode type, bool final, std::string_view payload);
  [[nodiscard]] item take_close(std::string_view payload) noexcept;

  std::size_t most_;
  std::string kept_;    ///< bytes of frames that were not whole yet
  std::string message_; ///< the fragments so far
  char* input_ = nullptr;
  std::size_t size_ = 0;
  std::size_t at_ = 0;
  bool borrowed_ = false; ///< `input_` is the caller's, not `kept_`
  bool fragmented_ = false;
  bool handed_out_ = false; ///< `message_` is the payload of the last item
  bool failed_ = false;
  opcode fragments_ = opcode::text;
};

} // namespace carillon::net::ws

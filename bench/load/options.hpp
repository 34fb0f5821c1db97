#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace carillon::load {

/// What the server understands.
enum class dialect : std::uint8_t {
  socket_io, ///< the direct calls over Socket.IO
  floor,     ///< nothing: it forwards what one of a pair sends to the other (bench/peers/floor)
};

/// What the command line asks for.
struct options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;
  dialect speaks = dialect::socket_io;
  std::string secret;   ///< the JWT secret itself; only Socket.IO needs it
  int pid = 0;          ///< of the server; 0: no figures from /proc
  int database_pid = 0; ///< of PostgreSQL's first process; 0: no figures of it

  std::uint32_t pairs = 100;    ///< that call each other; none where there are sessions
  std::uint32_t sessions = 0;   ///< instead of them
  std::uint32_t members = 8;    ///< of each session
  std::vector<std::uint32_t> idle;  ///< connections that only wait: the numbers to stop at, growing
  double settle_s = 2;              ///< before the memory of idle connections is read
  double watch_s = 0;               ///< how long the server is watched while nothing happens
  std::uint32_t calls_per_pair = 0; ///< or of each session's members; 0: `seconds` decides
  double seconds = 10;
  std::uint32_t warmup_calls = 1; ///< of each pair or session, before measuring
  std::uint32_t candidates = 10;  ///< each way between two
  std::uint32_t window = 0;       ///< candidates under way from one side; 0: all in one burst
  std::uint32_t sdp_bytes = 2048;
  double call_rate = 0;    ///< calls/s of all pairs together, open loop; 0: closed loop
  double message_rate = 0; ///< candidates/s of all pairs together, open loop; 0: bursts
  double chat_rate = 0;    ///< messages/s in each call's channel, open loop; 0: no chat
  std::size_t text_bytes = 100; ///< of such a message

  double timeout_s = 15; ///< for one call, and for each phase of connecting without progress
  std::uint32_t connecting = 200; ///< how many connect at the same time
  std::string user_prefix;        ///< of the user ids; made unique for the run unless given
  std::string json_file;          ///< empty: none
};

/// Reads the command line. An exit code when the program has nothing more to do: help was printed,
/// or an error.
struct command_line {
  options what;
  std::optional<int> exit_code;
};

[[nodiscard]] command_line parse_command_line(int argc, char** argv);

} // namespace carillon::load

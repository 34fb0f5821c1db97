#pragma once

#include "protocol/channel_record.hpp"
#include "protocol/client_link.hpp"
#include "protocol/commands.hpp"
#include "protocol/fwd.hpp"
#include "protocol/outbox.hpp"
#include "protocol/overview.hpp"
#include "protocol/quality.hpp"
#include "protocol/queries.hpp"
#include "protocol/records.hpp"
#include "protocol/result.hpp"
#include "protocol/stream_token.hpp"
#include "protocol/usage.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace carillon {

/// A device that joined its user's session.
struct attachment {
  device_id device; ///< the fresh one that was offered, or the one whose session was resumed
  std::string pid;  ///< the secret with which this device may resume; never shown to anybody else
  bool recovered = false;
};

/// How a client asks to go on where a lost connection left it.
struct resume_request {
  std::string pid;
  std::uint64_t offset = 0; ///< of the last event that it got; 0: none
};

/// One session with what is only asked for in detail.
struct session_details {
  call_view view;
  call_quality quality;
};

/// The quality of one call, and whom it concerns.
struct quality_details {
  call_id call;
  std::vector<user_ptr> users; ///< in the order of the record
  call_quality quality;
};

/// What a successful command or query answers with.
using reply_value = std::variant<std::monostate, user_ptr, attachment, call_view, call_page,
                                 session_details, usage_report, stream_token, video_page,
                                 std::vector<video_invitation>, video_recordings, video_stats,
                                 chat_message_ptr, message_page, channel_record, quality_details,
                                 outbox_backlog, people_list, card_list, timeline_answer>;

/// Receives answers. Implemented by `net`'s connections. Thread-safe; never blocks.
class responder {
public:
  virtual ~responder() = default;

  /// Called exactly once for each `reply_to` that named this responder with this token.
  virtual void answer(std::uint64_t token, result<reply_value> what) noexcept = 0;
};

/// Where the answer to one command goes. The token is the responder's own (which event, which
/// acknowledgement id); others pass it back unread.
struct reply_to {
  std::shared_ptr<responder> who; ///< null: nobody wants an answer
  std::uint64_t token = 0;

  void operator()(result<reply_value> what) const {
    if (who)
      who->answer(token, std::move(what));
  }
};

/// A user whose token was verified.
struct identity {
  user_id user;
  user_claims claims;
};

/// The door from `net` to the actors. Every function is thread-safe, returns at once and answers
/// through `reply`; what one thread submits for one call is handled in that order.
class command_sink {
public:
  virtual ~command_sink() = default;

  /// A verified token was seen: makes or updates the user's row. Answers with a `user_ptr`.
  virtual void seen(identity who, reply_to reply) = 0;

  /// Binds a device to its user's session. Answers with an `attachment` or `too_many_devices`; the
  /// answer comes before anything is offered to the link. A session that `resume` names and that is
  /// still kept goes on: its device id takes the place of `fresh`, and what the client missed is
  /// offered first. In either case a `call_states` event follows. The user must have been `seen`.
  virtual void attach(user_ptr user, device_id fresh, client_link_ptr link,
                      std::optional<resume_request> resume, reply_to reply) = 0;

  /// The connection `link` of a device is gone; its legs get their grace. With `may_resume` what
  /// the device misses from now on is kept for a while. Idempotent; nothing happens when the device
  /// is bound to another link by now.
  virtual void detach(const user_id& user, const device_id& device, const client_link* link,
                      bool may_resume) = 0;

  /// Runs a command; answers with a `call_view`, or with nothing for relays and quality reports.
  virtual void submit(client_command cmd, reply_to reply) = 0;

  /// Takes what a webhook told; answers with nothing when it is stored.
  virtual void take(recording_news what, reply_to reply) = 0;

  /// Reads; answers as `client_query` says.
  virtual void ask(client_query what, reply_to reply) = 0;
};

} // namespace carillon

#pragma once

#include "protocol/event_log.hpp"

#include <mutex>
#include <vector>

namespace carillon {

/// Whether a relay may pass: not yet, now, or never again. Guarded by the `delivery` it leads to.
enum class relay_gate : std::uint8_t { closed, open, revoked };

/// What goes out to the devices of one user: numbers the events, keeps them for devices that lose
/// their connection, and hands them to the links.
///
/// Thread-safe. Shared by the user's session, which alone says which devices there are, and the
/// relay permits of the user's calls, which write to a device that is there without asking the
/// session.
class delivery {
public:
  explicit delivery(const resume_limits& limits)
    : limits_(limits) {}
  delivery(const delivery&) = delete;
  delivery& operator=(const delivery&) = delete;

  /// A device to send to; a lost one has no link until it is back.
  void add(const device_id& device);
  void connect(const device_id& device, client_link_ptr link);
  void disconnect(const device_id& device);
  void remove(const device_id& device);

  /// Sends an event to some devices; it is kept for each of them.
  void send(const std::vector<device_id>& to, const wire_event& what, time_point now);

  /// Sends an event to a device that is there, if `gate` is open. False: nothing was done.
  bool relay(const device_id& to, const relay_gate& gate, std::string_view name, text_parts data,
             time_point now);

  /// Opens a gate that was not revoked; and revokes one: nothing passes it when this returns.
  void open(relay_gate& gate);
  void revoke(relay_gate& gate);

  /// What the device was sent after the event at `offset`; nothing when it cannot be told any more.
  [[nodiscard]] std::optional<std::vector<wire_event_ptr>> missed(const device_id& device,
                                                                  std::uint64_t offset) const;

  /// Lets go what arrived at the device, sent before `when`. Whether something is left.
  bool trim(const device_id& device, time_point when);

private:
  struct way {
    device_id device;
    client_link_ptr link;
    event_log log;
  };

  [[nodiscard]] way* find(const device_id& device) noexcept;
  void offer(way& to, std::string_view name, text_parts data, std::uint64_t offset, time_point now);

  resume_limits limits_;
  mutable std::mutex lock_;
  std::vector<way> ways_;    ///< a few
  std::uint64_t offset_ = 0; ///< of the last event
};

} // namespace carillon

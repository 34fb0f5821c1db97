#pragma once

#include "protocol/call.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace carillon::test {

/// Sees what each device hears of one video call and holds it against what devices are promised:
/// the call as a client sees it who knows nothing but what it heard. What one version of the call
/// is does not differ between devices, nor before and after a crash. Throws `violation`.
class video_witness {
public:
  explicit video_witness(call_id call)
    : call_(std::move(call)) {}

  /// A device came and was told of `calls`; its client was connected as `before`, if not empty.
  void attached(const user_id& user, const device_id& device, const device_id& before,
                const event::call_states& calls);
  void detached(const device_id& device);
  void resumed(const device_id& device);

  /// A device hears an event.
  void hears(const device_id& device, const call_event& what);

  /// A relay was accepted: nothing is relayed in a video call.
  static void expects(std::uint64_t number, const device_id& device);

  /// The server restarted: all devices are gone.
  void restarted();

  /// Everything on its way has arrived: what devices believe is what stands.
  void settled(const call& machine) const;

private:
  /// What a client shows of a call.
  struct picture {
    call_status status = call_status::created;
    std::set<user_id> in;
    std::map<user_id, invitation> invited;
    friend bool operator==(const picture&, const picture&) = default;
  };

  struct view {
    user_id user;
    device_id page; ///< the first device as which this client was connected
    bool here = true;
    bool listed = false; ///< was told by `callState`
    bool created = false;
    bool over = false;
    std::optional<picture> believes; ///< as far as it heard
  };

  [[nodiscard]] static picture picture_of(const call_record& call);
  /// `version` has to be this to all.
  void same_for_all(std::uint32_t version, const picture& shown);
  /// A change came that is newer than all that the client ever saw.
  void newer(const view& seen, std::uint32_t version);

  void on(view& seen, const event::video_created& e);
  void on(view& seen, const event::video_updated& e);
  void on(view& seen, const event::video_joined& e);
  void on(view& seen, const event::video_left& e);
  void on(view& seen, const event::video_ended& e);
  template <class Other>
  void on(view&, const Other&);

  call_id call_;
  std::map<device_id, view> views_;
  std::map<device_id, std::uint32_t> versions_; ///< by page
  std::map<std::uint32_t, picture> pictures_;   ///< by version, of all times
};

} // namespace carillon::test
